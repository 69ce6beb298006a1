"""A listener that speaks less than everything: who comes with the rest is told so, and is not let in."""

from __future__ import annotations

from dataclasses import replace

from listeners.datagrams import ID, Paper
from listeners.datagrams import Caller as Client
from listeners.house import on_every_loop, open_house, run
from listeners.test_port import FakeTransport

from chatapp.core.settings import PlainSettings
from chatapp.irc.datagram import Datagram, Kind
from chatapp.listeners.detect import Protocol
from chatapp.listeners.port import Caller
from chatapp.listeners.udp import UdpPort

pytestmark = on_every_loop

IRC, PLAIN = frozenset({Protocol.IRC}), frozenset({Protocol.PLAIN})
ONLY_IRC = "ERROR :Only IRC is spoken at this port; come with an IRC client\r\n"


def play(loop_factory, spoken, scene):
    async def story():
        async with open_house(host=None) as house:
            await house.listen(spoken=spoken)
            await scene(house)

    run(story, loop_factory)


def test_words_where_only_irc_is_spoken(loop_factory):
    async def scene(house):
        await house.enter("ana")
        for words in (b"oi\r\n", b"\xff\xfb\x01oi\r\n", b"no line end"):
            peer = await house.call()
            await peer.send(words)
            assert await peer.rest() == ONLY_IRC
        assert list(house.world.users) == ["ana"]

    play(loop_factory, IRC, scene)


def test_a_pause_in_the_first_word_is_no_matter_where_only_irc_is_spoken(loop_factory):
    async def scene(house):
        plain = PlainSettings(greeting_ms=1, pause_ms=1)
        house.world.settings = replace(house.world.settings, plain=plain)
        slow = await house.call()
        await slow.send(b"NI")
        for _moment in range(3):  # each waits for the same pauses as the first
            peer = await house.call()
            await peer.send(b"no line end")
            assert await peer.rest() == ONLY_IRC
        await slow.say("CK ana", "USER ana 0 * :Ana")
        assert (await slow.line()).startswith(":chatapp 001 ana ")

    play(loop_factory, IRC, scene)


def test_words_that_end_with_the_connection_where_only_irc_is_spoken(loop_factory):
    async def scene(house):
        peer = await house.call()
        await peer.send(b"oi")
        peer.writer.write_eof()
        assert await peer.rest() == ONLY_IRC

    play(loop_factory, IRC, scene)


def test_irc_where_only_words_are_understood(loop_factory):
    async def scene(house):
        peer = await house.call()
        await peer.say("NICK ana")
        assert await peer.rest() == "ERROR :IRC is not spoken at this port, only plain text\r\n"
        person = await house.call()
        await person.send(b"bruno\r\n")
        assert "Welcome, bruno!" in await person.line()
        assert list(house.world.users) == ["bruno"]

    play(loop_factory, PLAIN, scene)


def test_nobody_is_asked_for_a_name_where_only_irc_is_spoken(loop_factory):
    async def scene(house):
        transport = FakeTransport(("127.0.0.1", 4242))
        caller = Caller(house.port, spoken=IRC)
        caller.connection_made(transport)
        caller.data_received(b"\r\n")
        assert transport.written == b""
        assert list(house.port.undecided) == [caller]
        caller.connection_lost(None)

    play(loop_factory, IRC, scene)


def test_datagrams_of_the_other_kind_are_passed_over(loop_factory):
    async def scene(house):
        for spoken, is_welcome in ((IRC, True), (PLAIN, False)):
            port, paper = UdpPort(house.port.house, house.admission, spoken), Paper()
            port.connection_made(paper)
            answers = Client(port, paper).send(Datagram(Kind.HELLO, ID))
            assert [answer.kind for answer in answers] == ([Kind.TOKEN] if is_welcome else [])
            port.datagram_received(b"oi", ("127.0.0.1", 40002))
            assert house.admission.total == (0 if is_welcome else 1)
            port.close()

    play(loop_factory, IRC, scene)
