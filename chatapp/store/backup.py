"""A backup: everything that a restore needs in one file, made while the server serves.

It counts once it was read back and compared with what went in.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp import __version__
from chatapp.core.ports import StoreError
from chatapp.store.bundle import (
    SETTINGS,
    Manifest,
    pack,
    part_of,
    read_manifest,
    unpack,
)
from chatapp.store.copying import Inventory, copy_database, database_bytes, examine, open_reader
from chatapp.store.directory import CERTIFICATE, DATABASE, DISK_FLOOR, DataDirectory
from chatapp.store.failure import explain
from chatapp.store.files import create_private, flush
from chatapp.store.workspace import known_name, put, workspace
from chatapp.system_errors import reason_of

#: Told again and again: what is being done, how much of it, and of how much; of 0 where that is not known.
Stages = Callable[[str, int, int], None]

_MEGABYTE = 1_000_000
_NAME = re.compile(r"chatapp-backup-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz")


class Request(NamedTuple):
    """What to back up, and where to: the data at ``data``, and the settings' file if one is known."""

    data: DataDirectory
    target: Path
    settings: Path | None = None


def name_at(moment: datetime) -> str:
    """What a backup that is made at ``moment`` is called where nobody gave it a name; names sort by time."""
    return f"chatapp-backup-{moment.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.tar.gz"


def back_up(request: Request, now: datetime, stages: Stages) -> Manifest:
    """Make the backup; it appears at its place when it is whole, and what is there is never overwritten.

    Raises:
        StoreError: It could not be made, and nothing of it is left; the text says why.
    """
    data, target, _settings = request
    if target.exists():
        raise StoreError(_("{place}: is there already; a backup overwrites nothing").format(place=target))
    with (
        closing(open_reader(data.database)) as source,
        _told(request, source),
        workspace(target.absolute().parent) as place,
    ):
        sources, contents = _gather(request, source, place, stages)
        parts = tuple(part_of(path, name) for name, path in sources.items())
        made = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest = Manifest(made, __version__, str(data.path), *contents, parts)
        whole = place / "whole"
        with create_private(whole) as file:
            pack(file, manifest, sources, _watched(request, stages, _("packing")))
        flush(whole)
        check(whole, stages)
        put(whole, target)
    return manifest


def check(backup: Path, stages: Stages) -> Manifest:
    """Read all of the backup and compare it with its sums.

    Raises:
        StoreError: It is damaged, or none.
        OSError: It cannot be read.
    """
    return unpack(backup, None, lambda done, whole: stages(_("reading it back"), done, whole))


def newest_in(place: Path) -> Path:
    """The newest backup in the folder ``place``, going by the names that we give; ``place`` if it is a file.

    Raises:
        StoreError: There is no backup in it.
    """
    if not place.is_dir():
        return place
    names = [path for path in place.iterdir() if _NAME.fullmatch(path.name)]
    if not names:
        raise StoreError(_("{place}: there is no backup in this folder").format(place=place))
    return max(names, key=lambda path: path.name)


def keep_newest(count: int, data: DataDirectory, made: Path) -> list[Path]:
    """Take away all but the newest ``count`` backups of ``data`` beside ``made``; give back which those were.

    ``made`` is the newest, whatever the clock showed when the others were made. Only what has a name that we
    give, and says itself that it is a backup of this data, is ever taken away.
    """
    ours = []
    for path in sorted(made.parent.iterdir()):
        if path != made and _NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            try:
                if read_manifest(path).data_dir == str(data.path):
                    ours.append(path)
            except (StoreError, OSError):  # somebody else's, or damaged: for a person to decide
                continue
    surplus = ours[: max(len(ours) + 1 - count, 0)]
    for path in surplus:
        path.unlink()
    return surplus


def _gather(
    request: Request, source: sqlite3.Connection, place: Path, stages: Stages
) -> tuple[dict[str, Path], Inventory]:
    """Put copies of all that belongs to a backup into ``place``."""
    sources = {DATABASE: place / DATABASE}
    copy_database(source, sources[DATABASE], _watched(request, stages, _("copying")))
    contents = examine(sources[DATABASE], lambda done, whole: stages(_("checking"), done, whole))
    for name, path in ((CERTIFICATE, request.data.path / CERTIFICATE), (SETTINGS, request.settings)):
        if path is not None and path.is_file():
            sources[name] = place / name
            with create_private(sources[name]) as file:
                file.write(path.read_bytes())
    return sources, contents


def _watched(request: Request, stages: Stages, words: str) -> Callable[[int, int], None]:
    """Tell of progress, and end it before the server next to it has no room any more."""
    folder = request.target.absolute().parent
    shares_disk = _shares_disk(request)

    def told(done: int, whole: int) -> None:
        if shares_disk and shutil.disk_usage(folder).free < DISK_FLOOR:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        stages(words, done, whole)

    return told


def _shares_disk(request: Request) -> bool:
    """Whether the backup is made on the disk of the data, of which the server needs a part."""
    return request.target.absolute().parent.stat().st_dev == request.data.path.stat().st_dev


@contextmanager
def _told(request: Request, source: sqlite3.Connection) -> Iterator[None]:
    """What goes wrong, in words; of a full disk with how much room it takes."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise _no_room(request, source) from error
        raise explain(error, str(request.data.database)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _no_room(request, source) from error
        place = known_name(error, request.target)
        words = _("{place}: the backup cannot be written ({error})")
        raise StoreError(words.format(place=place, error=reason_of(error))) from error


def _no_room(request: Request, source: sqlite3.Connection) -> StoreError:
    words = _(
        "{place}: there is no room for a backup here: it takes up to {needed} MB; nothing of it is left"
    )
    needed = (2 * database_bytes(source) + DISK_FLOOR * _shares_disk(request)) // _MEGABYTE + 1
    return StoreError(words.format(place=request.target.absolute().parent, needed=needed))
