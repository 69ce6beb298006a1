"""The books balance with everything at once: accounts, taking back, renaming rooms, reading.

Besides what `core.test_account_books` asks: who reads history reads all that was said in the room, once and
in order, or nothing; nobody becomes an operator but by the rules; nothing waits when a tick is over.
"""

from __future__ import annotations

import pytest
from core.test_account_books import AccountBooks
from core.test_books import NICKS, PEOPLE, ROOMS
from dialogue import run
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from chatapp.core.member import HALFOP, RANKS
from chatapp.core.ports import Span
from chatapp.irc.line import parse_line

KEYS = st.sampled_from(["url", "avatar", "*", "BAD!"])
#: What gives a standing in a room by itself, whoever says it.
_BY_RULE = ("JOIN", "CS", "NS", "AUTHENTICATE", "RENAME", "CAP", "NICK", "USER", "REGISTER")


class WholeBooks(AccountBooks):
    """`AccountBooks`, and the rest of what people do."""

    def line(self, who, text):
        before = self.operators()
        actor = self.seats[who].person.session.user
        super().line(who, text)
        new = self.operators() - before
        if new and not text.startswith(_BY_RULE):
            assert text.startswith("MODE"), (text, new)
            assert all((name, actor) in before for name, _user in new), (text, new)

    def operators(self):
        """Who is an operator of which room, or more."""
        world = self.table.world
        return {
            (channel.folded, user)
            for channel in world.channels.values()
            for user, member in channel.members.items()
            if member.rank >= RANKS["o"]
        }

    @rule(who=PEOPLE, room=ROOMS)
    def read_history(self, who, room):
        """All that was said in the room for those who are in it, and nothing for others."""
        texts = self.answer(who, f"CHATHISTORY LATEST {room} * 1000")
        user, channel = self.registered(who), self.world.channels.get(self.world.fold(room))
        if channel is not None and user in channel.members:
            assert texts == self.spoken.get(channel.folded, [])
        else:
            assert texts == []

    @rule(who=PEOPLE, number=st.integers(1, 9))
    def search(self, who, number):
        """Only what was said where they are, or to them."""
        texts, user = self.answer(who, f"SEARCH text=text{number}"), self.registered(who)
        rooms = {channel.folded for channel in user.channels} if user else set()
        elsewhere = {text for room, texts in self.spoken.items() if room not in rooms for text in texts}
        assert not elsewhere & set(texts)

    def registered(self, who):
        """The user who sits there, or None where nobody has come in, or is any more."""
        session = self.seats[who].person.session
        return None if session.ended else session.user

    def answer(self, who, question):
        """The texts that come to ``who`` alone for ``question``; none for those who are not in."""
        self.hear_all()
        if self.registered(who) is None:
            return []
        self.do(self.seats[who], question)
        self.table.tick()
        lines = [parse_line(raw) for raw in self.seats[who].person.hears()]
        return [line.params[1] for line in lines if line.command == "PRIVMSG"]

    @rule(who=PEOPLE, room=ROOMS, number=st.integers(0, 20))
    def take_back(self, who, room, number):
        """One's own, or what others said where one is half an operator; then nobody reads it any more."""
        self.hear_all()
        session, folded = self.seats[who].person.session, self.world.fold(room)
        kept = run(self.table.store.read(Span(folded, limit=1000)))
        if session.ended or session.user is None or not kept:
            return
        message = kept[number % len(kept)]
        channel = self.world.channels.get(folded)
        self.line(who, f"REDACT {room} {message.id}")
        self.hear_all()
        left = run(self.table.store.read(Span(folded, limit=1000)))
        if message in left:
            return
        text = parse_line(message.body).params[1]
        self.spoken[folded].remove(text)
        assert channel is not None and session.user in channel.members
        own = message.source.partition("!")[0] == session.user.nick or message.account
        assert own or channel.rank_of(session.user) >= HALFOP

    @rule(who=PEOPLE, room=ROOMS)
    def rename_room(self, who, room):
        """What was said is in the room under its new name, and nothing of it under the old one."""
        channel = self.world.channels.get(self.world.fold(room))
        if channel is None:
            return
        old = channel.folded
        self.line(who, f"RENAME {room} #{self.new_text()} :why")
        if channel.folded != old and old in self.spoken:
            self.spoken[channel.folded] = self.spoken.pop(old)
        self.table.later(11)

    @rule(
        who=PEOPLE,
        holder=st.sampled_from(["*", "#a", "#b", "ana"]),
        key=KEYS,
        value=st.sampled_from(["", "x"]),
    )
    def tell_of(self, who, holder, key, value):
        self.line(who, f"METADATA {holder} SET {key} :{value}" if value else f"METADATA {holder} SET {key}")

    @rule(who=PEOPLE, request=st.sampled_from(["SUB url", "UNSUB url", "CLEAR", "LIST", "SUBS"]))
    def follow(self, who, request):
        self.line(who, f"METADATA * {request}")

    @rule(who=PEOPLE, room=ROOMS)
    def mark_read(self, who, room):
        self.line(who, f"MARKREAD {room} timestamp=2026-01-01T00:00:00.000Z")

    @rule(who=PEOPLE, room=ROOMS)
    def knock(self, who, room):
        self.line(who, f"KNOCK {room}")

    @rule(who=PEOPLE, nick=NICKS)
    def ask_about(self, who, nick):
        for question in (f"WHOIS {nick or 'x'}", "WHO *", "NAMES #a", "LIST", f"WHO {nick or '#b'} %na"):
            self.line(who, question)

    @rule(who=PEOPLE, room=ROOMS)
    def say_several_lines(self, who, room):
        """A message of several lines that is never finished, or is left in the middle."""
        self.line(who, f"BATCH +1 draft/multiline {room}")
        self.line(who, "BATCH -1")

    @invariant()
    def nothing_waits_when_all_is_heard(self):
        if not hasattr(self, "world"):
            return
        self.hear_all()
        for session in self.world.sessions:
            assert not session.outbox

    @invariant()
    def who_tells_of_themselves_is_here_or_has_an_account(self):
        if not hasattr(self, "world"):
            return
        owners = {user.owner for user in self.world.users.values()}
        owners |= {account.owner for account in self.world.accounts} | set(self.world.channels)
        coming = {id(session) for session in self.world.sessions if session.registration is not None}
        assert set(self.world.metadata._holders) <= owners or coming


WholeBooks.TestCase.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestWholeBooks = pytest.mark.slow(WholeBooks.TestCase)
