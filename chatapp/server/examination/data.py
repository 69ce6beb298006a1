"""The data: where it is, whether a server has it open, and what is in it."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import NamedTuple

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings
from chatapp.irc.refusals import sentence
from chatapp.irc.visible import visible
from chatapp.server.banner import places
from chatapp.server.errands import NoAnswer
from chatapp.server.examination.disk import nearest
from chatapp.server.examination.finding import Finding, as_its_user, fix, look, ok
from chatapp.server.settings import Config, LogSettings
from chatapp.server.status import Status, ask_status, digest_of
from chatapp.store.directory import LOCK, DamagedLock
from chatapp.store.inspection import Contents, check_upgrade, contents_of, format_of, is_held
from chatapp.system_errors import reason_of

#: Seconds for counting messages: a doctor who takes longer is not asked.
_COUNTING = 2.0
_MEGABYTE = 1_000_000
_DAY = 86400


class Server(NamedTuple):
    """Whether a server ``runs`` with the data, and what it told of itself, if it did."""

    runs: bool
    status: Status | None
    finding: Finding


def server(directory: Path) -> Server:
    """Whether a server has the data in ``directory``, and how it does."""
    try:
        if not is_held(directory):
            return Server(False, None, ok("server", _("It does not run.")))
    except DamagedLock as why:
        return Server(False, None, fix("server", str(why), f"rm {directory / LOCK}"))
    except StoreError as why:
        return Server(False, None, fix("server", str(why), as_its_user()))
    try:
        status = ask_status(directory)
    except NoAnswer:
        text = _("A server has the data, and does not answer.")
        return Server(True, None, fix("server", text, _("look at its log; restart it if it stays so")))
    except OSError as why:
        text = _("It runs, and this user may not ask it how it does ({reason}).")
        return Server(True, None, look("server", text.format(reason=reason_of(why)), as_its_user()))
    if status is None:
        return Server(True, None, ok("server", _("It runs; it is of another version than this program.")))
    return Server(True, status, _running(status))


def same_settings(config: Config, status: Status) -> Iterator[Finding]:
    """A finding if the server that runs does not go by ``config``, of which the other findings are."""
    if status.settings != digest_of(config.rules, config.listeners):
        text = _("It goes by other settings than these.")
        remedy = _(
            "give this the --config of the server, and its flags as variables (CHATAPP_LISTENER__PORT=...);"
            " reload or restart it if you changed the settings"
        )
        yield look("server", text, remedy)


def folder(directory: Path | None) -> Iterator[Finding]:
    """Whether the data can be kept in ``directory`` (None: nowhere), and who else could read it."""
    if directory is None:
        yield ok("data", _("Nothing is kept: data_dir is :memory:"))
        return
    try:
        mode = directory.stat().st_mode
    except FileNotFoundError:
        yield _to_be_made(directory)
        return
    except OSError as why:
        remedy = as_its_user() if isinstance(why, PermissionError) else _("choose another --data-dir")
        yield fix("data", f"{directory}: {reason_of(why)}.", remedy)
        return
    if not stat.S_ISDIR(mode):
        text = _("{place} is no folder.").format(place=directory)
        yield fix("data", text, _("choose another --data-dir"))
    elif not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        yield fix("data", _("This user may not write in {place}.").format(place=directory), as_its_user())
    elif sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = _("Others on this machine can look into {place}.").format(place=directory)
        yield look("data", text, f"chmod 700 {directory}")
    else:
        yield ok("data", _("It is in {place}, for its owner alone.").format(place=directory))


def _to_be_made(directory: Path) -> Finding:
    """Whether the first start can make ``directory``."""
    above = nearest(directory)
    if os.access(above, os.W_OK | os.X_OK):
        return ok("data", _("{place} is made at the first start.").format(place=directory))
    return fix("data", _("This user may not write in {place}.").format(place=above), as_its_user())


def log_file(settings: LogSettings) -> Iterator[Finding]:
    """Whether the log can be written, where it goes to a file."""
    if settings.to == "stderr":
        return
    path = Path(settings.to)
    place = path if path.exists() else path.parent
    if place.exists() and os.access(place, os.W_OK) and not path.is_dir():
        yield ok("data", _("The log goes to {place}.").format(place=path))
        return
    remedy = _("make the folder, or let this user write there")
    yield fix("data", _("The log cannot be written to {place}.").format(place=path), remedy)


def contents(directory: Path) -> tuple[Contents | None, list[Finding]]:
    """What is in the database in ``directory``; None where there is none that can be read."""
    try:
        found, known = format_of(directory)
        if found > known:
            text = _("A newer chatapp wrote the data (format {found}, this one knows {known}).")
            return None, [fix("data", text.format(found=found, known=known), _("upgrade this one"))]
        if found < known:
            if not found:
                return None, [ok("history", _("Nothing was said yet."))]
            try:
                check_upgrade(directory)
            except StoreError as why:
                return None, [fix("data", str(why), _("make room"))]
            text = _("An older chatapp wrote the data: the next start brings it up to date.")
            return None, [look("data", text, _("make a backup first, though the start keeps a copy as well"))]
        inside = contents_of(directory, _COUNTING)
    except StoreError as why:
        return None, [fix("data", str(why), _("restore a backup if it is damaged"))]
    return inside, [ok("history", _size(inside))]


def forgetting(settings: HistorySettings) -> Finding:
    """For how long messages are remembered."""
    if not settings.enabled:
        text = _("Nothing that is said is kept.")
        return look("history", text, _("set [history] enabled = true if that is not meant"))
    bounds = []
    if settings.channel_messages:
        bounds.append(_("{count} messages of a room").format(count=settings.channel_messages))
    if settings.direct_messages:
        bounds.append(_("{count} of two people").format(count=settings.direct_messages))
    if settings.keep_for:
        days = settings.keep_for / _DAY
        bounds.append(_("{days:g} days").format(days=round(days, 1)))
    if settings.synchronous != "full":
        text = _("With synchronous = normal a power cut may take the last moments.")
        return look("history", text, _("set it to full if that is not meant"))
    if not bounds:
        return ok("history", _("Everything is remembered for ever."))
    return ok("history", _("Remembered: {bounds}.").format(bounds=", ".join(bounds)))


def _running(status: Status) -> Finding:
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(status.began))
    people = ngettext("{count} person", "{count} people", status.users).format(count=status.users)
    words = _("It runs since {since} (process {pid}, chatapp {version}); {people} here, {where}.")
    text = words.format(
        since=since,
        pid=status.pid,
        version=visible(status.version),
        people=people,
        where=visible(places(status.addresses)),
    )
    if status.trouble:
        trouble = visible(sentence(status.trouble)).rstrip(".")
        return fix("server", f"{text} {trouble}.", _("look at its log"))
    return ok("server", text)


def _size(inside: Contents) -> str:
    megabytes = inside.bytes / _MEGABYTE
    words = ngettext("{count} message", "{count} messages", inside.messages.number)
    messages = words.format(count=f"{inside.messages.number:,}".replace(",", "\N{NO-BREAK SPACE}"))
    if not inside.messages.is_whole:
        messages = _("more than {messages}").format(messages=messages)
    rooms = ngettext("{count} room", "{count} rooms", inside.rooms).format(count=inside.rooms)
    accounts = ngettext("{count} account", "{count} accounts", inside.accounts).format(count=inside.accounts)
    words = _("{messages}, {rooms}, {accounts}: {megabytes:.1f} MB.")
    text = words.format(messages=messages, rooms=rooms, accounts=accounts, megabytes=megabytes)
    if inside.unindexed:
        words = ngettext(
            "The next search in {count} conversation brings its index up to date.",
            "The next search in {count} conversations brings their index up to date.",
            inside.unindexed,
        )
        text += " " + words.format(count=inside.unindexed)
    return text
