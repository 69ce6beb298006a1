"""What a command is that a person types: its usage and help, its arguments, and what it must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.outcome import Outcome

if TYPE_CHECKING:
    from chatapp.client.session import Session


class Argument(Enum):
    """What an argument is, for completion."""

    NICK = auto()
    CHANNEL = auto()
    COMMAND = auto()
    PLACE = auto()
    LEVEL = auto()
    SETTING = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``usage`` shows its arguments, ``least`` is how many it must have.

    The last argument takes the rest of the line. ``usage`` and ``help`` are translated when shown. What
    ``asks_twice`` warns the first time (`Session.warned`) and is done the second.
    """

    name: str
    usage: str
    help: str
    arguments: tuple[Argument, ...]
    run: Callable[[Session, list[str]], Outcome | None]
    least: int = 0
    aliases: tuple[str, ...] = ()
    online: bool = False
    asks_twice: bool = False


class Misused(Exception):
    """The command cannot be used so; ``str()`` says why, "" that its usage says it all."""


def usage(command: Command) -> str:
    """``/join ROOM [KEY]``, in the reader's language."""
    return f"/{command.name} {_(command.usage)}".rstrip() if command.usage else f"/{command.name}"


def check_words(*words: str) -> None:
    """Refuse what cannot be a parameter in the middle of a line, before a room is opened for it.

    Raises:
        Misused: One of ``words`` cannot.
    """
    for word in words:
        if word[:1] == ":" or " " in word or "\0" in word:
            raise Misused


def room_of(session: Session) -> Buffer:
    """The room that a command without one means.

    Raises:
        Misused: The person is in none.
    """
    buffer = session.model.target
    if buffer.kind is not BufferKind.CHANNEL:
        raise Misused(_("This works in a room: /join one, or switch to it."))
    return buffer
