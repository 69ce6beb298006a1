"""Programs that send bare datagrams, as a student would write them, in the room with everyone."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listeners.datagrams import ID, Program, paper_house, program, udp_house
from listeners.house import on_every_loop, run, settle

from chatapp.core.settings import UdpSettings
from chatapp.irc.datagram import Datagram, Kind, format_datagram
from chatapp.listeners.bare import ANSWER_BYTES, datagrams_of
from chatapp.listeners.plain import PlainConnection


def exercise(one):
    """A name, some words that are sent back, and a farewell."""
    return [one.ask("Ana"), one.ask("olá"), one.ask("exit")]


@on_every_loop
def test_name_first_echo_and_exit(loop_factory):
    async def story():
        async with udp_house() as (house, address):
            bob = await house.enter("bob", "#lobby")
            welcome, echo, farewell = await program(address, exercise)
            assert "Welcome, Ana!" in welcome
            assert "@bob, Ana" in welcome
            assert echo.endswith(" <Ana> olá\r\n")
            assert farewell == "-- Goodbye!\r\n"
            heard = await bob.until(" QUIT ")
            assert [line.partition(" ")[2] for line in heard] == [
                "JOIN #lobby",
                "PRIVMSG #lobby :olá",
                "QUIT :Quit",
            ]

    run(story, loop_factory)


@on_every_loop
def test_words_that_are_no_name_are_the_first_message(loop_factory):
    async def story():
        async with udp_house() as (house, address):
            bob = await house.enter("bob", "#lobby")
            answer = await program(address, lambda one: one.ask("bom dia a todos"))
            assert "guest1" in answer
            assert (await bob.until("PRIVMSG"))[-1].endswith(":bom dia a todos")

    run(story, loop_factory)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_old_code_pages_several_lines_and_both_versions_of_ip(host):
    def story_of(one):
        one.ask("Ana")
        return one.ask("não".encode("cp1252")), one.ask(b"one\ntwo\n") + one.hear()

    async def story():
        async with udp_house(host) as (_house, address):
            rescued, lines = await program(address, story_of)
            assert rescued.endswith("<Ana> não\r\n")
            assert [line.rpartition(" ")[2] for line in lines.splitlines()] == ["one", "two"]

    run(story, asyncio.SelectorEventLoop)


def test_what_others_say_comes_in_a_datagram_each():
    async def story():
        async with udp_house() as (house, address):
            bob = await house.enter("bob", "#lobby")
            with Program(address) as one:
                await asyncio.to_thread(one.ask, "Ana")
                await bob.say(*(f"PRIVMSG #lobby :{number}" for number in range(5)))
                heard = [await asyncio.to_thread(one.hear) for _number in range(5)]
            assert [line.partition(" ")[2] for line in heard] == [
                f"<bob> {number}\r\n" for number in range(5)
            ]

    run(story, asyncio.SelectorEventLoop)


def play(story, **about):
    async def within():
        async with paper_house(**about) as (house, port, paper):
            await story(house, port, paper)

    run(within, asyncio.SelectorEventLoop)


HERE, FAR = ("127.0.0.1", 40001), ("8.8.8.8", 40001)


def test_a_stranger_from_far_away_is_not_answered():
    async def story(house, port, paper):
        for words in (b"Ana", b"hello", b"/help", b"exit"):
            port.datagram_received(words, FAR)
        await asyncio.sleep(0)
        assert paper.take() == []
        assert house.world.sessions == set()

    play(story, public=True)


def test_a_stranger_from_far_away_is_served_if_configured():
    async def story(house, port, paper):
        port.datagram_received(b"Ana", FAR)
        await settle(lambda: paper.sent)
        assert "ana" in house.world.users

    play(story, public=True, udp=UdpSettings(bare_programs="public"))


def test_nobody_is_served_in_plain_words_where_that_is_off():
    async def story(house, port, paper):
        port.datagram_received(b"Ana", HERE)
        assert paper.take() == []
        port.datagram_received(format_datagram(Datagram(Kind.HELLO, ID)), HERE)
        assert len(paper.take()) == 1
        assert house.world.sessions == set()

    play(story, udp=UdpSettings(bare_programs="off"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"  ",
        b"\x00\x01\x02",
        b"\x1b[2J",
        b"-- Welcome",
        b"21:03 <Ana> x",
        b"2026-11-20 21:03 <Ana> x",
        b"chat/1 x",
    ],
)
def test_what_is_nobodys_words_signs_nobody_in(data):
    async def story(house, port, paper):
        port.datagram_received(data, HERE)
        await asyncio.sleep(0)
        assert (paper.take(), house.world.sessions) == ([], set())

    play(story)


def test_who_is_silent_for_long_is_gone():
    async def story(house, port, paper):
        loop = asyncio.get_running_loop()
        port.datagram_received(b"Ana", HERE)
        await settle(lambda: "ana" in house.world.users)
        link = port._bare[HERE]
        link._heard = loop.time() - 599.0
        link._look()
        assert "ana" in house.world.users
        link._heard = loop.time() - 600.0
        link._look()
        await settle(lambda: any(b"nothing came for 600 seconds" in data for data, _to in paper.sent))
        await settle(lambda: not house.admission.total)
        assert not house.world.sessions
        assert not port._bare

    play(story)


def test_a_full_house_says_so():
    async def story(house, port, paper):
        port.datagram_received(b"Ana", HERE)
        await settle(lambda: paper.take())
        port.datagram_received(b"Bia", ("127.0.0.1", 40002))
        assert paper.take(("127.0.0.1", 40002)) == [
            b"-- There are 1 connections from your address already\r\n"
        ]
        assert len(house.world.sessions) == 1

    play(story, connections_per_private_ip=1)


def test_a_flood_is_slowed_and_never_fills_the_house():
    async def story(house, port, paper):
        port.datagram_received(b"Ana", HERE)
        for number in range(5000):
            port.datagram_received(b"flood %d" % number, HERE)
        await settle(lambda: "ana" in house.world.users)
        assert len(port._bare[HERE]._waiting) <= 32
        port.datagram_received(b"x" * 60_000, HERE)
        for _turn in range(2000):
            await asyncio.sleep(0)
        assert len(port._bare[HERE]._waiting) <= 32

    play(story)


def test_what_comes_while_the_disk_is_slow_waits_and_is_said_in_order():
    async def story(house, port, paper):
        port.datagram_received(b"Ana", HERE)
        await settle(lambda: paper.take())
        may_keep = house.block_disk()
        link = port._bare[HERE]
        link.pause_reading()
        for word in (b"one", b"two", b"three"):
            port.datagram_received(word, HERE)
        assert len(link._waiting) == 3
        link.resume_reading()
        may_keep.set()
        await settle(lambda: sum(b"<Ana>" in data for data, _to in paper.sent) == 3)
        said = [data.rpartition(b" ")[2].strip() for data in paper.take() if b"<Ana>" in data]
        assert said == [b"one", b"two", b"three"]

    play(story)


def test_a_mistake_of_ours_costs_one_program_its_place_and_is_not_hushed_up(monkeypatch):
    async def story(house, port, paper):
        port.datagram_received(b"Ana", HERE)
        await settle(lambda: paper.take())
        monkeypatch.setattr(PlainConnection, "data_received", lambda _self, _data: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            port.datagram_received(b"hello", HERE)
        await settle(lambda: not house.admission.total)
        assert (port._bare, house.world.users) == ({}, {})

    play(story)


def test_a_letter_is_never_cut():
    row = b"-- " + "ç".encode() * 2000 + b"\r\n"
    found = datagrams_of(row)
    assert b"".join(found) == row
    assert all(len(datagram) <= ANSWER_BYTES and datagram.decode() for datagram in found)


rows = st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=1500))


@given(rows.map(lambda texts: "".join(f"{text}\r\n" for text in texts)))
def test_no_answer_is_too_large_and_nothing_of_it_is_lost(text):
    for data in (text.encode(), b"-- " + text.encode()):
        found = datagrams_of(data)
        assert b"".join(found) == data
        assert all(0 < len(datagram) <= ANSWER_BYTES for datagram in found)
        assert "".join(datagram.decode() for datagram in found) == data.decode()


def test_a_long_list_is_packed():
    rows = [f"-- #room{number}: 1 person\r\n".encode() for number in range(100)]
    found = datagrams_of(b"".join(rows))
    assert len(found) == 3
    assert all(datagram.endswith(b"\r\n") for datagram in found)
