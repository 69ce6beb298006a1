"""``chat-server operator-password``: makes of a password what can stand in the settings unread."""

from __future__ import annotations

import argparse
import sys
from gettext import gettext as _

from chatapp.commands.passwords import write_verifier
from chatapp.server.passwords import NoPassword, new_password
from chatapp.server.proofs import new_verifier
from chatapp.server.verbs.command_line import new_parser


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server operator-password``."""
    return new_parser(
        "operator-password",
        _("Makes of a password what can stand in the settings, where nobody can read it."),
    )


def run(_given: argparse.Namespace) -> int:
    """Ask for a password, or read it from the standard input, a line; print what to write as ``password``.

    Give back the exit code: 0, or 1 where there was no password.
    """
    try:
        password = new_password(from_stdin=not sys.stdin.isatty())
    except NoPassword as why:
        print(why, file=sys.stderr)
        return 1
    if not password:
        print(_("There was no password"), file=sys.stderr)
        return 1
    print(write_verifier(new_verifier(password, "normal")))
    return 0
