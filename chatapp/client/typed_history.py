"""What was typed in each room, kept for the next start: one file in the data folder, for its owner alone.

A line of the file is ``["server/room", "text"]`` in JSON, the newest at the end. Nothing is read from it but
what is then shown to the person who typed it.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from chatapp.client.whole_file import write_whole
from chatapp.irc.line import MalformedLine, parse_line
from chatapp.irc.secrecy import is_secret_command, is_service, shown_params

#: So many texts of each room are kept, of so many characters at most.
MOST, LONGEST = 200, 20_000
#: When the file is longer than this, in bytes, what is too old is taken out at the next start.
TRIM_AT = 1 << 20


class TypedHistory:
    """The texts of each room, the oldest first, and the file; None where they end with the program."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._rooms: defaultdict[str, list[str]] = defaultdict(list)
        self._is_read = path is None
        self._is_kept = path is not None
        self._is_cut = False

    def of(self, room: str) -> list[str]:
        """The texts of ``room``, to look at: `add` makes them more.

        Raises:
            OSError: The file is there and cannot be read; it counts as empty then.
        """
        if not self._is_read:
            self._is_read = True
            self._read()
        return self._rooms[room]

    def add(self, room: str, text: str) -> None:
        """Remember ``text`` as the newest of ``room``, unless it is already.

        Raises:
            OSError: It cannot be kept; it is remembered until the program ends.
        """
        try:
            texts = self.of(room)
        except OSError:
            self._rooms[room].append(text)
            raise
        if (texts and texts[-1] == text) or not text:
            return
        texts.append(text)
        del texts[:-MOST]
        if self._path is not None and self._is_kept and len(text) <= LONGEST:
            self._append(self._path, _line(room, text))

    def keep(self) -> None:
        """Write down what is typed from now on."""
        self._is_kept = True

    def forget(self) -> None:
        """Write nothing down, and take the file away; what was typed since the start stays until the end.

        Raises:
            OSError: It cannot be taken away.
        """
        self._is_kept, self._is_read = False, True
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _read(self) -> None:
        assert self._path is not None
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        for room, text in _entries(data):
            self._rooms[room].append(text)
        for texts in self._rooms.values():
            del texts[:-MOST]
        self._is_cut = data[-1:] not in (b"", b"\n")
        if len(data) > TRIM_AT:
            kept = (_line(room, text) for room, texts in self._rooms.items() for text in texts)
            write_whole(self._path, "".join(kept))
            self._is_cut = False

    def _append(self, path: Path, line: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"\n{line}" if self._is_cut else line)
        self._is_cut = False


def _line(room: str, text: str) -> str:
    return json.dumps([room, text]) + "\n"


def _entries(data: bytes) -> Iterator[tuple[str, str]]:
    """What a file holds; a line that a crash has cut, or somebody has spoilt, is passed over."""
    for line in data.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        match entry:
            case [str(room), str(text)] if text and len(text) <= LONGEST:
                yield room, text.encode("utf-8", "replace").decode()


def is_secret(room: str, text: str) -> bool:
    """Whether ``text``, as typed in ``room``, may hold a password: it is not kept, not even until the end."""
    if is_service(room):
        return True
    if text[:1] != "/" or text[:2] == "//":
        return False
    command, *words = text[1:].split() or [""]
    first = words[0] if words else ""
    match command.casefold():
        case "join" | "j":
            return len(words) > 1
        case "msg" | "m" | "w" | "query":
            return is_service(first)
        case "quote" | "raw":
            return _has_secret(" ".join(words))
        case "mode":
            return any("k" in word for word in words if word[0] in "+-")
        case "set":
            return "password" in first.casefold()
        case other:
            return bool(words) and is_secret_command(other.upper())


def _has_secret(text: str) -> bool:
    """Whether a line of the protocol may hold a password; in doubt it does."""
    try:
        line = parse_line(text)
    except MalformedLine:
        return True
    return shown_params(line.command, line.params) != line.params


#: What is typed after these is not even shown to who types it: somebody may look on.
_UNSHOWN = re.compile(r"/(?:login|register|verify|owner|oper)\s+")


def covered(text: str) -> str:
    """``text`` as it is shown while it is typed: with stars for a password, one for each character."""
    command = _UNSHOWN.match(text)
    return command[0] + re.sub(r"\S", "*", text[command.end() :]) if command else text
