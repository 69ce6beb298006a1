"""What was typed and has not arrived when the client ends: kept in a file, and offered at the next start.

A file of its own for each server and name, for its owner alone. It is written at the end, and soon after
something was typed that does not arrive at once, so that it survives a crash too. Nothing is sent by itself
after a restart, since much may have been said meanwhile: the messages stand in their rooms as not sent, and
/resend sends them. They are kept until they have arrived, or until their conversation is closed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.instance import Instance
from chatapp.client.model import ConnectionState
from chatapp.client.outbox import Stage
from chatapp.client.session import Session
from chatapp.client.typed_history import is_secret
from chatapp.client.whole_file import write_whole
from chatapp.system_errors import reason_of

#: Seconds after which something that has not arrived is written to the file.
SOON = 0.5
#: Messages kept of one server and name, and their characters; a paste beyond that is not carried over.
MOST, LONGEST = 2_000, 1_000_000
#: Clients of one person whose files are looked for.
_MOST_CLIENTS = 20


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that has not arrived, or (``is_uncertain``) of which that is not known.

    ``typed`` is in seconds since 1970, ``is_room`` tells a channel from a person.
    """

    target: str
    is_room: bool
    kind: str
    text: str
    typed: float
    is_uncertain: bool = False
    reply_to: str = ""


class UnsentFile:
    """The messages of one server and name, in a file below ``folder``; each running client has its own."""

    def __init__(
        self, folder: Path, host: str, port: int, nick: str, instance: Instance | None = None
    ) -> None:
        # Folded, since Ana and ana are one; and short, since 255 bytes are the most nearly everywhere.
        self._name = (
            f"{quote(host.casefold(), safe='')[-100:]}_{port}_{quote(nick.casefold(), safe='')[:100]}"
        )
        self._folder = folder
        self._instance = instance
        self._path = self._of(instance.number if instance else 1)

    def read(self) -> list[Unsent]:
        """What was kept, also by clients that run no more; nothing where there is no file, or not such a one.

        Raises:
            OSError: A file cannot be read, or what was found cannot be kept.
        """
        others = [self._of(number) for number in range(1, _MOST_CLIENTS) if self._is_left(number)]
        found = [unsent for path in (self._path, *others) for unsent in _read(path)]
        if others:
            self.write(found)
            for path in others:
                path.unlink(missing_ok=True)
        return found

    def write(self, messages: list[Unsent]) -> None:
        """Keep ``messages`` instead of what was kept before.

        Raises:
            OSError: They cannot be kept.
        """
        if messages:
            write_whole(self._path, json.dumps([asdict(message) for message in messages]))
        else:
            self._path.unlink(missing_ok=True)

    def _of(self, number: int) -> Path:
        return self._folder / f"{self._name}{f'.{number}' if number > 1 else ''}.json"

    def _is_left(self, number: int) -> bool:
        """Whether there is a file of another client that has ended."""
        return self._instance is not None and self._of(number).exists() and self._instance.is_gone(number)


class Timer(Protocol):
    """What can be asked to call back: a running event loop."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Any:
        """Call ``callback`` in ``delay`` seconds."""


class Keeper:
    """Keeps what ``session`` has not sent in ``file``, and brings back what was kept before."""

    def __init__(self, session: Session, file: UnsentFile, timer: Timer) -> None:
        self._session = session
        self._file = file
        self._timer = timer
        self._brought: list[tuple[Buffer, Entry, Unsent]] = []
        self._homeless: list[Unsent] = []
        self._is_due = self._has_complained = self._is_for_sure = False
        self._kept: list[Unsent] = []
        self._bring_back()
        session.speaking.outbox.on_change = self._changed
        session.speaking.outbox.on_write = self._writing

    def save(self, *, is_last: bool = True) -> int:
        """Write what has not arrived by now; how many messages those are.

        Unless this ``is_last``, what waits may go out before the file is written again: it is not for sure
        then that it was not sent.
        """
        self._is_due = False
        self._is_for_sure = is_last or self._session.model.state is not ConnectionState.ONLINE
        messages = self._collect()
        if messages != self._kept:
            try:
                self._file.write(messages)
                self._kept = messages
            except OSError as error:
                self._complain(error)
                return 0
        return len(messages)

    def _changed(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._timer.call_later(SOON, self._save_soon)

    def _save_soon(self) -> None:
        self.save(is_last=False)

    def _writing(self) -> None:
        """What the file says was not sent may be from now on."""
        if self._kept and self._is_for_sure:
            self.save(is_last=False)

    def _collect(self) -> list[Unsent]:
        buffers = self._session.model.buffers
        brought = [
            unsent
            for buffer, entry, unsent in self._brought
            if entry.state is EntryState.FAILED and buffer in buffers
        ]
        waiting = [
            _of(pending.buffer, pending.entry, pending.stage is not Stage.QUEUED or not self._is_for_sure)
            for pending in self._session.speaking.outbox
        ]
        return _bounded(brought + self._homeless + waiting)

    def _bring_back(self) -> None:
        try:
            self._kept = self._file.read()
        except OSError as error:
            self._complain(error)
            return
        model = self._session.model
        told: dict[Buffer, list[Unsent]] = {}
        for unsent in self._kept:
            kind = BufferKind.CHANNEL if unsent.is_room else BufferKind.DIRECT
            buffer = model.buffer_named(unsent.target, kind)
            if buffer is model.server:
                self._homeless.append(unsent)
                continue
            entry = Entry(
                EntryKind[unsent.kind],
                unsent.typed,
                unsent.text,
                model.nick,
                own=True,
                state=EntryState.FAILED,
                reply_to=unsent.reply_to,
            )
            buffer.add(entry)
            self._brought.append((buffer, entry, unsent))
            told.setdefault(buffer, []).append(unsent)
        for buffer, messages in told.items():
            self._tell(buffer, messages)

    def _tell(self, buffer: Buffer, messages: list[Unsent]) -> None:
        uncertain = sum(unsent.is_uncertain for unsent in messages)
        count = len(messages) - uncertain
        words = []
        if count:
            sentence = ngettext(
                "{count} message from last time was not sent. /resend sends it.",
                "{count} messages from last time were not sent. /resend sends them.",
                count,
            )
            words.append(sentence.format(count=count))
        if uncertain:
            sentence = ngettext(
                "It is not known whether {count} message from last time arrived. /resend sends it again.",
                "It is not known whether {count} messages from last time arrived. /resend sends them again.",
                uncertain,
            )
            words.append(sentence.format(count=uncertain))
        shown = self._session.model.current
        for sentence in words:
            self._session.complain(sentence, buffer)
            if buffer is not shown:
                elsewhere = _("In {room}: {words}").format(room=buffer.name, words=sentence)
                self._session.inform(elsewhere, shown)

    def _complain(self, error: OSError) -> None:
        if not self._has_complained:
            self._has_complained = True
            words = _("What has not arrived cannot be kept for the next start: {reason}")
            self._session.complain(words.format(reason=reason_of(error)), self._session.model.current)


def _of(buffer: Buffer, entry: Entry, is_uncertain: bool) -> Unsent:
    is_room = buffer.kind is BufferKind.CHANNEL
    return Unsent(buffer.name, is_room, entry.kind.name, entry.text, entry.time, is_uncertain, entry.reply_to)


def _bounded(messages: Iterable[Unsent]) -> list[Unsent]:
    """What of ``messages`` is kept: no passwords for services, and not without end."""
    kept: list[Unsent] = []
    size = 0
    for unsent in messages:
        size += len(unsent.text)
        if len(kept) >= MOST or size > LONGEST:
            break
        if not is_secret(unsent.target, unsent.text):
            kept.append(unsent)
    return kept


def _read(path: Path) -> list[Unsent]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except ValueError:
        return []  # spoilt by somebody's hand: the file is written whole or not at all
    return [unsent for one in found if (unsent := _as_unsent(one))] if isinstance(found, list) else []


def _as_unsent(found: Any) -> Unsent | None:
    """A message as the file holds it, ``None`` for what is none."""
    with suppress(TypeError, KeyError):
        unsent = Unsent(**found)
        texts = (unsent.target, unsent.kind, unsent.text, unsent.reply_to)
        is_said = EntryKind[unsent.kind] in (EntryKind.MESSAGE, EntryKind.ACTION, EntryKind.NOTICE)
        if is_said and all(isinstance(text, str) for text in texts) and isinstance(unsent.typed, float | int):
            return unsent
    return None
