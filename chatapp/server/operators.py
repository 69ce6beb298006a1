"""``chat-server operator-password``: makes of a password what can stand in the settings unread."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.commands.passwords import write_verifier
from chatapp.server.passwords import NoPassword, new_password
from chatapp.server.proofs import new_verifier


def main(args: Sequence[str]) -> int:
    """Ask for a password, or read it from the standard input, a line; print what to write as ``password``.

    Give back the exit code: 0, or 1 where there was no password.
    """
    parser().parse_args(args)
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


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server operator-password``."""
    parser = argparse.ArgumentParser(
        prog="chat-server operator-password",
        description=_("Makes of a password what can stand in the settings, where nobody can read it."),
    )
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    return parser
