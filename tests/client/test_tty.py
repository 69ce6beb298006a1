"""The client where it has no terminal, or not even all of the standard files."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors by a shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
@pytest.mark.parametrize(
    ("flags", "words"),
    [([], "needs a terminal"), (["--linear", "--port", "1"], "There is no server at localhost:1")],
)
def test_without_a_standard_file_there_is_a_sentence(tmp_path, closed, flags, words):
    command = [sys.executable, "-m", "chatapp", "client", "--lang", "en", *flags]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *command],
        env={**os.environ, "HOME": str(tmp_path), "TERM": "xterm"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert words in done.stderr
    assert "Traceback" not in done.stderr
