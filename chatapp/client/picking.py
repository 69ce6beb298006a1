"""Which message a command means: the one that is picked, or the last (pure)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry, EntryState
from chatapp.client.command import Misused

if TYPE_CHECKING:
    from chatapp.client.model import Model


def is_pickable(entry: Entry) -> bool:
    """Whether one can do something with ``entry``: it was said, and not only by the client itself."""
    return entry.kind in SAID


def picked(buffer: Buffer) -> Entry | None:
    """The message that the person has picked here."""
    return buffer.with_key(buffer.picked)


def original(model: Model, buffer: Buffer, entry: Entry) -> tuple[Buffer, Entry]:
    """Where ``entry`` of ``buffer`` was said, and as what: the console's one window repeats what rooms have.

    Raises:
        Misused: It was said in no conversation that is open.
    """
    if buffer.kind is not BufferKind.SERVER:
        return buffer, entry
    room = model.find(entry.place)
    found = room.known(entry.msgid) if room is not None else None
    if room is None or found is None:
        raise Misused(_("This works in a room or a private conversation."))
    return room, found


def meant(buffer: Buffer) -> Entry:
    """The picked message, else the last that somebody else said, else one's own last.

    Raises:
        Misused: Nothing was said here.
    """
    found = picked(buffer)
    if found is not None:
        return found
    said = [entry for entry in buffer.entries[-_LOOK_BACK:] if is_pickable(entry) and entry.deletion is None]
    if not said:
        raise Misused(_("There is no message here. Alt-K picks one."))
    return next((entry for entry in reversed(said) if not entry.own), said[-1])


def meant_to_go(buffer: Buffer) -> Entry:
    """The picked message, else one's own last.

    Raises:
        Misused: One has said nothing here.
    """
    found = picked(buffer)
    if found is not None:
        return found
    arrived = (EntryState.RECEIVED, EntryState.SENT)
    for entry in reversed(buffer.entries[-_LOOK_BACK:]):
        if entry.own and is_pickable(entry) and entry.deletion is None and entry.state in arrived:
            return entry
    raise Misused(_("You have said nothing here lately. Alt-K picks a message."))


#: So many entries are looked through for the message that is meant.
_LOOK_BACK = 1000
