"""Calling a verb of chat-server as from a shell."""

from __future__ import annotations

from chatapp import cli


def call(capsys, *args):
    """The exit code, the standard output and the standard error."""
    try:
        code = cli.server(list(args))
    except SystemExit as end:
        code = end.code
    return code, *capsys.readouterr()
