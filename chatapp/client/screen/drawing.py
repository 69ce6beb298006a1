"""The drawing: the model and what is typed as the picture of now, and what follows from having shown it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from prompt_toolkit.mouse_events import MouseEvent

from chatapp.client.buffer import Buffer, Entry
from chatapp.client.markers import newest
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.cells import cells
from chatapp.client.screen.input_line import InputLine
from chatapp.client.screen.keys import key_help
from chatapp.client.screen.looking import Looking
from chatapp.client.screen.menu import lie_over, menu_rows
from chatapp.client.screen.mouse import Mouse
from chatapp.client.screen.picture import Manner, Own, Picture, columns, compose, compose_own
from chatapp.client.screen.render import row_text
from chatapp.client.session import Session
from chatapp.irc.visible import visible

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone


class Drawing:
    """The scene that is painted. ``now`` gives seconds since 1970; ``draw_again`` has it painted anew."""

    #: Whether one can scroll to what was said before.
    _can_look_back = True

    def __init__(
        self,
        model: Model,
        session: Session,
        looking: Looking,
        line: InputLine,
        manner: Manner,
        mouse: Mouse,
        now: Callable[[], float],
        draw_again: Callable[[], None],
    ) -> None:
        self.size = (80, 24)
        self._model = model
        self._session = session
        self._looking = looking
        self._line = line
        self._manner = manner
        self._mouse = mouse
        self._now = now
        self._draw_again = draw_again
        self._keys = key_help()
        self._countdown: asyncio.TimerHandle | None = None
        self._newest: tuple[Buffer, Entry] | None = None

    def draw(self, width: int, height: int) -> Picture:
        """The whole picture at this size."""
        self._show(width, height)
        picture = compose(
            self._model,
            self._looking.timeline,
            self._manner,
            self._line.typed,
            self.size,
            self._now(),
            self._keys,
            self._looking.shown_wire,
        )
        self._mouse.rooms, self._mouse.people = picture.rooms, picture.people
        self._mouse.bottom = picture.own
        self._mouse.main = self._main_cells(width)
        self._note_newest(width)
        return self._with_menu(picture, width)

    def draw_own(self, width: int, height: int) -> Own:
        """The status line and the input line at this size."""
        self._show(width, height)
        return compose_own(
            self._model,
            self._looking.timeline,
            self._manner,
            self._line.typed,
            self.size,
            self._now(),
            self._looking.shown_wire,
        )

    def mouse(self, event: MouseEvent) -> NotImplementedOrNone:
        """The mouse was used."""
        return self._mouse.use(event)

    def drawn(self) -> None:
        """After each picture: fetch older messages before one gets there, and count down to the next try."""
        model = self._model
        if model.state is ConnectionState.ONLINE:
            self._fetch()
        if self._manner.members is not None:
            self._session.presence.look_at(model.current)
        if self._newest is not None and self._newest[0] is model.current:
            self._session.reading.markers.seen(*self._newest)
        wait = self._next_change()
        if wait is not None and self._countdown is None:
            self._countdown = asyncio.get_running_loop().call_later(wait, self._count_down)

    def _fetch(self) -> None:
        """Ask for what is missing near to where one looks."""
        room, timeline = self._model.current, self._looking.timeline
        for msgid in timeline.missing:
            asyncio.get_running_loop().call_soon(self._session.reading.quotes.want, room, msgid)
        timeline.missing.clear()
        if not self._can_look_back:
            return
        side = timeline.side_of_gap()
        if side:
            fill = partial(self._session.reading.catchup.fill, room, upward=side > 0)
            asyncio.get_running_loop().call_soon(fill)
        elif timeline.wants_older():
            asyncio.get_running_loop().call_soon(self._session.load_older, room)

    def _next_change(self) -> float | None:
        """In how many seconds the picture changes though nothing comes; ``None`` for never."""
        model, now = self._model, self._now()
        if model.state is ConnectionState.OFFLINE and model.retry_at is not None:
            return 1.0
        ends = (model.current.typing.next_end(now), self._session.reading.markers.due())
        return min((max(end - now, 0.05) for end in ends if end is not None), default=None)

    def _note_newest(self, width: int) -> None:
        """Remember the newest message if this picture shows it to someone."""
        buffer = self._model.current
        is_shown = self._looking.timeline.is_following and self._main_cells(width) > 0
        is_shown = is_shown and self._looking.results.shown is None
        entry = newest(buffer) if is_shown and self._model.focus.is_watched else None
        self._newest = (buffer, entry) if entry is not None else None

    def stop(self) -> None:
        """Draw no more."""
        if self._countdown is not None:
            self._countdown.cancel()

    def _with_menu(self, picture: Picture, width: int) -> Picture:
        """``picture`` with the completions that are offered, above the person's own part."""
        menu = self._line.menu
        if menu is None:
            return picture
        rows = menu_rows(menu, width, picture.own)
        if not rows:
            return picture
        typed = self._line.typed
        word = visible(typed.text[max(0, typed.cursor - menu.typed) : typed.cursor])
        x = max(0, min(picture.cursor_x - cells(word), width - cells(row_text(rows[0]))))
        return replace(picture, rows=lie_over(picture.rows, rows, x, picture.own - 1))

    def _show(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._mouse.width = width
        self._looking.timeline.show(self._model.current, self._model.fold(self._model.nick))
        self._looking.arrive()

    def _main_cells(self, width: int) -> int:
        """The columns of the conversation, 0 while something else stands in its place."""
        if self._manner.helping:
            return 0
        return columns(width, self._manner.inspecting, self._manner.members is not None).main

    def _count_down(self) -> None:
        self._countdown = None
        self._session.reading.markers.flush()
        self._draw_again()
