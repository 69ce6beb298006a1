"""Saying something: typed text becomes entries at once, goes out once, and is confirmed by its echo."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from gettext import gettext as _
from itertools import count
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState, Mark
from chatapp.client.deleting import Deleting
from chatapp.client.model import ConnectionState
from chatapp.client.multiline import divide, is_one_line, wire_lines
from chatapp.client.outbox import WINDOW, Outbox, Pending, Stage
from chatapp.client.reacting import Reacting
from chatapp.client.typing import Typing
from chatapp.client.unheard import Unheard
from chatapp.irc import caps
from chatapp.irc.client_tags import NONCE, REPLY, is_allowed
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, nick_of
from chatapp.irc.text import format_ctcp

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Bytes that ``user@host`` may take where we have not learnt ours.
_UNKNOWN_ADDRESS = 10 + 1 + 64
#: Bytes kept free for our nick, since it may change between typing and sending.
_NICK_ROOM = 32
#: Only a FAIL of one of these can be about a message; most numerics do not tell what they are about.
_SAY = frozenset({"PRIVMSG", "NOTICE", "BATCH"})
_CONTROLS = str.maketrans({"\0": None, "\r": None, "\x01": None})


class Speaking:
    """What we say: the outbox, and when what is in it goes out."""

    def __init__(self, session: Session, nonce: Callable[[], str] = lambda: secrets.token_hex(4)) -> None:
        self.outbox = Outbox()
        self.reacting = Reacting(session)
        self.deleting = Deleting(session)
        self.typing = Typing(session)
        self._session = session
        self._nonce = nonce
        self._batches = count(1)
        self._unheard = Unheard()

    def say(self, buffer: Buffer, text: str, kind: EntryKind = EntryKind.MESSAGE, reply_to: str = "") -> None:
        """Say ``text`` in ``buffer``, as an answer to the message ``reply_to`` if that is given.

        Several lines are one message where the server has such (`chatapp.client.multiline`), else a message
        each; without a connection that is left open.
        """
        if buffer.kind is BufferKind.SERVER:
            self._session.complain(
                _("Nobody hears what is said here. /join a room, or /query a person."), buffer
            )
            return
        self.typing.said(buffer)
        text = text.translate(_CONTROLS).encode("utf-8", "replace").decode()
        if self._session.model.state is ConnectionState.ONLINE:
            texts = self._divided(buffer, text, kind)
        else:
            texts = [text.strip("\n")] if text.strip() else []
        for part in texts:
            self._put(buffer, part, kind, reply_to)
            reply_to = ""
        self._send(buffer)

    def again(self, buffer: Buffer) -> int:
        """Send what has failed in ``buffer`` once more; how many those were."""
        failed = [entry for entry in buffer.entries if entry.state is EntryState.FAILED]
        for entry in failed:
            buffer.withdraw(entry)
            entry.state = EntryState.WAITING  # in another entry, which stands for it
            self._put(buffer, entry.text, entry.kind, entry.reply_to)
        self._send(buffer)
        return len(failed)

    def pump(self) -> None:
        """Write what may go out now."""
        granted = self._session.caps
        window = WINDOW if granted.has_labels and granted.has_echo else 1_000_000
        ready = self.outbox.sendable(self.may_send, window)
        while sum(self._divide(pending) for pending in ready):
            ready = self.outbox.sendable(self.may_send, window)
        if ready:
            self.outbox.on_write()
        for pending in ready:
            self._write(pending)
        if ready and not granted.has_echo:
            self._session.send("PING", self._unheard.wrote(ready))

    def confirm_echo(self, buffer: Buffer, line: Line, entry: Entry) -> bool:
        """Something was said by us: confirm what we wrote, if it is that and not from another device."""
        pending = self.outbox.labelled(line.tags.get("label", ""))
        if pending is None and not entry.nonce and not self._session.caps.has_labels:
            pending = self.outbox.echoed(buffer, entry.kind, entry.text)
        if pending is None:
            pending = self._meant(buffer, entry)
        if pending is None:
            return False
        pending.entry.nick, pending.entry.text = entry.nick, entry.text
        self._confirm(pending, entry.msgid, entry.time)
        self.pump()
        return True

    def answered(self, label: str) -> None:
        """The answer with ``label`` is complete; without an echo in it the message has simply arrived."""
        pending = self.outbox.labelled(label)
        if pending is not None:
            self._confirm(pending, "", pending.entry.time)
            self.pump()
        self.reacting.answered(label)

    def received(self, word: str) -> None:
        """The server has read everything up to the PING with this word."""
        for pending in self._unheard.arrived(word, self.outbox):
            self._confirm(pending, "", pending.entry.time)

    def refused(self, line: Line, buffer: Buffer | None, words: str) -> bool:
        """An error came: if it is about a message of ours, that has failed."""
        pending = self.outbox.labelled(line.tags.get("label", ""))
        if pending is None and self._is_about_a_wish(line, words):
            return True
        failed = line.param(0).upper() if line.command == "FAIL" else "PRIVMSG"
        is_batch = failed == "BATCH"
        if pending is None and failed in _SAY and (buffer is not None or is_batch):
            pending = self.outbox.first_written(buffer, in_batch=is_batch)
        if pending is None:
            label = line.tags.get("label", "")
            return self.typing.refused(label, buffer) or self.reacting.refused(label, words, buffer)
        if not self.outbox.put_back(pending):
            self.fail([pending], words)
        self.pump()
        return True

    def fail(self, pendings: list[Pending], words: str) -> None:
        """These messages have not arrived, or may not have: say so, once a room."""
        for pending in pendings:
            self.outbox.settle(pending)
            pending.buffer.fail(pending.entry)
        for buffer in {pending.buffer: None for pending in pendings}:
            self._session.complain(words, buffer)
            if buffer is not self._session.model.current:
                # Where one is, a message that was not sent must not be overlooked either.
                elsewhere = _("Not sent to {room}: {reason}").format(room=buffer.name, reason=words)
                self._session.complain(elsewhere, self._session.model.current)

    def fail_all(self, buffer: Buffer, words: str) -> None:
        """Nothing can be said in ``buffer``: everything that waits there has failed."""
        self.fail(self.outbox.of(buffer, *Stage), words)

    def claim(self, buffer: Buffer, entry: Entry) -> Entry | None:
        """The own entry that a message of history turns out to be, if any."""
        if entry.own and not self._session.caps.has_echo:
            # What has arrived without an echo came before what is uncertain, so it is the first to be meant.
            sent = (e for e in buffer.entries if e.own and not e.msgid and e.state is EntryState.SENT)
            alike = next((e for e in sent if e.kind is entry.kind and e.text == entry.text), None)
            if alike is not None:
                return alike
        pending = self._meant(buffer, entry)
        if pending is None:
            return None
        self.outbox.settle(pending)
        pending.entry.text = entry.text
        return pending.entry

    def settled(self, buffer: Buffer, is_proof: bool) -> None:
        """History has said what it knows: what it does not show is sent again, or left to the person."""
        if is_proof and self._session.caps.has_echo:
            self.outbox.absent(buffer)
        else:
            words = _("It is not known whether this arrived. /resend sends it again.")
            self.fail(self.outbox.of(buffer, Stage.UNCERTAIN), words)
        self.pump()
        self.reacting.settled(buffer)
        self.deleting.settled(buffer)

    def cut(self) -> None:
        """The connection has ended."""
        self.outbox.cut()
        self._unheard.cut()
        self.reacting.wishes.cut()
        self.deleting.wishes.cut()
        self.typing.cut()

    def forget(self, buffer: Buffer) -> None:
        """The conversation is closed, with what may wait in it."""
        for pending in self.outbox.of(buffer, *Stage):
            self.outbox.settle(pending)
        self.reacting.wishes.forget(buffer)
        self.deleting.wishes.forget(buffer)

    def _is_about_a_wish(self, line: Line, words: str) -> bool:
        label = line.tags.get("label", "")
        return self.reacting.refused(label, words) or self.deleting.refused(line, words)

    def _put(self, buffer: Buffer, text: str, kind: EntryKind, reply_to: str = "") -> None:
        session = self._session
        is_online = session.model.state is ConnectionState.ONLINE
        state = EntryState.SENDING if is_online else EntryState.WAITING
        entry = Entry(kind, session.now(), text, session.model.nick, own=True, state=state, reply_to=reply_to)
        self.outbox.put(buffer, entry)

    def _send(self, buffer: Buffer) -> None:
        """Send what was put into ``buffer``, unless it is a room that we are not in."""
        is_online = self._session.model.state is ConnectionState.ONLINE
        if is_online and buffer.kind is BufferKind.CHANNEL and not (buffer.joined or buffer.is_joining):
            words = _("You are not in {room}. /join {room} to speak there, then /resend.")
            self.fail_all(buffer, words.format(room=buffer.name))
        self.pump()

    def _divided(self, buffer: Buffer, text: str, kind: EntryKind) -> list[str]:
        """``text`` as messages that this server takes."""
        limits = self._session.caps.message_limits if kind is EntryKind.MESSAGE else None
        return divide(text, self._room(buffer, kind), limits)

    def _divide(self, pending: Pending) -> bool:
        """Let what is too long for one message be several; whether that was so."""
        texts = self._divided(pending.buffer, pending.entry.text, pending.entry.kind)
        if texts == [pending.entry.text]:
            return False
        self.outbox.divide(pending, texts)
        return True

    def _write(self, pending: Pending) -> None:
        session, entry, buffer = self._session, pending.entry, pending.buffer
        tags = _tags(session, entry, self._nonce)
        command = "NOTICE" if entry.kind is EntryKind.NOTICE else "PRIVMSG"
        if is_one_line(entry.text, self._room(buffer, entry.kind)):
            text = format_ctcp("ACTION", entry.text) if entry.kind is EntryKind.ACTION else entry.text
            label = session.send(command, buffer.name, text, origin=buffer, tags=tags)
        else:
            label = self._write_batch(pending, tags)
        self.outbox.wrote(pending, label, session.model.nick)

    def _write_batch(self, pending: Pending, tags: dict[str, str]) -> str:
        """Write a message of several lines; the label of the whole."""
        session, buffer = self._session, pending.buffer
        reference = f"m{next(self._batches)}"
        label = session.send("BATCH", f"+{reference}", caps.MULTILINE, buffer.name, origin=buffer, tags=tags)
        for text, is_more in wire_lines(pending.entry.text, self._room(buffer, pending.entry.kind)):
            inner = {"batch": reference} | ({caps.MULTILINE_CONCAT: ""} if is_more else {})
            session.send("PRIVMSG", buffer.name, text, tags=inner)
        session.send("BATCH", f"-{reference}")
        return label

    def _confirm(self, pending: Pending, msgid: str, time: float) -> None:
        self.outbox.settle(pending)
        catchup = self._session.reading.catchup
        catchup.heard(pending.buffer, Mark(msgid, time))
        pending.buffer.confirm(pending.entry, msgid, time, catchup.epoch(pending.buffer))

    def _meant(self, buffer: Buffer, entry: Entry) -> Pending | None:
        fold = self._session.model.fold
        folded = fold(entry.nick)
        by_line = self._session.caps.message_limits is None
        return self.outbox.meant(buffer, entry, lambda nick: fold(nick) == folded, by_line=by_line)

    def may_send(self, buffer: Buffer) -> bool:
        """Whether what is sent now in ``buffer`` could be found again after a cut."""
        session = self._session
        if session.model.state is not ConnectionState.ONLINE:
            return False
        catchup = session.reading.catchup
        if buffer.kind is BufferKind.DIRECT:
            return not catchup.is_beginning(buffer)
        return buffer.joined and catchup.is_settled(buffer)

    def _room(self, buffer: Buffer, kind: EntryKind) -> int:
        """Bytes that a text may have so that the line stays whole when it is relayed with our source."""
        source = self._session.source
        nick = nick_of(source)
        address = len(source.encode()) - len(nick.encode()) - 1 if "!" in source else _UNKNOWN_ADDRESS
        name = max(_NICK_ROOM, len(self._session.model.nick.encode()))
        frame = len(f":!{''} PRIVMSG {buffer.name} :\r\n".encode()) + name + address
        if kind is EntryKind.ACTION:
            frame += len("\x01ACTION \x01")
        return max(BODY_BYTES - frame, 64)


def _tags(session: Session, entry: Entry, nonce: Callable[[], str]) -> dict[str, str]:
    """What a message says by tags, to others and to ourselves, as far as the server passes that on."""
    if caps.MESSAGE_TAGS not in session.caps.enabled:
        return {}
    tags = {}
    if is_allowed(session.isupport, NONCE):
        tags[NONCE] = entry.nonce = entry.nonce or nonce()
    if entry.reply_to and is_allowed(session.isupport, REPLY):
        tags[REPLY] = entry.reply_to
    return tags
