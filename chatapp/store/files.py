"""Files for their owner alone: made, put in their place at once, given to whom they belong, on the disk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


def private(path: Path) -> None:
    """Make the file at ``path`` if need be; when new, only its owner may read it.

    SQLite gives its side files (``-wal``, ``-shm``) the rights of the database.
    """
    path.touch(mode=0o600)


def create_private(path: Path) -> IO[bytes]:
    """A new file at ``path`` to write bytes to; only its owner may read it.

    Raises:
        FileExistsError: There is something.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_private(path: Path, data: bytes, folder: Path) -> None:
    """Have ``data`` stand at ``path``, at once or not at all, for whoever ``folder`` belongs to alone.

    Raises:
        OSError: It cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # of one that was killed; nor is a link followed
    with create_private(part) as file:
        file.write(data)
        hand_over(file.fileno(), folder)
    part.replace(path)


def hand_over(handle: int, folder: Path) -> None:
    """Give what is open as ``handle`` to whoever ``folder`` belongs to, if we are root: others must use it.

    By its handle, since who owns the folder could put something else in its place meanwhile.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def flush(path: Path) -> None:
    """Return once the file or folder at ``path`` is on the disk; of folders Windows does that by itself."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
