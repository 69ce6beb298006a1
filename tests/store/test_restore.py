"""A restore brings everything back, changes nothing until it can, and deletes nothing."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from store.archives import NOW, backup, keep, left_in, read, said, silent

from chatapp.core.ports import StoreError
from chatapp.store import migration
from chatapp.store import restore as restoring
from chatapp.store.directory import DataDirectory, InUse
from chatapp.store.open import open_store
from chatapp.store.restore import restore


@pytest.fixture
def saved(tmp_path):
    """A backup of two messages, a key and settings."""
    data = keep(tmp_path / "data", said(1), said(2))
    (data.path / "tls.pem").write_text("the key")
    (tmp_path / "my.toml").write_text("# mine\n")
    return backup(data, tmp_path / "saved", tmp_path / "my.toml")


def again(saved, path, *, replace=False):
    return restore(saved, DataDirectory(path), NOW, silent, replace=replace)


def with_version(path, version):
    with closing(sqlite3.connect(path / "chat.db")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def test_a_folder_that_is_not_there_is_made(saved, tmp_path):
    restored = again(saved, tmp_path / "deep" / "new")

    assert restored.aside is None
    assert left_in(tmp_path / "deep" / "new") == [
        "chat.db",
        "chat.lock",
        "restored-chat-server.toml",
        "tls.pem",
    ]
    assert (tmp_path / "deep" / "new" / "tls.pem").read_text() == "the key"
    assert read(tmp_path / "deep" / "new") == [said(1), said(2)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_the_owner_may_read_it(saved, tmp_path):
    again(saved, tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()} == {0o600}


def test_where_there_is_data_it_is_refused_and_the_data_stays(saved, tmp_path):
    keep(tmp_path / "new", said(7, "dear"))
    before = left_in(tmp_path / "new")

    with pytest.raises(StoreError, match="has data already; --replace puts it aside"):
        again(saved, tmp_path / "new")

    assert left_in(tmp_path / "new") == before
    assert read(tmp_path / "new") == [said(7, "dear")]


def test_what_is_replaced_is_put_aside_whole(saved, tmp_path):
    keep(tmp_path / "new", said(7, "dear"))
    (tmp_path / "new" / "tls.pem").write_text("another key")

    aside = again(saved, tmp_path / "new", replace=True).aside

    assert read(tmp_path / "new") == [said(1), said(2)]
    assert (tmp_path / "new" / "tls.pem").read_text() == "the key"
    assert aside is not None and aside.parent == tmp_path / "new"
    assert (aside / "tls.pem").read_text() == "another key"
    assert read(aside) == [said(7, "dear")]


@pytest.mark.slow
def test_what_a_killed_server_had_in_its_log_is_put_aside_too(saved, tmp_path):
    """A WAL beside another database would damage it."""
    program = f"""
import asyncio, os
from pathlib import Path
from chatapp.core.ports import Changes, Kept
from chatapp.store.open import open_store
from store.archives import said
async def main():
    store = await open_store(Path({str(tmp_path / "new")!r}), "full")
    await store.history.keep(Changes([Kept("#tea", said(7))]))
    os._exit(9)
asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", program], env=environment).returncode == 9
    assert (tmp_path / "new" / "chat.db-wal").stat().st_size

    aside = again(saved, tmp_path / "new", replace=True).aside

    assert read(tmp_path / "new") == [said(1), said(2)]
    assert read(aside) == [said(7)]


def test_what_is_damaged_can_be_replaced(saved, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "chat.db").write_bytes(b"not a database" * 1000)
    (tmp_path / "new" / "chat.db-wal").write_bytes(b"nor its log" * 1000)

    aside = again(saved, tmp_path / "new", replace=True).aside

    assert (aside / "chat.db").read_bytes()[:14] == b"not a database"
    assert (aside / "chat.db-wal").read_bytes()[:11] == b"nor its log"
    assert read(tmp_path / "new") == [said(1), said(2)]


def test_a_key_that_is_not_in_the_backup_stays_as_it_is(tmp_path):
    saved = backup(keep(tmp_path / "data", said(1)), tmp_path / "saved")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "tls.pem").write_text("another key")

    again(saved, tmp_path / "new")

    assert (tmp_path / "new" / "tls.pem").read_text() == "another key"


def test_under_a_server_that_runs_nothing_is_restored(saved, tmp_path):
    async def main():
        store = await open_store(tmp_path / "new")
        try:
            with pytest.raises(InUse, match="another chat-server uses this data"):
                await asyncio.to_thread(again, saved, tmp_path / "new", replace=True)
        finally:
            await store.close()

    asyncio.run(main())
    assert read(tmp_path / "new") == []


def test_an_old_backup_is_brought_up_to_date_at_the_next_start(tmp_path, monkeypatch):
    steps = [*migration.migrations(), "CREATE TABLE two (x);"]
    saved = backup(keep(tmp_path / "data", said(1)), tmp_path / "saved")
    monkeypatch.setattr("chatapp.store.database.migrations", lambda: steps)
    monkeypatch.setattr("chatapp.store.restore.migrations", lambda: steps)

    again(saved, tmp_path / "new")

    assert read(tmp_path / "new") == [said(1)]
    assert f"chat-before-upgrade-from-{len(steps) - 1}.db" in left_in(tmp_path / "new")


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_changed(tmp_path):
    data = keep(tmp_path / "data", said(1))
    with_version(data.path, 99)
    saved = backup(data, tmp_path / "saved")

    with pytest.raises(StoreError, match=r"newer chatapp \(format 99"):
        again(saved, tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_a_damaged_backup_changes_nothing(saved, tmp_path):
    keep(tmp_path / "new", said(7, "dear"))
    before = left_in(tmp_path / "new")
    saved.write_bytes(saved.read_bytes()[:-700])

    with pytest.raises(StoreError, match="is no backup of chatapp, or is damaged"):
        again(saved, tmp_path / "new", replace=True)

    assert left_in(tmp_path / "new") == before
    assert read(tmp_path / "new") == [said(7, "dear")]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_changes_nothing(saved, tmp_path, monkeypatch, number):
    keep(tmp_path / "new", said(7, "dear"))
    before = left_in(tmp_path / "new")

    def fail(_path):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(restoring, "flush", fail)

    with pytest.raises(StoreError, match="nothing was changed"):
        again(saved, tmp_path / "new", replace=True)

    assert left_in(tmp_path / "new") == before
    assert read(tmp_path / "new") == [said(7, "dear")]


def test_a_folder_where_the_database_goes_changes_nothing(saved, tmp_path):
    (tmp_path / "new" / "chat.db").mkdir(parents=True)

    with pytest.raises(StoreError, match=r"chat\.db: the backup cannot be restored \(it is a folder\)"):
        again(saved, tmp_path / "new")

    assert left_in(tmp_path / "new") == ["chat.db", "chat.lock"]


def test_more_than_fits_is_refused_at_once(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(DataDirectory, "free_bytes", lambda self: 1000)
    with pytest.raises(StoreError, match="there is no room for the backup; nothing was changed"):
        again(saved, tmp_path / "new")
    assert left_in(tmp_path / "new") == ["chat.lock"]


def test_a_backup_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreError, match=r"missing: the backup cannot be restored \(there is no such file"):
        again(tmp_path / "missing", tmp_path / "new")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_restores_belongs_to_who_has_the_folder(saved, tmp_path):
    (tmp_path / "new").mkdir()
    os.chown(tmp_path / "new", 4321, 4321)

    again(saved, tmp_path / "new")

    assert {path.stat().st_uid for path in (tmp_path / "new").iterdir()} == {4321}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_what_others_have_linked_there_is_not_given_away(saved, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "secret").write_text("root's")
    (tmp_path / "new" / "hard").hardlink_to(tmp_path / "secret")
    (tmp_path / "new" / "soft").symlink_to(tmp_path / "secret")
    os.chown(tmp_path / "new", 4321, 4321)

    again(saved, tmp_path / "new")

    assert (tmp_path / "secret").stat().st_uid == 0


@pytest.mark.parametrize("moment", range(1, 9))
def test_ended_at_any_moment_it_leaves_the_old_or_the_new(saved, tmp_path, monkeypatch, moment):
    """Each change of a name is a moment; the old is there in any case."""
    keep(tmp_path / "new", said(7, "dear"))
    left = moment

    def until(call):
        def counted(*args, **options):
            nonlocal left
            left -= 1
            if not left:
                raise SystemExit("killed")
            return call(*args, **options)

        return counted

    for name in ("replace", "hardlink_to", "mkdir"):
        monkeypatch.setattr(Path, name, until(getattr(Path, name)))
    with pytest.raises(SystemExit):
        again(saved, tmp_path / "new", replace=True)
    monkeypatch.undo()

    assert read(tmp_path / "new") in ([said(7, "dear")], [said(1), said(2)])
    if read(tmp_path / "new") != [said(7, "dear")]:
        (aside,) = (tmp_path / "new").glob("replaced-*")
        assert read(aside) == [said(7, "dear")]
