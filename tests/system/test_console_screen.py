"""The whole console in one process: a real server, the real screen, a terminal in memory."""

from __future__ import annotations

import asyncio
import io
import logging
from contextlib import suppress

import pyte
import pytest
from listeners.house import Peer, on_every_loop, run
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from chatapp.client.console import OperatorConsole
from chatapp.core.settings import LimitSettings, ServerSettings, Settings
from chatapp.server.app import opened
from chatapp.server.console import Console
from chatapp.server.logs import LogHandler
from chatapp.server.settings import Config, DataSettings, ListenerSettings

pytestmark = on_every_loop

ENTER, CTRL_C = "\r", "\x03"


#: Seconds within which something must be on the screen, also on a busy machine.
PATIENCE = 60.0


class Paper(io.StringIO):
    """What is written on it may be waited for."""

    def __init__(self):
        super().__init__()
        self.written = asyncio.Event()

    def write(self, text):
        self.written.set()
        return super().write(text)


class Room:
    """A server, its operator before the screen, and the door that others come in by."""

    def __init__(self, app, keyboard, paper):
        self.app = app
        self.keyboard = keyboard
        self.paper = paper
        self.read = 0
        self.peers = []
        self.glass = pyte.Screen(100, 30)
        self.stream = pyte.Stream(self.glass)

    @property
    def text(self):
        data = self.paper.getvalue()
        self.stream.feed(data[self.read :])
        self.read = len(data)
        return "\n".join(line.rstrip() for line in self.glass.display)

    @property
    def typed(self):
        return self.text.splitlines()[self.glass.cursor.y]

    async def shows(self, words):
        try:
            async with asyncio.timeout(PATIENCE):
                while words not in self.text:
                    self.paper.written.clear()
                    await self.paper.written.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {words!r} in vain:\n{self.text}") from None

    def types(self, *texts):
        for text in texts:
            self.keyboard.send_text(text)

    async def enter(self, nick):
        peer = Peer(*await asyncio.open_connection(*self.app.addresses[0], limit=2**24))
        self.peers.append(peer)
        await peer.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #lobby")
        return peer

    async def everyone_leaves(self):
        for peer in self.peers:
            peer.writer.close()
            with suppress(ConnectionError):
                await peer.writer.wait_closed()


def at_the_console(loop_factory, story):
    """Run ``story`` before an open console; the exit of it is the test's."""
    limits = LimitSettings(connections_per_private_ip=0, flood_protection=False)
    rules = Settings(ServerSettings(), limits=limits)
    config = Config(rules, DataSettings(":memory:"), (ListenerSettings(host="127.0.0.1", port=0),))
    logs = LogHandler(logging.NullHandler())
    logger = logging.getLogger("chatapp")
    before = logger.handlers[:], logger.level
    logger.handlers[:] = [logs]
    logger.setLevel("INFO")

    async def main():
        paper = Paper()
        output = Vt100_Output(paper, lambda: Size(30, 100), term="xterm-256color")
        with create_pipe_input() as keyboard, create_app_session(keyboard, output):
            async with opened(config) as app:
                console = Console(app, rules, ["welcome to your server"], OperatorConsole)
                serving = asyncio.create_task(app.serve())
                showing = asyncio.create_task(console.run(logs))
                room = Room(app, keyboard, paper)
                try:
                    await room.shows("online")
                    await story(room)
                finally:
                    await room.everyone_leaves()
                    console.close()
                    await showing
                    await serving

    try:
        run(main, loop_factory)
    finally:
        logger.handlers[:], logger.level = before


@pytest.mark.slow
def test_the_operator_sees_who_comes_and_what_is_said_and_answers(loop_factory):
    async def story(room):
        await room.shows("welcome to your server")
        ana = await room.enter("ana")
        await room.shows("ana came in from 127.0.0.1")
        await room.shows("#lobby · ana joined")
        await ana.say("PRIVMSG #lobby :bom dia")
        await room.shows("#lobby <ana> bom dia")

        room.types("bom dia, ana", ENTER)
        assert "PRIVMSG #lobby :bom dia, ana" in (await ana.until("bom dia, ana"))[-1]
        await room.shows("#lobby <chatapp> bom dia, ana")
        room.types("/say ana psst", ENTER)
        assert "PRIVMSG ana :psst" in (await ana.until("psst"))[-1]
        assert ":chatapp 313 ana chatapp :is a server operator" in await ana.asks("WHOIS chatapp")
        ana.writer.close()
        await room.shows("ana left: ")

    at_the_console(loop_factory, story)


@pytest.mark.slow
def test_the_operator_keeps_the_peace(loop_factory):
    async def story(room):
        eve = await room.enter("eve")
        await room.shows("eve joined")
        room.types("/mute eve", ENTER)
        await eve.until("+b m:eve!*@*")
        assert "404" in (await eve.asks("PRIVMSG #lobby :spam"))[0]
        room.types("/ban eve enough", ENTER)
        await eve.until("KICK #lobby eve :enough")
        assert "474" in (await eve.asks("JOIN #lobby"))[0]
        room.types("/unban eve", ENTER, "/unmute eve", ENTER)
        await room.shows("chatapp let eve speak again")
        assert "JOIN #lobby" in (await eve.asks("JOIN #lobby"))[0]
        room.types("/kill eve", ENTER)
        assert "Killed by chatapp" in await eve.rest()

    at_the_console(loop_factory, story)


def test_the_log_is_shown_and_nothing_gets_through_to_the_terminal(loop_factory):
    async def story(room):
        logging.getLogger("chatapp").warning("the disk is \x1b[2Jslow")
        await room.shows("slow")
        assert "! the disk is" in room.text
        assert "\x1b[2Jslow" not in room.paper.getvalue()

    at_the_console(loop_factory, story)


def test_sair_asks_and_then_everyone_is_told(loop_factory, monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.terminal._QUIT_WITHIN", 1000.0)

    async def story(room):
        ana = await room.enter("ana")
        room.types("sair", ENTER)
        await room.shows("Stop the server? Everyone is sent away. [y/N]")
        room.types("n", ENTER)
        await room.shows("The server runs on.")
        room.types(CTRL_C)
        await room.shows("Press Ctrl-C again")
        room.types(CTRL_C)
        await ana.asks()
        room.types("y", ENTER)
        assert "the server is going down" in await ana.rest()

    at_the_console(loop_factory, story)


def test_ctrl_z_does_not_stop_the_process(loop_factory):
    async def story(room):
        room.types("\x1a")
        await room.shows("in the background the server would stand still")

    at_the_console(loop_factory, story)


@pytest.mark.slow
def test_what_is_typed_in_a_flood_stays_whole(loop_factory):
    """How soon a key is seen then, ``tests/bench/terminal.py --programs console`` measures."""

    async def story(room):
        speakers = [await room.enter(f"p{number}") for number in range(4)]
        for key in range(1, 21):
            for number in range(100):
                line = f"PRIVMSG #lobby :flood {key} {number}\r\n"
                speakers[number % 4].writer.write(line.encode())
            room.types("x")
            await room.shows("[#lobby] " + "x" * key)
        await room.shows("flood 20 99")

    at_the_console(loop_factory, story)
