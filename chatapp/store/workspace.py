"""A folder for what is not whole yet, beside the place where it is to stand.

It is gone with the block, however that ends. What a process that was killed has left behind is
taken away by the next one.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from chatapp.store.directory import DamagedLock, exclusive
from chatapp.store.files import flush

#: What the name of each of these folders begins with.
PREFIX = ".chatapp-unfinished-"
_LOCK = "lock"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """A new folder inside ``folder``, for its owner alone.

    Raises:
        OSError: It cannot be made.
    """
    _sweep(folder)
    lock = ExitStack()
    place = _begin(folder, lock)
    try:
        with lock:
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _begin(folder: Path, lock: ExitStack) -> Path:
    """Make the folder and hold its lock; again, if somebody swept it away before that was there."""
    while True:
        place = folder / (PREFIX + secrets.token_hex(8))
        place.mkdir(mode=0o700)
        try:
            lock.enter_context(exclusive(place / _LOCK))
        except sqlite3.OperationalError:
            if place.exists():
                shutil.rmtree(place, ignore_errors=True)
                raise
        else:
            return place


def put(whole: Path, target: Path) -> None:
    """Let the file ``whole`` stand at ``target``, at once, and never over something.

    Raises:
        FileExistsError: There is something.
        OSError: The disk reports a fault.
    """
    flush(whole)
    try:
        target.hardlink_to(whole)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        whole.rename(target)
    flush(target.absolute().parent)


def known_name(error: OSError, otherwise: Path) -> str:
    """The file that ``error`` is about; what is not whole yet has a name that says nothing to a person."""
    names = (error.filename2, error.filename)  # of a renaming the first is where to
    return next((str(name) for name in names if name and PREFIX not in str(name)), str(otherwise))


def _sweep(folder: Path) -> None:
    """Take away what nobody works in any more: its lock is free. What is another user's stays as it is."""
    for place in folder.glob(PREFIX + "*"):
        with suppress(OSError, sqlite3.Error, DamagedLock):
            _sweep_one(place)


def _sweep_one(place: Path) -> None:
    lock = place / _LOCK
    if not lock.exists():
        place.rmdir()  # its maker was killed before there was a lock
    elif lock.is_file():
        with exclusive(lock) as is_abandoned:
            pass
        if is_abandoned:
            shutil.rmtree(place, ignore_errors=True)
