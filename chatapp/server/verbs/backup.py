"""``chat-server backup``: everything that a restore needs in one file, made while the server serves."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.irc.visible import visible
from chatapp.server.contents import contents_of
from chatapp.server.fitting import fitted
from chatapp.server.last_backup import Note, note_backup
from chatapp.server.progress import ProgressLine
from chatapp.server.sizes import size_of
from chatapp.server.verbs.command_line import data_of, new_parser, settings_of
from chatapp.store.backup import Request, back_up, keep_newest, name_at
from chatapp.store.directory import CERTIFICATE, DataDirectory
from chatapp.system_errors import reason_of


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server backup``."""
    parser = new_parser(
        "backup",
        _("Makes a backup, also while the server serves: one file, to be kept as secret as the data itself."),
    )
    parser.add_argument(
        "--to",
        type=_place,
        default=Path(),
        metavar=_("PLACE"),
        help=_("the file to make, or the folder to make one in (this folder)"),
    )
    parser.add_argument(
        "--keep",
        type=_count,
        metavar=_("NUMBER"),
        help=_("keep so many backups of this data in the folder, and delete older ones"),
    )
    return parser


def run(given: argparse.Namespace) -> int:
    """Back up; give back the exit code: 0 done, 1 refused, 2 mistaken."""
    data = data_of(settings_of(given))
    place: Path = given.to
    if given.keep and not place.is_dir():
        print(
            _("{place}: is no folder; --keep is for a folder of backups").format(place=place), file=sys.stderr
        )
        return 2
    now = datetime.now(UTC)
    target = place / name_at(now) if place.is_dir() else place
    with ProgressLine() as line:
        manifest = back_up(Request(data, target, given.config), now, line.show)
    note_backup(data.path, Note(now, str(target.absolute())))
    print(_("{file} ({size}) has").format(file=target, size=size_of(target.stat().st_size)))
    print(contents_of(manifest))
    if manifest.has(CERTIFICATE):
        words = _("The server's key for TLS is in it: keep the file where nobody else can read it.")
        print(fitted(words, sys.stdout))
    if given.keep:
        _keep_newest(given.keep, data, target)
    return 0


def _keep_newest(count: int, data: DataDirectory, made: Path) -> None:
    try:
        surplus = keep_newest(count, data, made)
    except OSError as why:
        words = _("The backup is made, but an older one cannot be deleted: {file} ({error})")
        raise StoreError(words.format(file=why.filename, error=reason_of(why))) from why
    for path in surplus:
        print(_("{file} is deleted: there are newer ones").format(file=path))


def _place(text: str) -> Path:
    """The path of ``text``, of which the folder has to be there; one is meant with a slash behind it."""
    place = Path(text)
    folder = place if text.endswith(("/", os.sep)) else place.absolute().parent
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(_("there is no folder {folder}").format(folder=visible(str(folder))))
    return place


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(_("expected a whole number, at least 1"))
    return int(text)
