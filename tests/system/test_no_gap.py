"""Cut at random moments while others talk, the server killed too: the timeline is its history, exactly."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import suppress

import pytest
from system.cutting_relay import cutting_relay
from system.server_process import ServerProcess

from chatapp.client.buffer import SAID, EntryState
from chatapp.client.connection import Connection
from chatapp.client.model import ConnectionState, Model
from chatapp.client.outbox import Stage
from chatapp.client.session import Session
from chatapp.irc.line import parse_line

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="sockets are reset in another way there"),
]

ROOM = "#lobby"
CUTS, SEEDS = 200, (1, 2)
#: After so many cuts the server is killed, too.
KILLED_EACH = 40
CAPS = "message-tags server-time batch draft/chathistory"


class Witness:
    """Somebody else, with a raw connection to the server itself, who talks and reads its history."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self._said = 0

    @classmethod
    async def enter(cls, address):
        witness = cls(*await asyncio.open_connection(*address, limit=1 << 24))
        witness._write(f"CAP REQ :{CAPS}", "NICK Bruno", "USER bruno 0 * :Bruno", "CAP END", f"JOIN {ROOM}")
        await witness._until(" 366 ")
        return witness

    def talk(self):
        """Say something; often what was said before, so that equal messages are common."""
        self._said += 1
        self._write(f"PRIVMSG {ROOM} :{self._said if self._said % 3 else 'sim'}")

    async def history(self):
        """All that was said in the room: (msgid, nick, text), the oldest first."""
        found, place = [], "*"
        while True:
            self._write(f"CHATHISTORY {'BEFORE' if found else 'LATEST'} {ROOM} {place} 100")
            page = [line async for line in self._page()]
            if not page:
                return found
            found[:0] = [
                (line.tags.get("msgid", ""), line.source.partition("!")[0], line.params[1]) for line in page
            ]
            oldest = next(msgid for msgid, _nick, _text in found if msgid)
            place = f"msgid={oldest}"

    async def leave(self):
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _page(self):
        batch = (await self._until(" BATCH +")).params[0][1:]
        while True:
            line = await self._hear()
            if line.command == "BATCH" and line.params[0] == f"-{batch}":
                return
            if line.tags.get("batch") == batch and line.command == "PRIVMSG":
                yield line

    async def _until(self, part):
        while True:
            text = await self._line()
            if part in text:
                return parse_line(text)

    async def _hear(self):
        return parse_line(await self._line())

    async def _line(self):
        async with asyncio.timeout(60):
            text = (await self._reader.readuntil(b"\n")).decode().rstrip("\r\n")
        if text.startswith("PING"):
            self._write(f"PONG {text[5:]}")
        return text

    def _write(self, *lines):
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())


class Story:
    """The client behind the relay, and what happens to it."""

    def __init__(self, relay, witness, seed):
        self.relay, self.witness = relay, witness
        self.dice = random.Random(seed)
        self.model = Model("Ana", "localhost")
        self.session = Session(self.model, "Ana", now=time.time, rooms=[ROOM])
        # Patience is what the dice give: none here.
        self.connection = Connection(self.session, "127.0.0.1", relay.port, dice=lambda: -1.0)
        self.typed = []
        self.in_flight = 0

    @property
    def room(self):
        return self.model.find(ROOM)

    def type(self):
        """Say one or more things in the room, wherever the connection is; some are alike."""
        for _line in range(self.dice.choice([1, 1, 1, 2, 5, 30])):
            text = f"mine {len(self.typed)}" if self.dice.random() < 0.7 else "ok"
            if self.dice.random() < 0.1:
                text = "\n".join([text, *"abc"])  # one message of several lines
            self.typed.append(text)
            self.session.say(self.room, text)

    async def until(self, condition, each=lambda: None):
        """Wait until ``condition``, with ``each`` done whenever the relay has moved, or nothing has."""
        async with asyncio.timeout(120):
            while not condition():
                self.relay.moved.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.005):
                        await self.relay.moved.wait()
                each()

    async def cut(self):
        """Let it be cut somewhere while both talk: coming in, catching up, or in the middle of the talk."""
        dice, relay = self.dice, self.relay
        if dice.random() < 0.6:
            await self.until(lambda: self.is_settled, self.witness.talk)
            self.type()
        self.in_flight += sum(pending.stage is Stage.WRITTEN for pending in self.session.speaking.outbox)
        before = relay.cuts
        relay.bytes_left = dice.randrange(1, dice.choice([300, 1000, 3000, 9000]))

        def happen():
            self.witness.talk()
            if dice.random() < 0.2:
                self.type()

        await self.until(lambda: relay.cuts > before, happen)
        if dice.random() < 0.2:
            relay.is_down = True
            await self.until(lambda: self.model.state is not ConnectionState.ONLINE, self.witness.talk)
            self.type()
            relay.is_down = False

    @property
    def is_settled(self):
        """Whether we are in the room, and no gap is open."""
        return self.room.joined and self.session.reading.catchup.is_settled(self.room)

    async def end(self):
        """All goes well from now on, and the person scrolls to the beginning."""
        self.relay.bytes_left = None
        await self.until(lambda: self.is_settled and not list(self.session.speaking.outbox))
        while self.room.has_older:
            self.session.load_older(self.room)
            await self.until(lambda: not self.room.is_loading)


async def restart(server, story):
    """The server is killed in the middle of whatever it does, and starts again; the other one comes back."""
    story.relay.is_down = True
    server.kill()
    story.relay.cut()
    await story.witness.leave()
    story.type()
    await asyncio.to_thread(server.start)
    story.witness = await Witness.enter(server.address)
    story.relay.is_down = False


async def tell(server, seed):
    async with cutting_relay(server.address) as relay, asyncio.TaskGroup() as tasks:
        story = Story(relay, await Witness.enter(server.address), seed)
        task = tasks.create_task(story.connection.run())
        await story.until(lambda: story.room is not None and story.room.joined)
        for number in range(1, CUTS + 1):
            await story.cut()
            if number % KILLED_EACH == 0:
                await restart(server, story)
        await story.end()
        history = await story.witness.history()
        story.connection.quit()
        await task
    await story.witness.leave()
    assert relay.cuts >= CUTS
    assert story.in_flight > CUTS // 4, "where nothing was under way nothing could be lost"
    return story, history


def lines_of(entry):
    """An entry as it stands in Bruno's history: of a message of several lines the first has the id."""
    first, *more = entry.text.split("\n")
    return [(entry.msgid, entry.nick, first), *(("", entry.nick, line) for line in more)]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_timeline_is_the_history_whatever_was_cut(tmp_path, seed):
    with ServerProcess(tmp_path) as server:
        story, history = asyncio.run(tell(server, seed))

    entries = [entry for entry in story.room.entries if entry.kind in SAID]
    assert "a" in {text for _msgid, _nick, text in history}, (
        "messages of several lines come to Bruno in pieces"
    )
    assert [text for _msgid, nick, text in history if nick != "Bruno"] == "\n".join(story.typed).splitlines()
    assert [entry.text for entry in entries if entry.own] == story.typed
    assert [line for entry in entries for line in lines_of(entry)] == history
    assert {entry.state for entry in entries if entry.own} <= {EntryState.SENT, EntryState.RECEIVED}
