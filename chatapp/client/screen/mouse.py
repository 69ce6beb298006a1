"""The mouse: the wheel scrolls what it is over, and a click goes to what it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType

from chatapp.client.screen.looking import Looking
from chatapp.client.screen.panels import SIDEBAR_CELLS

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone


class Mouse:
    """What the mouse does; ``go`` shows the room of a number. ``rooms`` and ``width`` are the picture's."""

    def __init__(self, looking: Looking, go: Callable[[int], None]) -> None:
        self._looking = looking
        self._go = go
        self.rooms: dict[int, int] = {}
        self.width = 80

    def use(self, event: MouseEvent) -> NotImplementedOrNone:
        """Do what ``event`` asks; ``NotImplemented`` where that is nothing."""
        if event.event_type is MouseEventType.SCROLL_UP:
            self._looking.wheel(+1, event.position.x, self.width)
        elif event.event_type is MouseEventType.SCROLL_DOWN:
            self._looking.wheel(-1, event.position.x, self.width)
        elif event.event_type is MouseEventType.MOUSE_DOWN and event.button is MouseButton.LEFT:
            return self._click(event.position.x, event.position.y)
        else:
            return NotImplemented
        return None

    def _click(self, x: int, y: int) -> NotImplementedOrNone:
        number = self.rooms.get(y)
        if number is None or x < self.width - SIDEBAR_CELLS:
            return NotImplemented
        self._go(number)
        return None
