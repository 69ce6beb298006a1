"""How one connection reads: small pieces gather, and nobody is left unread."""

from __future__ import annotations

import asyncio

from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import Model
from chatapp.client.session import Session
from chatapp.client.wire import LINES_PER_TURN, LINES_WAITING, Wire


class Way:
    """A transport that notes whether it is read, and what is written."""

    def __init__(self):
        self.written = []
        self.is_read = True
        self.changes = 0
        self.has_resumed = asyncio.Event()

    def get_extra_info(self, _name):
        return None

    def is_closing(self):
        return False

    def write(self, data):
        self.written.append(data)

    def get_write_buffer_size(self):
        return 0

    def abort(self):
        """Nothing is left of it."""

    def pause_reading(self):
        assert self.is_read
        self.is_read = False
        self.changes += 1

    def resume_reading(self):
        assert not self.is_read
        self.is_read = True
        self.has_resumed.set()


def scene(story):
    async def run():
        session = Session(Model("Ana", "here"), "Ana", now=lambda: 0.0)
        wire = Wire(session, Recorder(lambda: 0.0), LINES_PER_TURN)
        way = Way()
        wire.connection_made(way)
        await story(wire, way)

    asyncio.run(run())


def test_a_message_now_and_then_is_read_at_once():
    async def story(wire, way):
        wire.data_received(b":a PRIVMSG #x :hello\r\n")
        assert way.is_read

    scene(story)


def test_small_pieces_close_together_are_left_to_gather():
    async def story(wire, way):
        for _piece in range(3):
            wire.data_received(b":a PRIVMSG #x :hello\r\n")
        assert not way.is_read
        assert way.changes == 1
        await way.has_resumed.wait()

    scene(story)


def test_big_pieces_are_read_as_they_come():
    async def story(wire, way):
        for _piece in range(3):
            wire.data_received(b":a PRIVMSG #x :hello\r\n" * 300)
        assert way.is_read

    scene(story)


def test_when_too_much_waits_nothing_is_read_until_it_is_heard():
    async def story(wire, way):
        wire.start()
        wire.data_received(b":a PRIVMSG #x :hello\r\n" * (LINES_WAITING + 1))
        assert not way.is_read
        await way.has_resumed.wait()

    scene(story)


def test_what_is_said_in_one_turn_is_written_at_once():
    """A transport complains on stderr of each write after the way has broken, until it has told us."""

    async def story(wire, way):
        wire.start()
        for number in range(200):
            wire._session.send("PING", str(number))
        assert way.written == []
        await asyncio.sleep(0)
        assert way.written == [b"".join(b"PING %d\r\n" % number for number in range(200))]

    scene(story)


def test_what_was_said_as_the_connection_ended_is_not_written():
    async def story(wire, way):
        wire.start()
        wire._session.send("PING", "late")
        wire.connection_lost(None)
        await asyncio.sleep(0)
        assert way.written == []

    scene(story)


def test_an_old_connection_that_ends_late_leaves_the_new_one_its_voice():
    async def story(old, way):
        session = old._session
        old.start()
        old.finish()
        old.connection_lost(None)
        new = Wire(session, Recorder(lambda: 0.0), LINES_PER_TURN)
        new.connection_made(way)
        new.start()

        old.end("")  # as `Wire.finish` had asked for
        session.send("PRIVMSG", "#x", "hello")
        await asyncio.sleep(0)

        assert way.written == [b"PRIVMSG #x hello\r\n"]

    scene(story)
