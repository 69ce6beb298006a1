"""What is answered and not loaded: fetched one by one when an answer to it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import MADE_UP, Buffer, BufferKind, Entry

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Questions that may be open, and messages that are kept for one conversation.
MOST_OPEN = 5
MOST_KEPT = 200


class Quotes:
    """The questions of one connection, by label; each message is asked for once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: dict[str, tuple[Buffer, str]] = {}

    def want(self, buffer: Buffer, msgid: str) -> None:
        """Somebody looks at an answer to ``msgid``: ask for it, if it is not known and that is possible."""
        session = self._session
        is_in = buffer.joined or buffer.kind is BufferKind.DIRECT
        can_ask = session.caps.has_history and session.caps.has_labels and is_in and msgid[:1] != MADE_UP
        uses_ids = "msgid" in (session.isupport.msgreftypes or ["msgid"])
        if not can_ask or not uses_ids or msgid in buffer.quoted or len(self._open) >= MOST_OPEN:
            return
        if len(buffer.quoted) >= MOST_KEPT:
            del buffer.quoted[next(iter(buffer.quoted))]
        buffer.quoted[msgid] = None
        words = ("AROUND", buffer.name, f"msgid={msgid}", "1")
        self._open[session.send("CHATHISTORY", *words, origin=buffer)] = (buffer, msgid)

    def is_open(self, label: str) -> bool:
        """Whether a page with ``label`` was asked for here."""
        return label in self._open

    def answered(self, label: str, entries: list[Entry]) -> None:
        """The page that was asked for with ``label`` has come."""
        buffer, msgid = self._open.pop(label)
        found = next((entry for entry in entries if entry.msgid == msgid), None)
        if found is not None and buffer.deletions.of(msgid) is None:
            buffer.quoted[msgid] = found
            buffer.touch()

    def refused(self, label: str) -> bool:
        """The server does not know it; false if it was not asked for here."""
        return self._open.pop(label, None) is not None

    def cut(self) -> None:
        """The connection has ended: what was not answered may be asked again."""
        for buffer, msgid in self._open.values():
            buffer.quoted.pop(msgid, None)
        self._open.clear()
