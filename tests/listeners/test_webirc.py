"""WEBIRC: a gateway that is trusted and knows the password tells for whom it comes; nobody else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listeners.house import on_every_loop, open_house, run

from chatapp.listeners.proxy import BadHeader, Header, Proxies
from chatapp.listeners.webirc import is_introduction, read_introduction

LINE = b"WEBIRC letmein web host.example 203.0.113.7 :secure local-port=1\r\n"
NOT_TRUSTED = "ERROR :127.0.0.1 is no proxy or gateway that this server trusts\r\n"
LOCAL = Proxies("off", ("127.0.0.1",))


@pytest.mark.parametrize(
    ("line", "address", "is_secure"),
    [
        (LINE, "203.0.113.7", True),
        (b"WEBIRC letmein web host 203.0.113.7\r\n", "203.0.113.7", False),
        (b"webirc letmein web host 0::1 :secured\n", "::1", False),
        (b"WEBIRC letmein web host 2001:db8::7 secure=1\r\n", "2001:db8::7", True),
    ],
)
def test_a_line_is_read_however_it_is_cut(line, address, is_secure):
    for size in range(len(line)):
        assert read_introduction(line[:size], "letmein") is None
    assert read_introduction(line + b"NICK x\r\n", "letmein") == Header(address, len(line), is_secure)


@pytest.mark.parametrize(
    ("line", "password"),
    [
        (LINE, "other"),
        (LINE, ""),
        (b"WEBIRC  web host 203.0.113.7\r\n", ""),
        (b"WEBIRC letmein web host\r\n", "letmein"),
        (b"WEBIRC letmein web host host.example\r\n", "letmein"),
        (b"WEBIRC letmein web \xff 203.0.113.7\r\n", "letmein"),
        (b"WEBIRC " + b"x" * 600, "letmein"),
    ],
)
def test_anything_else_is_refused(line, password):
    with pytest.raises(BadHeader):
        read_introduction(line, password)


@given(st.binary(max_size=600))
def test_rubbish_is_refused_or_waited_for(rubbish):
    try:
        found = read_introduction(b"WEBIRC " + rubbish, "letmein")
    except BadHeader:
        return
    assert found is None or found.size <= 607


def test_only_the_first_word_makes_an_introduction():
    assert is_introduction(LINE)
    assert not is_introduction(b"NICK ana\r\nWEBIRC x\r\n")


def play(loop_factory, proxies, password, scene):
    async def story():
        async with open_house(host=None, public=True) as house:
            settings = house.world.settings
            house.world.settings = replace(
                settings, server=replace(settings.server, webirc_password=password)
            )
            await house.listen(proxies=proxies)
            await scene(house)

    run(story, loop_factory)


@on_every_loop
def test_a_gateway_brings_somebody(loop_factory):
    async def scene(house):
        peer = await house.call()
        await peer.send(LINE[:9])
        await peer.send(LINE[9:] + b"NICK ana\r\nUSER ana 0 * :Ana\r\n")
        await peer.until(" 422 ")
        (session,) = house.world.users["ana"].sessions
        assert (session.address, session.is_secure) == ("203.0.113.7", True)
        assert house.admission.total == 1
        assert "421" in (await peer.asks(LINE.decode().strip()))[0]

    play(loop_factory, LOCAL, "letmein", scene)


@on_every_loop
@pytest.mark.parametrize(
    ("proxies", "password", "answer"),
    [
        (
            Proxies("off", ()),
            "letmein",
            NOT_TRUSTED,
        ),
        (LOCAL, "other", "ERROR :This is not the password for gateways\r\n"),
        (LOCAL, "", "ERROR :This is not the password for gateways\r\n"),
    ],
)
def test_nobody_else_does(loop_factory, proxies, password, answer):
    async def scene(house):
        peer = await house.call()
        await peer.send(LINE + b"NICK ana\r\nUSER ana 0 * :Ana\r\n")
        assert await peer.rest() == answer
        assert not house.world.users

    play(loop_factory, proxies, password, scene)
