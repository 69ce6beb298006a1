"""The note of the last backup, which ``chat-server backup`` leaves beside the data for the doctor."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from chatapp.store.files import write_private

_NOTE = "last-backup.json"


class Note(NamedTuple):
    """A backup that was made: when, and where it was put."""

    made: datetime
    file: str


def note_backup(directory: Path, note: Note) -> None:
    """Remember the backup of the data in ``directory``; where that cannot be written it is not."""
    text = json.dumps({"made": note.made.astimezone(UTC).isoformat(timespec="seconds"), "file": note.file})
    with suppress(OSError):  # the backup is made; a reader of the data may be no writer
        write_private(directory / _NOTE, text.encode(), directory)


def last_backup(directory: Path) -> Note | None:
    """The last backup that was made of the data in ``directory``, if one is known."""
    try:
        found = json.loads((directory / _NOTE).read_text("utf-8"))
        return Note(datetime.fromisoformat(found["made"]).astimezone(UTC), str(found["file"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
