"""What goes over the wire as plain lines, fit for a report: nothing is drawn twice and no cursor moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from gettext import gettext as _

from chatapp.client.buffer import Buffer, Entry, EntryKind
from chatapp.client.inspector.recorder import Record
from chatapp.client.model import Model
from chatapp.client.screen.inspection import FULL_WIDTH, record_rows
from chatapp.client.screen.render import row_text
from chatapp.irc.visible import visible


def title_lines(model: Model, now: Callable[[], float]) -> list[str]:
    """What stands over a report."""
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(now()))
    words = _("Every line between {nick} and {server}, in bytes, bits and words. {day}")
    return [
        words.format(nick=visible(model.nick), server=visible(model.server_name), day=day),
        _("Times are in seconds since the start. What is secret is shown as stars."),
        "",
    ]


def record_lines(record: Record) -> list[str]:
    """A line of the wire with its fields, bytes and bits."""
    return [row_text(row) for row in record_rows(record, FULL_WIDTH)]


def entry_lines(entry: Entry, room: Buffer, server: Buffer) -> list[str]:
    """What the client itself has to say; all else is on the wire."""
    if entry.kind is EntryKind.ERROR:
        return [f"! {visible(entry.text)}"]
    if entry.kind is EntryKind.INFO and room is not server:
        return [f"· {visible(entry.text)}"]
    return []
