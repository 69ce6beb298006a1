"""``/go``: to a room or a person by a few letters of the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Argument, Command, Misused
from chatapp.client.fuzzy import best
from chatapp.client.model import Model
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session


#: So many people are looked through, those of the current room first: the menu must not hold up a key.
MOST_PEOPLE = 2000


class Place(NamedTuple):
    """Somewhere to go: a name, and the conversation that is open there, if any."""

    name: str
    buffer: Buffer | None


def places(model: Model, wanted: str, buffers: Sequence[Buffer] | None = None) -> list[Place]:
    """Where ``wanted``, letters of a name, may lead, the likeliest first; without letters, where news are.

    ``buffers`` are the conversations of all servers, where there are several.
    """
    current = model.current
    opened = [Place(buffer.name, buffer) for buffer in buffers or model.buffers if buffer is not current]
    opened.sort(key=lambda place: _urgency(place.buffer))
    if not wanted:
        return opened
    names = {model.fold(place.name) for place in opened}
    return best(model.fold(wanted), [*opened, *_people(model, names)], lambda place: model.fold(place.name))


def _people(model: Model, known: set[str]) -> Iterator[Place]:
    """Who is in a room with us and has no conversation open, each once."""
    known = known | {model.fold(model.nick)}
    rooms = sorted(model.buffers, key=lambda buffer: buffer is not model.current)
    members = chain.from_iterable(buffer.members.items() for buffer in rooms)
    for folded, member in islice(members, MOST_PEOPLE):
        if folded not in known:
            known.add(folded)
            yield Place(member.nick, None)


def _urgency(buffer: Buffer | None) -> tuple[bool, bool, bool]:
    assert buffer is not None
    return not buffer.mentions, not buffer.unread, buffer.kind is BufferKind.SERVER


def _go(session: Session, args: list[str]) -> None:
    model, networks = session.model, session.networks
    found = places(model, args[0].strip(), networks.buffers if networks else None)
    if not found:
        raise Misused(_("Nothing and nobody here has {letters} in the name.").format(letters=args[0]))
    place = found[0]
    buffer = place.buffer or session.rooms.direct(place.name)
    network = networks.of(buffer) if networks else None
    (network.model if network else model).switch_to(buffer)


GOING = (
    Command(
        "go",
        N_("NAME"),
        N_("go to a room or person; a few letters are enough"),
        (Argument.PLACE,),
        _go,
        1,
        ("g",),
    ),
)
