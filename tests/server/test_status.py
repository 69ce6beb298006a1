"""What a running server tells of itself when it is asked from beside it."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest
from listeners.house import run
from server.test_app import config, enter, serving

from chatapp.core.ports import StoreError
from chatapp.server import errands
from chatapp.server.banner import UdpAddress
from chatapp.server.errands import Errand, NoAnswer, ask
from chatapp.server.status import STATUS, Status, ask_status, digest_of, read_status, write_status


def test_a_server_is_asked_while_it_serves(tmp_path):
    async def scene():
        settings = config(tmp_path)
        async with serving(settings) as app:
            peers = [await enter(app, nick, "JOIN #tea") for nick in ("ana", "bob")]
            status = await asyncio.to_thread(ask_status, tmp_path, 30)
            host, port = app.addresses[0]
            assert (status.pid, status.addresses) == (os.getpid(), ((host, port),))
            assert (status.connections, status.users, status.rooms) == (2, 2, 1)
            assert (status.trouble, status.began) == ("", app.world.began)
            assert status.settings == digest_of(settings.rules, settings.listeners)
            app.world.mute_reason = "The disk is full"
            status = await asyncio.to_thread(ask_status, tmp_path, 30)
            assert status.trouble == "The disk is full"
            app.world.mute_reason = ""
            app._pump.outage = StoreError("The disk reports a fault")
            status = await asyncio.to_thread(ask_status, tmp_path, 30)
            assert status.trouble == "The disk reports a fault"
            app._pump.outage = None
            for peer in peers:
                peer.writer.close()

    run(scene, None)


def test_nobody_answers(tmp_path):
    with pytest.raises(NoAnswer):
        ask_status(tmp_path, 0)


def test_what_is_written_is_read():
    addresses = ("::", 7), UdpAddress("127.0.0.1", 8), Path("/run/chat.sock")
    status = Status(1, "1.0", 2, 3, 4, 5, 6, "já", addresses, "8")

    found = read_status(write_status(status))
    assert found == status
    assert [type(each) for each in found.addresses] == [type(each) for each in addresses]


@pytest.mark.parametrize(
    "addresses", ['"x"', "7", "[7]", '[["tcp", "::", "7"]]', '[["udp"]]', '[["x", "y"]]']
)
def test_addresses_that_are_none_are_nothing(addresses):
    status = Status(1, "1.0", 2, 3, 4, 5, 6, "", (), "8")

    assert read_status(write_status(status).replace("[]", addresses)) is None


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"pid": 1}', "null"])
def test_what_another_version_writes_is_nothing(text):
    assert read_status(text) is None


@pytest.mark.skipif(sys.platform == "win32", reason="users of Unix")
def test_what_the_superuser_asks_belongs_to_the_owner_of_the_data(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.fchown", lambda handle, *owner: given.append((os.fstat(handle), owner)))
    with pytest.raises(NoAnswer):
        ask(tmp_path, Errand(STATUS), 0)

    owner = (tmp_path.stat().st_uid, tmp_path.stat().st_gid)
    assert [each for _made, each in given] == [owner, owner]
    assert [stat.S_ISDIR(made.st_mode) for made, _owner in given] == [True, False]


@pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")
def test_a_link_in_place_of_the_folder_hands_over_nothing(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "errands").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(errands.Path, "exists", lambda _path: False)  # it came in the last moment

    with pytest.raises(OSError):
        ask(tmp_path / "data", Errand(STATUS), 0)
    assert list((tmp_path / "elsewhere").iterdir()) == []
