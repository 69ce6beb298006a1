"""The lists of rooms, each gathered and then told as a whole: 321, 322, 323; and 263, which refuses one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.incoming.replies import numeric
from chatapp.client.incoming.table import hears
from chatapp.client.listing import Room
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("321", "322", "323")
def listed(session: Session, line: Line) -> None:
    """RPL_LISTSTART, RPL_LIST, RPL_LISTEND. One that nobody asked for with /list is told line by line."""
    label = line.tags.get("label", "")
    # Without a label it is the first of those that were asked for.
    listing = next((each for each in session.listings if label in ("", each.label)), None)
    if listing is None:
        numeric(session, line)
        return
    if line.command == "322":
        people = line.param(2)
        count = int(people) if people.isascii() and people.isdecimal() and len(people) < 10 else 0
        listing.add(Room(line.param(1), count, line.param(3)))
    elif line.command == "323":
        session.listings.remove(listing)
        place = listing.place if listing.place in session.model.buffers else session.model.server
        for sentence in listing.sentences():
            session.inform(sentence, place)


@hears("263")
def try_again(session: Session, line: Line) -> None:
    """RPL_TRYAGAIN ``<command>``: the server will not do that so soon again, and no list comes."""
    label = line.tags.get("label", "")
    if line.param(1).upper() == "LIST" and session.listings and label in ("", session.listings[-1].label):
        del session.listings[-1]
    numeric(session, line)
