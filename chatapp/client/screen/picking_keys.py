"""The keys while they are for a picked message: bound beside the table, since they mean letters otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

if TYPE_CHECKING:
    from chatapp.client.screen.picking import Picking
    from chatapp.client.screen.results import Results

Do = Callable[["Picking"], object]

#: While nothing is asked.
_MOVES: dict[str, Do] = {
    "up": lambda picking: picking.move(-1),
    "k": lambda picking: picking.move(-1),
    "down": lambda picking: picking.move(+1),
    "j": lambda picking: picking.move(+1),
    "r": lambda picking: picking.reply(),
    "e": lambda picking: picking.ask("react"),
    "d": lambda picking: picking.ask("delete"),
    "q": lambda picking: picking.quote(),
    "y": lambda picking: picking.copy(),
}
#: Whatever is asked.
_ALWAYS: dict[str, Do] = {
    "enter": lambda picking: picking.enter(),
    "escape": lambda picking: picking.leave(),
    "c-c": lambda picking: picking.leave(),
    "backspace": lambda picking: picking.backspace(),
    "tab": lambda _picking: None,
}


def bind_picking(bindings: KeyBindings, picking: Picking) -> None:
    """Let the keys be for the picked message while it has them."""
    has_keys = Condition(lambda: picking.has_keys)
    is_free = has_keys & Condition(lambda: picking.asks == "")
    is_deleting = has_keys & Condition(lambda: picking.asks == "delete")

    @bindings.add(Keys.Any, filter=has_keys)
    def _typed(event: KeyPressEvent) -> None:
        if event.data.isprintable():
            picking.typed(event.data)

    for key, do in _ALWAYS.items():
        bindings.add(key, filter=has_keys)(_handler(do, picking))
    for key, do in _MOVES.items():
        bindings.add(key, filter=is_free)(_handler(do, picking))
    for yes in ("y", "s"):  # and "sim"
        bindings.add(yes, filter=is_deleting)(_handler(lambda picking: picking.delete(), picking))
    bindings.add("n", filter=is_deleting)(_handler(lambda picking: picking.leave(), picking))


def bind_results(bindings: KeyBindings, results: Results) -> None:
    """Let the keys be for the results of a search while they have them."""
    has_keys = Condition(lambda: results.has_keys)
    for key, do in (
        ("up", lambda: results.move(-1)),
        ("down", lambda: results.move(+1)),
        ("enter", results.enter),
        ("c-c", results.leave),
    ):
        bindings.add(key, filter=has_keys)(lambda _event, do=do: do())


def _handler(do: Do, picking: Picking) -> Callable[[KeyPressEvent], None]:
    def handle(_event: KeyPressEvent) -> None:
        do(picking)

    return handle
