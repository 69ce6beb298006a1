"""Have the C library give back what buffers took, so that a busy minute does not stay in it for good."""

from __future__ import annotations

import asyncio
import ctypes
import sys

#: Bytes from which a buffer has pages of its own, which go back to the system with it (mallopt(3)).
LARGE = 128 * 1024

#: Seconds between two times that all that is free is given back. It takes a thread some milliseconds.
PAUSE = 300.0

_M_MMAP_THRESHOLD = -3


def give_back_large_buffers() -> bool:
    """Keep glibc from raising its limit for buffers with pages of their own; tell whether that was done.

    It raises the limit by itself, up to 32 MiB, once such a buffer was freed. From then on long answers, and
    what a busy tick says to each, come from the heap, between small things that stay; so it grows, and what
    is free in it is not given back.
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl has none, and needs none
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGE))


def give_back_what_is_free() -> bool:
    """Give the pages that hold nothing back to the system; tell whether there were any (malloc_trim(3))."""
    if sys.platform != "linux":
        return False
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return False
    return bool(trim(0))


async def tidy_regularly(pause: float = PAUSE) -> None:
    """Go on giving back what is free, until cancelled.

    Of the heap the C library gives back by itself only what is free at its end. Between what stays there are
    soon as many free pages as any minute has ever needed, and more with each busier one.
    """
    while True:
        await asyncio.sleep(pause)
        await asyncio.to_thread(give_back_what_is_free)
