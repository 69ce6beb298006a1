"""The port on real sockets: each caller is led on or answered in words, and none of them can make it fall."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import stat
import struct
import sys

import pytest
from listeners.house import on_every_loop, open_house, run, settle

from chatapp.listeners.port import Caller
from chatapp.listeners.sockets import bind

pytestmark = on_every_loop

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_every_address_of_the_machine_with_one_port(loop_factory):
    async def story():
        async with open_house(host="") as house:
            assert await (await house.call("127.0.0.1")).asks("PING a") == [":chatapp PONG chatapp :a"]
            if has_ipv6():
                assert await (await house.call("::1")).asks("PING b") == [":chatapp PONG chatapp :b"]

    run(story, loop_factory)


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_ipv6_alone(loop_factory):
    async def story():
        async with open_house(host="::1") as house:
            await house.introduce(await house.call("::1"), "ana")
            assert house.world.users["ana"].sessions[0].address == "::1"

    run(story, loop_factory)


def test_a_machine_without_ipv6_serves_on_ipv4(loop_factory, monkeypatch):
    real = socket.socket

    class OnlyIPv4(real):
        def __init__(self, family=-1, *args, **kwargs):
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
            super().__init__(family, *args, **kwargs)

    monkeypatch.setattr(socket, "socket", OnlyIPv4)
    sockets = bind("", 0)

    assert [sock.family for sock in sockets] == [socket.AF_INET]
    for sock in sockets:
        sock.close()


def test_a_port_in_use_is_an_error_and_no_half_of_it_stays_bound(loop_factory):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]

        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", number)


@unix_only
def test_a_unix_socket(loop_factory, tmp_path):
    async def story():
        async with open_house(host=None) as house:
            path = tmp_path / "chat.sock"
            await house.port.listen_unix(path)
            await house.introduce(await house.call_unix(path), "ana")
            assert house.world.users["ana"].sessions[0].address == "localhost"
        assert not path.exists()

    run(story, loop_factory)


@unix_only
def test_what_a_dead_server_left_is_taken_away_and_a_living_one_is_left_alone(loop_factory, tmp_path):
    path = tmp_path / "chat.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    async def story():
        async with open_house(host=None) as house:
            await house.port.listen_unix(path)
            await (await house.call_unix(path)).asks("PING a")
            async with open_house(host=None) as rival:
                with pytest.raises(OSError, match=os.strerror(errno.EADDRINUSE)):
                    await rival.port.listen_unix(path)
            assert await (await house.call_unix(path)).asks("PING b") == [":chatapp PONG chatapp :b"]

    run(story, loop_factory)


@unix_only
def test_a_file_that_is_no_socket_is_never_taken_away(loop_factory, tmp_path):
    path = tmp_path / "letter"
    path.write_text("dear Ana")

    async def story():
        async with open_house(host=None) as house:
            with pytest.raises(OSError):
                await house.port.listen_unix(path)

    run(story, loop_factory)
    assert path.read_text() == "dear Ana"


@unix_only
def test_the_socket_of_a_successor_is_left_alone(loop_factory, tmp_path):
    path = tmp_path / "chat.sock"

    async def story():
        async with open_house(host=None) as house:
            await house.port.listen_unix(path)
            path.unlink()
            with socket.socket(socket.AF_UNIX) as successor:
                successor.bind(str(path))
                house.port.close()
                assert stat.S_ISSOCK(path.stat().st_mode)

    run(story, loop_factory)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"POST / HTTP/1.1\r\n\r\nNICK x\r\nUSER x 0 * :x\r\n", "HTTP/1.1 400 Bad Request"),
        (b"\x16\x03\x01\x02\x00", "ERROR :This server does not speak TLS yet"),
        (b"SSH-2.0-x\r\n", "ERROR :This server does not speak SSH yet"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "ERROR :This server does not speak PROXY yet"),
    ],
)
def test_what_is_not_spoken_here_is_refused_in_words(loop_factory, said, answer):
    async def story():
        async with open_house() as house:
            peer = await house.call()
            await peer.send(said)
            heard = await peer.rest()
            assert heard.startswith(answer)
            assert heard.endswith("\n")
            assert not house.world.users

    run(story, loop_factory)


def test_the_answer_to_a_browser_is_http_to_the_byte(loop_factory):
    async def story():
        async with open_house() as house:
            peer = await house.call()
            await peer.send(b"GET / HTTP/1.1\r\n\r\n")
            head, _, body = (await peer.rest()).partition("\r\n\r\n")
            assert f"Content-Length: {len(body.encode())}" in head.split("\r\n")
            assert "X-Content-Type-Options: nosniff" in head
            assert "chat client" in body

    run(story, loop_factory)


def test_the_first_word_may_come_a_byte_at_a_time(loop_factory):
    async def story():
        async with open_house() as house:
            peer = await house.call()
            for byte in b"PING a\r\n":
                await peer.send(bytes([byte]))
                await asyncio.sleep(0)
            assert await peer.line() == ":chatapp PONG chatapp :a"

    run(story, loop_factory)


def test_the_silent_are_sent_away_oldest_first_and_only_when_their_time_is_over(loop_factory):
    async def story():
        async with open_house(registration_timeout=30) as house:
            silent, talker = await house.call(), await house.call()
            await talker.asks("PING a")
            await settle(lambda: len(house.port.undecided) == 1)
            (began,) = house.port.undecided.values()

            house.port.sweep(began + 29.9)
            assert len(house.port.undecided) == 1
            house.port.sweep(began + 31)

            assert await silent.rest() == "ERROR :Nothing was said for 30 seconds\r\n"
            assert await talker.asks("PING b") == [":chatapp PONG chatapp :b"]

    run(story, loop_factory)


def test_without_a_deadline_the_silent_may_stay(loop_factory):
    async def story():
        async with open_house(registration_timeout=0) as house:
            peer = await house.call()
            await peer.send(b"PI")
            await settle(lambda: house.port.undecided)
            house.port.sweep(10.0**9)
            await peer.send(b"NG a\r\n")
            assert await peer.line() == ":chatapp PONG chatapp :a"

    run(story, loop_factory)


def test_too_many_from_one_address_are_told_so_and_make_room_when_they_go(loop_factory):
    async def story():
        async with open_house(connections_per_private_ip=2) as house:
            first, second, third = [await house.call() for _ in range(3)]
            assert await third.rest() == "ERROR :There are 2 connections from your address already\r\n"
            await second.asks("PING a")
            first.writer.close()
            await settle(lambda: house.admission.total == 1)
            assert await (await house.call()).asks("PING b") == [":chatapp PONG chatapp :b"]

    run(story, loop_factory)


def test_who_only_connects_and_goes_leaves_nothing_behind(loop_factory):
    async def story():
        async with open_house() as house:
            peers = [await house.call() for _ in range(20)]
            for number, peer in enumerate(peers):
                if number % 3 == 1:
                    await peer.send(b"NICK half")
                if number % 3 == 2:
                    await peer.say("NICK whole")
                peer.break_off() if number % 2 else peer.writer.close()
            await settle(lambda: not (house.admission.total or house.port.undecided or house.world.sessions))

    run(story, loop_factory)


def test_who_is_gone_before_they_are_seen_is_nobody_from_this_machine(loop_factory):
    async def story():
        async with open_house() as house:
            rude = socket.create_connection(("127.0.0.1", house.number))
            rude.sendall(b"NICK mallory\r\nUSER m 0 * :m\r\nJOIN #tea\r\n")
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            rude.close()  # a reset, before the loop had a chance to accept
            ana = await house.enter("ana")
            await ana.asks("PING a")
            assert "#tea" not in house.world.channels or not house.world.channels["#tea"].has_history
            assert "mallory" not in house.world.users

    run(story, loop_factory)


class FakeTransport:
    """A connection from any address that one likes."""

    def __init__(self, peername):
        self.peername = peername
        self.written = b""
        self.is_closed = self.is_aborted = False

    def get_extra_info(self, name):
        return self.peername if name == "peername" else None

    def write(self, data):
        self.written += data

    def is_closing(self):
        return self.is_closed or self.is_aborted

    def close(self):
        self.is_closed = True

    def abort(self):
        self.is_aborted = True


def test_a_caller_from_the_internet_is_refused_before_a_word_is_read(loop_factory):
    async def story():
        async with open_house() as house:
            transport = FakeTransport(("8.8.8.8", 4242))
            caller = Caller(house.port)
            caller.connection_made(transport)
            caller.data_received(b"NICK mallory\r\n")
            caller.connection_lost(None)
            assert transport.written.startswith(b"ERROR :This server is for its own network only")
            assert transport.is_closed
            assert house.admission.total == 0

    run(story, loop_factory)


def test_a_caller_without_an_address_is_not_taken_for_one_of_this_machine(loop_factory):
    async def story():
        async with open_house() as house:
            transport = FakeTransport(None)
            caller = Caller(house.port)
            caller.connection_made(transport)
            caller.data_received(b"NICK mallory\r\n")
            caller.connection_lost(None)
            assert transport.is_aborted
            assert house.admission.total == 0

    run(story, loop_factory)


def test_closing_tells_those_who_have_not_said_a_word(loop_factory):
    async def story():
        async with open_house() as house:
            peer = await house.call()
            await settle(lambda: house.port.undecided)
            house.port.close()
            assert await peer.rest() == "ERROR :The server is going down\r\n"
            with pytest.raises(OSError):
                await house.call()

    run(story, loop_factory)
