"""prompt_toolkit's part of the picture: one window, which is where the keys go.

On Windows it also paints our rows; elsewhere `chatapp.client.screen.renderer` does. That goes by grapheme
clusters, which prompt_toolkit's own windows do not: there a family emoji takes eight cells, on the terminal
two, and the cursor would be lost.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.layout import BufferControl, Dimension, Layout, Window
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.layout.screen import Char, Screen, WritePosition
from prompt_toolkit.mouse_events import MouseEvent

from chatapp.client.screen.cells import grapheme_cells, graphemes
from chatapp.client.screen.picture import Picture
from chatapp.client.screen.render import Row

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone


class Scene(Protocol):
    """What is to be painted."""

    def draw(self, width: int, height: int) -> Picture:
        """The whole picture."""

    def mouse(self, event: MouseEvent) -> NotImplementedOrNone:
        """The mouse was used."""


#: What stands in the further cells of a wide character.
_COVERED = Char("", "")


class PictureWindow(Window):
    """The whole screen, and the one place that has the focus."""

    def __init__(self, buffer: Buffer, scene: Scene) -> None:
        super().__init__(BufferControl(buffer))
        self._scene = scene

    def preferred_width(self, max_available_width: int) -> Dimension:
        """All there is."""
        return Dimension()

    def preferred_height(self, width: int, max_available_height: int) -> Dimension:
        """All there is."""
        return Dimension()

    def write_to_screen(
        self,
        screen: Screen,
        mouse_handlers: MouseHandlers,
        write_position: WritePosition,
        parent_style: str,
        erase_bg: bool,
        z_index: int | None,
    ) -> None:
        """Ask for the picture at this size and paint it."""
        width, height = write_position.width, write_position.height
        if width <= 0 or height <= 0:
            return
        picture = self._scene.draw(width, height)
        for y, row in enumerate(picture.rows[:height]):
            screen.data_buffer[y].update(row_cells(row, width))
        screen.width, screen.height = width, height
        screen.set_cursor_position(self, Point(picture.cursor_x, picture.cursor_y))
        screen.visible_windows_to_write_positions[self] = write_position
        for y in range(height):
            mouse_handlers.mouse_handlers[y] = defaultdict(lambda: self._scene.mouse)


@lru_cache(maxsize=512)
def row_cells(row: Row, width: int) -> dict[int, Char]:
    """``row``, cut at ``width`` cells, as what stands in each; most rows are the same from frame to frame."""
    line: dict[int, Char] = {}
    x = 0
    before = ""
    for dress, text in row:
        style = dress.partition(" link=")[0]  # what prompt_toolkit knows nothing of
        for grapheme in graphemes(text):
            size = grapheme_cells(grapheme)
            if size == 0:
                if x == 0:
                    before += grapheme
                else:
                    last = next(back for back in range(x - 1, -1, -1) if line[back].char)
                    line[last] = cell(line[last].char + grapheme, line[last].style, line[last].width)
                continue
            if x + size > width:
                return line
            line[x] = cell(before + grapheme, style, size)
            before = ""
            for covered in range(x + 1, x + size):
                line[covered] = _COVERED
            x += size
    return line


@lru_cache(maxsize=16384)
def cell(grapheme: str, style: str, size: int) -> Char:
    """A cluster as prompt_toolkit's renderer wants it, ``size`` cells wide."""
    char = Char(grapheme, style)
    char.width = size
    return char


def build_layout(buffer: Buffer, scene: Scene) -> Layout:
    """The window, which is all there is."""
    return Layout(PictureWindow(buffer, scene))
