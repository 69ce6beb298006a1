"""What was said before, read out in its place to those who may read it, whatever the disk does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from listeners.house import on_every_loop, run, settle
from listeners.plain_house import WELCOME, come, plain_house, said

from chatapp.core.ports import StoreError
from chatapp.core.stamp import msgid_of

pytestmark = on_every_loop


def block_reading(house):
    """The first who reads gets it when the first of these events is set; the second tells that they wait."""
    may_read, is_asked = asyncio.Event(), asyncio.Event()
    read = house.store.read

    async def read_when_it_may(span):
        house.store.read = read
        found = await read(span)
        is_asked.set()
        await may_read.wait()
        return found

    house.store.read = read_when_it_may
    return may_read, is_asked


def test_what_is_said_while_the_past_is_read_comes_after_it(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks("PRIVMSG #lobby :before")
            may_read, is_asked = block_reading(house)
            ana = await house.call()
            await ana.say("Ana", "mine")
            await is_asked.wait()
            await bruno.asks("PRIVMSG #lobby :meanwhile")
            may_read.set()
            assert await ana.line() == WELCOME.format("Ana")
            rows = [row for row in await ana.until("mine") if "<" in row]
            assert [row.rpartition(" ")[2] for row in rows] == ["before", "meanwhile", "mine"]

    run(story, loop_factory)


def test_what_is_renamed_or_taken_back_while_the_past_is_read(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks("PRIVMSG #lobby :before", "PRIVMSG #lobby :a slip")
            slip = msgid_of(house.world.scribe.stamps.last)
            may_read, is_asked = block_reading(house)
            ana = await house.call()
            await ana.say("Ana", "mine")
            await is_asked.wait()
            await bruno.asks(f"REDACT #lobby {slip}", "RENAME #lobby #hall")
            may_read.set()
            rows = [row for row in await ana.until("mine") if "<" in row]
            assert [row.rpartition(" ")[2] for row in rows] == ["before", "mine"]

    run(story, loop_factory)


def test_a_flood_meanwhile_is_not_held_for_ever_and_nothing_of_it_is_lost(loop_factory):
    async def story():
        async with plain_house(sendq_bytes=4000) as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks("PRIVMSG #lobby :number 0")
            may_read, is_asked = block_reading(house)
            ana = await house.call()
            await ana.say("Ana")
            await is_asked.wait()
            for number in range(1, 200):
                await bruno.asks(f"PRIVMSG #lobby :number {number}")
            assert await ana.line() == WELCOME.format("Ana")
            may_read.set()
            await ana.say("mine")
            rows = [row for row in await ana.until("mine") if "number" in row]
            assert sorted(int(row.split()[-1]) for row in rows) == list(range(200))

    run(story, loop_factory)


def test_who_is_put_out_while_the_disk_is_slow_reads_nothing_any_more(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#tea")
            await bruno.asks("PRIVMSG #tea :secret")
            ana = await come(house, "Ana")
            tea = house.world.channels["#tea"]
            may_keep = house.block_disk()
            await ana.say("/join tea")
            await settle(lambda: len(tea.members) == 2)
            await bruno.say("KICK #tea Ana :too loud")
            await settle(lambda: len(tea.members) == 1)
            may_keep.set()
            heard = await ana.until("put Ana out")
            await ana.say("/names lobby")
            heard += await ana.until("Here in #lobby")
            assert not [row for row in heard if "secret" in row or "before" in row]

    run(story, loop_factory)


def test_the_past_of_a_room_is_for_those_in_it(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#tea")
            await bruno.asks("PRIVMSG #tea :secret")
            ana = await come(house, "Ana", "#tea")
            await bruno.asks("PRIVMSG #tea :more", "KICK #tea Ana :too loud")
            await ana.until("put Ana out")
            await ana.say("/history")
            assert await ana.line() == "-- You are not in #tea"

    run(story, loop_factory)


def test_a_question_may_be_the_first_thing_that_one_says(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks("PRIVMSG #lobby :before")
            guest = await house.call()
            await guest.say("/history", "/help me", "/msg guest1 olá")
            assert await guest.line() == WELCOME.format("guest1")
            for _ in range(2):
                await guest.until("What was said in #lobby before:")
                assert (await said(guest)).endswith("<bruno> before")
                assert await guest.line() == "-- That was before; now:"
            assert await guest.line() == "-- /me TEXT: say what you do: /me waves"
            assert await guest.line() == "-- That is your own name; nobody else would read it"

    run(story, loop_factory)


@asynccontextmanager
async def nothing_can_be_read(why):
    """Bruno, who has said something, and a connection where nobody has said their name yet."""
    async with plain_house() as house:
        bruno = await house.enter("bruno", "#lobby")
        await bruno.asks("PRIVMSG #lobby :before")

        async def read(_span):
            raise why

        house.store.read = read
        yield bruno, await house.call()


def test_a_store_that_fails_ends_one_connection_in_words(loop_factory):
    async def story():
        async with nothing_can_be_read(OSError("the disk is gone")) as (bruno, ana):
            await ana.say("Ana")
            heard = await ana.rest()
            assert heard.startswith(WELCOME.format("Ana"))
            assert heard.endswith("-- The connection ends: the server has made a mistake\r\n")
            assert await bruno.asks("PING a")

    run(story, loop_factory)


def test_who_comes_in_while_the_disk_gives_nothing_is_in_all_the_same(loop_factory, caplog):
    async def story():
        async with nothing_can_be_read(StoreError("the disk reports a fault")) as (_, ana):
            await ana.say("Ana", "mine")
            assert await ana.line() == WELCOME.format("Ana")
            assert (await ana.until("mine"))[-1].endswith("<Ana> mine")

    run(story, loop_factory)
    assert "the history of #lobby cannot be read: the disk reports a fault" in caplog.text
