"""``chat-server operator-password``: makes of a password what can stand in the settings unread."""

from __future__ import annotations

import getpass
import secrets
import sys
from gettext import gettext as _

from chatapp.commands.password import write_verifier
from chatapp.irc.scram import derive
from chatapp.server.proofs import ITERATIONS

_SALT_BYTES = 16


def main() -> int:
    """Ask for a password, or read it from the standard input, a line; print what to write as ``password``.

    Give back the exit code: 0, or 1 where there was no password.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(_("Password: "))
        if getpass.getpass(_("Once more: ")) != password:
            print(_("These were two passwords; nothing was changed"), file=sys.stderr)
            return 1
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        print(_("There was no password"), file=sys.stderr)
        return 1
    verifier = derive(password, secrets.token_bytes(_SALT_BYTES), ITERATIONS["normal"])
    print(write_verifier(verifier))
    return 0
