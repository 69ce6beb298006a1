"""What has failed, told to the person in a sentence; the rest goes into the client's log."""

from __future__ import annotations

import os
import sys
import time
import traceback
from gettext import gettext as _

from chatapp.client.config import data_dir
from chatapp.irc.visible import visible


def note(error: BaseException) -> str:
    """Write ``error`` to the log; the sentence for the person."""
    path = log("".join(traceback.format_exception(error)))
    reason = visible(f"{type(error).__name__}: {error}")
    if path:
        return _("The client has failed ({reason}). Details are in {log}.").format(reason=reason, log=path)
    return _("The client has failed ({reason}).").format(reason=reason)


def log(text: str) -> str:
    """Put ``text`` into the client's log; its path, "" where it cannot be written."""
    path = data_dir() / "client.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")
    except OSError:
        return ""  # Nothing can be done about it, and the person has been told what failed.
    return str(path)


def nobody_reads() -> None:
    """Whoever read what we print has gone; Python must not try to write the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str) -> None:
    """Tell the person, where errors go."""
    print(sentence, file=sys.stderr)
