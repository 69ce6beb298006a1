"""TLS of a whole server: there from the first start, read again on SIGHUP, and a bad certificate told of."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
from dataclasses import replace
from functools import partial

import pytest
import trustme
from listeners.house import Peer, on_every_loop, run, settle
from listeners.secure_house import AskingLayer, with_certificates
from server.test_app import serving

from chatapp.core.settings import AccountSettings, Settings
from chatapp.irc.fingerprint import key_digest, short
from chatapp.listeners.standard_tls import StandardLayer
from chatapp.server import app as app_module
from chatapp.server.app import CannotServe, opened, reload_on_hangup
from chatapp.server.certificate import self_signed
from chatapp.server.settings import Config, DataSettings, ListenerSettings

pytestmark = on_every_loop
ASKING = Settings(accounts=AccountSettings(sasl_mechanisms=("PLAIN", "EXTERNAL")))


def config(data, **listener):
    return Config(
        data=DataSettings(str(data)), listeners=(ListenerSettings(host="127.0.0.1", port=0, **listener),)
    )


async def key_at(app):
    """The fingerprint of the key that a caller sees."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    peer = Peer(*await asyncio.open_connection(*app.addresses[0], ssl=context))
    secure = peer.writer.get_extra_info("ssl_object")
    peer.writer.transport.abort()
    return short(key_digest(secure.getpeercert(binary_form=True)))


def test_it_is_there_from_the_first_start_and_the_key_stays(loop_factory, tmp_path):
    keys = []

    async def story():
        async with opened(config(tmp_path / "data")) as app:
            keys.append(await key_at(app))
            assert app.encryption.fingerprints == [keys[-1]]

    run(story, loop_factory)
    run(story, loop_factory)
    assert keys[0] == keys[1]


def test_with_nothing_kept_the_key_is_another_each_time(loop_factory):
    keys = []

    async def story():
        async with opened(config(":memory:")) as app:
            keys.append(await key_at(app))

    run(story, loop_factory)
    run(story, loop_factory)
    assert keys[0] != keys[1]


def test_a_bad_certificate_is_one_sentence(loop_factory, tmp_path):
    async def story():
        with pytest.raises(CannotServe, match=r"^No TLS: .*none\.pem: there is no such file or folder$"):
            async with opened(config(tmp_path / "data", tls_certificate=str(tmp_path / "none.pem"))):
                pass

    run(story, loop_factory)


@with_certificates
def test_a_system_that_forbids_what_certificates_need_is_told_in_words(loop_factory, tmp_path, monkeypatch):
    def forbidden():
        raise MemoryError("Cannot allocate write+execute memory")

    monkeypatch.setattr("chatapp.listeners.certfp.AskingLayer", forbidden)

    async def story():
        with pytest.raises(CannotServe, match=r"^No TLS: EXTERNAL .*=no in the unit$"):
            async with opened(replace(config(tmp_path / "data"), rules=ASKING)):
                pass

    run(story, loop_factory)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("rules", [Settings(), pytest.param(ASKING, marks=with_certificates)])
def test_sighup_takes_a_new_certificate_and_survives_a_broken_one(loop_factory, tmp_path, rules):
    pem = tmp_path / "both.pem"
    pem.write_bytes(self_signed(["localhost"]))

    async def story():
        told = replace(config(tmp_path / "data", tls_certificate=str(pem)), rules=rules)
        async with opened(told) as app:
            reload_on_hangup(app)
            first = await key_at(app)
            pem.write_bytes(self_signed(["localhost"]))
            os.kill(os.getpid(), signal.SIGHUP)
            await settle(lambda: app.encryption.fingerprints != [first])
            second = await key_at(app)
            assert app.encryption.fingerprints == [second]
            pem.write_text("rubbish")
            app.reload()
            assert await key_at(app) == second
            assert not app.is_stopping

    run(story, loop_factory)


@with_certificates
def test_whether_certificates_are_asked_for_is_read_again_too(loop_factory, tmp_path):
    async def story():
        async with opened(config(tmp_path / "data")) as app:
            first = await key_at(app)
            (listener,) = config(tmp_path / "data").listeners
            kinds = [type(app.encryption.of(listener).layer)]
            for rules in (ASKING, Settings()):
                app.read_again = partial(follow, app, rules)
                assert app.reload() == ["read"]
                kinds.append(type(app.encryption.of(listener).layer))
                assert await key_at(app) == first
            assert kinds == [StandardLayer, AskingLayer, StandardLayer]

    def follow(app, rules):
        app.follow(rules)
        return ["read"]

    run(story, loop_factory)


@pytest.mark.parametrize("is_vouched_for", [True, False])
def test_clients_are_told_to_come_with_tls_where_an_authority_vouches_for_it(
    loop_factory, tmp_path, is_vouched_for
):
    pem = tmp_path / "both.pem"
    pem.write_bytes(self_signed(["localhost"]))
    if is_vouched_for:
        issued = trustme.CA().issue_cert("localhost")
        pem.write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async def story():
        async with serving(config(tmp_path / "data", tls_certificate=str(pem))) as app:
            told = []
            for tls in (None, context):
                peer = Peer(*await asyncio.open_connection(*app.addresses[0], ssl=tls))
                lines = await peer.asks("CAP LS 302")
                told.append([word for line in lines for word in line.split() if word.startswith("sts=")])
                assert " NAK " in (await peer.asks("CAP REQ sts"))[0]
                assert "sts" not in (await peer.asks("CAP LIST"))[0]
                await peer.say("QUIT")
                await peer.rest()
            plain, secure = told
            assert plain == ([f"sts=port={app.addresses[0][1]}"] if is_vouched_for else [])
            assert secure == (["sts=duration=2592000"] if is_vouched_for else [])
            pem.write_bytes(self_signed(["localhost"]))
            app.reload()
            assert app.world.vouched_port == 0

    run(story, loop_factory)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_sighup_from_a_terminal_that_goes_away_stops(loop_factory, tmp_path, monkeypatch):
    terminals = {0, 1}
    monkeypatch.setattr(app_module.os, "isatty", lambda number: number in terminals)

    async def story():
        async with opened(config(":memory:")) as app:
            reload_on_hangup(app)
            terminals.clear()
            os.kill(os.getpid(), signal.SIGHUP)
            await settle(lambda: app.is_stopping)

    run(story, loop_factory)
