"""TLS that asks for a certificate: who is known by which, and that nobody is by another's."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
from dataclasses import replace

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from listeners.house import on_every_loop, run, settle
from listeners.secure_house import (
    AskingLayer,
    ByHand,
    call,
    certificate_for,
    read_all,
    secure_house,
    showing,
    trusting,
    with_certificates,
)

from chatapp.listeners.proxy import Proxies
from chatapp.server.certificate import self_signed

pytestmark = [on_every_loop, with_certificates]
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=str)
COMING = b"NICK ana\r\nUSER a 0 * :a\r\n"


@pytest.fixture(autouse=True)
def kind():
    secure_house.kind = AskingLayer


@pytest.fixture
def ours(tmp_path):
    return certificate_for(tmp_path / "ours.pem", self_signed(["ana"]))


def shown_by(house, nick):
    return house.world.users[nick].sessions[0].certificate


async def shake(hand, peer, size=65536):
    """Do the handshake in pieces of ``size``; what ends it, in TLS 1.3, is not sent yet."""
    said = hand.hello()
    while True:
        for at in range(0, len(said), size):
            await peer.send(said[at : at + size])
            await asyncio.sleep(0)
        try:
            hand.tls.do_handshake()
            return
        except ssl.SSLWantReadError:
            said = hand.outgoing.read()
            if not said:
                hand.incoming.write(await peer.reader.read(65536))


@VERSIONS
def test_the_session_learns_what_was_shown(loop_factory, ours, version):
    async def story():
        async with secure_house() as house:
            context = showing(ours, minimum_version=version, maximum_version=version)
            await house.introduce(await call(house, context), "ana")
            await house.introduce(await call(house), "bob")
            await house.enter("eve")
            assert [shown_by(house, nick) for nick in ("ana", "bob", "eve")] == [ours.digest, "", ""]

    run(story, loop_factory)


@pytest.mark.parametrize("days", [-1, 1])
def test_neither_who_signed_it_nor_until_when_it_is_good_matters(loop_factory, tmp_path, days):
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    issued = trustme.CA().create_child_ca().issue_cert("ana@example.org", not_after=end.replace(tzinfo=None))
    theirs = certificate_for(tmp_path / "issued.pem", issued.private_key_and_cert_chain_pem.bytes())

    async def story():
        async with secure_house() as house:
            await house.introduce(await call(house, showing(theirs)), "ana")
            assert shown_by(house, "ana") == theirs.digest

    run(story, loop_factory)


@pytest.mark.parametrize(("bits", "counts"), [(1024, False), (2048, True)])
def test_a_short_key_counts_for_nothing(loop_factory, tmp_path, bits, counts):
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ana")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    kept = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    theirs = certificate_for(
        tmp_path / "rsa.pem", key.private_bytes(serialization.Encoding.PEM, *kept) + signed
    )
    context = trusting()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(theirs.path)

    async def story():
        async with secure_house() as house:
            await house.introduce(await call(house, context), "ana")
            assert shown_by(house, "ana") == (theirs.digest if counts else "")

    run(story, loop_factory)


@VERSIONS
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_handshake_in_pieces_with_words_glued_to_its_end(loop_factory, ours, version, size):
    async def story():
        async with secure_house() as house:
            peer = await house.call()
            hand = ByHand(showing(ours, minimum_version=version, maximum_version=version))
            peer.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await shake(hand, peer, size)
            hand.tls.write(COMING)
            await peer.send(hand.outgoing.read())
            assert (await hand.goes_on(hand.tls.read, peer)).startswith(b":chatapp 001 ana")
            assert shown_by(house, "ana") == ours.digest

    run(story, loop_factory)


@VERSIONS
def test_nothing_is_resumed_so_the_certificate_is_shown_each_time(loop_factory, ours, version):
    context = showing(ours, minimum_version=version, maximum_version=version)

    async def story():
        session = None
        async with secure_house() as house:
            for number in range(2):
                peer, hand = await house.call(), ByHand(context, session)
                await shake(hand, peer)
                hand.tls.write(COMING.replace(b"ana", b"ana%d" % number))
                await peer.send(hand.outgoing.read())
                assert b" 001 ana" in await hand.goes_on(hand.tls.read, peer)
                session = hand.tls.session
                assert not hand.tls.session_reused
                assert shown_by(house, f"ana{number}") == ours.digest

    run(story, loop_factory)


def test_many_at_once_are_each_known_by_their_own(loop_factory, tmp_path):
    certificates = [
        certificate_for(tmp_path / f"{number}.pem", self_signed([f"n{number}"])) for number in range(5)
    ]

    async def story():
        async with secure_house() as house:

            async def enter(number):
                context = showing(certificates[number % 5]) if number % 6 else trusting()
                await house.introduce(await call(house, context), f"n{number}")

            await asyncio.gather(*map(enter, range(60)))
            for number in range(60):
                expected = certificates[number % 5].digest if number % 6 else ""
                assert shown_by(house, f"n{number}") == expected

    run(story, loop_factory)


def test_half_of_what_proves_it_is_nothing(loop_factory, ours):
    async def story():
        async with secure_house() as house:
            for part in (0.2, 0.5, 0.9):
                peer, hand = await house.call(), ByHand(showing(ours))
                await peer.send(hand.hello())
                await hand.goes_on(hand.tls.do_handshake, peer)
                last = hand.outgoing.read()
                await peer.send(last[: int(len(last) * part)])
                peer.break_off()
            await settle(lambda: not house.admission.total and all(task.done() for task in house.tasks))
            assert not house.world.sessions

    run(story, loop_factory)


def test_a_proof_that_was_changed_on_its_way_is_nothing(loop_factory, ours):
    async def story():
        async with secure_house() as house:
            peer, hand = await house.call(), ByHand(showing(ours))
            await peer.send(hand.hello())
            await hand.goes_on(hand.tls.do_handshake, peer)
            hand.tls.write(COMING)
            last = bytearray(hand.outgoing.read())
            last[len(last) // 2] ^= 1
            await peer.send(bytes(last))
            await read_all(peer)
            await settle(lambda: not house.admission.total)
            assert not house.world.sessions

    run(story, loop_factory)


def test_renegotiation_is_refused(loop_factory, ours):
    from OpenSSL import SSL  # an extra

    async def story():
        async with secure_house() as house:
            peer = await house.call()
            context = SSL.Context(SSL.TLS_CLIENT_METHOD)
            context.set_max_proto_version(SSL.TLS1_2_VERSION)
            client = SSL.Connection(context, None)
            client.set_connect_state()

            async def do(step):
                while True:
                    try:
                        return step()
                    except SSL.WantReadError:
                        await flush()
                        client.bio_write(await peer.reader.read(65536))
                    finally:
                        await flush()

            async def flush():
                try:
                    await peer.send(client.bio_read(65536))
                except SSL.WantReadError:
                    return

            await do(client.do_handshake)
            await do(lambda: client.send(COMING))
            assert b" 001 ana" in await do(lambda: client.recv(65536))
            assert client.renegotiate()
            with pytest.raises(SSL.Error, match="no renegotiation"):
                await do(client.do_handshake)

    run(story, loop_factory)


def test_a_gateway_s_certificate_is_not_that_of_those_it_brings(loop_factory, ours):
    async def story():
        async with secure_house(public=True) as house:
            settings = house.world.settings
            server = replace(settings.server, webirc_password="letmein")
            house.world.settings = replace(settings, server=server)
            await house.listen(tls=house.tls, proxies=Proxies("optional", ("127.0.0.1",)))
            peer = await call(house, showing(ours))
            await peer.send(b"WEBIRC letmein web host 203.0.113.7 :secure\r\n" + COMING)
            await peer.until(" 422 ")
            (session,) = house.world.users["ana"].sessions
            assert (session.address, session.is_secure, session.certificate) == ("203.0.113.7", True, "")

    run(story, loop_factory)
