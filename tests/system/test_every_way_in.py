"""One port, everybody at once, each in their way: all hear the same, each message once."""

from __future__ import annotations

import asyncio
import random
import re
import socket

import pytest
from ports import free_port
from system.server_process import PATIENCE, ServerProcess
from system.ways_in import (
    ROOM,
    Client,
    DatagramCaller,
    IrcCaller,
    LockStepCaller,
    PlainCaller,
    TelnetCaller,
    WindowsCaller,
)

from chatapp.client.known_servers import KnownServers
from chatapp.client.tls import Security, TlsWishes
from chatapp.client.udp import Datagrams

pytestmark = pytest.mark.slow

ROUNDS = 8
NUISANCES = 50


@pytest.fixture(autouse=True)
def a_handshake_has_its_time(monkeypatch):
    """On a busy machine the servers here take longer than people wait."""
    for name in ("tls.HANDSHAKE_SECONDS", "tls.PATIENT_SECONDS", "connection.CONNECT_TIMEOUT"):
        monkeypatch.setattr(f"chatapp.client.{name}", 60.0)


def everyone(host, port, udp_port, folder):
    """People who come in by every way that there is."""
    wishes = TlsWishes(None, "", has_password=False)
    security = Security(host, port, wishes, KnownServers(folder / "known_servers"))
    return [
        Client("Ana", host, port, security=security),
        Client("Bia", host, port),
        Client("Caio", host, udp_port, datagrams=Datagrams(host, udp_port, random.random)),
        IrcCaller("Dora", host, port),
        IrcCaller("Enzo", host, port, is_encrypted=True),
        PlainCaller("Fábio", host, port),
        PlainCaller("Gil", host, port, is_encrypted=True),
        TelnetCaller("Hugo", host, port),
        WindowsCaller("Inês", host, port),
        LockStepCaller("Jô", host, port),
        DatagramCaller("Kátia", host, udp_port),
    ]


async def knock(host, port, number):
    """Somebody who is silent, or garbage; the connection, which stays open."""
    dice = random.Random(number)
    _reader, writer = connection = await asyncio.open_connection(host, port)
    kinds = [
        b"",
        dice.randbytes(200),
        b"\x16\x03\x01\x02\x00\x01",  # TLS that never goes on
        dice.randbytes(1) + b"\0" * 700,
        b"\r\n" * dice.randrange(400),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"NICK \xff\xfe\r\nUSER \xc3 0 * :\x1b[2J\r\n",
    ]
    writer.write(kinds[number % len(kinds)])
    return connection


async def talk(guest):
    for number in range(ROUNDS):
        await guest.say(f"{guest.name} diz {number} ✓" if guest.name != "Inês" else f"Inês diz {number} é")


async def meet(host, port, udp_port, folder):
    """All come in among the nuisances and talk at once; what each of them heard."""
    guests = everyone(host, port, udp_port, folder)
    nuisances = [await knock(host, port, number) for number in range(NUISANCES // 2)]
    for guest in guests:
        await guest.come_in()
    nuisances += [await knock(host, port, number) for number in range(NUISANCES // 2, NUISANCES)]
    await asyncio.gather(*map(talk, guests))
    count = ROUNDS * len(guests)
    heard = {guest.name: await guest.hears(count) for guest in guests}
    rows = next(guest.rows for guest in guests if guest.name == "Dora")
    for guest in guests:
        await guest.leave()
    for _reader, writer in nuisances:
        writer.transport.abort()
    return heard, rows


@pytest.fixture(scope="module")
def meeting(tmp_path_factory):
    """What all heard, what Dora's program saw, and the server's log when it has stopped."""
    folder, udp_port = tmp_path_factory.mktemp("house"), free_port(socket.SOCK_DGRAM)
    with ServerProcess(folder, LISTENER__UDP_PORT=str(udp_port)) as server:
        heard, rows = asyncio.run(asyncio.wait_for(meet(*server.address, udp_port, folder), 2 * PATIENCE))
        assert server.stop() == 0
    assert (folder / "known_servers").exists(), "Ana's client was to use TLS"
    return heard, rows, server.log()


def test_everybody_hears_everything_once_and_in_the_same_order(meeting):
    heard, _rows, _log = meeting
    order = heard["Dora"]
    assert len(set(order)) == len(order) == ROUNDS * len(heard)
    for name, said in heard.items():
        assert said == order, name
        assert [text for nick, text in order if nick == name] == sorted(
            t for nick, t in order if nick == name
        )


def test_nobody_notices_those_who_only_knock(meeting):
    heard, rows, log = meeting
    joined = [row.partition("!")[0] for row in rows if f" JOIN {ROOM}" in row]
    # Dora sees those who come after her.
    assert sorted(joined) == sorted(f":{name}" for name in list(heard)[3:])
    assert not [row for row in rows if "guest" in row]
    assert "Traceback" not in log
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", log)
