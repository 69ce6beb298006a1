"""What a line that the person typed means for the program."""

from __future__ import annotations

from enum import Enum, auto


class Outcome(Enum):
    """NOTHING: go on; QUIT: the person wants to leave."""

    NOTHING = auto()
    QUIT = auto()
