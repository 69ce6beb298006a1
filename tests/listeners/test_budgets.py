"""Nobody gets more than their share of time, memory or patience, and what waits is not lost."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from listeners.house import on_every_loop, open_house, run, settle
from listeners.plain_house import plain_house

from chatapp.core.ports import Span
from chatapp.listeners import connection, irc, turns
from chatapp.listeners.connection import TURN_LINES

pytestmark = on_every_loop


def pongs(lines):
    return [line.rpartition(":")[2] for line in lines if " PONG " in line]


@pytest.fixture
def carried_out(monkeypatch):
    """Nick and first word of each line, in the order in which they were carried out."""
    noted, dispatch = [], irc.dispatch

    def noting(world, session, line):
        noted.append((session.nick, line.param(0)))
        return dispatch(world, session, line)

    monkeypatch.setattr(irc, "dispatch", noting)
    return noted


@pytest.mark.parametrize("chunk", [2**20, 1000])
def test_a_mebibyte_without_a_newline_ends_the_connection_in_words(loop_factory, chunk):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            await ana.send(b"PRIVMSG #tea :before\r\n")
            try:
                for _ in range(2**20 // chunk):
                    await ana.send(b"x" * chunk)
            except ConnectionError:
                pass  # it was cut off in the middle, as it should be
            assert await bob.line() == ":ana!ana@127.0.0.1 PRIVMSG #tea :before"
            assert await bob.line() == ":ana!ana@127.0.0.1 QUIT :A line was too long"

    run(story, loop_factory)


def test_a_reader_that_stops_is_cut_off_and_the_others_hear_on(loop_factory):
    async def story():
        async with open_house(sendq_bytes=65536) as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            idle = socket.socket()
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            idle.connect(("127.0.0.1", house.number))
            idle.sendall(b"NICK idle\r\nUSER i 0 * :i\r\nJOIN #tea\r\n")
            await settle(lambda: "idle" in house.world.users and house.world.users["idle"].channels)
            house.connection_of("idle")._transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, 4096
            )
            sent = 0
            while "idle" in house.world.users:
                await ana.asks(*(f"PRIVMSG #tea :{number} {'x' * 400}" for number in range(sent, sent + 50)))
                sent += 50
            heard = await bob.until("QUIT :SendQ exceeded")
            said = [line.split(":")[2].split(" ")[0] for line in heard if "PRIVMSG" in line]
            assert said == [str(number) for number in range(sent)][: len(said)]
            assert sent - len(said) <= 50
            idle.close()

    run(story, loop_factory)


def from_the_internet(monkeypatch, pace, burst=connection.BURST_LINES):
    """Have whoever calls be throttled: to so many lines a second, after so many at once."""
    monkeypatch.setattr(connection, "BURST_LINES", burst)
    monkeypatch.setattr(connection, "LINES_PER_SECOND", pace)
    monkeypatch.setattr("chatapp.listeners.caller.network_of", lambda address: (address, False))


def test_who_speaks_too_fast_waits_and_loses_nothing(loop_factory, monkeypatch):
    from_the_internet(monkeypatch, burst=5, pace=500.0)

    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await bob.line()
            began = asyncio.get_running_loop().time()
            await ana.say(*(f"PRIVMSG #tea :{number}" for number in range(40)))
            heard = [(await bob.line()).rpartition(":")[2] for _ in range(40)]
            assert heard == [str(number) for number in range(40)]
            assert asyncio.get_running_loop().time() - began >= 34 / 500

    run(story, loop_factory)


def test_who_pastes_five_hundred_lines_does_not_feel_the_throttle(loop_factory, monkeypatch):
    from_the_internet(monkeypatch, pace=0.001)

    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await ana.say(*(f"PRIVMSG #tea :{number}" for number in range(500)))
            heard = [line.rpartition(":")[2] for line in (await bob.until(" :499"))[1:]]
            assert heard == [str(number) for number in range(500)]

    run(story, loop_factory)


def test_what_many_hear_of_counts_for_more(loop_factory, monkeypatch):
    from_the_internet(monkeypatch, burst=12, pace=500.0)

    async def story():
        async with open_house() as house:
            ana = await house.enter("ana", "#tea")
            began = asyncio.get_running_loop().time()
            await ana.say(*(f"TOPIC #tea :{number}" for number in range(20)), "PING end")
            heard = await ana.until(":end")
            assert sum(" TOPIC " in line for line in heard) == 20
            assert asyncio.get_running_loop().time() - began >= (20 * 3 - 12) / 500

    run(story, loop_factory)


def test_what_a_person_types_counts_for_as_much(loop_factory, monkeypatch):
    from_the_internet(monkeypatch, burst=12, pace=500.0)

    async def story():
        async with plain_house() as house:
            ana = await house.call()
            began = asyncio.get_running_loop().time()
            await ana.say("Ana", *(f"/topic topic{number}" for number in range(20)))
            await ana.until("topic19")
            assert asyncio.get_running_loop().time() - began >= (19 * 3 - 12) / 500

    run(story, loop_factory)


def test_who_waits_for_the_throttle_is_not_taken_for_silent(loop_factory, monkeypatch):
    from_the_internet(monkeypatch, burst=5, pace=200.0)

    async def story():
        async with open_house() as house:
            ana = await house.enter("ana")
            session = house.world.users["ana"].sessions[0]
            await ana.say(*(f"PING {number}" for number in range(20)))
            assert pongs([await ana.line()]) == ["0"]
            session.heard = 0  # as if the rest had been lying here for long
            await ana.until("19")
            assert session.heard > 0

    run(story, loop_factory)


def test_a_trusted_connection_is_not_throttled(loop_factory, monkeypatch):
    monkeypatch.setattr(connection, "LINES_PER_SECOND", 0.001)

    async def story():
        async with open_house() as house:
            ana = await house.enter("ana")
            await ana.say(*(f"PING {number}" for number in range(500)))
            assert pongs(await ana.until(":499")) == [str(number) for number in range(500)]

    run(story, loop_factory)


def lines_before_a_word(loop_factory, flood, carried_out):
    """How many of the ``flood`` lines of ana come before one word of bob, who speaks when they have begun.

    ``carried_out``, which gets nick and text of each line in its order, holds all of them in the end.
    """
    waited = []

    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana"), await house.enter("bob")
            del carried_out[:]
            await ana.say(*(f"PING {number}" for number in range(flood)))
            await settle(lambda: carried_out)
            at = len(carried_out)
            await bob.say("PING now")
            await bob.line()
            waited.append(carried_out.index(("bob", "now")) - at)
            await ana.until(f":{flood - 1}")

    run(story, loop_factory)
    assert [text for nick, text in carried_out if nick == "ana"] == [str(n) for n in range(flood)]
    return waited[0]


def test_whose_questions_take_long_has_others_in_between(loop_factory, monkeypatch, carried_out):
    """Each line takes a millisecond here; bob, who says one word, waits for a few of them at most."""
    monkeypatch.setattr(connection, "perf_counter", lambda: len(carried_out) / 1000)
    assert lines_before_a_word(loop_factory, 600, carried_out) < 100


def test_five_thousand_lines_of_one_do_not_keep_another_waiting(loop_factory, carried_out):
    assert lines_before_a_word(loop_factory, 5000, carried_out) < 20 * TURN_LINES


@asynccontextmanager
async def two_while_nothing_is_kept():
    """A house, bob and ana in a room, and what lets the disk go on, which has ana's "first" to keep."""
    async with open_house() as house:
        bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
        await bob.line()
        may_keep = house.block_disk()
        await ana.say("PRIVMSG #tea :first")
        await settle(lambda: not house.delivery.waiting and not house.pump._is_idle.is_set())
        yield house, bob, ana, may_keep


async def hears_first_and(count, bob):
    heard = [(await bob.line()).rpartition(":")[2] for _ in range(count + 1)]
    assert heard == ["first", *map(str, range(count))]


def test_while_the_house_has_its_hands_full_nobody_is_read_from(loop_factory, monkeypatch):
    monkeypatch.setattr("chatapp.server.pump.FULL_LINES", 10)
    monkeypatch.setattr(connection, "LINE_SECONDS", 60)

    async def story():
        async with two_while_nothing_is_kept() as (house, bob, ana, may_keep):
            await ana.say(*(f"PRIVMSG #tea :{number}" for number in range(10)))
            await settle(lambda: house.pump.is_full)
            waiting = house.delivery.waiting
            for peer in (ana, bob):
                await peer.say(*(f"PRIVMSG #tea :{number}" for number in range(10, 20)))
            for _ in range(50):
                await asyncio.sleep(0)
            assert house.delivery.waiting == waiting
            may_keep.set()
            await hears_first_and(20, bob)
            assert len(await ana.asks()) == 10
            kept = await house.store.read(Span("#tea", limit=100))
            assert len(kept) == 31

    run(story, loop_factory)


def test_what_takes_long_fills_a_tick_sooner(loop_factory, monkeypatch, carried_out):
    """Each line takes 10 ms here, and a tick has room for 41 ms, however few lines that is."""
    monkeypatch.setattr(connection, "perf_counter", lambda: len(carried_out) / 100)

    async def story():
        async with two_while_nothing_is_kept() as (house, bob, ana, may_keep):
            await ana.say(*(f"PRIVMSG #tea :{number}" for number in range(20)))
            await settle(lambda: house.pump.is_full)
            for _ in range(50):
                await asyncio.sleep(0)
            assert house.delivery.waiting == 5
            may_keep.set()
            await hears_first_and(20, bob)

    run(story, loop_factory)


def test_before_registration_there_is_a_limit_in_lines_and_in_bytes(loop_factory):
    async def story():
        async with open_house(registration_lines=5, registration_bytes=1000) as house:
            talker = await house.call()
            await talker.say(*(f"PING {number}" for number in range(9)))
            heard = (await talker.rest()).split("\r\n")
            assert pongs(heard) == ["0", "1", "2", "3", "4"]
            assert heard[-2] == "ERROR :Closing link: Too much was said before registration"
            mumbler = await house.call()
            await mumbler.send(b"NICK " + b"x" * 1000)
            assert "Too much was said" in await mumbler.rest()

    run(story, loop_factory)


def test_in_a_flood_the_one_who_says_a_word_is_heard_soon(loop_factory, monkeypatch, carried_out):
    monkeypatch.setattr("chatapp.server.pump.FULL_LINES", 20)
    monkeypatch.setattr(connection, "LINE_SECONDS", 60)
    monkeypatch.setattr(connection, "TURN_LINES", 10)
    monkeypatch.setattr(connection, "TURN_SECONDS", 60)
    monkeypatch.setattr(turns, "ROUND_SECONDS", 60)

    async def story():
        async with open_house() as house:
            flooders = [await house.enter(f"f{number}") for number in range(8)]
            bob = await house.enter("bob")
            del carried_out[:]
            for flooder in flooders:
                await flooder.say(*(f"PING {number}" for number in range(1000)))
            await settle(lambda: len(carried_out) > 200)
            before = len(carried_out)
            await bob.say("PING now")
            await bob.line()
            assert carried_out.index(("bob", "now")) - before < 8 * 10 * 4
            for flooder in flooders:
                assert pongs(await flooder.until(":999")) == [str(number) for number in range(1000)]
            spoke = [nick for nick, _ in carried_out[before:][:800]]
            counts = [spoke.count(f"f{number}") for number in range(8)]
            assert max(counts) - min(counts) <= 20

    run(story, loop_factory)


@pytest.mark.slow
def test_a_flood_of_tiny_lines_is_taken_apart_a_portion_at_a_time(loop_factory):
    async def story():
        async with open_house() as house:
            ana = await house.enter("ana")
            wire = house.connection_of("ana")
            wire.data_received(b"ab\n" * 100_000)
            assert len(wire._lines) <= connection.PORTION_BYTES // 3
            assert len(wire._unread) == 300_000 - connection.PORTION_BYTES
            assert len(await ana.asks()) == 100_000

    run(story, loop_factory)
