"""Deleting messages: what we have asked to be deleted, until it is (IRCv3 draft/message-redaction)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import MADE_UP, Buffer, Entry
from chatapp.client.command import Misused
from chatapp.client.outbox import Stage
from chatapp.client.redaction import Deletion
from chatapp.client.wishes import Wish, Wishes
from chatapp.irc import caps
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session


class Deleting:
    """Our own deletions; whether one may is the server's to say."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.wishes = Wishes()

    def check(self, entry: Entry) -> None:
        """Refuse what cannot be deleted.

        Raises:
            Misused: The message is deleted already, or the server cannot do that.
        """
        if entry.deletion is not None:
            raise Misused(_("That message was deleted."))
        if caps.MESSAGE_REDACTION not in self._session.caps.enabled:
            raise Misused(_("This server cannot delete messages."))
        if not entry.msgid or entry.msgid[:1] == MADE_UP:
            raise Misused(_("That message has no id, so it cannot be deleted."))

    def ask(self, buffer: Buffer, entry: Entry, reason: str = "") -> None:
        """Have ``entry`` deleted for everyone.

        Raises:
            Misused: As `check`.
        """
        self.check(entry)
        if not self.wishes.put(Wish(buffer, entry.msgid, reason=reason)):
            raise Misused(_("Too many deletions wait for the server."))
        self.pump()

    def pump(self) -> None:
        """Write what may go out now."""
        session = self._session
        for wish in self.wishes:
            if wish.stage is Stage.QUEUED and session.speaking.may_send(wish.buffer):
                if caps.MESSAGE_REDACTION not in session.caps.enabled:
                    self.wishes.settle(wish)
                    continue
                reason = [wish.reason] if wish.reason else []
                wish.stage = Stage.WRITTEN
                words = (wish.buffer.name, wish.msgid, *reason)
                wish.out.append(session.send("REDACT", *words, origin=wish.buffer))

    def heard(self, buffer: Buffer, msgid: str) -> None:
        """The message is gone, whoever deleted it."""
        wish = self.wishes.of(buffer, msgid)
        if wish is not None:
            self.wishes.settle(wish)

    def refused(self, line: Line, words: str) -> bool:
        """An error came: whether it is about a deletion of ours."""
        wish = self.wishes.labelled(line.tags.get("label", ""))
        if wish is None and line.param(0).upper() == "REDACT":
            wish = next((wish for wish in self.wishes if wish.msgid in line.params), None)
        if wish is None:
            return False
        self.wishes.settle(wish)
        if wish.is_again and line.param(1) == "UNKNOWN_MSGID":
            # The first time it was heard, and the message is gone.
            wish.buffer.delete(wish.msgid, Deletion(self._session.model.nick, wish.reason))
        else:
            self._session.complain(words, wish.buffer)
        return True

    def settled(self, buffer: Buffer) -> None:
        """History has told what it knows: what is still there is to be deleted again."""
        self.wishes.absent(buffer)
        self.pump()
