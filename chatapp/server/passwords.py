"""Asking the operator for a new password."""

from __future__ import annotations

import getpass
import sys
from gettext import gettext as _


class NoPassword(Exception):
    """There is no password to work with; ``str()`` says why."""


def new_password(from_stdin: bool) -> str:
    """Read a line from the standard input, or have the password typed twice on the terminal.

    Raises:
        NoPassword: There is no terminal, or something else was typed the second time.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NoPassword(_("There is no terminal to ask for a password; use --password-stdin"))
    password = getpass.getpass(_("Password: "))
    if getpass.getpass(_("Once more: ")) != password:
        raise NoPassword(_("These were two passwords; nothing was changed"))
    return password
