"""``/list``: which rooms there are, the liveliest first, and those with certain words in name or topic."""

from __future__ import annotations

import re
from gettext import gettext as _
from gettext import ngettext
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple

from chatapp.client.buffer import Buffer
from chatapp.client.command import Argument, Command
from chatapp.irc.catalogue import N_
from chatapp.irc.text import strip_formatting

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: So many rooms are shown at most, and so many remembered while the list comes in.
SHOWN, REMEMBERED = 100, 100_000
#: What a server understands by itself (Modern IRC "LIST message", ISUPPORT ELIST): it is passed on.
_FOR_THE_SERVER = re.compile(r"[#&+!<>*?,]|[CT][<>]")


class Room(NamedTuple):
    """A room as the server tells of it."""

    name: str
    people: int
    topic: str


class Listing:
    """A list on its way: the rooms that fit so far.

    ``place`` is the conversation that asked for it, with ``label`` or "" where the server knows none.
    """

    def __init__(self, words: str, place: Buffer) -> None:
        self.place = place
        self.label = ""
        self._words = words.casefold().split()
        self._found: list[Room] = []
        self._total = 0

    def add(self, room: Room) -> None:
        """Another room of the server."""
        self._total += 1
        text = f"{room.name} {strip_formatting(room.topic)}".casefold()
        if len(self._found) < REMEMBERED and all(word in text for word in self._words):
            self._found.append(room)

    def sentences(self) -> list[str]:
        """The list, the rooms with most people first, as a person reads it."""
        shown = nsmallest(SHOWN, self._found, key=lambda room: (-room.people, room.name.casefold()))
        sentences = [_sentence(room) for room in shown]
        left = len(self._found) - len(shown)
        if left:
            words = ngettext(
                "… and {n} more room. /list WORDS shows those with these words.",
                "… and {n} more rooms. /list WORDS shows those with these words.",
                left,
            )
            sentences.append(words.format(n=left))
        if not self._found:
            sentences.append(_nothing(self._total))
        return sentences


def _sentence(room: Room) -> str:
    words = ngettext("{room} ({n} person): {topic}", "{room} ({n} people): {topic}", room.people)
    return words.format(room=room.name, n=room.people, topic=room.topic).removesuffix(": ")


def _nothing(total: int) -> str:
    if not total:
        return _("There are no rooms that you could see. /join opens one.")
    words = ngettext(
        "The one room that there is has not these words.", "None of the {n} rooms has these words.", total
    )
    return words.format(n=total)


def _list(session: Session, args: list[str]) -> None:
    words = args[0] if args else ""
    is_for_server = _FOR_THE_SERVER.match(words) is not None
    listing = Listing("" if is_for_server else words, session.model.current)
    listing.label = session.ask("LIST", *([words] if is_for_server else []))
    session.listings.append(listing)


LISTING = (
    Command(
        "list",
        N_("[WORDS]"),
        N_("show the rooms there are, or those with these words"),
        (Argument.TEXT,),
        _list,
        0,
        (),
        True,
    ),
)
