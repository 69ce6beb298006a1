"""What a line that the person typed means for the program."""

from __future__ import annotations

from enum import Enum, auto


class Outcome(Enum):
    """NOTHING: go on; INSPECT: open or close the inspector; QUIT: the person wants to leave."""

    NOTHING = auto()
    INSPECT = auto()
    QUIT = auto()
