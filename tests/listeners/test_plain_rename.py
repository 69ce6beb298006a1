"""People of the plain face in a room that gets another name."""

from __future__ import annotations

from listeners.house import on_every_loop, run
from listeners.plain_house import come, plain_house

pytestmark = on_every_loop


def test_a_room_that_is_renamed_is_still_where_one_speaks(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await come(house, "Ana")
            await bruno.until("JOIN")
            await ana.say("/join #other")
            await ana.say("/join #lobby")
            await ana.until("What you type goes to #lobby")
            await bruno.say("RENAME #lobby #sala :in Portuguese")
            await bruno.until(" 366 ")
            await ana.say("olá")
            assert (await bruno.line()).endswith(" PRIVMSG #sala :olá")

    run(story, loop_factory)
