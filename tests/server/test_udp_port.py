"""A server that takes datagrams as well: the flag, the farewell, and a port that is taken."""

from __future__ import annotations

import asyncio
import socket

import pytest
from listeners.house import on_every_loop, run
from ports import free_port
from server.test_app import config, enter, serving
from system.test_udp_loss import Client

from chatapp.client.model import ConnectionState
from chatapp.server.app import CannotServe, opened
from chatapp.server.banner import UdpAddress
from chatapp.server.config import ConfigError, load
from chatapp.server.settings import ListenerSettings


def both():
    return ListenerSettings(host="127.0.0.1", port=0, udp_port=free_port(socket.SOCK_DGRAM))


@on_every_loop
def test_the_same_room_by_both_ways_and_a_farewell(loop_factory, tmp_path):
    async def story():
        listener = both()
        async with serving(config(tmp_path, listener)) as app:
            assert app.addresses[-1] == UdpAddress("127.0.0.1", listener.udp_port)
            bob = await enter(app, "bob", "JOIN #lobby")
            async with Client("ana", app.addresses[-1]) as ana:
                ana.say("by datagrams")
                assert (await bob.until("PRIVMSG"))[-1].endswith(":by datagrams")
                app.stop()
                await ana.until(lambda: ana.model.state is ConnectionState.OFFLINE)
                notes = [e.text for e in ana.model.server.entries] + [e.text for e in ana.room.entries]
                assert any("the server is going down" in note for note in notes)
                assert "the server is going down" in await bob.rest()

    run(story, loop_factory)


def test_a_port_that_is_taken_is_told(tmp_path):
    async def story():
        listener = both()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", listener.udp_port))
            with pytest.raises(CannotServe, match=rf"{listener.udp_port} for datagrams: the port is in use"):
                async with opened(config(tmp_path, listener)):
                    raise AssertionError

    run(story, asyncio.SelectorEventLoop)


def test_the_flag_is_of_the_first_listener():
    found = load(None, {}, {"listener.udp_port": "5002"})
    assert found.listeners[0].udp_port == 5002
    assert found.listeners[0].port == 12345


def test_a_unix_socket_takes_no_datagrams(tmp_path):
    path = tmp_path / "chat-server.toml"
    path.write_text('[[listener]]\npath = "chat.sock"\nudp_port = 5002\n', "utf-8")
    with pytest.raises(ConfigError, match="choose one"):
        load(path)
