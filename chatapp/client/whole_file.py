"""A file written whole or not at all, and read by nobody else unless it was so before."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` in place of what is at ``path``; a link stays one, and a file's rights stay as they are.

    Raises:
        OSError: It cannot be written; what was there is still there.
    """
    import tempfile  # takes longer than all else here, and most starts write nothing

    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # for nobody but its owner
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(name).chmod(stat.S_IMODE(path.stat().st_mode))
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell of
            Path(name).unlink()
        raise
