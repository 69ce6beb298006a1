"""The keys of servers that we have met: ``known_servers``, a file that a person can read and edit.

Each line is ``HOST PORT sha256:KEY``, KEY being the SHA-256 of its public key; ``#`` begins a comment.
A file that cannot be understood is never passed over: it is what tells us that a server once had TLS.
"""

from __future__ import annotations

import ipaddress
from gettext import gettext as _
from pathlib import Path

from chatapp.client.trust import Distrusted
from chatapp.client.whole_file import write_whole
from chatapp.irc.fingerprint import read_fingerprint
from chatapp.system_errors import reason_of

_HEADER = "# The servers that chat-client has met: host, port, SHA-256 of the public key.\n"
_ALGORITHM = "sha256:"


class KnownServers:
    """What is in the file at ``path``, and what we have seen since we started."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[tuple[str, int], str] = {}

    def find(self, host: str, port: int) -> str:
        """The key of ``host`` at ``port`` as 64 hex digits, "" if it is not known.

        Raises:
            Distrusted: The file cannot be read or understood.
        """
        who = (_plain_name(host), port)
        found = ""
        for number, line in enumerate(self._read().splitlines(), start=1):
            if line.strip() and not line.lstrip().startswith("#"):
                server, key = self._entry(line, number)
                found = key if server == who else found
        return found or self._seen.get(who, "")

    def remember(self, host: str, port: int, key: str) -> None:
        """Keep ``key`` from now on, instead of another one, if there was.

        Raises:
            Distrusted: The file cannot be read or understood.
            OSError: It cannot be written; ``key`` is kept as long as we run.
        """
        who = (_plain_name(host), port)
        self._seen[who] = key
        lines = self._read().splitlines(keepends=True) or [_HEADER]
        if not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        kept = [line for line in lines if not _is_about(line, who)]
        write_whole(self._path, "".join(kept) + f"{who[0]} {port} {_ALGORITHM}{key}\n")

    def _entry(self, line: str, number: int) -> tuple[tuple[str, int], str]:
        try:
            host, port, key = line.split()
            digits = read_fingerprint(key.removeprefix(_ALGORITHM))
            if len(digits) != 64:
                raise ValueError(key)
            return (_plain_name(host), int(port)), digits
        except ValueError:
            words = _("{file}, line {number}: expected HOST PORT sha256:KEY; put it right or delete it")
            raise Distrusted(words.format(file=self._path, number=number)) from None

    def _read(self) -> str:
        try:
            return self._path.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as why:
            words = _("The keys of known servers cannot be read ({reason}): {file}")
            reason = reason_of(why) if isinstance(why, OSError) else _("it is not text in UTF-8")
            raise Distrusted(words.format(reason=reason, file=self._path)) from why


def _plain_name(host: str) -> str:
    """One name for all ways of writing ``host``: in capitals, with a dot at its end, an address in full."""
    name = host.casefold().removesuffix(".")
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def _is_about(line: str, who: tuple[str, int]) -> bool:
    words = line.split()
    return len(words) > 1 and (_plain_name(words[0]), words[1]) == (who[0], str(who[1]))
