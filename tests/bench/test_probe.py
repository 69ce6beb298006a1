"""What a process and its family use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatapp.bench.probe import NoSuchFigure, cpu_seconds, family, resident_bytes

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")

#: A process with a child; both wait until their input ends.
_PARENT = """
import subprocess, sys
waits = "import sys; print(1, flush=True); sys.stdin.read()"
child = subprocess.Popen([sys.executable, "-c", waits], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.read()
child.wait()
"""


@pytest.mark.slow
def test_children_count():
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        together, alone = resident_bytes(parent.pid), resident_bytes(child)

        assert family(parent.pid) == [parent.pid, child]
        assert family(child) == [child]
        assert together > alone
        assert cpu_seconds(parent.pid) >= cpu_seconds(child)


def test_a_process_that_is_not_there_has_no_figures():
    with pytest.raises(NoSuchFigure):
        cpu_seconds(2**22 + 1)


def test_we_use_something():
    assert resident_bytes(os.getpid()) > 1_000_000
