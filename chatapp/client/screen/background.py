"""Asking the terminal for the colour of its background (OSC 11), so that a theme suits it.

The answer comes as key presses, sooner or later, which must not reach the input line: from ``ESC ]`` on they
are gathered for as long as they look like one, and given back to the line where they turn out to be typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

Colour = tuple[float, float, float]

QUESTION = "\x1b]11;?\x1b\\"
_ANSWER = re.compile(r"11;rgba?:([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})")
#: What the beginning of an answer looks like; it has no more characters than this allows.
_BEGINNING = re.compile(r"1?|11|11;r?|11;rg|11;rgba?|11;rgba?:[0-9A-Fa-f/]{0,19}[\x1b\\\a]{0,2}")
_ENDS = ("\a", "\x1b\\")


class Background:
    """Hears the answer; ``found`` is called with the colour, red, green and blue from 0 to 1."""

    def __init__(self, found: Callable[[Colour], None]) -> None:
        self._found = found
        self._text: str | None = None

    def bind(self, bindings: KeyBindings) -> None:
        """Have the keys of an answer come here."""
        is_within = Condition(lambda: self._text is not None)
        bindings.add("escape", "]", filter=~is_within, save_before=_never)(lambda _event: self._begin())
        bindings.add(Keys.Any, filter=is_within, eager=True, save_before=_never)(self._key)

    def _begin(self) -> None:
        self._text = ""

    def _key(self, event: KeyPressEvent) -> None:
        text = (self._text or "") + event.data
        self._text = text
        if not _BEGINNING.fullmatch(text):
            self._text = None
            event.app.current_buffer.insert_text(f"]{text}")
        elif text.endswith(_ENDS):
            self._text = None
            colour = read_colour(text)
            if colour is not None:
                self._found(colour)


def read_colour(answer: str) -> Colour | None:
    """The colour in ``answer``, from behind ``ESC ]`` on; None if there is none."""
    match = _ANSWER.match(answer)
    if match is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in match.groups())
    return red, green, blue


def named_background(environ: Mapping[str, str]) -> Colour | None:
    """What rxvt and Konsole tell in ``COLORFGBG``: the number of the background among their 16 colours."""
    number = environ.get("COLORFGBG", "").rpartition(";")[2]
    if number in ("7", "15"):
        return 1.0, 1.0, 1.0
    return (0.0, 0.0, 0.0) if number.isdecimal() and int(number) < 16 else None


def _never(_event: KeyPressEvent) -> bool:
    return False
