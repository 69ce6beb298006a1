"""TLS on the shared port: the handshake however its bytes come, and everything that is spoken inside."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys

import pytest
import trustme
from listeners.house import on_every_loop, open_house, run, settle
from listeners.secure_house import LAYERS, ByHand, call, certified, read_all, secure_house, trusting

from chatapp.irc.fingerprint import key_digest
from chatapp.listeners import tls as tls_module
from chatapp.server.certificate import load_ephemeral

pytestmark = on_every_loop


@pytest.fixture(autouse=True, params=LAYERS)
def kind(request):
    """The way in which the house of a test does TLS."""
    secure_house.kind = request.param
    return request.param


def test_inside_it_is_irc_as_outside(loop_factory):
    async def story():
        async with secure_house() as house:
            bob = await house.enter("bob", "#tea")
            ana = await house.introduce(await call(house), "ana", "#tea")
            assert await bob.line() == ":ana!ana@127.0.0.1 JOIN #tea"
            await bob.say("PRIVMSG #tea :" + "x" * 400)
            assert (await ana.line()).endswith("x" * 400)
            await ana.say("QUIT :bye")
            assert await ana.rest() == "ERROR :Closing link: Quit: bye\r\n"
            await settle(lambda: house.admission.total == 1)

    run(story, loop_factory)


def test_whois_tells_who_is_encrypted(loop_factory):
    async def story():
        async with secure_house() as house:
            bob = await house.enter("bob")
            ana = await house.introduce(await call(house), "ana")
            secure = ":chatapp 671 {} ana :is using a secure connection"
            assert secure.format("bob") in await bob.asks("WHOIS ana")
            assert not [line for line in await ana.asks("WHOIS bob") if " 671 " in line]

    run(story, loop_factory)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=str)
def test_versions_and_ciphers(loop_factory, version):
    async def story():
        async with secure_house() as house:
            peer = await call(house, trusting(minimum_version=version, maximum_version=version))
            secure = peer.writer.get_extra_info("ssl_object")
            assert secure.compression() is None
            assert "GCM" in secure.cipher()[0] or "CHACHA20" in secure.cipher()[0]
            assert key_digest(secure.getpeercert(binary_form=True)) == certified(secure_house.kind)[1]

    run(story, loop_factory)


def test_weaker_ciphers_are_refused(loop_factory):
    async def story():
        async with secure_house() as house:
            weak = trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
            weak.set_ciphers("ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await call(house, weak)
            await settle(lambda: not house.admission.total)

    run(story, loop_factory)


@pytest.mark.filterwarnings("ignore:.*TLSv1_1 is deprecated:DeprecationWarning")
def test_older_versions_are_refused(loop_factory):
    async def story():
        async with secure_house() as house:
            old = trusting(minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1)
            old.set_ciphers("DEFAULT:@SECLEVEL=0")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await call(house, old)
            await settle(lambda: not house.admission.total)

    run(story, loop_factory)


def test_a_handshake_byte_by_byte_with_words_glued_to_its_end(loop_factory):
    async def story():
        async with secure_house() as house:
            peer, ours = await house.call(), ByHand()
            peer.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in ours.hello():
                await peer.send(bytes([byte]))
                await asyncio.sleep(0)
            await ours.goes_on(ours.tls.do_handshake, peer)
            ours.tls.write(b"NICK ana\r\nUSER a 0 * :a\r\nQUIT\r\n")
            await peer.send(ours.outgoing.read())
            heard = await ours.goes_on(ours.tls.read, peer)
            assert heard.startswith(b":chatapp 001 ana")

    run(story, loop_factory)


def test_a_browser_a_second_tls_and_ssh_are_refused_in_words(loop_factory):
    async def story():
        async with secure_house() as house:
            for said, answer in (
                (b"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
                (ByHand().hello(), "ERROR :There is TLS inside of TLS; one is enough"),
                (b"SSH-2.0-x\r\n", "ERROR :This server does not speak SSH yet"),
            ):
                peer = await call(house)
                await peer.send(said)
                assert (await peer.rest()).startswith(answer)

    run(story, loop_factory)


def test_a_person_without_a_program_is_greeted_inside_too(loop_factory):
    async def story():
        async with secure_house() as house:
            peer = await call(house)
            await peer.send(b"Ana\n")
            await settle(lambda: "ana" in house.world.users)
            assert house.world.users["ana"].sessions[0].is_secure
            assert house.world.users["ana"].sessions[0].is_plain

    run(story, loop_factory)


def test_without_a_certificate_it_is_refused_in_words(loop_factory):
    async def story():
        async with open_house() as house:
            peer = await house.call()
            await peer.send(ByHand().hello())
            assert await peer.rest() == "ERROR :This server does not speak TLS yet\r\n"

    run(story, loop_factory)


def test_a_hundred_who_vanish_half_way_leave_nothing(loop_factory):
    async def story():
        async with secure_house() as house:
            witness = await house.introduce(await call(house), "witness")
            files = open_files()

            async def vanish(number):
                peer = await house.call()
                hello = ByHand().hello()
                await peer.send(hello[: 3 + len(hello) * (number % 11) // 10])
                for _turn in range(number % 7):
                    await asyncio.sleep(0)
                peer.break_off()

            await asyncio.gather(*map(vanish, range(100)))
            await settle(lambda: house.admission.total == 1 and all(task.done() for task in house.tasks))
            assert not house.port.undecided
            await settle(lambda: open_files() == files)
            assert await witness.asks() == []

    run(story, loop_factory)


def test_garbage_in_the_handshake_and_after_it(loop_factory):
    async def story():
        async with secure_house() as house:
            peer = await house.call()
            await peer.send(b"\x16\x03\x01\x02\x00" + bytes(600))
            assert (await read_all(peer))[:1] in (b"", b"\x15")  # nothing, or an alert
            peer, ours = await house.call(), ByHand()
            await peer.send(ours.hello())
            await ours.goes_on(ours.tls.do_handshake, peer)
            await peer.send(ours.outgoing.read() + b"NICK ana\r\n")
            await read_all(peer)
            await settle(lambda: not house.admission.total)

    run(story, loop_factory)


def test_who_never_ends_the_handshake_is_sent_away(loop_factory, monkeypatch):
    monkeypatch.setattr(tls_module, "HANDSHAKE_SECONDS", 0.05)

    async def story():
        async with secure_house() as house:
            peer = await house.call()
            await peer.send(ByHand().hello()[:100])
            assert await read_all(peer) == b""
            await settle(lambda: not house.admission.total and not house.port.undecided)

    run(story, loop_factory)


def test_who_is_in_the_handshake_when_the_port_closes_or_is_swept_goes_too(loop_factory):
    async def story():
        async with secure_house() as house:
            for end in (lambda: house.port.sweep(float("inf")), house.port.close):
                peer = await house.call()
                await peer.send(ByHand().hello()[:100])
                await settle(lambda: any(caller.is_secure for caller in house.port.undecided))
                end()
                assert await read_all(peer) == b""
                await settle(lambda: not house.admission.total)

    run(story, loop_factory)


def test_who_stops_reading_is_cut_off_inside_tls_as_well(loop_factory):
    async def story():
        async with secure_house(sendq_bytes=65536) as house:
            ana = await house.enter("ana", "#tea")
            idle = await house.introduce(await call(house), "idle", "#tea")
            idle.writer.transport.pause_reading()
            house.connection_of("idle")._transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, 4096
            )
            sent = 0
            while "idle" in house.world.users:
                await ana.asks(*(f"PRIVMSG #tea :{number} {'x' * 400}" for number in range(50)))
                sent += 1
                assert sent < 2000
            assert sent > 2
            await settle(lambda: house.admission.total == 1)

    run(story, loop_factory)


def test_who_closes_tls_after_a_last_word_has_said_it(loop_factory, caplog):
    async def story():
        async with secure_house() as house:
            bob = await house.enter("bob", "#tea")
            ana = await house.introduce(await call(house), "ana", "#tea")
            await bob.line()
            await ana.say("PRIVMSG #tea :my last")
            ana.writer.close()
            assert (await bob.until("QUIT"))[0] == ":ana!ana@127.0.0.1 PRIVMSG #tea :my last"

    run(story, loop_factory)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("coming", "saying"),
    [
        (["NICK ana", "USER ana 0 * :ana", "JOIN #tea", "CHATHISTORY LATEST #tea * 5"], "PRIVMSG #tea :{}"),
        (["Ana", "/join tea"], "{}"),
    ],
)
@pytest.mark.parametrize("is_at_once", [False, True])
def test_all_that_was_said_before_tls_was_closed_is_carried_out(loop_factory, coming, saying, is_at_once):
    async def story():
        async with secure_house() as house:
            bob = await house.enter("bob", "#tea")
            await bob.asks("PRIVMSG #tea :there is a past")
            ana = await call(house)
            await settle(lambda: is_at_once or all(task.done() for task in house.tasks))
            await ana.say(*coming, *map(saying.format, range(300)))
            ana.writer.close()
            heard = [line.rpartition(":")[2] for line in await bob.until("QUIT") if "PRIVMSG" in line]
            assert heard == [*map(str, range(300))]
            await settle(lambda: house.admission.total == 1)

    run(story, loop_factory)


def test_a_new_certificate_is_for_those_who_come_after_it(loop_factory):
    async def story():
        async with secure_house() as house:
            ana = await house.introduce(await call(house), "ana")
            house.tls.layer = secure_house.kind()
            digest = load_ephemeral(house.tls.layer, ["localhost"])
            bob = await call(house)
            assert key_digest(bob.writer.get_extra_info("ssl_object").getpeercert(True)) == digest
            assert await ana.asks() == []

    run(story, loop_factory)


def open_files():
    """How many files this process has open, where the system tells."""
    return len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208


def test_a_chain_of_an_authority_is_shown_whole(loop_factory, tmp_path):
    authority = trustme.CA()
    issued = authority.create_child_ca().issue_cert("localhost")
    chain, key = tmp_path / "fullchain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    context = ssl.create_default_context()
    authority.configure_trust(context)

    async def story():
        async with secure_house() as house:
            house.tls.layer = secure_house.kind()
            house.tls.layer.load_cert_chain(chain, key)
            _reader, writer = await asyncio.open_connection(
                "127.0.0.1", house.number, ssl=context, server_hostname="localhost"
            )
            writer.transport.abort()

    run(story, loop_factory)
