"""The table of what the server can say: where a line meets the function that understands it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session

Hearer = Callable[["Session", Line], None]

HEARERS: dict[str, Hearer] = {}


def hears(*commands: str) -> Callable[[Hearer], Hearer]:
    """Let the function below hear lines with these commands or numerics."""

    def enter(hearer: Hearer) -> Hearer:
        HEARERS.update(dict.fromkeys(commands, hearer))
        return hearer

    return enter
