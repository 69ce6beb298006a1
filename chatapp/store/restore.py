"""A restore: a backup becomes the data of a server that is stopped, and what was there is put aside.

Whenever it is ended, the folder has either the old data or the new, and the old is in it in any case.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp.core.ports import StoreError
from chatapp.store.backup import Stages
from chatapp.store.bundle import SETTINGS, Manifest, read_manifest, unpack
from chatapp.store.copying import examine
from chatapp.store.directory import CERTIFICATE, DATABASE, DataDirectory
from chatapp.store.failure import explain
from chatapp.store.files import flush
from chatapp.store.migration import check_version, migrations
from chatapp.store.workspace import known_name, workspace
from chatapp.system_errors import reason_of

_MEGABYTE = 1_000_000
#: SQLite's side files belong to one database alone: beside another one they would damage it.
_SIDE_FILES = (DATABASE + "-wal", DATABASE + "-shm", DATABASE + "-journal")


class Restored(NamedTuple):
    """What a backup held, and where what was there before lies now, None if there was nothing."""

    manifest: Manifest
    aside: Path | None


def restore(backup: Path, data: DataDirectory, now: datetime, stages: Stages, *, replace: bool) -> Restored:
    """Make the data in ``data`` that of ``backup``; with ``replace`` also where there is some already.

    Raises:
        InUse: A server runs on this data.
        StoreError: It could not be done, and the data is as it was; the text says why.
    """
    with _told(backup, data):
        manifest = read_manifest(backup)
        check_version(manifest.schema, len(migrations()), str(backup))
        with data.locked():
            if _has_data(data) and not replace:
                words = _("{place}: has data already; --replace puts it aside, or choose another --data-dir")
                raise StoreError(words.format(place=data.path))
            if data.database.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(data.database))
            if manifest.size > data.free_bytes():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with workspace(data.path) as place:
                parts = place / "parts"
                parts.mkdir(mode=0o700)
                unpack(backup, parts, lambda done, whole: stages(_("unpacking"), done, whole))
                found = examine(parts / DATABASE, lambda done, whole: stages(_("checking"), done, whole))
                check_version(found.schema, len(migrations()), str(backup))
                for part in manifest.parts:
                    flush(parts / part.name)
                aside = _put_aside(data, now)
                _put_in(parts, data)
            _hand_over(data)
    return Restored(manifest, aside)


def _has_data(data: DataDirectory) -> bool:
    """An empty file is none: one that was never filled is left by a start that failed."""
    return any(path.is_file() and path.stat().st_size for path in (data.database, data.path / _SIDE_FILES[0]))


def _put_aside(data: DataDirectory, now: datetime) -> Path | None:
    """Have what is there in a folder of its own as well; give back which."""
    if not _has_data(data):
        return None
    aside = data.path / f"replaced-{now.astimezone():%Y-%m-%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for name in (DATABASE, CERTIFICATE, *_SIDE_FILES):
        if (data.path / name).is_file():
            _link(data.path / name, aside / name)
    flush(aside)
    flush(data.path)
    # Only now, since SQLite may throw away the log of a damaged database. With nothing left in the side files
    # it costs nothing to be ended between taking them away and the rest.
    with suppress(sqlite3.Error):
        _fold(data.database)
    return aside


def _fold(database: Path) -> None:
    """Make one file of the database and its WAL."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _link(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except OSError:  # a disk without links
        shutil.copy2(path, target)
        flush(target)


def _put_in(parts: Path, data: DataDirectory) -> None:
    """The database last: with it the rest has happened."""
    if (parts / CERTIFICATE).is_file():
        (parts / CERTIFICATE).replace(data.path / CERTIFICATE)
    if (parts / SETTINGS).is_file():
        (parts / SETTINGS).replace(settings_in(data))
    for name in _SIDE_FILES:
        (data.path / name).unlink(missing_ok=True)
    (parts / DATABASE).replace(data.database)
    flush(data.path)


def settings_in(data: DataDirectory) -> Path:
    """Where the settings of a backup are put: nobody reads them there, a person decides."""
    return data.path / f"restored-{SETTINGS}"


def _hand_over(data: DataDirectory) -> None:
    """What root has made here belongs to whoever has the folder: the server must be able to write it."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    owner = data.path.stat()
    for path in data.path.iterdir():
        made = path.lstat()
        # A link that somebody else has put here must not hand them a file from elsewhere.
        if made.st_uid == 0 and (path.is_dir() or made.st_nlink == 1) and not path.is_symlink():
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


@contextmanager
def _told(backup: Path, data: DataDirectory) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, str(data.database)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            words = _("{place}: there is no room for the backup; nothing was changed")
            raise StoreError(words.format(place=data.path)) from error
        words = _("{place}: the backup cannot be restored ({error}); nothing was changed")
        place = known_name(error, backup)
        raise StoreError(words.format(place=place, error=reason_of(error))) from error
