"""The programs that the server is made of: itself, Python, the loop, SQLite."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from gettext import gettext as _
from importlib import metadata
from importlib.util import find_spec

from chatapp import __version__
from chatapp.irc.sasl import EXTERNAL
from chatapp.server.examination.finding import Finding, fix, look, ok
from chatapp.server.settings import Config
from chatapp.store.inspection import sqlite_version


def programs(keeps_data: bool = True) -> Iterator[Finding]:
    """Which versions there are, and what is known to be wrong with one of them where it ``keeps_data``."""
    sqlite, is_sound = sqlite_version()
    loop = _version("uvloop")
    parts = [f"chatapp {__version__}", f"Python {platform.python_version()}", f"SQLite {sqlite}"]
    parts += [f"uvloop {loop}"] if loop else []
    yield ok("programs", ", ".join([*parts, f"{platform.system()} {platform.release()}"]) + ".")
    if keeps_data and not is_sound:
        # Nothing is wrong as long as nobody does so, and few can have a newer one.
        yield ok("programs", _("Let no other program write to chat.db: this SQLite could damage it then."))
    if not loop and sys.platform != "win32":
        text = _("There is no uvloop: the server is slower, and takes more memory.")
        yield look("programs", text, "pip install uvloop")


def extras(config: Config) -> Iterator[Finding]:
    """What the settings ask for that is not installed: the server would not start."""
    if EXTERNAL in config.rules.accounts.sasl_mechanisms and find_spec("OpenSSL") is None:
        text = _("EXTERNAL in sasl_mechanisms needs an extra.")
        yield fix("programs", text, 'pip install "chatapp[certfp]"')
    if config.metrics.port and find_spec("prometheus_client") is None:
        yield fix("programs", _("[metrics] needs an extra."), 'pip install "chatapp[metrics]"')


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
