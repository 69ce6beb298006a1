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
