"""The books balance after any step: who is where, who hears what, once and in one order, and what is kept."""

from __future__ import annotations

from collections import Counter

import pytest
from dialogue import Table, run
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatapp.commands.table import dispatch
from chatapp.core.audience import APART
from chatapp.core.ports import Span
from chatapp.core.session import NO_CAPS
from chatapp.irc.line import Line, nick_of, parse_line

PEOPLE = st.integers(0, 3)
ROOMS = st.sampled_from(["#a", "#A", "#a", "#b"])
NICKS = st.sampled_from(["ana", "Ana", "bob", "çim", "ÇIM", "eve", "1bad", ""])
CAPS = [
    "server-time",
    "message-tags",
    "echo-message",
    "extended-join",
    "away-notify",
    "labeled-response batch",
]
MODES = st.sampled_from(
    ["+m", "-m", "+i", "-i", "+n", "-n", "+s", "+k key", "-k", "+l 2", "-l", "+b ana", "-b ana",
     "+e *", "+I *",
     "+o ana", "-o ana", "+v bob", "-v bob", "+t", "-t", "+C",
     "+h ana", "-h ana", "+a bob", "-a bob", "+q ana", "+M", "-M", "+R", "-R", "+f #b", "-f",
     "+b m:ana", "-b m:ana"]
)  # fmt: skip


class Seat:
    """A chair at the table: who sits there now, and all they have heard."""

    def __init__(self, table):
        self.person = table.visit()
        self.said = []  # the texts heard live, in order
        self.expected = []  # the texts that they should have heard


class Books(RuleBasedStateMachine):
    """Four chairs. Each text is unique, so that whoever hears one can be told from the others."""

    @initialize()
    def open(self):
        self.table = Table()
        self.world = self.table.world
        self.seats = [Seat(self.table) for _ in range(4)]
        self.texts = 0
        self.spoken = {}  # conversation to the texts said there, in order
        for seat, nick in zip(self.seats[:3], ("ana", "bob", "eve"), strict=False):
            self.do(seat, f"NICK {nick}")
            self.do(seat, f"USER {nick} 0 * :{nick}")
            self.do(seat, "JOIN #a")
        self.hear_all()

    # What people do

    def do(self, seat, text):
        """Carry out ``text`` without ending the tick: what was said before it is still on its way."""
        if answer := dispatch(self.world, seat.person.session, parse_line(text)):
            run(answer)

    @rule(who=PEOPLE)
    def connect_anew(self, who):
        self.hear_all()
        if not self.seats[who].person.session.ended:
            self.seats[who].person.leaves()
            self.hear_all()
        self.seats[who] = Seat(self.table)

    @rule(who=PEOPLE, nick=NICKS)
    def nick(self, who, nick):
        self.line(who, f"NICK {nick}")

    @rule(who=PEOPLE)
    def user(self, who):
        self.line(who, "USER u 0 * :Real Name")

    @rule(who=PEOPLE, room=ROOMS, key=st.sampled_from(["", " key", " wrong"]))
    def join(self, who, room, key):
        self.line(who, f"JOIN {room}{key}")

    @rule(who=PEOPLE, room=ROOMS)
    def part(self, who, room):
        self.line(who, f"PART {room}")

    @rule(who=PEOPLE, room=ROOMS, nick=NICKS)
    def kick(self, who, room, nick):
        self.line(who, f"KICK {room} :{nick}")

    @rule(who=PEOPLE, room=ROOMS, nick=NICKS)
    def invite(self, who, room, nick):
        self.line(who, f"INVITE {nick or 'x'} {room}")

    @rule(who=PEOPLE, room=ROOMS, modes=MODES)
    def mode(self, who, room, modes):
        self.line(who, f"MODE {room} {modes}")

    @rule(who=PEOPLE, room=ROOMS, text=st.sampled_from(["", "x"]))
    def topic(self, who, room, text):
        self.line(who, f"TOPIC {room} :{text}")

    @rule(who=PEOPLE, caps=st.sampled_from(CAPS), sign=st.sampled_from(["", "-"]))
    def capabilities(self, who, caps, sign):
        self.line(who, "CAP REQ :" + " ".join(sign + cap for cap in caps.split(" ")))
        self.line(who, "CAP END")

    @rule(who=PEOPLE, text=st.sampled_from(["", "gone"]))
    def away(self, who, text):
        self.line(who, f"AWAY :{text}")

    @rule(who=PEOPLE, sign=st.sampled_from("+-CLS"), nick=NICKS)
    def monitor(self, who, sign, nick):
        self.line(who, f"MONITOR {sign} {nick or 'x'}")

    @rule(who=PEOPLE, sign=st.sampled_from(["", "-"]), nick=NICKS)
    def accept(self, who, sign, nick):
        self.line(who, f"ACCEPT {sign}{nick or 'x'}")

    @rule(who=PEOPLE)
    def quit(self, who):
        self.line(who, "QUIT")

    @rule()
    def tick(self):
        """All have heard what they should, once and in order. Until then what was said is on its way."""
        self.hear_all()
        for seat in self.seats:
            assert seat.said == seat.expected

    @rule(
        who=PEOPLE, leaver=PEOPLE, how=st.sampled_from(["PART #a", "QUIT", "CAP REQ server-time", "JOIN #b"])
    )
    def speak_and_go(self, who, leaver, how):
        """Within one tick; the leaver hears what was said before they went."""
        self.speak_once(who, "#a")
        self.line(leaver, how)
        self.speak_once(who, "#a")

    @rule(who=PEOPLE, room=ROOMS, label=st.sampled_from(["", "@label=x "]), times=st.integers(1, 3))
    def speak(self, who, room, label, times):
        for _ in range(times):
            self.speak_once(who, room, label)

    def speak_once(self, who, room, label=""):
        session = self.seats[who].person.session
        if session.ended:
            return
        text = self.new_text()
        channel = self.world.channels.get(self.world.fold(room))
        if session.user is not None and channel is not None and may_speak(channel, session.user):
            self.expect_from(session, channel.members, text)
            self.spoken.setdefault(channel.folded, []).append(text)
        self.do(self.seats[who], f"{label}PRIVMSG {room} :{text}")

    def new_text(self):
        self.texts += 1
        return f"text{self.texts}"

    @rule(who=PEOPLE, nick=NICKS)
    def whisper(self, who, nick):
        session = self.seats[who].person.session
        if session.ended:
            return
        text = self.new_text()
        target = self.world.users.get(self.world.fold(nick))
        if session.user is not None and target is not None:
            for seat in self.seats:
                if seat.person.session.user is target and not seat.person.session.ended:
                    seat.expected.append(text)
            if "echo-message" in session.caps:
                self.seats[who].expected.append(text)
        self.do(self.seats[who], f"PRIVMSG :{nick}")
        self.do(self.seats[who], f"PRIVMSG {nick or '*'} :{text}")

    def expect_from(self, session, members, text):
        for seat in self.seats:
            hearer = seat.person.session
            if hearer is session:
                if "echo-message" in session.caps:
                    seat.expected.append(text)
            elif not hearer.ended and hearer.user in members:
                seat.expected.append(text)

    def line(self, who, text):
        if not self.seats[who].person.session.ended:
            self.do(self.seats[who], text)

    def hear_all(self):
        """End the tick, and note what everyone heard."""
        self.table.tick()
        for seat in self.seats:
            for raw in seat.person.hears():
                line = parse_line(raw)
                assert line.command != "400", raw
                if line.command == "PRIVMSG":
                    seat.said.append(line.params[1])
                    assert line.source.count("!") == 1

    # What must be true

    @invariant()
    def members_channels_and_audiences_agree(self):
        world = getattr(self, "world", None)
        if world is None:
            return
        for folded, channel in world.channels.items():
            assert channel.folded == folded == world.fold(channel.name)
            assert channel.members or channel.is_lasting
            for user, member in channel.members.items():
                assert user.channels[channel] is member
                assert world.users[user.folded] is user
            hearers = [session for user in channel.members for session in user.sessions]
            assert Counter(channel.audience) == Counter(hearers)
            assert len(channel.audience) == len(hearers)
            for group in channel.audience.groups():
                assert group.sessions
                assert all(session.dialect is group.dialect for session in group.sessions)
                assert all(outbox is session.outbox for session, outbox in group.apart.items())
                assert all(session.follows is APART for session in group.apart)
                if group.lines:
                    following = [session for session in group.sessions if session not in group.apart]
                    assert all(session.follows is group and not session.outbox for session in following)
                else:
                    assert not group.apart
            assert all(channel in guest.invitations for guest in channel.guests)
            assert all(world.users.get(guest.folded) is guest for guest in channel.guests)
            assert channel.guests.isdisjoint(channel.members)

    @invariant()
    def users_and_sessions_agree(self):
        world = getattr(self, "world", None)
        if world is None:
            return
        for folded, user in world.users.items():
            assert user.folded == folded == world.fold(user.nick)
            assert user.source.startswith(f"{user.nick}!")
            assert user.sessions
            assert all(world.channels[channel.folded] is channel for channel in user.channels)
            assert all(world.channels[channel.folded] is channel for channel in user.invitations)
            assert all(user in channel.guests for channel in user.invitations)
        alive = {seat.person.session for seat in self.seats if not seat.person.session.ended}
        assert world.sessions == alive
        for session in alive:
            assert (session.user is None) is (session.registration is not None)
            assert session.user is None or world.users[session.user.folded] is session.user
        assert world.most_users >= len(world.users)

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def who_watches_and_accepts_whom_agrees(self):
        world = getattr(self, "world", None)
        if world is None:
            return
        assert Counter(map(id, world.users._looks.values())) == Counter(map(id, world.users.values()))
        watching = {
            (session, nick) for nick, sessions in world.monitor._watchers.items() for session in sessions
        }
        assert watching == {(s, nick) for s, nicks in world.monitor._lists.items() for nick in nicks}
        assert {session for session, _nick in watching} <= world.sessions
        pairs = {(one, other) for one, others in world.accepts._accepted.items() for other in others}
        assert pairs == {(one, other) for other, ones in world.accepts._accepting.items() for one in ones}
        assert {user for pair in pairs for user in pair} <= set(world.users.values())

    @invariant()
    def strangers_hear_no_conversation(self):
        for seat in self.seats:
            if seat.person.session.user is None:
                assert seat.said == seat.expected == []

    def teardown(self):
        if not hasattr(self, "world"):
            return
        self.hear_all()
        for seat in self.seats:
            assert seat.said == seat.expected
        for conversation, texts in self.spoken.items():
            kept = run(self.table.store.read(Span(conversation, limit=10**6)))
            assert [parse_line(message.body).params[1] for message in kept] == texts
            assert [message.stamp for message in kept] == sorted({message.stamp for message in kept})
        states = {
            folded: state
            for folded, channel in self.world.channels.items()
            if (state := channel.lasting_state()) is not None
        }
        assert self.table.store.states == states


def may_speak(channel, user):
    """The rule of speaking, said again in other words."""
    member = channel.members.get(user)
    if member is not None and member.modes:
        return True
    if "m" in channel.modes or ("n" in channel.modes and member is None):
        return False
    if "M" in channel.modes or "R" in channel.modes:  # nobody has an account
        return False
    banned = any(entry.mask.removeprefix("m:").startswith("ana!") for entry in channel.lists["b"])
    exempt = bool(channel.lists["e"])
    return not (banned and user.folded == "ana" and not exempt)


Books.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestBooks = pytest.mark.slow(Books.TestCase)


def test_the_source_of_a_line_is_its_speaker():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    assert bob.session.caps is NO_CAPS

    ana.say(":bob!bob@127.0.0.1 PRIVMSG bob :forged?")

    line = parse_line(bob.hears()[0])
    assert nick_of(line.source) == "ana"
    assert line == Line("PRIVMSG", ["bob", "forged?"], "ana!ana@127.0.0.1")
