"""When the last backup was made, which `chat-server backup` notes beside the data."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp.irc.visible import visible
from chatapp.server.examination.finding import Finding, look, ok
from chatapp.store.directory import create_private, hand_over

_NOTE = "last-backup.json"
_OLD = timedelta(days=8)  # a weekly one may be late


class Note(NamedTuple):
    """A backup that was made: when, and where it was put."""

    made: datetime
    file: str


def note_backup(directory: Path, note: Note) -> None:
    """Remember the backup of the data in ``directory``; where that cannot be written it is not."""
    text = json.dumps({"made": note.made.astimezone(UTC).isoformat(timespec="seconds"), "file": note.file})
    part = directory / f"{_NOTE}.part"
    with suppress(OSError):  # the backup is made; a reader of the data may be no writer
        part.unlink(missing_ok=True)
        with create_private(part) as file:
            file.write(text.encode())
            hand_over(file.fileno(), directory)
        part.replace(directory / _NOTE)


def last_backup(directory: Path) -> Note | None:
    """The last backup that was made of the data in ``directory``, if one is known."""
    try:
        found = json.loads((directory / _NOTE).read_text("utf-8"))
        return Note(datetime.fromisoformat(found["made"]).astimezone(UTC), str(found["file"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def backups(directory: Path, now: datetime) -> Finding:
    """Whether there is a backup that is not too old; ``now`` is in UTC."""
    note = last_backup(directory)
    remedy = _("chat-server backup makes one, also while the server serves; have it made every day")
    if note is None:
        return look("backup", _("None is known that chat-server backup made."), remedy)
    day = note.made.astimezone().strftime("%Y-%m-%d %H:%M")
    text = _("The last one is of {day}: {file}.").format(day=day, file=visible(note.file))
    return look("backup", text, remedy) if now - note.made > _OLD else ok("backup", text)
