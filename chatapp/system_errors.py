"""Why the system refuses something, in words of ours: it has its own in its own language, or in English."""

from __future__ import annotations

import errno
import os
import socket
from gettext import gettext as _

from chatapp.irc.catalogue import N_

#: By number (POSIX.1-2024, "Error Numbers"): pieces of a sentence, to stand behind a colon or in brackets.
_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("permission denied"),
    errno.EEXIST: N_("there is something of this name already"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a file is in the way"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the device reports a fault"),
    errno.EMFILE: N_("this program has as many files open as it may"),
    errno.ENFILE: N_("the system has as many files open as it may"),
    errno.EADDRINUSE: N_("another program listens there"),
    errno.EADDRNOTAVAIL: N_("this machine has no such address"),
    errno.ECONNREFUSED: N_("nobody listens there"),
    errno.ECONNRESET: N_("the connection was cut"),
    errno.ETIMEDOUT: N_("no answer"),
    errno.EHOSTUNREACH: N_("there is no way to that machine"),
    errno.ENETUNREACH: N_("there is no way to that network"),
}


def reason_of(error: OSError) -> str:
    """Why ``error`` happened, as a piece of a sentence; in the system's words where it is a rare one."""
    if isinstance(error, socket.gaierror):
        return _("the name is not known")
    if isinstance(error, TimeoutError):  # also of a loop, which has no number
        return _("no answer")
    # The errors of other modules, such as those of TLS, have numbers of their own.
    if type(error).__module__ == "builtins" and error.errno in _REASONS:
        return reason_for(error.errno)
    return error.strerror or str(error)


def reason_for(number: int) -> str:
    """As `reason_of`, for an error of which no more than its number is known."""
    words = _REASONS.get(number)
    return _(words) if words else os.strerror(number)
