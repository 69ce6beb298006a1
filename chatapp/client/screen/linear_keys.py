"""The keys of the input line without a screen: those of the screen, as far as they mean something here."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatapp.client.screen.completion import Candidate

if TYPE_CHECKING:
    from chatapp.client.screen.edited_lines import EditedLines

#: Completions that are said at most.
_MOST_SAID = 20


def build_bindings(lines: EditedLines) -> KeyBindings:
    """The keys as prompt_toolkit wants them; what is not here is its own editing."""
    line = lines.line
    bindings = KeyBindings()
    table: list[tuple[tuple[str, ...], Callable[[], None]]] = [
        (("enter",), line.enter),
        (("escape", "enter"), line.new_line),
        (("tab",), lines.complete),
        (("up",), line.up),
        (("down",), line.down),
        (("escape", "up"), lambda: lines.moving.step(-1)),
        (("escape", "down"), lambda: lines.moving.step(+1)),
        (("c-n",), lambda: lines.moving.next_unread(+1)),
        (("c-p",), lambda: lines.moving.next_unread(-1)),
        (("c-c",), lines.interrupt),
        (("<sigint>",), lines.interrupt),
        (("c-d",), lines.end_of_input),
        (("c-z",), lines.suspend),
        (("left",), line.left),
        (("right",), line.right),
        (("backspace",), line.backspace),
        (("delete",), line.delete),
    ]
    for keys, action in table:
        bindings.add(*keys)(_handler(action))
    for number in range(10):
        bindings.add("escape", str(number))(_handler(lambda number=number: lines.moving.go(number)))
    asking = Condition(lines.is_asking)
    for yes in ("y", "s"):  # and "sim"
        bindings.add(yes, filter=asking)(_handler(line.enter))
    for no in ("n", "escape"):
        bindings.add(no, filter=asking)(_handler(line.dismiss))
    bindings.add(Keys.BracketedPaste)(lambda event: line.paste(event.data))
    return bindings


def choice_words(found: list[Candidate]) -> str:
    """What the word before the cursor may become."""
    names = [each.shown for each in found[:_MOST_SAID]]
    if len(found) > _MOST_SAID:
        names.append("…")
    return _("It may be: {names}").format(names=", ".join(names))


def _handler(action: Callable[..., object]) -> Callable[[KeyPressEvent], None]:
    def handle(event: KeyPressEvent) -> None:
        action()

    return handle
