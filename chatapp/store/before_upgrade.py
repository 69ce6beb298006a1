"""The copy that is made before the database gets a new form, and what is told of work that takes long."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import ParamSpec

from chatapp.core.ports import StoreError
from chatapp.store.copying import copy_database, database_bytes, examine
from chatapp.store.directory import DISK_FLOOR
from chatapp.store.files import flush

P = ParamSpec("P")
#: Is told a sentence.
Tell = Callable[[str], object]

_MEGABYTE = 1_000_000
#: Between two words about the same work, in seconds.
PATIENCE = 5.0


def copy_before(connection: sqlite3.Connection, copy: Path, tell: Tell) -> None:
    """Put a copy of the database at ``copy``: it is there when it is whole, was read back and is on the disk.

    Raises:
        StoreError: There is no room for it, or it is damaged.
        sqlite3.Error: It cannot be read, or written.
    """
    unfinished = copy.with_suffix(".part")
    unfinished.unlink(missing_ok=True)  # of a start that was killed
    check_room(copy.parent, database_bytes(connection))

    def copied(done: int, whole: int) -> None:
        words = _("{done} of {whole} MB are copied")
        tell(words.format(done=done // _MEGABYTE, whole=-(-whole // _MEGABYTE)))

    def examined(_done: int, _whole: int) -> None:
        tell(_("The copy is looked through ..."))

    try:
        copy_database(connection, unfinished, seldom(copied))
        examine(unfinished, seldom(examined))
        flush(unfinished)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(copy)
    flush(copy.parent)


def seldom(call: Callable[P, object]) -> Callable[P, None]:
    """What calls ``call`` when `PATIENCE` has passed since the last time, however often it is called."""
    last = time.monotonic()

    def now_and_then(*args: P.args, **kwargs: P.kwargs) -> None:
        nonlocal last
        if time.monotonic() - last >= PATIENCE:
            last = time.monotonic()
            call(*args, **kwargs)

    return now_and_then


def check_room(folder: Path, needed: int) -> None:
    """Refuse to copy ``needed`` bytes into ``folder`` where that leaves the server no room.

    Raises:
        StoreError: It says how much it takes, and how much there is.
        OSError: The disk cannot be asked.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + DISK_FLOOR:
        words = _(
            "{place}: the data must be copied before it is brought up to date, which takes {needed} MB, and"
            " {free} MB are free: make room"
        )
        raise StoreError(
            words.format(place=folder, needed=(needed + DISK_FLOOR) // _MEGABYTE + 1, free=free // _MEGABYTE)
        )
