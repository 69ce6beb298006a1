"""Reacting to messages: our own reactions, from the key until the server has confirmed them."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import MADE_UP, Buffer, Entry
from chatapp.client.command import Misused
from chatapp.client.model import ConnectionState
from chatapp.client.outbox import Stage
from chatapp.client.reactions import LONGEST, Vote
from chatapp.client.wishes import Wish, Wishes
from chatapp.irc import caps
from chatapp.irc.client_tags import REACT, REPLY, UNREACT, is_allowed

if TYPE_CHECKING:
    from chatapp.client.session import Session


class Reacting:
    """Our own reactions. Each goes out once, and again only where a cut has swallowed it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.wishes = Wishes()

    def toggle(self, buffer: Buffer, entry: Entry, reaction: str) -> None:
        """React to ``entry``, or take that back.

        Raises:
            Misused: That cannot be a reaction, or the message cannot have one.
        """
        reaction = reaction.strip()
        if not reaction or len(reaction) > LONGEST or not reaction.isprintable():
            raise Misused(_("A reaction is an emoji or a word."))
        if entry.deletion is not None:
            raise Misused(_("That message was deleted."))
        if not self._can_tag(entry):
            words = _("This server passes on no reactions. It was said as a message.")
            self._session.say(buffer, f"{entry.nick}: {reaction}")
            self._session.inform(words, buffer)
            return
        tally = buffer.reactions.of(entry.msgid)
        is_on = tally is not None and tally.is_on(reaction, self._own)
        if tally is not None:
            is_on = tally.wanted.get(reaction, is_on)
        if not self.wishes.put(Wish(buffer, entry.msgid, reaction, not is_on)):
            raise Misused(_("Too many reactions wait for the server."))
        buffer.reactions.want(entry.msgid, reaction, not is_on)
        buffer.touch()
        self.pump()

    def unsent(self) -> int:
        """How many of them the server may not have heard."""
        return sum(wish.stage is not Stage.WRITTEN for wish in self.wishes)

    def pump(self) -> None:
        """Write what may go out now."""
        session = self._session
        for wish in self.wishes:
            if wish.stage is not Stage.QUEUED or not session.speaking.may_send(wish.buffer):
                continue
            if not wish.out and self._is_on(wish) == wish.is_on:
                self._settle(wish)
                continue
            tags = {REPLY: wish.msgid, (REACT if wish.is_on else UNREACT): wish.reaction}
            wish.stage = Stage.WRITTEN
            wish.out.append(session.send("TAGMSG", wish.buffer.name, origin=wish.buffer, tags=tags))
            if not session.caps.has_echo:
                self._happened(wish)

    def heard(self, buffer: Buffer, msgid: str, reaction: str, label: str) -> None:
        """The server tells of a reaction of ours; the last of those that are out settles."""
        wish = self.wishes.of(buffer, msgid, reaction[:LONGEST])
        if wish is None or label not in wish.out:
            return
        wish.out.remove(label)
        if not wish.out and wish.stage is Stage.WRITTEN:
            self._settle(wish)

    def answered(self, label: str) -> None:
        """The answer with ``label`` is complete; without an echo in it it has simply happened."""
        wish = self.wishes.labelled(label)
        if wish is not None:
            self._happened(wish)

    def refused(self, label: str, words: str, buffer: Buffer | None = None) -> bool:
        """An error came: whether it is about a reaction of ours, which will not happen then.

        Where the server knows no labels it is about the first that is out in ``buffer``.
        """
        wish = self.wishes.labelled(label)
        if not label and buffer is not None:
            wish = next((each for each in self.wishes if each.buffer is buffer and "" in each.out), None)
        if wish is None:
            return False
        self._settle(wish)
        self._session.complain(words, wish.buffer)
        return True

    def settled(self, buffer: Buffer) -> None:
        """History has told what it knows: what has not happened is written again."""
        self.wishes.absent(buffer)
        self.pump()

    def _is_on(self, wish: Wish) -> bool:
        """Whether the server has told that it is so."""
        tally = wish.buffer.reactions.of(wish.msgid)
        return tally is not None and tally.is_on(wish.reaction, self._own)

    def _can_tag(self, entry: Entry) -> bool:
        """Whether the message has an id and the server passes on reactions; offline we hope so."""
        session = self._session
        if not entry.msgid or entry.msgid[:1] == MADE_UP:
            return False
        if session.model.state is not ConnectionState.ONLINE:
            return True
        return caps.MESSAGE_TAGS in session.caps.enabled and is_allowed(session.isupport, REACT)

    def _happened(self, wish: Wish) -> None:
        vote = Vote(self._session.model.nick, self._session.now(), wish.is_on)
        wish.buffer.reactions.react(wish.msgid, wish.reaction, self._own, vote, is_own=True)
        self._settle(wish)

    def _settle(self, wish: Wish) -> None:
        self.wishes.settle(wish)
        wish.buffer.reactions.settle(wish.msgid, wish.reaction)
        wish.buffer.touch()

    @property
    def _own(self) -> str:
        return self._session.model.fold(self._session.model.nick)
