"""Whatever happens in a tick, each hears exactly what they would if every line were handed to them alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.audience import Audience
from chatapp.core.delivery import Delivery
from chatapp.core.message import Message
from chatapp.core.session import Session

PEOPLE, ROOMS = 4, 3
#: What there is to do, with whom and where. Few people and rooms, so that they meet.
DEEDS = st.tuples(
    st.sampled_from(["tell", "tell", "tell but", "tell some", "put", "join", "part", "negotiate", "cut"]),
    st.integers(0, PEOPLE - 1),
    st.integers(0, ROOMS - 1),
)


class Wire:
    """Notes what is written."""

    def __init__(self):
        self.data = b""
        self.writes = 0

    def write(self, data):
        self.data += data
        self.writes += 1


class Model:
    """Delivery beside the plainest thing that does the same: a list of lines for each."""

    def __init__(self):
        self.delivery = Delivery(wake=lambda: None)
        self.sessions = [Session(Wire(), "127.0.0.1", 0) for _ in range(PEOPLE)]
        self.rooms = [Audience(self.sessions[: room + 2]) for room in range(ROOMS)]
        self.heard = [[] for _ in range(PEOPLE)]
        self.before = [0] * PEOPLE
        self.ticks = 1

    def tell(self, text, audience, but=None):
        self.delivery.tell(Message(0, "PRIVMSG", text), audience, but=but)
        for number, session in enumerate(self.sessions):
            if session in audience and session is not but:
                timed = "@time=1970-01-01T00:00:00.000Z " if session.dialect.server_time else ""
                self.heard[number].append(f"{timed}{text}\r\n".encode())

    def do(self, what, who, where, text):
        session, room = self.sessions[who], self.rooms[where]
        if what == "tell":
            self.tell(text, room)
        elif what == "tell but":
            self.tell(text, room, but=session)
        elif what == "tell some":
            self.tell(text, Audience(self.sessions[who:]))
        elif what == "put":
            self.delivery.put(session, b"for one\r\n")
            self.heard[who].append(b"for one\r\n")
        elif what == "join" and session not in room:
            room.add(session)
        elif what == "part" and session in room:
            room.remove(session)
        elif what == "negotiate":
            self.negotiate(session)
        elif what == "cut":
            self.cut()

    def negotiate(self, session):
        rooms = [room for room in self.rooms if session in room]
        for room in rooms:
            room.remove(session)
        session.negotiate(frozenset() if session.caps else frozenset({"server-time"}))
        for room in rooms:
            room.add(session)

    def cut(self):
        self.delivery.cut().release()
        self.before = [len(lines) for lines in self.heard]
        self.ticks += 1


@given(st.lists(DEEDS, max_size=40))
def test_each_hears_all_of_it_once_and_in_order(deeds):
    model = Model()
    for number, (what, who, where) in enumerate(deeds):
        model.do(what, who, where, f"line {number}")
        told = [before + session.told for before, session in zip(model.before, model.sessions, strict=True)]
        assert told == [len(lines) for lines in model.heard]
    model.cut()

    assert [session.wire.data for session in model.sessions] == [b"".join(lines) for lines in model.heard]
    assert all(session.wire.writes < model.ticks for session in model.sessions)
    assert [session.told for session in model.sessions] == [0] * PEOPLE
