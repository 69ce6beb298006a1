"""The results of a search in place of the conversation: what is shown, and what the keys do there."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, Entry, Mark
from chatapp.client.screen.cells import shorten
from chatapp.client.screen.render import Row, Span, day_line, day_of, flow_rows, render_entry, rule
from chatapp.client.screen.timeline import picked_row
from chatapp.client.search import Found
from chatapp.irc.visible import visible

if TYPE_CHECKING:
    from chatapp.client.model import Model
    from chatapp.client.session import Session

#: Rows that one result may have.
_MOST_ROWS = 3


def result_rows(found: Found, width: int, height: int) -> tuple[list[Row], list[int]]:
    """The list at this size around the chosen result, and which result each row is of, -1 for none."""
    rows: list[Row] = [(Span("class:day", rule(title_words(found), width)),)]
    rows += flow_rows([Span("class:info", note_words(found))], width) if note_words(found) else []
    numbers = [-1] * len(rows)
    first, blocks = _first_shown(found, width, height - len(rows))
    for number, block in enumerate(blocks, first):
        rows += block
        numbers += [number] * len(block)
    blank = height - len(rows)
    return (rows + [()] * blank)[:height], (numbers + [-1] * blank)[:height]


def _first_shown(found: Found, width: int, height: int) -> tuple[int, list[list[Row]]]:
    """From which result on so many fit into ``height`` that the chosen one is among them."""
    first = at = max(min(found.at, len(found.entries) - 1), 0)
    blocks: list[list[Row]] = []
    size = 0
    while first >= 0 and found.entries:
        block = _block(found, first, width)
        if blocks and size + len(block) > height:
            break
        blocks.insert(0, block)
        size += len(block)
        first -= 1
    first += 1
    at += 1
    while at < len(found.entries) and size < height:
        blocks.append(_block(found, at, width))
        size += len(blocks[-1])
        at += 1
    return first, blocks


def _block(found: Found, number: int, width: int) -> list[Row]:
    """A result, under its day where that is another than the one before."""
    entry = found.entries[number]
    rows = render_entry(entry, width)[:_MOST_ROWS]
    if number == found.at:
        rows = [picked_row(row, at, width) for at, row in enumerate(rows)]
    day = day_of(entry.time)
    before = found.entries[number - 1] if number else None
    if day is not None and (before is None or day_of(before.time) != day):
        rows.insert(0, day_line(day, width))
    return rows


def title_words(found: Found) -> str:
    """What was looked for, and how much was found."""
    query = found.query
    parts = [query.words, query.nick and f"from:{query.nick}", query.room and f"in:{query.room}"]
    words = shorten(visible(" ".join(part for part in parts if part)), 40)
    if found.is_waiting:
        return _("searching for {words}…").format(words=words)
    count = len(found.entries)
    if not count:
        return _("no message with {words}").format(words=words)
    title = ngettext("{count} message with {words}", "{count} messages with {words}", count)
    return title.format(count=count, words=words)


def note_words(found: Found) -> str:
    """What must be known of where these results come from."""
    if found.is_waiting or not (found.is_local or not found.entries):
        return ""
    words = []
    if found.words:
        words.append(_("The server does not search: {reason}.").format(reason=visible(found.words)))
    if found.is_local:
        words.append(_("Only what is loaded here was looked through; look further up to load more."))
    if not found.entries:
        words.append(_("Nothing was found."))
    return " ".join(words)


class Results:
    """The list while it is open. ``go_to`` shows a message in its room.

    The keys are for it until the person types something, or goes to a result or elsewhere; Esc then brings it
    back.
    """

    def __init__(self, model: Model, session: Session, go_to: Callable[[Buffer, Mark], None]) -> None:
        self._model = model
        self._session = session
        self._go_to = go_to
        #: What is half typed.
        self.typed: Callable[[], str] = lambda: ""
        self._away_from: Found | None = None
        self._numbers: list[int] = []

    @property
    def shown(self) -> Found | None:
        """What is shown of a search now."""
        found = self._model.focus.found
        return None if found is self._away_from else found

    @property
    def has_keys(self) -> bool:
        """Whether the keys are for the list."""
        return self.shown is not None and not self.typed()

    def rows(self, width: int, height: int) -> list[Row] | None:
        """The list, ``None`` where there is none."""
        found = self.shown
        if found is None:
            return None
        rows, self._numbers = result_rows(found, width, height)
        return rows

    def printed(self, width: int) -> list[Row]:
        """All rows of what was found, once: for where they are printed and nothing is chosen."""
        found = self.shown
        if found is None or found.is_waiting:
            return []
        self.leave()
        found.at = -1
        height = 2 + (_MOST_ROWS + 1) * len(found.entries)
        rows, _numbers = result_rows(found, width, height + len(note_words(found)))
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def words(self) -> str:
        """What one can do, for the status line."""
        if self.shown is None:
            return ""
        if not self.shown.entries:
            return _("Esc: back to the room")
        return _("Up, Down: another message, Enter: go there, Esc: back to the room")

    def move(self, by: int) -> None:
        """Choose another result: older ones are further down."""
        found = self.shown
        if found is not None:
            found.at = max(0, min(found.at + by, len(found.entries) - 1))

    def click(self, row: int) -> bool:
        """Choose what stands ``row`` rows above the lower edge, or go there if it is chosen."""
        found = self.shown
        number = self._numbers[-1 - row] if found is not None and 0 <= row < len(self._numbers) else -1
        if found is None or number < 0:
            return found is not None
        if found.at == number:
            self.enter()
        found.at = number
        return True

    def enter(self) -> None:
        """Go to the chosen message."""
        found = self.shown
        if found is None or not found.entries:
            return
        entry = found.entries[found.at]
        room = _room_of(found.session, entry)
        if room is None:
            words = _("You are not in {room}. /join {room} to read there.").format(room=entry.place)
            self._session.complain(words, self._model.current)
            self.leave()
            return
        self._away_from = found
        self._go_to(room, Mark(entry.msgid, entry.time))

    def put_aside(self) -> None:
        """The person goes to another room, and wants to see that; Esc brings the list back."""
        self._away_from = self._model.focus.found

    def move_on(self) -> None:
        """The person writes something where they have gone: they do not want to come back to the list."""
        if self._away_from is not None and self._model.focus.found is self._away_from:
            self._model.focus.found = None
        self._away_from = None

    def leave(self) -> bool:
        """Close the list and be where one was before; or come back to it. False if there is none."""
        found = self._model.focus.found
        if found is None:
            return False
        if found is self._away_from:
            self._away_from = None
            return True
        self._model.focus.found = None
        if found.room in self._model.buffers:
            self._model.switch_to(found.room)
        return True


def _room_of(session: Session, entry: Entry) -> Buffer | None:
    """The conversation that ``entry`` is from, on the server that was searched."""
    if not session.isupport.is_channel(entry.place):
        return session.rooms.direct(entry.place)
    return session.model.find(entry.place)
