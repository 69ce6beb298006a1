"""What is in a backup, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext

from chatapp.store.bundle import Manifest


def contents_of(manifest: Manifest) -> str:
    """Such as ``10 messages and events up to 2026-11-20 13:05, 2 rooms, 1 account``, indented."""
    said = ngettext("{count} message or event", "{count} messages and events", manifest.messages)
    rooms = ngettext("{count} room", "{count} rooms", manifest.rooms)
    accounts = ngettext("{count} account", "{count} accounts", manifest.accounts)
    parts = [said.format(count=manifest.messages)]
    if manifest.newest:
        moment = datetime.fromtimestamp(manifest.newest / 1_000_000, UTC).astimezone()
        parts = [_("{messages} up to {moment}").format(messages=parts[0], moment=f"{moment:%Y-%m-%d %H:%M}")]
    return "  " + ", ".join(
        [*parts, rooms.format(count=manifest.rooms), accounts.format(count=manifest.accounts)]
    )
