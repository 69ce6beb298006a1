"""The way to a server over real sockets: with TLS, without it, and with a key that is not the one it was."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import pytest
import trustme

from chatapp.client import tls as module
from chatapp.client.known_servers import KnownServers
from chatapp.client.tls import LostEncryption, Security, TlsWishes
from chatapp.client.trust import Distrusted
from chatapp.irc.fingerprint import key_digest, short

AUTHORITY = trustme.CA()


class Certified:
    """A server's certificate, and the digest of its key."""

    def __init__(self, authority=None, name="localhost"):
        issued = (authority or trustme.CA()).issue_cert(name)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(self.context)
        pem = issued.cert_chain_pems[0].bytes().decode()
        self.key = key_digest(ssl.PEM_cert_to_DER_cert(pem))


ONE, TWO = Certified(), Certified()


@pytest.fixture
def known(tmp_path):
    return KnownServers(tmp_path / "known_servers")


class Server:
    """Answers at a free port of this machine; ``heard`` is what was said to it, inside TLS if there is."""

    def __init__(self, answer):
        self.answer = answer
        self.heard = b""
        self.calls = self.ended = 0

    async def serve(self, reader, writer):
        self.calls += 1
        with contextlib.suppress(ConnectionError):
            await self.answer(self, reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        self.ended += 1


async def echo(server, reader, writer):
    while data := await reader.read(1000):
        server.heard += data


async def words(server, reader, writer):
    writer.write(b"ERROR :Say NICK\r\n")
    server.heard += await reader.read(1000)


async def hang_up(server, reader, writer):
    server.heard += await reader.read(1000)


async def silence(server, reader, writer):
    server.heard += await reader.read(1000)
    await reader.read(1000)


async def alert(server, reader, writer):
    await reader.read(1000)
    writer.write(b"\x15\x03\x01\x00\x02\x02\x28")


@pytest.fixture(autouse=True)
def a_handshake_has_its_time(monkeypatch):
    """On a busy machine the servers here take longer than people wait."""
    for name in ("tls.HANDSHAKE_SECONDS", "tls.PATIENT_SECONDS", "connection.CONNECT_TIMEOUT"):
        monkeypatch.setattr(f"chatapp.client.{name}", 60.0)


def play(scene, *, answer=echo, context=None):
    """Run ``scene(server, port)`` beside a server that speaks TLS if there is a ``context``."""

    async def all_of_it():
        server = Server(answer)
        socket_server = await asyncio.start_server(server.serve, "localhost", 0, ssl=context)
        # localhost may have several addresses, and port 0 gives each its own.
        port = socket_server.sockets[0].getsockname()[1]
        host = socket_server.sockets[0].getsockname()[0]
        socket_server.close()
        socket_server = await asyncio.start_server(server.serve, host, port, ssl=context)
        async with asyncio.timeout(60):
            await scene(server, port)
            while server.ended < server.calls:  # noqa: ASYNC110  whoever has called is gone and will be noticed
                await asyncio.sleep(0)
        socket_server.close()

    asyncio.run(all_of_it())


async def opened(known, port, **wishes):
    """A connection, closed again, and what was said about it."""
    result = await Security("localhost", port, TlsWishes(**wishes), known).open(Kept)
    result.protocol.transport.abort()
    return result


class Kept(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport


def test_a_first_meeting_is_encrypted_shown_and_remembered(known):
    async def scene(server, port):
        result = await opened(known, port)
        assert result.is_encrypted
        assert short(ONE.key) in result.words
        assert known.find("localhost", port) == ONE.key
        again = await opened(known, port)
        assert again.is_encrypted
        assert again.words == ""

    play(scene, context=ONE.context)


def test_a_key_that_cannot_be_kept_is_said(known, tmp_path):
    (tmp_path / "file").touch()
    known = KnownServers(tmp_path / "file" / "known_servers")

    async def scene(server, port):
        with pytest.raises(Distrusted, match="cannot be read"):
            await opened(known, port)

    play(scene, context=ONE.context)


def test_a_changed_key_is_refused_and_nothing_is_said_to_it(known):
    async def scene(server, port):
        known.remember("localhost", port, TWO.key)
        with pytest.raises(Distrusted, match="has changed") as told:
            await opened(known, port)
        assert short(ONE.key) in str(told.value)
        assert server.heard == b""
        assert known.find("localhost", port) == TWO.key

    play(scene, context=ONE.context)


def test_a_changed_key_that_an_authority_vouches_for_is_taken(known, monkeypatch):
    vouched = Certified(AUTHORITY)

    async def scene(server, port):
        known.remember("localhost", port, TWO.key)
        with AUTHORITY.cert_pem.tempfile() as authorities:
            monkeypatch.setenv("SSL_CERT_FILE", authorities)
            result = await opened(known, port)
        assert result.is_encrypted
        assert "an authority" in result.words
        assert known.find("localhost", port) == vouched.key

    play(scene, context=vouched.context)


def test_an_authority_that_vouches_for_another_name_does_not_help(known, monkeypatch):
    async def scene(server, port):
        known.remember("localhost", port, TWO.key)
        with AUTHORITY.cert_pem.tempfile() as authorities:
            monkeypatch.setenv("SSL_CERT_FILE", authorities)
            with pytest.raises(Distrusted, match="has changed"):
                await opened(known, port)

    play(scene, context=Certified(AUTHORITY, "chat.example").context)


@pytest.mark.parametrize("digits", [32, 64])
def test_a_fingerprint_that_was_given_is_the_word(known, digits):
    async def scene(server, port):
        known.remember("localhost", port, TWO.key)
        result = await opened(known, port, fingerprint=ONE.key[:digits])
        assert result.is_encrypted
        assert known.find("localhost", port) == ONE.key
        with pytest.raises(Distrusted, match="another key than the one you gave"):
            await opened(known, port, fingerprint=TWO.key[:digits])

    play(scene, context=ONE.context)


@pytest.mark.parametrize("answer", [words, hang_up, silence])
def test_a_server_without_tls_is_spoken_to_in_plain_text_and_that_is_said(known, answer, monkeypatch):
    monkeypatch.setattr(module, "HANDSHAKE_SECONDS", 0.05)

    async def scene(server, port):
        result = await opened(known, port)
        assert not result.is_encrypted
        assert result.words.startswith("Not encrypted: this server has no TLS")
        assert server.calls == 2

    play(scene, answer=answer)


@pytest.mark.parametrize("answer", [words, hang_up, silence])
@pytest.mark.parametrize("wishes", [{"tls": True}, {"fingerprint": ONE.key}])
def test_who_insists_gets_no_plain_text(known, answer, wishes, monkeypatch):
    monkeypatch.setattr(module, "PATIENT_SECONDS", 0.05)

    async def scene(server, port):
        with pytest.raises(Distrusted, match="cannot be spoken to with TLS"):
            await opened(known, port, **wishes)
        assert server.calls == 1

    play(scene, answer=answer)


@pytest.mark.parametrize("answer", [words, hang_up, silence, alert])
def test_where_it_once_had_tls_there_is_no_plain_text(known, answer, monkeypatch):
    monkeypatch.setattr(module, "PATIENT_SECONDS", 0.05)

    async def scene(server, port):
        known.remember("localhost", port, ONE.key)
        with pytest.raises(LostEncryption, match="had encryption before") as told:
            await opened(known, port)
        assert told.value.is_answer is (answer is words)
        assert server.calls == 1

    play(scene, answer=answer)


def test_a_server_that_speaks_tls_and_cannot_agree_is_not_spoken_to_in_plain_text(known):
    async def scene(server, port):
        with pytest.raises(Distrusted, match="it wants another version or cipher"):
            await opened(known, port)
        assert server.calls == 1

    play(scene, answer=alert)


def test_without_tls_by_wish(known):
    async def scene(server, port):
        known.remember("localhost", port, ONE.key)
        result = await opened(known, port, tls=False, has_password=True)
        assert not result.is_encrypted
        assert result.words.startswith("Not encrypted, as you asked")
        assert server.calls == 1

    play(scene)


@pytest.mark.parametrize("is_here", [True, False])
def test_a_password_leaves_this_machine_only_encrypted(known, is_here, monkeypatch):
    monkeypatch.setattr(module, "is_loopback", lambda peer: is_here)

    async def scene(server, port):
        if is_here:
            assert not (await opened(known, port, has_password=True)).is_encrypted
        else:
            with pytest.raises(Distrusted, match="your password would be readable"):
                await opened(known, port, has_password=True)

    play(scene, answer=words)


@pytest.mark.parametrize(
    ("peer", "is_loopback"),
    [
        (("127.0.0.1", 1), True),
        (("::1", 1, 0, 0), True),
        (("192.0.2.1", 1), False),
        (("fe80::1%eth0", 1), False),
    ],
)
def test_what_stays_on_this_machine(peer, is_loopback):
    assert module.is_loopback(peer) is is_loopback


def test_where_nobody_listens_there_is_no_connection(known):
    async def scene(server, port):
        with pytest.raises(ConnectionRefusedError):
            await Security("127.0.0.1", 1, TlsWishes(), known).open(Kept)

    play(scene)


def test_a_certificate_that_makes_no_sense(known, monkeypatch):
    def nonsense(certificate):
        raise ValueError

    monkeypatch.setattr(module, "key_digest", nonsense)

    async def scene(server, port):
        with pytest.raises(Distrusted, match="makes no sense"):
            await opened(known, port)
        assert known.find("localhost", port) == ""

    play(scene, context=ONE.context)


def test_our_certificate_is_shown_to_the_server(known, tmp_path):
    ours = AUTHORITY.issue_cert("ana@example.org")
    ours.cert_chain_pems[0].write_to_path(tmp_path / "ana.pem")
    ours.private_key_pem.write_to_path(tmp_path / "ana.key")
    certified = Certified()
    certified.context.verify_mode = ssl.CERT_OPTIONAL
    AUTHORITY.configure_trust(certified.context)
    shown = []

    async def look(_server, reader, writer):
        shown.append(writer.get_extra_info("ssl_object").getpeercert()["subjectAltName"])
        await reader.read(1000)

    async def scene(server, port):
        files = (str(tmp_path / "ana.pem"), str(tmp_path / "ana.key"))
        assert (await opened(known, port, certificate=files)).is_encrypted

    play(scene, answer=look, context=certified.context)
    assert shown == [(("email", "ana@example.org"),)]


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_certificate_that_cannot_be_used_is_told(known, tmp_path, text):
    path = tmp_path / "ana.pem"
    if text is not None:
        path.write_text(text)

    async def scene(server, port):
        with pytest.raises(Distrusted, match="Your certificate cannot be used"):
            await opened(known, port, certificate=(str(path), ""))
        assert server.heard == b""

    play(scene, context=ONE.context)
