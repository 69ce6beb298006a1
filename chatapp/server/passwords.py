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
        NoPassword: There is no terminal, the second one was another, or what came is no text.
    """
    try:
        password = sys.stdin.readline().rstrip("\r\n") if from_stdin else _typed()
        password.encode()  # what is no text comes in as half characters
    except UnicodeError:
        raise NoPassword(_("The password is not text in UTF-8")) from None
    except EOFError:
        raise NoPassword(_("There was no password")) from None
    return password


def _typed() -> str:
    if not sys.stdin.isatty():
        raise NoPassword(_("There is no terminal to ask for a password; use --password-stdin"))
    password = getpass.getpass(_("Password: "))
    if getpass.getpass(_("Once more: ")) != password:
        raise NoPassword(_("These were two passwords; nothing was changed"))
    return password
