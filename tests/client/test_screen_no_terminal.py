"""The client where there is no terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chatapp.client.local_server import is_this_machine


@pytest.mark.slow
def test_it_says_so_and_gives_2():
    done = subprocess.run(
        [sys.executable, "-m", "chatapp", "client", "--port", "1"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert done.stdout == ""


def test_which_hosts_are_this_machine():
    assert is_this_machine("localhost")
    assert is_this_machine("127.0.0.1")
    assert not is_this_machine("192.0.2.1")
    assert not is_this_machine("x" * 300)
