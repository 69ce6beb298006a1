"""How long a silence ends a message that has no line end: short after a program, long at a keyboard."""

from __future__ import annotations

#: A single character may be all of a message, or the first key of one: so many pauses tell.
_FIRST_KEY_PAUSES = 5
#: Seconds that a person may think between two keys, where each is sent when it is pressed.
_THINKING_SECONDS = 30.0


class Pauses:
    """Watches how one caller's words arrive.

    Some terminals (that of Windows' telnet) send each key by itself. They send line ends, too, so their
    messages need no pause; but it must not cut them.
    """

    __slots__ = ("_is_keyboard", "_keys")

    def __init__(self) -> None:
        self._keys = 0
        self._is_keyboard = False

    def after(self, data: bytes, pause: float) -> float:
        """Seconds to wait for more after ``data``, which has no line end; ``pause`` is usual."""
        self._keys = self._keys + 1 if _is_key(data) else 0
        if self._keys > 1:
            self._is_keyboard = True
        if not self._keys:
            return pause
        return _THINKING_SECONDS if self._is_keyboard else pause * _FIRST_KEY_PAUSES

    @property
    def is_typing(self) -> bool:
        """Whether the caller's keys come one by one, as far as can be told."""
        return self._is_keyboard or self._keys > 0

    def end(self) -> None:
        """A message is over."""
        self._keys = 0


def _is_key(data: bytes) -> bool:
    """Whether ``data`` is one character."""
    return len(data) == 1 or len(data.decode(errors="replace")) == 1
