"""What one looks at and how one moves in it: the conversation, what goes over the wire, the page of keys."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.client.buffer import MAX_ENTRIES, Buffer, Mark
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.members_pane import MembersPane
from chatapp.client.screen.panels import SIDEBAR_FROM
from chatapp.client.screen.picture import Manner, columns, padded_row
from chatapp.client.screen.results import Results
from chatapp.client.screen.timeline import Timeline
from chatapp.client.screen.view import View
from chatapp.client.screen.wire_view import WireView
from chatapp.client.session import Session

#: Rows that a step of the mouse wheel goes.
WHEEL_ROWS = 3
#: Entries fetched at most on the way to the oldest message.
_MOST_FETCHED = MAX_ENTRIES // 2


class Looking:
    """The views and what the keys do to them; ``manner`` tells which is shown."""

    def __init__(self, model: Model, session: Session, manner: Manner, recorder: Recorder) -> None:
        self.timeline = Timeline()
        self.wire = WireView(recorder)
        self.members = MembersPane()
        self._model = model
        self._session = session
        self._manner = manner
        self._wants_unread = False
        self.results = Results(model, session, self.go_to)
        manner.results = self.results.rows
        self._way: tuple[Buffer, Mark] | None = None
        self._has_asked = False

    @property
    def shown_wire(self) -> WireView | None:
        """The inspector, if it is open."""
        return self.wire if self._manner.inspecting else None

    @property
    def _view(self) -> View:
        """What the keys move in."""
        return self.shown_wire or self.timeline

    def page(self, direction: int, rows: int) -> None:
        """Look ``rows`` further up (+1) or down (-1)."""
        if self._manner.helping:
            self._manner.help_top = max(0, self._manner.help_top - direction * rows)
        elif self.results.shown is not None:
            self.results.move(-direction * max(1, rows // 2))
        else:
            self._scroll(self._view, direction * rows)

    def page_members(self, direction: int, rows: int) -> None:
        """Look ``rows`` further up (+1) or down (-1) among the members."""
        self.members.scroll(-direction * rows)

    def toggle_members(self) -> None:
        """Show who is in the room, or hide it again."""
        self._manner.members = None if self._manner.members else self.members
        self._manner.helping = False

    def uncover(self, width: int) -> bool:
        """Hide what stands before the conversation on a screen of ``width``; false if nothing does."""
        if self._manner.helping:
            self._manner.helping = False
        elif self._manner.members is not None and width < SIDEBAR_FROM:
            self._manner.members = None
        else:
            return False
        return True

    def wheel(self, direction: int, x: int, width: int) -> None:
        """Turn the mouse wheel over the column ``x`` of ``width``."""
        if self.results.shown is not None:
            self.results.move(-direction)
            return
        is_left = x < columns(width, self._manner.inspecting).main
        self._scroll(self.timeline if is_left else self._view, direction * WHEEL_ROWS)

    def to_start(self) -> None:
        """Go to the very first. Older messages are fetched until it is there, or `stop_seeking`."""
        self._view.to_start()
        self._model.current.is_cleared = False
        self._manner.seeking = not self._manner.inspecting
        self._wants_unread = False
        self.seek()

    def to_unread(self) -> None:
        """Go to the first message that was not read; fetched as `to_start` does."""
        room = self._model.current
        self.timeline.show(room, self._model.fold(self._model.nick))
        if room.read_up_to:
            self._show_unread()
        elif self._session.reading.markers.has_unread_above(room):
            self.to_start()
            self._wants_unread = self._manner.seeking

    def go_to(self, room: Buffer, place: Mark) -> None:
        """Show and pick the message at ``place`` in ``room``, once it is loaded."""
        self._model.switch_to(room)
        self._way, self._has_asked = (room, place), False
        self.timeline.show(room, self._model.fold(self._model.nick))
        self.arrive()

    def arrive(self) -> None:
        """Go on towards the message that one wants to see; called before each picture."""
        if self._way is None:
            return
        room, place = self._way
        found = room.known(place.msgid)
        if room is not self._model.current:
            self._way = None
        elif found is not None:
            self._way = None
            room.picked = found.key
            self.timeline.reveal(room.entries.index(found))
        elif not room.is_loading:
            self._load(room, place)

    def _load(self, room: Buffer, place: Mark) -> None:
        if not self._has_asked and self._session.reading.catchup.load_around(room, place):
            self._has_asked = True
            return
        self._way = None
        self._session.complain(_("That message is not here, and the server does not show it."), room)

    def _show_unread(self) -> None:
        keys = [entry.key for entry in self._model.current.entries]
        if self._model.current.read_up_to in keys:
            self.timeline.reveal(min(keys.index(self._model.current.read_up_to) + 1, len(keys) - 1))

    def _scroll(self, view: View, rows: int) -> None:
        view.scroll(rows)
        if rows > 0 and view is self.timeline:
            self._model.current.is_cleared = False

    def to_end(self) -> None:
        """Go to the newest."""
        self._view.to_end()

    def seek(self) -> None:
        """Fetch a page nearer to the oldest message, if that is where one goes."""
        if not self._manner.seeking:
            return
        room = self._model.current
        if self._wants_unread and room.read_up_to:
            self._manner.seeking = False
            self._show_unread()
            return
        self.timeline.to_start()
        has_more = room.has_older and len(room.entries) < _MOST_FETCHED
        if has_more and self._model.state is ConnectionState.ONLINE:
            self._session.load_older(room)
        self._manner.seeking = room.is_loading

    def stop_seeking(self) -> None:
        """Stay where one has come."""
        self._manner.seeking = False

    def toggle_wire(self) -> None:
        """Show what goes over the wire, or hide it again."""
        self._manner.inspecting = not self._manner.inspecting
        self._manner.helping = False
        self.wire.to_end()

    def toggle_help(self) -> None:
        """Show the page of keys, or the room again."""
        self._manner.helping = not self._manner.helping
        self._manner.help_top = 0

    def forget_rows(self) -> None:
        """Format anew what is in view: text is measured differently now."""
        self.timeline.forget_rows()
        self.wire.forget_rows()
        self.members.forget_rows()
        padded_row.cache_clear()
