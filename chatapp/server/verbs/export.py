"""``chat-server export``: what was said in a room, as text or JSON, also while the server serves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.irc.names import CHANNEL_PREFIX, FOLDS
from chatapp.irc.nearest import nearest
from chatapp.irc.visible import visible
from chatapp.server.export import Wish, new_file, stamp_at, write, write_all
from chatapp.server.progress import ProgressLine
from chatapp.server.verbs.command_line import data_of, new_parser, settings_of
from chatapp.store.export import Archive, Room, opened_archive
from chatapp.system_errors import reason_of


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server export``."""
    parser = new_parser("export", _("Writes what was said in a room. Private messages are never exported."))
    parser.add_argument("room", nargs="?", metavar=_("ROOM"), help=_("such as lobby, or '#lobby'"))
    parser.add_argument(
        "--all", type=Path, metavar=_("DIR"), help=_("every room, each as a new file in this folder")
    )
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("a new file to write to"))
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=_("text for people, or lines of JSON"),
    )
    parser.add_argument("--since", metavar=_("MOMENT"), help=_("such as 2026-11-20 or 2026-11-20T13:05"))
    parser.add_argument("--until", metavar=_("MOMENT"), help=_("likewise; a day is meant to its end"))
    parser.add_argument("--utc", action="store_true", help=_("moments are of UTC, not of this machine"))
    parser.add_argument("--events", action="store_true", help=_("also who came and went, topics and modes"))
    return parser


def run(given: argparse.Namespace) -> int:
    """Export; give back the exit code: 0 done, 1 refused, 2 mistaken."""
    if bool(given.room) is bool(given.all) or (given.all and given.out):
        parser().error(_("name a room, or a folder for --all"))
    wish = Wish(
        _stamp(given, "since", 0),
        _stamp(given, "until", Wish().until),
        given.format == "json",
        given.utc,
        given.events,
    )
    if wish.until <= wish.since:
        parser().error(_("--until has to be after --since"))
    config = settings_of(given)
    try:
        with opened_archive(data_of(config)) as archive:
            if given.all:
                return _export_all(archive, given.all, wish)
            return _export(archive, given, wish, FOLDS[config.rules.server.casemapping])
    except BrokenPipeError:  # as in chat-server export lobby | head
        raise
    except OSError as why:
        place = given.out or given.all or _("standard output")
        words = _("{place}: the export cannot be written ({error})")
        raise StoreError(words.format(place=place, error=reason_of(why))) from why


def _export(archive: Archive, given: argparse.Namespace, wish: Wish, fold: Callable[[str], str]) -> int:
    name = given.room if given.room.startswith(CHANNEL_PREFIX) else CHANNEL_PREFIX + given.room
    room = _found(archive.rooms(), fold(name), name)
    if given.out is None:
        with ProgressLine(is_wanted=not sys.stdout.isatty()) as line:
            write(archive, room, wish, sys.stdout, line)
            sys.stdout.flush()
        return 0
    with ProgressLine() as line, new_file(given.out) as out:
        count = write(archive, room, wish, out, line)
    print(_told(room, given.out, count))
    return 0


def _export_all(archive: Archive, folder: Path, wish: Wish) -> int:
    with ProgressLine() as line:
        done = write_all(archive, wish, folder, line)
    for room, path, count in done:
        print(_told(room, path, count))
    if not done:
        print(_("There is no room yet: nothing was written"), file=sys.stderr)
    return 0


def _told(room: Room, path: Path, count: int) -> str:
    words = ngettext("{file}: {count} entry of {room}", "{file}: {count} entries of {room}", count)
    return words.format(file=path, count=count, room=visible(room.name))


def _found(rooms: list[Room], folded: str, name: str) -> Room:
    for room in rooms:
        if room.folded == folded:
            return room
    words = _("There is no room {name}").format(name=visible(name))
    raise StoreError(words + nearest(folded, [room.folded for room in rooms]))


def _stamp(given: argparse.Namespace, flag: str, otherwise: int) -> int:
    text = getattr(given, flag)
    if text is None:
        return otherwise
    try:
        return stamp_at(text, is_end=flag == "until", in_utc=given.utc)
    except (ValueError, OverflowError, OSError):  # of long ago Windows knows no time zone
        words = _("--{flag}: expected a moment such as 2026-11-20 or 2026-11-20T13:05; found {found}")
        parser().error(words.format(flag=flag, found=repr(text)))
