"""Why the system refuses something is told in the reader's language, whatever the system's own is."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
from pathlib import Path

import pytest

from chatapp.system_errors import reason_for, reason_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(errno.ENOENT, "Datei oder Verzeichnis nicht gefunden", "x"),
            "there is no such file or folder",
        ),
        (OSError(errno.EACCES, "Permission denied"), "permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "nobody listens there"),
        (OSError(errno.ETIMEDOUT, "Connection timed out"), "no answer"),
        (TimeoutError(), "no answer"),
        (socket.gaierror(errno.ENOENT, "Name or service not known"), "the name is not known"),
    ],
)
def test_what_is_common_has_words_of_ours(error, words):
    assert reason_of(error) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOTSUP, "this system has no Unix sockets"), "this system has no Unix sockets"),
        (OSError(0, "it would be spoilt"), "it would be spoilt"),
        (OSError("without a number"), "without a number"),
        (ssl.SSLError(errno.ENOENT, "[SSL] bad"), "[SSL] bad"),
    ],
)
def test_what_is_rare_has_the_words_that_it_came_with(error, words):
    assert reason_of(error) == words


def test_a_number_alone_has_words_too():
    assert reason_for(errno.EHOSTUNREACH) == "there is no way to that machine"
    assert reason_for(errno.ENOMEM) == os.strerror(errno.ENOMEM)


def test_nobody_else_tells_the_words_of_the_system():
    root = Path(__file__).parents[1] / "chatapp"
    own = re.compile(r"(?<!\bos)\.strerror\b")
    telling = [path for path in sorted(root.rglob("*.py")) if own.search(path.read_text("utf-8"))]

    assert telling == [root / "system_errors.py"]
