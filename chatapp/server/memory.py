"""Have the C library give back what large buffers took, so that one busy minute does not stay for good."""

from __future__ import annotations

import ctypes
import sys

#: Bytes from which a buffer has pages of its own, which go back to the system with it (mallopt(3)).
LARGE = 128 * 1024

_M_MMAP_THRESHOLD = -3


def give_back_large_buffers() -> bool:
    """Keep glibc from raising its limit for buffers with pages of their own; tell whether that was done.

    It raises the limit by itself, up to 32 MiB, once such a buffer was freed. From then on the 256 KiB that
    each connection with TLS takes for reading, and long answers, come from the heap, between small things
    that stay; so it grows, and what is free in it is not given back.
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl has none, and needs none
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGE))
