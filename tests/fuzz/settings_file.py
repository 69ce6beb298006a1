"""Bytes for the file of settings: it is read, or each mistake is told in a line that can be shown."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz.heard import CONTROL
from fuzz.target import Target

from chatapp.server.config import ConfigError, load
from chatapp.server.settings import options

_FOLDER = TemporaryDirectory(prefix="fuzz-settings-")
_FILE = Path(_FOLDER.name) / "chat-server.toml"


def settings(data: bytes) -> None:
    """``data`` is chat-server.toml."""
    _FILE.write_bytes(data[1:])
    try:
        load(_FILE)
    except ConfigError as why:
        assert why.mistakes
        assert not any(map(CONTROL.search, why.mistakes)), why.mistakes


_KEYS = (f"{key} =".encode() for keys in options().values() for key in keys)
_SECTIONS = (f"[{section}]\n".encode() for section in options())
WORDS = (
    *_KEYS,
    *_SECTIONS,
    *(
        b"[[listener]]\n",
        b"[[operator]]\n",
        b"[[",
        b"]]",
        b"true",
        b"false",
        b"1",
        b"-1",
        b'"x"',
        b'"""',
        b"'''",
    ),
    *(
        b"[1, 2]",
        b"{a = 1}",
        b"2026-01-01",
        b"1e999",
        b"nan",
        b"0x",
        b'"\\u001b[2J"',
        b'"\\u202e" = 1',
        b"[" * 2000,
    ),
    *(b"9" * 5000, b"a.b.c = 1", b"# x\n", b"\n"),
)
TARGETS = (Target("settings", settings, WORDS),)
