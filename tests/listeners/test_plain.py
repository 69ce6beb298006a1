"""Coming in by the plain face: people who type, programs that only send and receive, and who is neither."""

from __future__ import annotations

import pytest
from listeners.house import on_every_loop, run
from listeners.plain_house import WELCOME, hears, plain_house, said

pytestmark = on_every_loop


def test_silence_is_asked_for_a_name(loop_factory):
    async def story():
        async with plain_house(greeting_ms=30) as house:
            peer = await house.call()
            assert await peer.line() == "Welcome to the chatapp chat! What is your name?"
            await peer.say("Ana")
            assert await peer.line() == WELCOME.format("Ana")
            assert await peer.line() == "-- Ana came in"
            assert await peer.line() == "-- Here in #lobby: @Ana"

    run(story, loop_factory)


@pytest.mark.parametrize("first", [b"\r\n", b"\n\n", b"\xff\xfb\x1f\xff\xfd\x03", b"\r\n" * 600])
def test_who_presses_enter_or_has_a_telnet_is_asked_too(loop_factory, first):
    async def story():
        async with plain_house(greeting_ms=120) as house:
            peer = await house.call()
            await peer.send(first)
            assert "What is your name?" in await peer.line()
            await peer.say("Ana")
            assert WELCOME.format("Ana").encode() in await peer.reader.readuntil(b"leaves.")

    run(story, loop_factory)


def test_who_was_greeted_may_still_be_a_program_that_speaks_irc(loop_factory):
    async def story():
        async with plain_house(greeting_ms=30) as house:
            peer = await house.call()
            await peer.line()
            await peer.say("NICK ana", "USER ana 0 * :Ana")
            assert " 001 ana :" in (await peer.until(" 001 "))[-1]
            assert not house.port.greeted

    run(story, loop_factory)


@pytest.mark.parametrize("blanks", [b"", b"\r\n" * 700])
def test_who_was_greeted_may_not_be_a_browser(loop_factory, blanks):
    async def story():
        async with plain_house(greeting_ms=30) as house:
            peer = await house.call()
            await peer.send(blanks)
            await peer.line()
            await peer.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await peer.rest()).startswith("HTTP/1.1 400")
            assert not house.world.users

    run(story, loop_factory)


def test_who_takes_some_minutes_for_their_name_is_not_sent_away(loop_factory):
    async def story():
        async with plain_house(greeting_ms=30, registration_timeout=30, name_timeout=300) as house:
            peer = await house.call()
            await peer.line()
            (began,) = house.port.greeted.values()
            house.port.sweep(began + 299)
            assert house.port.greeted
            house.port.sweep(began + 301)
            assert await peer.rest() == "ERROR :Nothing was said for 300 seconds\r\n"

    run(story, loop_factory)


def test_the_first_words_may_come_at_once_and_without_a_line_end(loop_factory):
    async def story():
        async with plain_house() as house:
            peer = await house.call()
            await peer.send("João".encode())
            assert await hears(peer) == "\r\n".join(
                [WELCOME.format("João"), "-- João came in", "-- Here in #lobby: @João", ""]
            )

    run(story, loop_factory)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Nick", "Pat", "S", "Getulio"])
def test_a_name_that_begins_like_another_protocol_takes_a_little_longer(loop_factory, name):
    async def story():
        # Longer than a busy machine may take between the call and the name, or the greeting comes first.
        async with plain_house(greeting_ms=800) as house:
            peer = await house.call()
            await peer.send(name.encode())
            assert await peer.line() == WELCOME.format(name)

    run(story, loop_factory)


def test_a_name_that_is_taken_gets_a_neighbour_and_a_word_about_it(loop_factory):
    async def story():
        async with plain_house() as house:
            await house.enter("ana")
            for nick in ("Ana_", "Ana_2", "Ana_3"):
                peer = await house.call()
                await peer.say("Ana")
                assert await peer.line() == WELCOME.format(nick)
                assert await peer.line() == f"-- Ana is taken, so you are {nick}; /nick NAME changes that"

    run(story, loop_factory)


def test_nobody_is_called_like_the_server(loop_factory):
    async def story():
        async with plain_house() as house:
            peer = await house.call()
            await peer.say("ChatApp")
            assert await peer.line() == WELCOME.format("ChatApp_")

    run(story, loop_factory)


def test_a_long_name_that_is_taken_still_fits(loop_factory):
    async def story():
        async with plain_house() as house:
            await house.enter("a" * 32)
            peer = await house.call()
            await peer.say("a" * 32)
            assert await peer.line() == WELCOME.format("a" * 31 + "_")

    run(story, loop_factory)


def test_words_that_are_no_name_are_the_first_message_of_a_guest(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await house.enter("ana", "#lobby")
            for number in (1, 2):
                peer = await house.call()
                await peer.say("olá a todos")
                assert await peer.line() == WELCOME.format(f"guest{number}")
                assert await peer.line() == f"-- You are guest{number} for now; /nick NAME changes that"
                assert (await ana.until("PRIVMSG"))[-1].endswith("PRIVMSG #lobby :olá a todos")
                assert (await peer.until("now:" if number > 1 else "Here in"))[0].endswith("came in")
                assert await said(peer) == f"<guest{number}> olá a todos"

    run(story, loop_factory)


def test_a_command_may_come_first_and_a_farewell_too(loop_factory):
    async def story():
        async with plain_house() as house:
            peer = await house.call()
            await peer.say("/nick Ana", "/me waves")
            assert await peer.line() == WELCOME.format("Ana")
            await peer.until("Here in")
            assert await said(peer) == "* Ana waves"
            other = await house.call()
            await other.say("sair")
            assert await other.rest() == "-- Goodbye!\r\n"

    run(story, loop_factory)


def test_blanks_are_no_name_and_no_message(loop_factory):
    async def story():
        async with plain_house() as house:
            peer = await house.call()
            await peer.say("Any\b\b\b", "  ", "Ana", "x\x7f")
            assert await peer.line() == "-- What is your name?"
            assert await peer.line() == "-- What is your name?"
            assert await peer.line() == WELCOME.format("Ana")
            await peer.until("Here in")
            assert await peer.line() == "-- There is nothing to show"

    run(story, loop_factory)


@pytest.mark.parametrize("garbage", [b"\0\0\0\n", b"\x01\x02\x03" * 200, b"\x80\x1b[2J\n", b"GE\x00\n"])
def test_what_is_no_text_comes_not_in(loop_factory, garbage):
    async def story():
        async with plain_house() as house:
            peer = await house.call()
            await peer.send(garbage)
            assert await peer.rest() == "-- The connection ends: what came was no text\r\n"
            assert not house.world.most_users

    run(story, loop_factory)


def test_a_server_with_a_password_asks_for_it(loop_factory):
    async def story():
        async with plain_house(server={"password": "tea pot"}) as house:
            peer = await house.call()
            await peer.say("Ana")
            assert await peer.line() == "-- This server has a password. What is it?"
            assert not house.world.users
            await peer.say("tea pot")
            assert await peer.line() == WELCOME.format("Ana")

            thief = await house.call()
            await thief.say("Ana", "tea cup")
            heard = await thief.rest()
            assert "-- The password is wrong or missing\r\n" in heard
            assert list(house.world.users) == ["ana"]

    run(story, loop_factory)


def test_a_server_without_a_room_for_all(loop_factory):
    async def story():
        async with plain_house(server={"default_channel": ""}) as house:
            peer = await house.call()
            await peer.say("Ana", "olá", "/join tea", "olá")
            assert await peer.line() == WELCOME.format("Ana")
            nowhere = "-- You are in no room. /list shows what there is, /join ROOM enters one"
            assert await peer.line() == nowhere
            assert await peer.line() == nowhere
            await peer.until("Here in #tea")
            assert await said(peer) == "#tea <Ana> olá"

    run(story, loop_factory)
