"""When the last backup was made, and whether that is too long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path

from chatapp.irc.visible import visible
from chatapp.server.examination.finding import Finding, look, ok
from chatapp.server.last_backup import last_backup

_OLD = timedelta(days=8)  # a weekly one may be late


def backups(directory: Path, now: datetime) -> Finding:
    """Whether there is a backup that is not too old; ``now`` is in UTC."""
    note = last_backup(directory)
    remedy = _("chat-server backup makes one, also while the server serves; have it made every day")
    if note is None:
        return look("backup", _("None is known that chat-server backup made."), remedy)
    day = note.made.astimezone().strftime("%Y-%m-%d %H:%M")
    text = _("The last one is of {day}: {file}.").format(day=day, file=visible(note.file))
    return look("backup", text, remedy) if now - note.made > _OLD else ok("backup", text)
