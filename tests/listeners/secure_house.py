"""A house whose port knows TLS, and the other side of it: a client by hand, and certificates of people."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from listeners.house import Peer, open_house, settle

from chatapp.listeners.sockets import bind
from chatapp.listeners.standard_tls import StandardLayer
from chatapp.listeners.tls import Tls
from chatapp.server.certificate import load_ephemeral

try:
    from chatapp.listeners.certfp import AskingLayer
except ImportError:  # it is an extra
    AskingLayer = None

#: The ways in which TLS can be done here.
LAYERS = [kind for kind in (StandardLayer, AskingLayer) if kind]
with_certificates = pytest.mark.skipif(AskingLayer is None, reason="needs pyOpenSSL")


@cache
def certified(kind):
    """A layer with a key of the server's, and the digest of that."""
    layer = kind()
    return layer, load_ephemeral(layer, ["localhost"])


def trusting(**settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for name, value in settings.items():
        setattr(context, name, value)
    return context


@asynccontextmanager
async def secure_house(**limits):
    """A house whose port knows TLS, in the way of ``secure_house.kind``."""
    async with open_house(host=None, **limits) as house:
        house.tls = Tls(certified(secure_house.kind)[0])
        sockets = bind("127.0.0.1", 0)
        house.number = sockets[0].getsockname()[1]
        await house.port.listen(sockets, house.tls)
        yield house
        await settle(lambda: all(task.done() for task in house.tasks) or house.port.undecided)


secure_house.kind = StandardLayer


async def call(house, context=None):
    streams = await asyncio.open_connection("127.0.0.1", house.number, limit=2**24, ssl=context or trusting())
    house.peers.append(Peer(*streams))
    return house.peers[-1]


class ByHand:
    """A client's side of TLS without a socket, whose bytes can be held back and cut."""

    def __init__(self, context=None, session=None):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or trusting()).wrap_bio(self.incoming, self.outgoing, session=session)

    def hello(self):
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.do_handshake()
        return self.outgoing.read()

    async def goes_on(self, step, peer):
        """Do ``step`` as soon as enough has come for it."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self.incoming.write(await peer.reader.read(65536))


async def read_all(peer):
    try:
        return await peer.reader.read()
    except ConnectionError:
        return b""
    finally:
        peer.writer.close()


class Certified(NamedTuple):
    """Somebody's certificate: a file with it and its key, and its fingerprint."""

    path: Path
    digest: str


def certificate_for(path, pem):
    path.write_bytes(pem)
    return Certified(path, x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex())


def showing(certified, **settings):
    """What a client does that has a certificate."""
    context = trusting(**settings)
    context.load_cert_chain(certified.path)
    return context
