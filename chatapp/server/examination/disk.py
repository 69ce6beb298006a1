"""The disk with the data: its room, what kind it is, and how long it takes to keep something."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp.server.examination.finding import Finding, fix, look, ok
from chatapp.server.sizes import size_of
from chatapp.store.directory import DISK_FLOOR
from chatapp.system_errors import reason_of

#: How often something is written and waited for, and for how many seconds at most.
_TIMES, _SECONDS = 20, 1.0
#: Milliseconds. A message waits as long before anybody hears it.
_SLOW = 50.0
#: With less room it is time to look after it, in bytes.
_LITTLE = 1_000_000_000
_MEGABYTE = 1_000_000
_MOUNTS = Path("/proc/self/mounts")
#: Where the locks and the shared memory of SQLite's WAL cannot be relied on (https://sqlite.org/wal.html).
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}
_FLEETING = {"tmpfs", "ramfs"}


class Speed(NamedTuple):
    """How long the disk takes to keep a little, in milliseconds: usually, and at worst."""

    usual: float
    worst: float


def disk(directory: Path, may_write: bool) -> Iterator[Finding]:
    """How the disk is that ``directory`` is on, or will be, and how fast if we ``may_write`` there."""
    place = nearest(directory)
    kind = kind_of(place)
    yield _room(place, kind)
    if kind in _REMOTE:
        text = _("{place} is on a network ({kind}): SQLite can lose or damage data there.")
        remedy = _("keep the data on a disk of this machine, with --data-dir")
        yield fix("disk", text.format(place=place, kind=kind), remedy)
    elif kind in _FLEETING:
        text = _("{place} is in memory ({kind}): all of it is gone when the machine stops.")
        remedy = _("keep the data on a disk, with --data-dir")
        yield fix("disk", text.format(place=place, kind=kind), remedy)
    elif kind == "overlay":
        text = _("{place} is inside a container, and goes with it.").format(place=place)
        yield look("disk", text, _("put a volume there"))
    if may_write and place == directory:
        yield from _speed(place)


def speed_of(directory: Path) -> Speed:
    """Write a little into ``directory`` and wait for the disk, several times, for about a second at most.

    Raises:
        OSError: It cannot be written there.
    """
    wait = getattr(os, "fdatasync", os.fsync)
    taken: list[float] = []
    end = time.monotonic() + _SECONDS
    # In a file that is nobody's the moment it is open: nothing is left, however this ends.
    with tempfile.TemporaryFile(dir=directory, buffering=0) as file, closing(file):
        while len(taken) < _TIMES and (not taken or time.monotonic() < end):
            began = time.perf_counter()
            file.write(bytes(4096))
            wait(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return Speed(statistics.median(taken), max(taken))


def kind_of(place: Path, mounts: Path = _MOUNTS) -> str:
    """The kind of file system that ``place`` is on, "" where that is not known."""
    try:
        rows = [line.split() for line in mounts.read_text("utf-8", "surrogateescape").splitlines()]
        real = place.resolve()
    except OSError:
        return ""
    found = [
        (len(point), row[2]) for row in rows if real.is_relative_to(point := row[1].replace("\\040", " "))
    ]
    # Of two at the same place the later one lies over the other.
    return max(enumerate(found), key=lambda each: (each[1][0], each[0]))[1][1] if found else ""


def _room(place: Path, kind: str) -> Finding:
    try:
        usage = shutil.disk_usage(place)
    except OSError as why:
        return fix("disk", f"{place}: {reason_of(why)}.", _("see that the disk is there"))
    text = _("{free} of {total} are free").format(free=size_of(usage.free), total=size_of(usage.total))
    text += f" ({kind})." if kind else "."
    if usage.free < DISK_FLOOR:
        return fix("disk", text + " " + _("Nobody can say anything."), _("make room"))
    if usage.free < _LITTLE:
        return look(
            "disk",
            text,
            _("make room; below {floor} MB nobody can say anything").format(floor=DISK_FLOOR // _MEGABYTE),
        )
    return ok("disk", text)


def _speed(place: Path) -> Iterator[Finding]:
    try:
        speed = speed_of(place)
    except OSError as why:
        text = _("Nothing can be written in {place}: {reason}.")
        yield look("disk", text.format(place=place, reason=reason_of(why)), _("make room"))
        return
    text = _("To keep something takes {usual:.1f} ms, {worst:.1f} ms at worst.")
    text = text.format(usual=speed.usual, worst=speed.worst)
    if speed.usual > _SLOW:
        remedy = _("people hear nothing earlier than that; another disk, or synchronous = normal, is faster")
        yield look("disk", text, remedy)
    else:
        yield ok("disk", text)


def nearest(directory: Path) -> Path:
    """The folder that is there and that ``directory`` is in, or will be."""
    for place in (directory, *directory.parents):
        try:
            if place.is_dir():
                return place
        except OSError:  # this user may not look in there
            continue
    return directory
