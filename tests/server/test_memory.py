"""What large buffers took goes back to the system at once, whatever was freed before."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Frees a large buffer (glibc then raises its limit to it), and looks where the next one of that size lies.
_SCRIPT = """
import ctypes
from chatapp.server.memory import give_back_large_buffers
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
libc.mallinfo2.restype = type("Info", (ctypes.Structure,), {"_fields_": [
    (name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd".split()
] + [("rest", ctypes.c_size_t * 5)]})
print(give_back_large_buffers() if FIRST else True)
libc.free(libc.malloc(1 << 20))
before = libc.mallinfo2().hblks
libc.malloc(1 << 20)
print(libc.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's alone")
@pytest.mark.parametrize(("is_asked_for", "pages_of_its_own"), [(True, "1"), (False, "0")])
def test_a_large_buffer_has_pages_of_its_own(is_asked_for, pages_of_its_own):
    script = _SCRIPT.replace("FIRST", str(is_asked_for))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", pages_of_its_own]


#: Empties the heap of buffers between which others stay, and waits until the process has less for it.
_HOLES = """
import asyncio, ctypes, os
from chatapp.server import memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

async def main():
    buffers = [libc.malloc(60_000) for _ in range(500)]
    for buffer in buffers:
        ctypes.memset(buffer, 1, 60_000)
        libc.malloc(20_000)
    for buffer in buffers:
        libc.free(buffer)
    before = resident()
    tidying = asyncio.create_task(memory.tidy_regularly(0.0))
    while before - resident() < 10_000_000:
        await asyncio.sleep(0)
    tidying.cancel()

asyncio.run(asyncio.wait_for(main(), 20))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="glibc's alone")
def test_what_is_free_between_what_stays_goes_back():
    subprocess.run([sys.executable, "-c", _HOLES], check=True)
