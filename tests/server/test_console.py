"""The operator's console, with a screen that a test holds: who comes in by it, and how it ends."""

from __future__ import annotations

import asyncio
import logging

import pytest
from listeners.house import Peer, on_every_loop, run, settle

from chatapp.core.settings import ServerSettings, Settings
from chatapp.server.app import opened
from chatapp.server.console import Console, operator_name
from chatapp.server.logs import LogHandler
from chatapp.server.powers import figures
from chatapp.server.settings import Config, DataSettings, ListenerSettings


class FakeScreen:
    """What the client would lend, open until the test closes it."""

    def __init__(self, nick, room, words, dial, powers):
        self.nick, self.room, self.words, self.dial = nick, room, words, dial
        self.powers = {power.name: power for power in powers}
        self.told = []
        self.left = asyncio.get_running_loop().create_future()

    async def run(self):
        await self.left

    def tell(self, words, is_warning):
        self.told.append((words, is_warning))

    def close(self):
        if not self.left.done():
            self.left.set_result(None)


class Paper(logging.Handler):
    """A log that is written."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture
def logs():
    paper = Paper()
    handler = LogHandler(paper)
    handler.paper = paper
    logger = logging.getLogger("chatapp")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers[:], logger.propagate = [handler], False
    logger.setLevel("INFO")
    yield handler
    logger.handlers[:], logger.level, logger.propagate = before


def with_console(loop_factory, logs, story, **server):
    """Run a server with a console; ``story`` gets both. The server is stopped by then, or right after."""

    async def main():
        rules = Settings(server=ServerSettings(**server))
        config = Config(rules, DataSettings(":memory:"), (ListenerSettings(host="127.0.0.1", port=0),))
        screens = []

        def open_screen(*about):
            screens.append(FakeScreen(*about))
            return screens[0]

        async with opened(config) as app:
            console = Console(app, rules, ["welcome"], open_screen)
            serving = asyncio.create_task(app.serve())
            showing = asyncio.create_task(console.run(logs))
            await asyncio.sleep(0)
            await story(app, console, screens[0])
            console.close()
            await showing
            app.stop()
            await serving

    run(main, loop_factory)


async def dialled(screen):
    return Peer(*await asyncio.open_connection(sock=screen.dial()))


@on_every_loop
def test_who_comes_in_by_the_console_is_an_operator_whatever_the_password(loop_factory, logs):
    async def story(app, console, screen):
        assert (screen.nick, screen.room, screen.words) == ("chatapp", "#lobby", ["welcome"])
        line = await dialled(screen)
        heard = await line.asks("NICK chatapp", "USER op 0 * :op")
        assert ":chatapp MODE chatapp +o" in heard
        assert app.world.users["chatapp"].is_operator
        assert app.world.users["chatapp"].host == "localhost"
        line.writer.close()

    with_console(loop_factory, logs, story, password="secret")


@on_every_loop
def test_nobody_else_is(loop_factory, logs):
    async def story(app, console, screen):
        other = Peer(*await asyncio.open_connection(*app.addresses[0]))
        await other.asks("NICK eve", "USER eve 0 * :eve", "MODE eve +o")
        assert not app.world.users["eve"].is_operator
        other.writer.close()

    with_console(loop_factory, logs, story)


@on_every_loop
def test_the_operator_who_leaves_stops_the_server(loop_factory, logs):
    async def story(app, console, screen):
        screen.close()
        await settle(lambda: app.is_stopping)
        with pytest.raises(OSError):
            screen.dial()

    with_console(loop_factory, logs, story)


@pytest.mark.parametrize("gone", [EOFError(), OSError(5, "gone")])
@on_every_loop
def test_a_terminal_that_is_gone_stops_the_server(loop_factory, logs, gone):
    async def story(app, console, screen):
        screen.left.set_exception(gone)
        await settle(lambda: app.is_stopping)

    with_console(loop_factory, logs, story)


@on_every_loop
def test_a_console_that_fails_is_in_the_log_and_the_server_serves_on(loop_factory, logs):
    async def story(app, console, screen):
        screen.left.set_exception(ValueError("a mistake"))
        await settle(lambda: logs.paper.lines)
        assert logs.paper.lines == ["The console has failed; the server serves on. Ctrl-C stops it."]
        assert not app.is_stopping
        other = Peer(*await asyncio.open_connection(*app.addresses[0]))
        await other.asks("NICK ana", "USER ana 0 * :ana")
        other.writer.close()

    with_console(loop_factory, logs, story)


@on_every_loop
def test_a_screen_that_cannot_be_opened_is_in_the_log(loop_factory, logs):
    def open_screen(*about):
        raise RuntimeError("what a terminal")

    async def main():
        config = Config(Settings(), DataSettings(":memory:"), (ListenerSettings(host="127.0.0.1", port=0),))
        async with opened(config) as app:
            console = Console(app, config.rules, [], open_screen)
            await console.run(logs)
            console.close()
            assert not app.is_stopping

    run(main, loop_factory)
    assert logs.paper.lines == ["The console has failed; the server serves on. Ctrl-C stops it."]


@on_every_loop
def test_the_log_goes_to_the_screen_while_there_is_one(loop_factory, logs):
    log = logging.getLogger("chatapp.test")

    async def story(app, console, screen):
        log.info("%s came in", "ana\x1b[2J")
        log.warning("the disk is slow")
        logging.getLogger("asyncio").warning("a socket raised")
        assert ("a socket raised", True) in screen.told
        assert ("the disk is slow", True) in screen.told
        (shown,) = [words for words, is_warning in screen.told if not is_warning]
        assert shown.startswith("ana") and "\x1b" not in shown
        assert logs.paper.lines == []

    with_console(loop_factory, logs, story)
    log.info("later")
    assert logs.paper.lines == ["later"]


def test_a_log_file_is_written_as_ever(tmp_path):
    handler = LogHandler(logging.FileHandler(tmp_path / "log.txt"))
    told = []
    with handler.shown(lambda words, is_warning: told.append(words)):
        handler.handle(logging.LogRecord("chatapp", logging.INFO, "", 0, "hello", (), None))
    handler.close()

    assert told == ["hello"]
    assert "hello" in (tmp_path / "log.txt").read_text()


@on_every_loop
def test_the_powers(loop_factory, logs):
    async def story(app, console, screen):
        stats = await screen.powers["stats"].run()
        assert stats[0] == f"Listening on 127.0.0.1 port {app.addresses[0][1]}"
        assert stats[1:] == figures(app.world)
        first, second = [await screen.powers["owner-code"].run() for _time in range(2)]
        codes = [words[0].rpartition(" ")[2] for words in (first, second)]
        assert [await app.world.claim(code) for code in codes] == [False, True]

    with_console(loop_factory, logs, story)


@on_every_loop
def test_a_code_that_cannot_be_kept_is_none(loop_factory, logs):
    async def story(app, console, screen):
        await app.store.close()
        (words,) = await screen.powers["owner-code"].run()
        assert words.startswith("There is no new owner code: ")

    with_console(loop_factory, logs, story)


@pytest.mark.parametrize(
    ("name", "nick"), [("chatapp", "chatapp"), ("chat.example.org", "operator"), ("9lives", "operator")]
)
def test_the_operator_is_called_as_the_server_is(name, nick):
    assert operator_name(Settings(server=ServerSettings(name=name))) == nick
