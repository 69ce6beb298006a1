"""A connection on real sockets: lines are carried out and answered in order, however they come."""

from __future__ import annotations

import asyncio
import socket

import pytest
from listeners.house import on_every_loop, open_house, run, settle

from chatapp.listeners.irc import IrcConnection

pytestmark = on_every_loop


def pongs(lines):
    return [line.rpartition(":")[2] for line in lines if " PONG " in line]


def test_several_lines_in_a_packet_and_a_packet_in_several_lines(loop_factory):
    async def story():
        async with open_house() as house:
            ana = await house.enter("ana")
            await ana.send(b"PING 1\r\nPING 2\nPI")
            assert pongs([await ana.line(), await ana.line()]) == ["1", "2"]
            await ana.send(b"NG 3\r\n\r\n\r\nPING 4\r\n")
            assert pongs([await ana.line(), await ana.line()]) == ["3", "4"]

    run(story, loop_factory)


def test_a_byte_a_packet_with_letters_of_several_bytes(loop_factory):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            for byte in "PRIVMSG #tea :olá 🍵\r\n".encode():
                await ana.send(bytes([byte]))
                await asyncio.sleep(0)
            assert await bob.line() == ":ana!ana@127.0.0.1 PRIVMSG #tea :olá 🍵"

    run(story, loop_factory)


def test_512_bytes_are_a_line_and_513_are_refused(loop_factory):
    async def story():
        async with open_house() as house:
            ana = await house.enter("ana")
            room = 512 - len("AWAY :\r\n")
            await ana.say("AWAY :" + "x" * room)
            assert (await ana.line()).startswith(":chatapp 306 ana ")
            await ana.say("AWAY :" + "x" * (room + 1), "PING after")
            assert (await ana.line()).startswith(":chatapp 417 ana :")
            assert pongs([await ana.line()]) == ["after"]

    run(story, loop_factory)


def test_4094_bytes_of_tags_are_relayed_whole_and_one_more_is_refused(loop_factory):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            for peer in (ana, bob):
                await peer.asks("CAP REQ message-tags")
            value = "x" * (4094 - len("+a="))
            await ana.say(f"@+a={value} TAGMSG #tea", f"@+a={value}x TAGMSG #tea", "PING after")
            assert (await ana.line()).startswith(":chatapp 417 ana :")
            assert pongs([await ana.line()]) == ["after"]
            assert f";+a={value} :ana!" in await bob.line()
            assert await bob.asks() == []

    run(story, loop_factory)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (b"PRIVMSG bob :a\0b\r\n", "FAIL * INVALID_LINE"),
        (b"PRIVMSG bob :\xff\xfe\r\n", "FAIL PRIVMSG INVALID_UTF8"),
        (b"\xff\xfe\r\n", "FAIL * INVALID_UTF8"),
        (b"@a=\xff PRIVMSG bob :x\r\n", "FAIL PRIVMSG INVALID_UTF8"),
        (b":\r\n", "FAIL * INVALID_LINE"),
        (b"@a\r\n", "FAIL * INVALID_LINE"),
        (b"PRIVMSG bob :a\rb\r\n", "FAIL * INVALID_LINE"),
        (b"\xed\xa0\x80 x\r\n", "FAIL "),  # half a surrogate pair
    ],
)
def test_what_is_not_a_line_is_answered_and_the_connection_stays(loop_factory, raw, answer):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana"), await house.enter("bob")
            await ana.send(raw)
            (line,) = await ana.asks()
            assert line.startswith(f":chatapp {answer}")
            assert await bob.asks() == []

    run(story, loop_factory)


def test_the_replies_stand_in_the_order_of_the_lines_also_around_one_that_reads_the_store(loop_factory):
    async def story():
        async with open_house() as house:
            ana = await house.enter("ana", "#tea")
            await ana.asks("CAP REQ echo-message")
            await ana.say(
                "PRIVMSG #tea :one",
                "CHATHISTORY LATEST #tea * 10",
                "PRIVMSG #tea :two",
                "CHATHISTORY LATEST #tea * 10",
                "PING last",
            )
            heard = [line.rpartition(":")[2] for line in await ana.until("last")]
            assert heard == ["one", "one", "two", "one", "two", "last"]

    run(story, loop_factory)


def test_a_mistake_in_an_answer_costs_one_session_and_not_the_house(loop_factory, caplog, monkeypatch):
    class Faulty(IrcConnection):
        def _waits_after(self, raw):
            if raw != b"BUG":
                return super()._waits_after(raw)

            async def fail():
                raise RuntimeError("a bug")

            self._house.spawn(self._await(fail()))
            return True

    monkeypatch.setattr("chatapp.listeners.caller.IrcConnection", Faulty)

    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await bob.line()
            await ana.say("BUG", "PING after")
            assert (await ana.rest()).endswith("ERROR :Closing link: The server made a mistake\r\n")
            assert await bob.line() == ":ana!ana@127.0.0.1 QUIT :The server made a mistake"
            await settle(lambda: all(task.done() for task in house.tasks))
            assert [task.exception() for task in house.tasks] == [None]

    run(story, loop_factory)
    assert "a bug" in caplog.text


def test_small_packets_are_sent_at_once(loop_factory):
    async def story():
        async with open_house() as house:
            await house.enter("ana")
            sock = house.connection_of("ana")._transport.get_extra_info("socket")
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    run(story, loop_factory)
