"""How a connection ends: what was said is carried out and answered, and nothing stays behind."""

from __future__ import annotations

import asyncio

from listeners.house import on_every_loop, open_house, run, settle

pytestmark = on_every_loop


def test_who_leaves_while_the_store_is_read_disturbs_nobody(loop_factory):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            asked = asyncio.Event()
            may_answer = asyncio.Event()
            read = house.store.read

            async def slow_read(span):
                asked.set()
                await may_answer.wait()
                return await read(span)

            house.store.read = slow_read
            await ana.say("PRIVMSG #tea :hi", "CHATHISTORY LATEST #tea * 10", "PRIVMSG #tea :never")
            await asked.wait()
            house.connection_of("ana")._transport.abort()
            assert await bob.until("QUIT") == [
                ":ana!ana@127.0.0.1 PRIVMSG #tea :hi",
                ":ana!ana@127.0.0.1 QUIT :Connection closed",
            ]
            may_answer.set()
            await settle(lambda: all(task.done() for task in house.tasks))
            assert [task.exception() for task in house.tasks] == [None]
            assert await bob.asks() == []

    run(story, loop_factory)


def test_after_quit_nothing_is_carried_out(loop_factory):
    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await bob.line()
            await ana.say("QUIT :bye", "PRIVMSG #tea :still here")
            await ana.say("PRIVMSG #tea :and here")
            assert await ana.rest() == "ERROR :Closing link: Quit: bye\r\n"
            assert await bob.line() == ":ana!ana@127.0.0.1 QUIT :Quit: bye"
            assert await bob.asks() == []

    run(story, loop_factory)


def test_half_close_after_a_last_word_still_gets_its_answers(loop_factory):
    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await bob.line()
            await ana.asks("CAP REQ echo-message")
            may_keep = house.block_disk()
            await ana.say("PRIVMSG #tea :my last", "PING end")
            ana.writer.write_eof()
            await settle(lambda: "ana" not in house.world.users)
            may_keep.set()
            assert (await ana.rest()).split("\r\n")[:2] == [
                ":ana!ana@127.0.0.1 PRIVMSG #tea :my last",
                ":chatapp PONG chatapp :end",
            ]
            assert await bob.until("QUIT") == [
                ":ana!ana@127.0.0.1 PRIVMSG #tea :my last",
                ":ana!ana@127.0.0.1 QUIT :Connection closed",
            ]

    run(story, loop_factory)


def test_half_close_after_quit_still_gets_the_farewell(loop_factory):
    async def story():
        async with open_house() as house:
            ana = await house.call()
            may_keep = house.block_disk()
            await ana.say("NICK ana", "USER a 0 * :a", "JOIN #tea", "QUIT :bye")
            ana.writer.write_eof()
            for _ in range(100):
                await asyncio.sleep(0)
            may_keep.set()
            heard = (await ana.rest()).split("\r\n")
            assert heard[0].startswith(":chatapp 001 ana")
            assert heard[-2] == "ERROR :Closing link: Quit: bye"

    run(story, loop_factory)


def test_all_that_was_said_before_a_half_close_is_carried_out(loop_factory):
    async def story():
        async with open_house() as house:
            bob, ana = await house.enter("bob", "#tea"), await house.enter("ana", "#tea")
            await bob.line()
            lines = [f"PRIVMSG #tea :{number}" for number in range(2000)]
            lines.insert(700, "CHATHISTORY LATEST #tea * 5")
            await ana.say(*lines)
            ana.writer.write_eof()
            heard = [line.rpartition(":")[2] for line in await bob.until("QUIT")]
            assert heard == [*map(str, range(2000)), "Connection closed"]

    run(story, loop_factory)


def test_who_breaks_off_in_the_middle_of_a_line_has_not_said_it(loop_factory):
    async def story():
        async with open_house() as house:
            ana, bob = await house.enter("ana", "#tea"), await house.enter("bob", "#tea")
            await ana.send(b"PRIVMSG #tea :whole\r\nPRIVMSG #tea :I will not pay more than 1000")
            assert await bob.line() == ":ana!ana@127.0.0.1 PRIVMSG #tea :whole"
            ana.break_off()
            assert (await bob.line()).startswith(":ana!ana@127.0.0.1 QUIT :Connection ")
            assert await bob.asks() == []

    run(story, loop_factory)


def test_many_at_once_who_come_talk_and_break_off_leave_the_house_tidy(loop_factory):
    async def story():
        async with open_house() as house:
            witness = await house.enter("witness", "#tea")
            for turn in range(3):
                guests = [await house.enter(f"g{turn}-{number}", "#tea") for number in range(8)]
                for number, guest in enumerate(guests):
                    await guest.say("PRIVMSG #tea :hello", "CHATHISTORY LATEST #tea * 50")
                    if number % 2:
                        guest.break_off()
                    else:
                        await guest.say("QUIT")
                await settle(lambda: len(house.world.users) == 1)
            await settle(lambda: house.admission.total == 1)
            heard = await witness.asks()
            assert sum("JOIN" in line for line in heard) == sum("QUIT" in line for line in heard) == 24
            assert sum("PRIVMSG #tea :hello" in line for line in heard) >= 12

    run(story, loop_factory)
