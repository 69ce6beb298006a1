"""chat-clients over datagrams, by hand: the token, the conversation, and what nobody gets without a proof."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listeners.datagrams import ID, Caller, paper_house
from listeners.house import run, settle

from chatapp.irc.datagram import Datagram, Kind, format_datagram, parse_datagram

FAR = ("8.8.8.8", 5353)
INTRODUCTION = ("NICK ana", "USER ana 0 * :Ana", "JOIN #lobby")


def play(story, **about):
    """Run ``story(house, port, paper)``."""

    async def within():
        async with paper_house(**about) as (house, port, paper):
            await story(house, port, paper)

    run(within, asyncio.SelectorEventLoop)


def lines_of(datagrams):
    return b"".join(each.piece for each in datagrams if each.kind is Kind.DATA).decode().splitlines()


def said(house):
    """What was said in all rooms, in order."""
    kept = [each.message for changes in house.store.kept for each in changes.messages]
    return [message.body.rpartition(":")[2] for message in kept if message.command == "PRIVMSG"]


async def enter(house, port, paper, nick="ana", **about):
    caller = Caller(port, paper, **about).hello()
    caller.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #lobby")
    await settle(lambda: nick in house.world.users and house.world.users[nick].channels)
    return caller


async def heard(paper, caller, words):
    """The datagrams to ``caller`` up to the one that has ``words`` in it."""
    found = []
    while not any(words.encode() in each.piece for each in found):
        found += [parse_datagram(data) for data in paper.take(caller.address)]
        await asyncio.sleep(0)
    return found


def test_a_token_and_then_irc():
    async def story(house, port, paper):
        caller = Caller(port, paper).hello()
        assert house.world.sessions == set()
        assert [each.kind for each in caller.say(*INTRODUCTION)] == [Kind.ACK]
        found = await heard(paper, caller, "366")
        assert lines_of(found)[0].startswith(":chatapp 001 ana :")
        assert all(each.awaited == 1 for each in found)
        assert house.admission.total == 1

    play(story)


def test_a_line_that_comes_twice_is_said_once_and_early_ones_wait():
    async def story(house, port, paper):
        ana = await enter(house, port, paper)
        await heard(paper, ana, "366")
        late = [f"PRIVMSG #lobby :{number}" for number in range(4)]
        for number in (3, 1, 3, 4, 1, 2, 2, 4):
            ana.say(late[number - 1], number=number)
        await settle(lambda: len(said(house)) == 4)
        ana.say(late[0], number=1)
        await house.world.settled()
        assert said(house) == ["0", "1", "2", "3"]

    play(story)


def test_an_unknown_conversation_is_gone():
    async def story(_house, port, paper):
        caller = Caller(port, paper)
        caller.token = "0" * 32
        assert [each.kind for each in caller.say("NICK ana")] == [Kind.GONE]
        assert [each.kind for each in caller.send(Datagram(Kind.ACK, ID, caller.token))] == [Kind.GONE]
        assert caller.send(Datagram(Kind.BYE, ID, caller.token)) == []
        assert caller.send(Datagram(Kind.GONE, ID, caller.token)) == []
        assert caller.send(Datagram(Kind.TOKEN, ID, caller.token)) == []

    play(story)


def test_a_token_is_of_one_address_and_one_conversation():
    async def story(house, port, paper):
        caller = Caller(port, paper).hello()
        for address, id_ in (
            (("127.0.0.1", 40002), ID),
            (("127.0.0.2", 40001), ID),
            (caller.address, ID[::-1]),
        ):
            thief = Caller(port, paper, address, id_)
            thief.token = caller.token
            assert [each.kind for each in thief.say("NICK thief")] == [Kind.GONE]
        assert house.world.sessions == set()

    play(story)


def test_what_comes_after_the_end_begins_nothing_anew():
    async def story(house, port, paper):
        ana = await enter(house, port, paper)
        ana.send(Datagram(Kind.BYE, ana.id, ana.token))
        await settle(lambda: "ana" not in house.world.users)
        assert [each.kind for each in ana.say(*INTRODUCTION, number=0)] == [Kind.GONE]
        assert house.admission.total == 0

    play(story)


def test_a_client_that_comes_back_ends_what_it_left():
    async def story(house, port, paper):
        old = await enter(house, port, paper)
        new = Caller(port, paper, old.address, ID[::-1]).hello()
        assert "ana" in house.world.users
        first = new.say(*INTRODUCTION)
        assert [(each.kind, each.id) for each in first] == [(Kind.BYE, old.id), (Kind.ACK, new.id)]
        found = await heard(paper, new, "366")
        assert not [line for line in lines_of(found) if " 433 " in line]
        assert len(house.world.sessions) == 1
        assert [each.kind for each in old.say("PRIVMSG #lobby :from before")] == [Kind.GONE]
        assert len(house.world.sessions) == 1

    play(story)


def test_quit_is_answered_to_the_end():
    async def story(house, port, paper):
        ana = await enter(house, port, paper)
        await heard(paper, ana, "366")
        ana.say("QUIT :bye")
        found = await heard(paper, ana, "ERROR")
        last = max(each.number for each in found if each.kind is Kind.DATA)
        answers = ana.send(Datagram(Kind.ACK, ana.id, ana.token, awaited=last + 1))
        assert [each.kind for each in answers] == [Kind.BYE]
        assert house.world.sessions == set()

    play(story)


def test_limits_of_an_address_hold_and_are_told():
    async def story(house, port, paper):
        await enter(house, port, paper)
        second = Caller(port, paper, ("127.0.0.1", 40002)).hello()
        (answer,) = second.say(*INTRODUCTION)
        assert answer.kind is Kind.BYE
        assert answer.reason == "There are 1 connections from your address already"
        assert [each.kind for each in second.say(*INTRODUCTION)] == [Kind.GONE]

    play(story, connections_per_private_ip=1)


def test_the_public_is_let_in_only_if_configured():
    async def story(_house, port, paper):
        caller = Caller(port, paper, FAR).hello()
        (answer,) = caller.say("NICK ana")
        assert answer.reason.startswith("This server is for its own network only")

    play(story)


def test_a_reader_that_acknowledges_nothing_is_cut_at_its_budget():
    async def story(house, port, paper):
        deaf = await enter(house, port, paper)
        bob = await enter(house, port, paper, "bob", address=("127.0.0.1", 40002), id_=ID[::-1])
        for _number in range(60):
            bob.say(*[f"PRIVMSG #lobby :{'x' * 400}"] * 2)
            sent = [parse_datagram(data) for data in paper.take(bob.address)]
            awaited = max([each.number + 1 for each in sent if each.kind is Kind.DATA], default=0)
            bob.send(Datagram(Kind.ACK, bob.id, bob.token, awaited=awaited))
            await asyncio.sleep(0)
        await settle(lambda: "ana" not in house.world.users)
        assert [each.kind for each in deaf.say("PING x")] == [Kind.GONE]

    play(story, sendq_bytes=20_000)


def test_a_house_that_closes_lets_nobody_new_in():
    async def story(house, port, paper):
        ana = await enter(house, port, paper)
        ready = Caller(port, paper, ("127.0.0.1", 40002)).hello()
        port.turn_away()
        port.datagram_received(format_datagram(Datagram(Kind.HELLO, ID)), ("127.0.0.1", 40003))
        port.datagram_received(b"Carla", ("127.0.0.1", 40004))
        assert ready.say(*INTRODUCTION) == []
        assert [each.kind for each in ana.say("PING x")] == [Kind.ACK]
        assert len(house.world.sessions) == 1

    play(story)


pieces = st.one_of(
    st.just(Datagram(Kind.HELLO, ID)).map(format_datagram),
    st.sampled_from(list(Kind)).map(
        lambda kind: format_datagram(
            Datagram(kind, ID, "-" * 32 if kind is Kind.HELLO else "0" * 32, piece=b"x" * (kind is Kind.DATA))
        )
    ),
    st.binary(max_size=100),
    st.sampled_from([b"Ana", b"/help", b"/list\n", b"oi", b"", b"\n", b"chat/1 ", b"-- x"]),
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    sent=st.lists(
        st.tuples(pieces, st.integers(0, 80), st.sampled_from(["as it is", "cut", "doubled"])), max_size=40
    )
)
def test_an_address_without_proof_never_gets_more_than_it_sent(sent):
    """Whatever it sends, also with the token of another address: in sum, and in each answer."""

    async def story(house, port, paper):
        other = Caller(port, paper, ("9.9.9.9", 5353)).hello()
        got = given_back = 0
        for data, size, how in sent:
            said = data.replace(b"0" * 32, other.token.encode())
            said = said[:size] if how == "cut" else said
            for _time in range(1 + (how == "doubled")):
                port.datagram_received(said, FAR)
                got += len(said)
                answers = paper.take()
                given_back += sum(map(len, answers))
                assert sum(map(len, answers)) <= len(said)
        await asyncio.sleep(0)
        assert given_back + sum(map(len, paper.take())) <= got
        assert house.world.sessions == set()
        assert house.admission.total == 0

    play(story, public=True)


def test_garbage_leaves_nothing_behind():
    async def story(house, port, paper):
        for number in range(2000):
            port.datagram_received(bytes([number % 256, 0, 7]) * 20, ("10.0.0.1", 2000 + number))
            port.datagram_received(format_datagram(Datagram(Kind.HELLO, ID)), ("8.8.4.4", 2000 + number))
        port.datagram_received(b"Ana", ("127.0.0.1", 7))
        paper.take()
        assert house.world.sessions == set()
        assert house.admission.total == 0

    play(story)
