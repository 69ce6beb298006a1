"""The mouse: the wheel scrolls what it is over, and a click goes to what it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType

from chatapp.client.screen.looking import WHEEL_ROWS, Looking
from chatapp.client.screen.panels import SIDEBAR_CELLS
from chatapp.client.screen.picture import People

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone


class Mouse:
    """What the mouse does; ``go`` shows the room of a number, ``meet`` turns to a person by nick,
    ``pick`` picks the message in a row of the conversation, counted from its lower edge up.

    ``rooms``, ``people`` and ``width`` are the picture's, and so are ``main``, the conversation's columns,
    and ``bottom``, the row below its last.
    """

    def __init__(
        self, looking: Looking, go: Callable[[int], None], meet: Callable[[str, MouseButton], None]
    ) -> None:
        self._looking = looking
        self._go = go
        self._meet = meet
        self.people = People()
        self.pick: Callable[[int], bool] = lambda _row: False
        self.rooms: dict[int, int] = {}
        self.bottom = 0
        self.main = 0
        self.width = 80

    def use(self, event: MouseEvent) -> NotImplementedOrNone:
        """Do what ``event`` asks; ``NotImplemented`` where that is nothing."""
        if event.event_type is MouseEventType.SCROLL_UP:
            self._turn(+1, event.position.x)
        elif event.event_type is MouseEventType.SCROLL_DOWN:
            self._turn(-1, event.position.x)
        elif event.event_type is MouseEventType.MOUSE_DOWN and (
            nick := self.people.nick_at(event.position.x, event.position.y)
        ):
            self._meet(nick, event.button)
        elif event.event_type is MouseEventType.MOUSE_DOWN and event.button is MouseButton.LEFT:
            return self._click(event.position.x, event.position.y)
        else:
            return NotImplemented
        return None

    def _turn(self, direction: int, x: int) -> None:
        """The wheel over the column ``x``, up (+1) or down (-1)."""
        if self.people.left <= x < self.people.right:
            self._looking.members.scroll(-direction * WHEEL_ROWS)
        else:
            self._looking.wheel(direction, x, self.width)

    def _click(self, x: int, y: int) -> NotImplementedOrNone:
        number = self.rooms.get(y)
        if number is None or x < self.width - SIDEBAR_CELLS:
            is_picked = x < self.main and y < self.bottom and self.pick(self.bottom - 1 - y)
            return None if is_picked else NotImplemented
        self._go(number)
        return None
