"""Our client and our server by TLS, over real sockets: the first meeting, a restart, another key after it."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
from listeners.secure_house import with_certificates
from ports import free_port

from chatapp.client.connection import Connection
from chatapp.client.known_servers import KnownServers
from chatapp.client.login import Credentials
from chatapp.client.model import ConnectionState, Model
from chatapp.client.session import Session
from chatapp.client.tls import Security, TlsWishes
from chatapp.client.trust import Distrusted
from chatapp.core.settings import AccountSettings, Settings
from chatapp.server.app import opened
from chatapp.server.certificate import self_signed
from chatapp.server.settings import Config, DataSettings, ListenerSettings


@asynccontextmanager
async def server(data, port=None, rules=None, **listener):
    """A server that serves; its port, at which there may be another one after it."""
    settings = ListenerSettings(host="127.0.0.1", port=port or free_port(), **listener)
    async with opened(Config(rules or Settings(), DataSettings(str(data)), listeners=(settings,))) as app:
        task = asyncio.create_task(app.serve())
        try:
            yield app.addresses[0][1]
        finally:
            app.stop()
            await task


@pytest.fixture(autouse=True)
def a_handshake_has_its_time(monkeypatch):
    """On a busy machine the servers here take longer than people wait."""
    for name in ("tls.HANDSHAKE_SECONDS", "tls.PATIENT_SECONDS", "connection.CONNECT_TIMEOUT"):
        monkeypatch.setattr(f"chatapp.client.{name}", 60.0)


def run(story):
    """Run ``story`` on the loop that the client runs on."""

    async def within_patience():
        async with asyncio.timeout(60):
            await story()

    asyncio.run(within_patience())


class Client:
    """A session on a real connection with TLS; `until` waits for the model to say something."""

    def __init__(self, port, known, credentials=None, **wishes):
        self.model = Model()
        self.session = Session(self.model, "Ana", rooms=["#lobby"], now=time.time, credentials=credentials)
        security = Security("127.0.0.1", port, TlsWishes(**wishes), known)
        self.connection = Connection(self.session, "127.0.0.1", port, dice=lambda: 0.0, security=security)
        self._changed = asyncio.Event()
        self.model.on_change = self._changed.set
        self.task = asyncio.create_task(self.connection.run())

    async def until(self, true):
        while not true():
            assert not self.task.done() or self.task.exception() is None, self.task.exception()
            self._changed.clear()
            await self._changed.wait()

    async def comes_in(self):
        await self.until(lambda: self.is_online and self.model.find("#lobby").joined)

    @property
    def is_online(self):
        return self.model.state is ConnectionState.ONLINE

    @property
    def notes(self):
        return [entry.text for buffer in self.model.buffers for entry in buffer.entries if not entry.nick]

    async def leaves(self):
        self.connection.quit()
        await self.task


@pytest.fixture
def known(tmp_path):
    return KnownServers(tmp_path / "config" / "known_servers")


def test_the_first_meeting_and_the_next(tmp_path, known):
    async def story():
        async with server(tmp_path / "data") as port:
            for is_first in (True, False):
                ana = Client(port, known)
                await ana.comes_in()
                assert ana.model.transport == "encrypted"
                assert any("First time here" in note for note in ana.notes) is is_first
                ana.session.submit("olá 🎉")
                await ana.until(lambda ana=ana: not ana.session.speaking.outbox.unsent())
                await ana.leaves()
                assert ana.model.transport == ""

    run(story)


@pytest.mark.slow
def test_after_a_restart_it_comes_back_encrypted(tmp_path, known):
    async def story():
        async with server(tmp_path / "data") as port:
            ana = Client(port, known)
            await ana.comes_in()
        await ana.until(lambda: not ana.is_online)
        assert ana.model.transport == ""
        ana.session.submit("still here")
        async with server(tmp_path / "data", port):
            await ana.comes_in()
            assert ana.model.transport == "encrypted"
            await ana.until(lambda: not ana.session.speaking.outbox.unsent())
            await ana.leaves()

    run(story)


@with_certificates
@pytest.mark.slow
def test_who_has_added_a_certificate_needs_no_password_any_more(tmp_path, known):
    rules = Settings(accounts=AccountSettings(sasl_mechanisms=("PLAIN", "EXTERNAL")))
    pem = tmp_path / "ana.pem"
    pem.write_bytes(self_signed(["Ana"]))

    def client(port, password=""):
        shown = Credentials("Ana", password, has_certificate=True)
        return Client(port, known, shown, certificate=(str(pem), ""))

    async def first():
        async with server(tmp_path / "data", rules=rules) as port:
            ana = client(port)
            await ana.comes_in()
            assert any("Your certificate does not belong to that account" in note for note in ana.notes)
            ana.session.submit("/register s3gredo")
            await ana.until(lambda: ana.session.login.account == "Ana")
            await ana.leaves()
            ana = client(port, "s3gredo")
            await ana.comes_in()
            assert ana.session.login.account == "Ana"
            ana.session.submit("/msg NickServ CERT ADD")
            said = ana.model.buffers[-1].entries
            await ana.until(lambda: any("logs in to your account from now on" in each.text for each in said))
            await ana.leaves()

    async def again():
        async with server(tmp_path / "data", rules=rules) as port:
            ana = client(port)
            await ana.comes_in()
            assert ana.session.login.account == "Ana"
            await ana.leaves()

    run(first)
    run(again)


@pytest.mark.slow
def test_another_key_after_a_restart_ends_it(tmp_path, known):
    async def story():
        async with server(tmp_path / "data") as port:
            ana = Client(port, known)
            await ana.comes_in()
        (tmp_path / "data" / "tls.pem").unlink()
        async with server(tmp_path / "data", port):
            with pytest.raises(Distrusted, match="has changed"):
                await ana.task
            assert ana.model.state is ConnectionState.OFFLINE
            assert ana.model.retry_at is None

    run(story)


@pytest.mark.slow
def test_a_server_that_has_given_up_tls_is_tried_again_and_never_in_plain_text(tmp_path, known):
    async def story():
        async with server(tmp_path / "data") as port:
            ana = Client(port, known)
            await ana.comes_in()
        async with server(tmp_path / "data", port, tls=False):
            await ana.until(lambda: any("had encryption before" in note for note in ana.notes))
            assert not ana.is_online
            with pytest.raises(Distrusted, match="it answers with something else"):
                await Client(port, known).task
        async with server(tmp_path / "data", port):
            await ana.comes_in()
            assert ana.model.transport == "encrypted"
            await ana.leaves()

    run(story)


def test_a_server_without_tls_is_plain_and_that_is_said(tmp_path, known):
    async def story():
        async with server(tmp_path / "data", tls=False) as port:
            ana = Client(port, known)
            await ana.comes_in()
            assert ana.model.transport == "not encrypted"
            assert sum(note.startswith("Not encrypted") for note in ana.notes) == 1
            await ana.leaves()

    run(story)
