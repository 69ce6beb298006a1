"""Text for people: on a terminal its rows end between words, elsewhere it is as it is."""

from __future__ import annotations

import shutil
import textwrap
from typing import TextIO


def fitted(text: str, stream: TextIO) -> str:
    """``text`` as ``stream`` shows it best; what is indented is a command or a list, and stays whole.

    A path or an address is never taken apart: it is there to be copied.
    """
    if not stream.isatty():
        return text
    width = max(shutil.get_terminal_size().columns, 1)
    return "\n".join(_row(line, width) for line in text.split("\n"))


def _row(line: str, width: int) -> str:
    if line.startswith(" "):
        return line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
