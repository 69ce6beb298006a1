"""To be somebody whom the system refuses something, also where tests are run as root. Unix only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NOBODY = 65534


@contextmanager
def powerless() -> Iterator[None]:
    """Within it we may do no more than anybody else."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
