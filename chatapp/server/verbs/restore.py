"""``chat-server restore``: makes a backup the data of a server that is stopped."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.server.contents import contents_of
from chatapp.server.fitting import fitted
from chatapp.server.progress import ProgressLine
from chatapp.server.verbs.command_line import data_of, new_parser, settings_of
from chatapp.store.backup import check, newest_in
from chatapp.store.bundle import SETTINGS
from chatapp.store.directory import CERTIFICATE, DataDirectory
from chatapp.store.restore import Restored, restore, settings_in
from chatapp.system_errors import reason_of


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server restore``."""
    parser = new_parser(
        "restore", _("Makes a backup the data of a server that is stopped; what was there is put aside.")
    )
    parser.add_argument(
        "backup",
        type=Path,
        metavar=_("PLACE"),
        help=_("what chat-server backup has made, or a folder: the newest in it"),
    )
    parser.add_argument(
        "--replace", action="store_true", help=_("also where there is data already: it is put aside")
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=_("only read the backup and tell what is in it"),
    )
    return parser


def run(given: argparse.Namespace) -> int:
    """Restore; give back the exit code: 0 done, 1 refused, 2 mistaken."""
    backup = _found(given.backup)
    if given.check:
        return _check(backup)
    data = data_of(settings_of(given))
    with ProgressLine() as line:
        restored = restore(backup, data, datetime.now(UTC), line.show, replace=given.replace)
    print(fitted("\n".join(_told(restored, data)), sys.stdout))
    return 0


def _found(place: Path) -> Path:
    try:
        return newest_in(place)
    except OSError as why:
        words = _("{place}: cannot be read ({error})")
        raise StoreError(words.format(place=place, error=reason_of(why))) from why


def _check(backup: Path) -> int:
    with ProgressLine() as line:
        try:
            manifest = check(backup, line.show)
        except OSError as why:
            words = _("{place}: cannot be read ({error})")
            raise StoreError(words.format(place=backup, error=reason_of(why))) from why
    print(_("{file} is whole, and has").format(file=backup))
    print(contents_of(manifest))
    return 0


def _told(restored: Restored, data: DataDirectory) -> list[str]:
    manifest, aside = restored
    words = _("{place} has what the backup of {made} had:")
    rows = [words.format(place=data.path, made=manifest.made), contents_of(manifest)]
    if aside:
        rows.append(_("What was there before is in {place}; delete it when all is well.").format(place=aside))
    if not manifest.has(CERTIFICATE):
        rows.append(_("There was no key for TLS in it: if there is none here, the server makes a new one."))
    if manifest.has(SETTINGS):
        words = _("The settings of then are in {file}, to read; the server does not take them from there.")
        rows.append(words.format(file=settings_in(data)))
    return [*rows, _("Now start the server.")]
