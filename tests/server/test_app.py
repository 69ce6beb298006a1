"""A whole server on a real disk and a real port: start, stop, start again, and a disk that fails."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from listeners.house import Peer, on_every_loop, run, settle

from chatapp.core.ports import StoreError
from chatapp.core.settings import LimitSettings, Settings
from chatapp.server import app as app_module
from chatapp.server.app import CannotServe, opened, stop_on_signals
from chatapp.server.settings import Config, DataSettings, ListenerSettings

pytestmark = on_every_loop


def config(tmp_path, *listeners, **limits):
    rules = Settings(limits=replace(LimitSettings(connections_per_private_ip=0), **limits))
    return Config(
        rules, DataSettings(str(tmp_path)), listeners or (ListenerSettings(host="127.0.0.1", port=0),)
    )


@asynccontextmanager
async def serving(config):
    """A server that serves; at the end it is stopped, and has ended without an error."""
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: complaints.append(about))
    async with opened(config) as app:
        task = asyncio.create_task(app.serve())
        try:
            yield app
        finally:
            app.stop()
            await task
    assert complaints == []


async def call(app):
    return Peer(*await asyncio.open_connection(*app.addresses[0], limit=2**24))


async def enter(app, nick, *lines):
    peer = await call(app)
    await peer.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick}", *lines)
    return peer


def bodies(lines, command):
    return [line.rpartition(":")[2] for line in lines if f" {command} " in line]


def test_a_restart_loses_nothing_that_was_told(loop_factory, tmp_path):
    async def first():
        async with serving(config(tmp_path)) as app:
            ana = await enter(app, "ana", "JOIN #tea", "JOIN #key", "CAP REQ echo-message")
            heard = await ana.asks(
                "TOPIC #tea :Darjeeling, já",
                "MODE #tea +ml-n 7",
                "MODE #tea +b *!*@192.0.2.1",
                "MODE #key +k secret",
                *(f"PRIVMSG #tea :{number}" for number in range(5)),
            )
            assert bodies(heard, "PRIVMSG") == ["0", "1", "2", "3", "4"]
            ana.writer.close()

    async def again():
        async with serving(config(tmp_path)) as app:
            bob = await enter(app, "bob", "CAP REQ batch")
            assert " 475 bob #key :" in (await bob.asks("JOIN #key"))[0]
            joined = await bob.asks("JOIN #tea")
            assert bodies(joined, "332") == ["Darjeeling, já"]
            (modes, _created) = await bob.asks("MODE #tea")
            assert modes.split(" ")[3:] == ["#tea", "+lmt", "7"] or "+mtl 7" in modes
            assert "*!*@192.0.2.1" in (await bob.asks("MODE #tea +b"))[0]
            heard = await bob.asks("CHATHISTORY LATEST #tea * 10")
            assert bodies(heard, "PRIVMSG") == ["0", "1", "2", "3", "4"]
            bob.writer.close()

    run(first, loop_factory)
    run(again, loop_factory)


def test_stopping_tells_everyone_and_keeps_everything(loop_factory, tmp_path):
    async def first():
        async with serving(config(tmp_path)) as app:
            ana = await enter(app, "ana", "JOIN #tea", "CAP REQ echo-message")
            half = await call(app)
            await half.say("NICK half")
            silent = await call(app)
            await settle(lambda: len(app.world.sessions) == 2 and app.port.undecided)
            await ana.say(*(f"PRIVMSG #tea :{number}" for number in range(100)))
            assert (await ana.line()).endswith(":0")
            app.stop()
            heard = (await ana.rest()).split("\r\n")
            assert heard[-2:] == ["ERROR :Closing link: the server is going down", ""]
            assert await half.rest() == "ERROR :Closing link: the server is going down\r\n"
            assert await silent.rest() == "ERROR :The server is going down\r\n"
            return ["0", *bodies(heard, "PRIVMSG")]

    async def again():
        async with serving(config(tmp_path)) as app:
            bob = await enter(app, "bob", "JOIN #tea")
            kept = bodies(await bob.asks("CHATHISTORY LATEST #tea * 200"), "PRIVMSG")
            assert kept == echoed
            bob.writer.close()

    echoed = []

    async def both():
        echoed.extend(await first())
        await again()

    run(both, loop_factory)


@pytest.mark.slow
def test_a_reader_that_has_stopped_does_not_hold_up_the_end(loop_factory, tmp_path):
    async def story():
        loop = asyncio.get_running_loop()
        async with opened(config(tmp_path)) as app:
            task = asyncio.create_task(app.serve())
            ana = await enter(app, "ana", "JOIN #tea")
            early = await enter(app, "early")
            early.writer.close()
            with socket.socket() as idle:
                idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                idle.connect(app.addresses[0])
                idle.sendall(b"NICK idle\r\nUSER i 0 * :i\r\nJOIN #tea\r\n")
                await settle(lambda: "idle" in app.world.users and app.world.users["idle"].channels)
                wire = app.world.users["idle"].sessions[0].wire
                wire._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                while not wire._transport.get_write_buffer_size():
                    await ana.asks(*(f"PRIVMSG #tea :{'x' * 400}" for _ in range(50)))
                began = loop.time()
                app.stop()
                await task
                assert loop.time() - began >= app_module.FAREWELL_SECONDS
                assert (
                    app_module.DRAIN_SECONDS + app_module.FAREWELL_SECONDS < 5
                )  # as docs/running.md promises
            wire._transport.abort()
            assert "going down" in await ana.rest()

    run(story, loop_factory)


@pytest.mark.slow
def test_a_thousand_in_one_room_are_told(loop_factory, tmp_path):
    async def story():
        async with serving(config(tmp_path)) as app:
            peers = [await call(app) for _ in range(1000)]
            for number, peer in enumerate(peers):
                peer.writer.write(f"NICK n{number}\r\nUSER n 0 * :n\r\nJOIN #tea\r\n".encode())
            await settle(
                lambda: "#tea" in app.world.channels and len(app.world.channels["#tea"].members) == 1000
            )
            await peers[0].say("PRIVMSG #tea :last words")
            await settle(lambda: app.world.channels["#tea"].has_history)
            app.stop()
            ends = await asyncio.gather(*(peer.rest() for peer in peers))
            assert all(end.endswith("ERROR :Closing link: the server is going down\r\n") for end in ends)
            assert all("PRIVMSG #tea :last words" in end for end in ends[1:])

    run(story, loop_factory)


def test_a_disk_that_hangs_does_not_hold_up_the_end_and_what_is_not_kept_is_not_told(
    loop_factory, tmp_path, monkeypatch
):
    monkeypatch.setattr(app_module, "DRAIN_SECONDS", 0.05)

    async def story():
        async with opened(config(tmp_path)) as app:
            task = asyncio.create_task(app.serve())
            ana = await enter(app, "ana", "JOIN #tea", "CAP REQ echo-message")
            blocked = asyncio.Event()

            async def keep(changes):
                blocked.set()
                await asyncio.Event().wait()

            monkeypatch.setattr(app.store.history, "keep", keep)
            await ana.say("PRIVMSG #tea :hello", "CHATHISTORY LATEST #tea * 10")
            await blocked.wait()
            app.stop()
            assert await ana.rest() == "ERROR :Closing link: the server is going down\r\n"
            await task

    run(story, loop_factory)


def test_a_store_that_fails_stops_the_house_loudly_and_nobody_heard_what_was_not_kept(
    loop_factory, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("chatapp.server.pump.Pump.__init__.__defaults__", ((0.0, 0.0), 0.0))

    async def story():
        async with opened(config(tmp_path)) as app:
            task = asyncio.create_task(app.serve())
            ana = await enter(app, "ana", "JOIN #tea", "CAP REQ echo-message")
            bob = await enter(app, "bob", "JOIN #tea")
            assert "JOIN" in await ana.line()

            async def keep(changes):
                raise StoreError("/data/chat.db: is damaged")

            monkeypatch.setattr(app.store.history, "keep", keep)
            await ana.say("PRIVMSG #tea :hello", "CHATHISTORY LATEST #tea * 10")
            for peer in (ana, bob):
                assert await peer.rest() == "ERROR :Closing link: the server is going down\r\n"
            with pytest.raises(StoreError, match="is damaged"):
                await task

    run(story, loop_factory)
    assert "could not keep 1 messages, trying again: /data/chat.db: is damaged" in caplog.text


@pytest.mark.slow
def test_a_mistake_of_ours_in_the_clock_is_told_as_what_it_is(loop_factory, tmp_path):
    async def story():
        async with opened(config(tmp_path)) as app:

            def fail():
                raise LookupError("a bug")

            task = asyncio.create_task(app.serve(fail))
            ana = await enter(app, "ana")
            assert await ana.rest() == "ERROR :Closing link: the server is going down\r\n"
            with pytest.raises(ExceptionGroup) as caught:
                await task
            assert caught.group_contains(LookupError, match="a bug")

    run(story, loop_factory)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_stops(loop_factory, tmp_path, name):
    async def story():
        async with serving(config(tmp_path)) as app:
            stop_on_signals(app)
            ana = await enter(app, "ana")
            os.kill(os.getpid(), signal.Signals[name])
            assert await ana.rest() == "ERROR :Closing link: the server is going down\r\n"

    run(story, loop_factory)


def test_a_listener_speaks_what_its_protocols_say(loop_factory, tmp_path):
    async def story():
        only_irc = ListenerSettings(host="127.0.0.1", port=0, protocols=("irc",))
        async with serving(config(tmp_path, only_irc)) as app:
            program, person = await call(app), await call(app)
            assert await program.asks("PING a") == [":chatapp PONG chatapp :a"]
            await person.send(b"oi\r\n")
            assert (await person.rest()).startswith("ERROR :Only IRC is spoken at this port")
            for peer in (program, person):
                peer.writer.close()

    run(story, loop_factory)


def test_a_port_in_use_is_one_clear_sentence_and_leaves_nothing_open(loop_factory, tmp_path):
    path = tmp_path / "chat.sock"

    async def story():
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            mine = [ListenerSettings(host="127.0.0.1", port=port)]
            if sys.platform != "win32":
                mine.insert(0, ListenerSettings(path=str(path)))
            with pytest.raises(CannotServe, match=rf"^Cannot listen at 127.0.0.1 {port}: the port is in use"):
                async with opened(config(tmp_path / "data", *mine)):
                    pass
        assert not path.exists()
        async with opened(config(tmp_path / "data")):
            pass  # the data is free again as well

    run(story, loop_factory)


def test_a_folder_that_cannot_be_is_one_clear_sentence(loop_factory, tmp_path):
    (tmp_path / "file").write_text("in the way")

    async def story():
        with pytest.raises(CannotServe) as caught:
            async with opened(config(tmp_path / "file")):
                pass
        assert str(tmp_path / "file") in str(caught.value)
        assert "\n" not in str(caught.value)

    run(story, loop_factory)


def test_two_servers_never_share_their_data(loop_factory, tmp_path):
    async def story():
        async with opened(config(tmp_path)):
            with pytest.raises(CannotServe, match="another chat-server uses this data"):
                async with opened(config(tmp_path)):
                    pass

    run(story, loop_factory)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets")
def test_a_unix_socket_given_relative_to_the_folder_is_told_whole_and_taken_away(
    loop_factory, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    async def story():
        async with serving(config(tmp_path / "data", ListenerSettings(path="chat.sock"))) as app:
            assert app.addresses == [tmp_path / "chat.sock"]
            peer = Peer(*await asyncio.open_unix_connection(str(tmp_path / "chat.sock")))
            assert await peer.asks("PING a") == [":chatapp PONG chatapp :a"]
            peer.writer.close()
        assert not (tmp_path / "chat.sock").exists()

    run(story, loop_factory)
