"""The PROXY protocol: read byte by byte, believed from those who are trusted and from nobody else."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listeners.house import on_every_loop, open_house, run

from chatapp.listeners.detect import PROXY_V2
from chatapp.listeners.proxy import BadHeader, Header, Proxies, is_network, read_header

V1 = b"PROXY TCP4 203.0.113.7 192.0.2.1 51234 12345\r\n"


def version_2(source, command=0x21, tlv=b""):
    """A header of version 2 for an address, as a proxy writes it."""
    ip = ipaddress.ip_address(source)
    payload = ip.packed + ip.packed + (51234).to_bytes(2, "big") + (12345).to_bytes(2, "big") + tlv
    family = 0x11 if ip.version == 4 else 0x21
    return PROXY_V2 + bytes((command, family)) + len(payload).to_bytes(2, "big") + payload


HEADERS = [
    (V1, "203.0.113.7"),
    (b"PROXY TCP6 2001:db8::7 2001:db8::1 51234 12345\r\n", "2001:db8::7"),
    (b"PROXY UNKNOWN\r\n", ""),
    (b"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", ""),
    (version_2("203.0.113.7"), "203.0.113.7"),
    (version_2("2001:db8::7", tlv=b"\x04\x00\x01x"), "2001:db8::7"),
    (version_2("203.0.113.7", command=0x20), ""),
    (PROXY_V2 + b"\x21\x00\x00\x00", ""),
]
WRONG = [
    b"PROXY TCP4 2001:db8::7 192.0.2.1 51234 12345\r\n",
    b"PROXY TCP6 203.0.113.7 192.0.2.1 51234 12345\r\n",
    b"PROXY TCP4 203.0.113.777 192.0.2.1 51234 12345\r\n",
    b"PROXY TCP4 203.0.113.7 192.0.2.1 51234\r\n",
    b"PROXY UDP4 203.0.113.7 192.0.2.1 51234 12345\r\n",
    b"PROXY TCP4 203.0.113.7 192.0.2.1 51234 12345\n",
    b"PROXY " + b"x" * 200,
    PROXY_V2 + b"\x31\x11\x00\x0c" + bytes(12),
    PROXY_V2 + b"\x21\x11\xff\xff",
    PROXY_V2 + b"\x21\x11\x00\x04" + bytes(4),
]


@pytest.mark.parametrize(("header", "address"), HEADERS)
def test_a_header_tells_the_address_however_it_is_cut(header, address):
    for size in range(len(PROXY_V2 if header.startswith(PROXY_V2) else b""), len(header)):
        assert read_header(header[:size]) is None
    assert read_header(header) == Header(address, len(header))
    assert read_header(header + b"NICK ana\r\n") == Header(address, len(header))


@pytest.mark.parametrize("header", WRONG)
def test_what_is_no_header_is_said_so(header):
    with pytest.raises(BadHeader):
        read_header(header)


@given(st.binary(max_size=300), st.sampled_from([b"PROXY ", PROXY_V2]))
def test_rubbish_is_an_address_or_an_error_and_nothing_else(rubbish, beginning):
    try:
        header = read_header(beginning + rubbish)
    except BadHeader:
        return
    if header is not None and header.address:
        ipaddress.ip_address(header.address)


@pytest.mark.parametrize(
    ("trusted", "address", "is_believed"),
    [
        ((), "127.0.0.1", False),
        (("127.0.0.1",), "127.0.0.1", True),
        (("127.0.0.1",), "127.0.0.2", False),
        (("10.0.0.0/8",), "10.255.0.3", True),
        (("10.0.0.0/8",), "::ffff:10.255.0.3", True),
        (("10.0.0.0/8",), "11.0.0.1", False),
        (("fd00::/8",), "fd00::1%eth0", True),
        (("localhost",), "localhost", True),
        (("127.0.0.1",), "localhost", False),
        (("localhost",), "127.0.0.1", False),
    ],
)
def test_who_is_trusted(trusted, address, is_believed):
    assert Proxies("optional", trusted).trusts(address) is is_believed


def test_what_can_be_trusted():
    assert is_network("localhost")
    assert is_network("::1")
    assert not is_network("proxy.example")


def play(loop_factory, proxies, scene, **about):
    async def story():
        async with open_house(host=None, **about) as house:
            await house.listen(proxies=proxies)
            await scene(house)

    run(story, loop_factory)


ONLY_A_PROXY = "ERROR :Only a proxy may connect to this port, and it says for whom\r\n"
NOT_TRUSTED = "ERROR :127.0.0.1 is no proxy or gateway that this server trusts\r\n"
LOCAL = ("127.0.0.1",)
REGISTER = b"NICK ana\r\nUSER ana 0 * :Ana\r\n"


@on_every_loop
@pytest.mark.parametrize("header", [V1, version_2("203.0.113.7")])
@pytest.mark.parametrize("use", ["optional", "required"])
def test_a_proxy_tells_where_a_caller_comes_from(loop_factory, header, use):
    async def scene(house):
        peer = await house.call()
        await peer.send(header + REGISTER)
        await peer.until(" 376 " if house.world.settings.server.motd else " 422 ")
        (session,) = house.world.users["ana"].sessions
        assert session.address == "203.0.113.7"
        assert house.world.users["ana"].host == "203.0.113.7"
        assert house.admission.total == 1

    play(loop_factory, Proxies(use, LOCAL), scene, public=True)


@on_every_loop
def test_who_comes_without_the_header_is_turned_away_where_it_must_be(loop_factory):
    async def scene(house):
        for words in (REGISTER, b"oi\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            peer = await house.call()
            await peer.send(words)
            assert await peer.rest() == ONLY_A_PROXY
        cut = await house.call()
        await cut.send(b"oi")
        cut.writer.write_eof()
        assert await cut.rest() == ""
        assert not house.world.users

    play(loop_factory, Proxies("required", LOCAL), scene)


@on_every_loop
def test_the_header_may_be_left_out_where_it_is_optional(loop_factory):
    async def scene(house):
        await house.enter("ana")
        assert house.world.users["ana"].sessions[0].address == "127.0.0.1"

    play(loop_factory, Proxies("optional", LOCAL), scene)


@on_every_loop
@pytest.mark.parametrize(
    ("proxies", "answer"),
    [
        (
            Proxies("optional", ("10.0.0.0/8",)),
            NOT_TRUSTED,
        ),
        (Proxies("off", LOCAL), "ERROR :This server does not speak PROXY yet\r\n"),
    ],
)
def test_the_header_of_anybody_else_is_refused(loop_factory, proxies, answer):
    async def scene(house):
        peer = await house.call()
        await peer.send(V1 + REGISTER)
        assert await peer.rest() == answer

    play(loop_factory, proxies, scene, public=True)


@on_every_loop
def test_one_header_is_enough(loop_factory):
    """A second one is the caller's own, who would come from wherever they like."""

    async def scene(house):
        peer = await house.call()
        await peer.send((V1 + V1).replace(b"203.0.113", b"10.0.0") + REGISTER)
        assert (await peer.rest()).startswith("ERROR :")

    play(loop_factory, Proxies("optional", (*LOCAL, "10.0.0.0/8")), scene)


@on_every_loop
def test_callers_of_a_proxy_count_by_their_own_addresses(loop_factory):
    async def scene(house):
        here = [await house.call() for _ in range(3)]
        for number, peer in enumerate(here):
            await peer.send(b"PROXY TCP4 8.8.8.%d 192.0.2.1 1 2\r\n" % (number // 2))
        await here[1].send(b"PING x\r\n")
        assert await here[1].rest() == "ERROR :There are 1 connections from your address already\r\n"
        await here[2].send(b"PING x\r\n")
        assert "PONG" in await here[2].line()
        assert house.admission.total == 2

    play(loop_factory, Proxies("required", LOCAL), scene, public=True, connections_per_ip=1)


@pytest.mark.slow
@on_every_loop
def test_a_person_behind_a_proxy_is_asked_for_a_name(loop_factory):
    async def scene(house):
        peer = await house.call()
        await peer.send(b"PROXY UNKNOWN\r\n")
        assert "What is your name?" in await peer.line()

    play(loop_factory, Proxies("required", LOCAL), scene)
