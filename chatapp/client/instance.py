"""Which of several clients of one person this one is: a number that no other running one has."""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO


class Instance:
    """A number from 1 on, held by a locked file in ``folder`` until `close` or the end of the program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: IO[bytes] | None = None
        self.number = 1
        with suppress(OSError):  # where nothing can be locked nothing can be written either
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.number = next(number for number in count(1) if self._take(number))

    def is_gone(self, number: int) -> bool:
        """Whether no client that runs has ``number``."""
        if number == self.number:
            return False
        try:
            with self._path(number).open("ab") as file:
                return _lock(file)
        except OSError:
            return False

    def close(self) -> None:
        """Let somebody else have the number."""
        if self._held is not None:
            self._held.close()

    def _take(self, number: int) -> bool:
        file = self._path(number).open("ab")
        if _lock(file):
            self._held = file
            return True
        file.close()
        return False

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.lock"


def _lock(file: IO[bytes]) -> bool:
    """Lock ``file`` until it is closed; false if somebody else has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
