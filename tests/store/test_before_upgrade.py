"""The copy before an upgrade: whole or not there, told in words, and a second start goes on."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from store.archives import keep, left_in, read, said

from chatapp.core.ports import StoreError
from chatapp.store import before_upgrade, copying, migration
from chatapp.store.before_upgrade import seldom
from chatapp.store.directory import DISK_FLOOR
from chatapp.store.open import open_store

PRESENT = len(migration.migrations())
COPY = f"chat-before-upgrade-from-{PRESENT}.db"


@pytest.fixture
def longer(monkeypatch):
    """A program that knows one step more."""
    steps = [*migration.migrations(), "CREATE TABLE two (x);"]
    monkeypatch.setattr("chatapp.store.database.migrations", lambda: steps)


def start(path):
    """Open and close; give back what was told."""
    told = []

    async def main():
        store = await open_store(path, "normal", told.append)
        await store.close()

    asyncio.run(main())
    return told


def test_what_is_done_is_told(tmp_path, longer):
    keep_before(tmp_path)
    assert start(tmp_path) == [
        f"The data is of an older version and is brought up to date; first a copy is made: {tmp_path / COPY}",
        "The data is up to date. The copy stays; delete it when all is well.",
    ]
    assert start(tmp_path) == []


def keep_before(path):
    """Data that the present program has left."""
    steps = migration.migrations()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatapp.store.database.migrations", lambda: steps)
        keep(path, *[said(at, "x" * 400) for at in range(1, 200)])


def test_work_that_takes_long_is_told_again_and_again(tmp_path, longer, monkeypatch):
    keep_before(tmp_path)
    monkeypatch.setattr(before_upgrade, "PATIENCE", 0)
    monkeypatch.setattr(migration, "OPERATIONS", 1)
    monkeypatch.setattr(copying, "OPERATIONS", 1)
    told = start(tmp_path)
    assert "0 of 1 MB are copied" in told
    assert "The copy is looked through ..." in told
    assert f"The data is brought up to date: step {PRESENT + 1} of {PRESENT + 1}" in told


def test_a_new_database_is_no_upgrade(tmp_path):
    assert start(tmp_path) == []
    assert left_in(tmp_path) == ["chat.db", "chat.lock"]


def test_the_copy_is_looked_through_before_anything_is_changed(tmp_path, longer):
    keep_before(tmp_path)
    content = bytearray((tmp_path / "chat.db").read_bytes())
    content[-8192:-4096] = b"\xff" * 4096
    (tmp_path / "chat.db").write_bytes(content)

    with pytest.raises(StoreError, match="is damaged"):
        start(tmp_path)

    assert (tmp_path / "chat.db").read_bytes() == content
    assert not list(tmp_path.glob("chat-before*"))


def test_where_there_is_no_room_for_the_copy_nothing_is_begun(tmp_path, longer, monkeypatch):
    keep_before(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=DISK_FLOOR))

    with pytest.raises(StoreError, match=r"which takes \d+ MB, and 67 MB are free: make room"):
        start(tmp_path)

    assert version_of(tmp_path / "chat.db") == PRESENT
    assert not list(tmp_path.glob("chat-before*"))


def test_a_disk_that_fills_while_it_copies_leaves_nothing(tmp_path, longer, monkeypatch):
    keep_before(tmp_path)

    def full(_source, target, _progress):
        target.write_bytes(b"half")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(before_upgrade, "copy_database", full)
    with pytest.raises(StoreError, match="the disk is full"):
        start(tmp_path)
    assert not list(tmp_path.glob("chat-before*"))
    monkeypatch.undo()
    assert len(read(tmp_path)) == 199


def version_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


#: Opens the data with one step more, and kills itself at the moment that it is told.
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from chatapp.store import before_upgrade, copying, database, migration
path, moment, signal_number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def die(*_): os.kill(os.getpid(), signal_number)
steps = [*migration.migrations(), "CREATE TABLE two (x);"]
database.migrations = lambda: steps
if moment == "copying":
    copying._PAGES = 1
    before_upgrade.seldom = lambda call: die
elif moment == "copied":
    before_upgrade.flush = lambda path: die() if path.is_dir() else None
else:
    steps[-1] += "INSERT INTO two SELECT body FROM message; SELECT die();"
    function = lambda connection, *_: connection.create_function("die", 0, die)
    copy_before = migration.copy_before
    migration.copy_before = lambda connection, *rest: (copy_before(connection, *rest), function(connection))
from chatapp.store.open import open_store
asyncio.run(open_store(path, "full"))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("moment", ["copying", "copied", "step"])
def test_killed_in_the_middle_a_second_start_goes_on(tmp_path, longer, moment):
    keep_before(tmp_path)
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), moment, str(int(signal.SIGKILL))],
        env={**os.environ, "PYTHONPATH": str(Path(migration.__file__).parents[2])},
        capture_output=True,
    )
    assert (child.returncode, child.stderr) == (-signal.SIGKILL, b"")
    assert version_of(tmp_path / "chat.db") == PRESENT
    assert (tmp_path / COPY).exists() is (moment != "copying")

    start(tmp_path)

    assert version_of(tmp_path / "chat.db") == PRESENT + 1
    assert version_of(tmp_path / COPY) == PRESENT
    with closing(sqlite3.connect(tmp_path / COPY)) as connection:
        assert connection.execute("SELECT count(*) FROM message").fetchone() == (199,)
    assert not list(tmp_path.glob("*.part"))


def test_seldom_is_when_time_has_passed(monkeypatch):
    now, calls = [100.0], []
    monkeypatch.setattr(before_upgrade.time, "monotonic", lambda: now[0])
    call = seldom(lambda: calls.append(now[0]))
    for passed in (0.0, 4.5, 0.5, 1.0, 5.0):
        now[0] += passed
        call()
    assert calls == [105.0, 111.0]
