"""Speaking and hearing by the plain face, in rooms with all others, until one goes."""

from __future__ import annotations

import asyncio
import socket

import pytest
from listeners.house import on_every_loop, run, settle
from listeners.plain_house import IN_LOBBY, WELCOME, come, hears, plain_house, said

from chatapp.listeners.plain import decode
from chatapp.server.timers import look_after

pytestmark = on_every_loop


# Speaking


def test_people_of_both_kinds_in_one_room(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await come(house, "Ana")
            await bruno.until("JOIN")
            await ana.say("olá, Bruno")
            assert (await bruno.line()).endswith(" PRIVMSG #lobby :olá, Bruno")
            assert await said(ana) == "<Ana> olá, Bruno"
            await bruno.say("PRIVMSG #lobby :olá, Ana")
            assert await said(ana) == "<bruno> olá, Ana"
            await bruno.say("PRIVMSG ana :a secret")
            assert await said(ana) == "(private, to Ana) <bruno> a secret"
            await ana.say("/msg bruno keep it")
            assert (await bruno.line()).endswith(" PRIVMSG bruno :keep it")
            assert await said(ana) == "(private, to bruno) <Ana> keep it"

    run(story, loop_factory)


@pytest.mark.slow
def test_a_program_that_sends_and_receives_in_turn_gets_each_answer_at_once(loop_factory):
    async def story():
        async with plain_house() as house:
            before = await come(house, "Bruno")
            await before.say("something before")
            await said(before)
            peer = await house.call()
            await peer.send(b"Ana")
            assert "something before" in await hears(peer)
            for number in range(5):
                await peer.send(f"número {number}".encode())
                heard = await hears(peer)
                assert heard.endswith(f"<Ana> número {number}\r\n")
                assert heard.count("\r\n") == 1
            for typed in (
                "/history",
                "/names",
                "/list",
                "/topic",
                "/names nowhere",
                "/away",
                "/x",
                " ",
                "\n",
            ):
                await peer.send(typed.encode())
                assert await hears(peer)

    run(story, loop_factory)


def test_cp1252_is_rescued_and_utf8_kept(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await come(house, "Ana")
            await ana.send("ação\r\n".encode("cp1252"))
            await ana.send("ação €\r\n".encode())
            heard = await bruno.until("€")
            assert [line.rpartition(":")[2] for line in heard[-2:]] == ["ação", "ação €"]

    run(story, loop_factory)


def test_every_byte_is_some_character(loop_factory):
    text = decode(bytes(range(0x80, 0x100)))
    assert len(text) == 128
    assert text[0xE7 - 0x80] == "ç"
    assert text[0x81 - 0x80] == "\ufffd"


def test_telnet_negotiates_in_the_middle_of_a_word(loop_factory):
    async def story():
        async with plain_house(pause_ms=30_000) as house:
            ana = await come(house, "Ana")
            for byte in b"he\xff\xfe\x03llo\xff\xfa\x1f\x00\x50\r\n\x18\xff\xf0 world\r\0":
                await ana.send(bytes([byte]))
                await asyncio.sleep(0)
            assert await said(ana) == "<Ana> hello world"
            await ana.send(b"\xff\xf4\xff\xfd\x06")
            assert await asyncio.wait_for(ana.reader.readexactly(3), 40) == b"\xff\xfc\x06"

    run(story, loop_factory)


def test_a_terminal_cannot_be_attacked(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            mallory = await house.enter("mallory", "#lobby")
            await ana.line()
            await mallory.say("PRIVMSG #lobby :\x1b]0;mine\x07\x1b[2J\u202eevil")
            assert await said(ana) == "<mallory> ␛]0;mine␇␛[2Jevil"

    run(story, loop_factory)


def test_a_byte_0_is_refused_in_words_and_the_rest_goes_on(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            await ana.say("a\0b", "c")
            assert await ana.line() == "-- A message cannot hold the byte 0; nothing of it was sent"
            assert await said(ana) == "<Ana> c"

    run(story, loop_factory)


def test_a_paste_arrives_whole_and_in_order(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await come(house, "Ana")
            long = " ".join(f"w{number}" for number in range(400))
            await ana.say(*(f"row {number}" for number in range(50)), long, "end of it")
            heard = [line.partition(" :")[2] for line in await bruno.until("end of it") if "PRIVMSG" in line]
            assert heard[:50] == [f"row {number}" for number in range(50)]
            assert "".join(heard[50:-1]) == long

    run(story, loop_factory)


def test_what_has_no_line_end_is_a_message_when_the_sender_is_done(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.say("PRIVMSG #lobby :before")
            ana = await house.call()
            await ana.send("Ana\nolá\naté logo".encode())
            ana.writer.write_eof()
            rows = (await ana.rest()).split("\r\n")
            assert [row.partition(" ")[2] for row in rows[-3:-1]] == ["<Ana> olá", "<Ana> até logo"]
            heard = await bruno.until("QUIT")
            assert [line.rpartition(":")[2] for line in heard[-3:-1]] == ["olá", "até logo"]

    run(story, loop_factory)


def test_who_gives_only_a_name_and_is_done_still_hears_what_there_is(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks("PRIVMSG #lobby :before")
            ana = await house.call()
            await ana.send(b"Ana")
            ana.writer.write_eof()
            heard = await ana.rest()
            assert heard.startswith(WELCOME.format("Ana"))
            assert "<bruno> before\r\n-- That was before; now:\r\n" in heard

    run(story, loop_factory)


# Rooms


def test_what_is_typed_goes_to_the_room_joined_last(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana", "#tea")
            await ana.say("olá", "/join lobby", "olá", "/join tea", "/part", "olá", "/part", "olá")
            assert await said(ana) == "#tea <Ana> olá"
            assert await ana.line() == IN_LOBBY
            assert await said(ana) == "<Ana> olá"
            assert await ana.line() == IN_LOBBY.replace("#lobby", "#tea")
            assert await ana.line() == "-- Ana went out of #tea"
            assert await ana.line() == IN_LOBBY
            assert await said(ana) == "<Ana> olá"
            assert await ana.line() == "-- Ana went out"
            for _ in range(2):
                assert (await ana.line()).startswith("-- You are in no room.")

    run(story, loop_factory)


def test_who_is_put_out_does_not_speak_elsewhere_by_mistake(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#tea")
            ana = await come(house, "Ana", "#tea")
            await bruno.say("KICK #tea Ana :too loud")
            assert await ana.line() == "-- bruno put Ana out of #tea: too loud"
            await ana.say("meant for tea")
            assert await ana.line() == "-- You are not in #tea, and cannot speak there"

    run(story, loop_factory)


def test_a_room_that_does_not_let_one_in_leaves_one_where_one_is(loop_factory):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#tea")
            await bruno.asks("MODE #tea +k milk")
            ana = await come(house, "Ana")
            await ana.say("/join tea", "still here", "/join tea milk", "in")
            assert await ana.line() == "-- #tea is locked; with its key it opens: /join #tea KEY"
            assert await said(ana) == "<Ana> still here"
            await ana.until("What you type goes to #tea")
            assert await said(ana) == "#tea <Ana> in"

    run(story, loop_factory)


@pytest.mark.parametrize(("history", "shown"), [(20, 20), (3, 3), (0, 0)])
def test_the_last_messages_are_read_out_on_coming_in(loop_factory, history, shown):
    async def story():
        async with plain_house(history=history) as house:
            bruno = await house.enter("bruno", "#lobby")
            await bruno.asks(*(f"PRIVMSG #lobby :number {number}" for number in range(25)))
            ana = await house.call()
            await ana.say("Ana", "first words")
            rows = [row for row in await ana.until("first words") if "number" in row]
            assert [row.split()[-1] for row in rows] == [str(number) for number in range(25 - shown, 25)]

    run(story, loop_factory)


def test_nothing_is_missing_or_twice_while_others_talk(loop_factory):
    async def story():
        async with plain_house(history=1000) as house:
            bruno = await house.enter("bruno", "#lobby")
            newcomers = [await house.call() for _ in range(10)]
            for number in range(100):
                await bruno.say(f"PRIVMSG #lobby :number {number} said")
                if number % 10 == 5:
                    await newcomers[number // 10].say(f"guest{number}")
            for peer in newcomers:
                rows = [row for row in await peer.until("number 99 said") if row.endswith(" said")]
                assert [int(row.split()[-2]) for row in rows] == list(range(100))

    run(story, loop_factory)


def test_history_on_demand_is_what_was_said_before_the_question(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            await ana.say("/history", "one", "two", "/history 1", "three")
            assert await ana.line() == "-- Nothing has been said in #lobby yet"
            assert [await said(ana), await said(ana)] == ["<Ana> one", "<Ana> two"]
            assert await ana.line() == "-- What was said in #lobby before:"
            assert (await said(ana)).endswith("<Ana> two")
            assert await ana.line() == "-- That was before; now:"
            assert await said(ana) == "<Ana> three"

    run(story, loop_factory)


# Staying and going


def test_nobody_who_types_is_pinged_and_the_system_looks_after_the_wire(loop_factory):
    async def story():
        async with plain_house(ping_interval=120) as house:
            ana = await come(house, "Ana")
            session = house.world.users["ana"].sessions[0]
            session.heard -= 10_000
            look_after(house.world)
            await ana.say("still here")
            assert await said(ana) == "<Ana> still here"
            sock = session.wire._transport.get_extra_info("socket")
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)

    run(story, loop_factory)


def test_who_has_not_given_the_password_has_minutes_too(loop_factory):
    async def story():
        async with plain_house(server={"password": "x"}, registration_timeout=30, name_timeout=300) as house:
            peer = await house.call()
            await peer.say("Ana")
            await peer.line()
            (session,) = house.world.sessions
            session.began -= 299
            look_after(house.world)
            assert not session.ended
            session.began -= 1
            look_after(house.world)
            assert await peer.rest() == "-- The connection ends: coming in took too long\r\n"

    run(story, loop_factory)


@pytest.mark.parametrize("word", ["sair", "exit", "quit", "/quit", "/sair"])
def test_leaving(loop_factory, word):
    async def story():
        async with plain_house() as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await come(house, "Ana")
            await ana.send(word.encode())
            assert await ana.rest() == "-- Goodbye!\r\n"
            assert (await bruno.until("QUIT"))[-1].endswith("QUIT :Quit")

    run(story, loop_factory)


def test_the_last_words_of_the_server_are_prose(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            house.connection_of("ana").close(b"ERROR :Closing link: the server is going down\r\n")
            assert await ana.rest() == "-- The connection ends: the server is going down\r\n"

    run(story, loop_factory)


def test_all_who_type_share_the_bytes_of_what_they_hear(loop_factory):
    async def story():
        async with plain_house() as house:
            for name in ("Ana", "Bruno", "Caio"):
                await come(house, name)
            assert len(list(house.world.channels["#lobby"].audience.groups())) == 1

    run(story, loop_factory)


def test_who_never_reads_costs_nobody_else(loop_factory):
    async def story():
        async with plain_house(sendq_bytes=20_000) as house:
            ana = await come(house, "Ana")
            bruno = await house.enter("bruno", "#lobby")
            ana.reader._transport.pause_reading()
            line = "PRIVMSG #lobby :" + "x" * 400
            for _ in range(200):
                await bruno.asks(*[line] * 100)
                if "ana" not in house.world.users:
                    break
            await settle(lambda: "ana" not in house.world.users)

    run(story, loop_factory)


def test_a_program_that_speaks_and_hangs_up_without_reading_is_heard_whole(loop_factory):
    async def story():
        async with plain_house() as house:
            bob = await house.enter("bob", "#lobby")
            ana = await house.call()
            may_keep = house.block_disk()
            await ana.say("Ana", *map(str, range(300)))
            await settle(lambda: "ana" in house.world.users)
            ana.break_off()
            for _turn in range(100):
                await asyncio.sleep(0)
            may_keep.set()
            heard = [line.rpartition(":")[2] for line in await bob.until("QUIT") if "PRIVMSG" in line]
            assert heard == [*map(str, range(300))]
            await settle(lambda: house.admission.total == 1)

    run(story, loop_factory)


@pytest.mark.parametrize(("pieces", "said"), [(["hello"], ["hello"]), (["h", "e", "l"], [])])
def test_what_has_no_line_end_when_the_connection_breaks_was_said_by_a_program(loop_factory, pieces, said):
    async def story():
        async with plain_house(pause_ms=10_000) as house:
            bob = await house.enter("bob", "#lobby")
            ana = await come(house, "Ana")
            connection = house.connection_of("ana")
            for number, piece in enumerate(pieces, 1):
                await ana.send(piece.encode())
                sent = "".join(pieces[:number]).encode()
                await settle(lambda sent=sent: connection._buffer.pending == sent)
            ana.break_off()
            heard = [line.rpartition(":")[2] for line in await bob.until("QUIT") if "PRIVMSG" in line]
            assert heard == said

    run(story, loop_factory)


def test_of_a_long_request_to_a_service_each_part_is_answered(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            await ana.say("/msg NickServ REGISTER secret" + " word" * 150, "/names lobby")
            heard = [row for row in await ana.until("Here in #lobby") if "NickServ" in row]
            assert len(heard) == 2

    run(story, loop_factory)
