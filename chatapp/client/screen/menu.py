"""The menu of completions as rows that lie over the picture (pure)."""

from __future__ import annotations

from typing import NamedTuple

from chatapp.client.screen.cells import cells, cut, shorten
from chatapp.client.screen.render import Row, Span, pad
from chatapp.irc.visible import visible

#: Rows it has at most.
MOST_ROWS = 8
#: Cells that the name and the explanation of a choice have at most.
_NAME_CELLS, _ABOUT_CELLS = 40, 60


class Choice(NamedTuple):
    """What one may choose: how it is shown, and what it is."""

    name: str
    about: str = ""


class Menu(NamedTuple):
    """The choices, which of them is picked, and how many characters before the cursor they stand for."""

    choices: tuple[Choice, ...]
    picked: int | None = None
    typed: int = 0


def menu_rows(menu: Menu, width: int, height: int) -> list[Row]:
    """The choices around the picked one, in at most ``width`` cells and ``height`` rows, all of one width."""
    height = min(height, MOST_ROWS, len(menu.choices))
    if height < 1 or width < 3:
        return []
    picked = menu.picked or 0
    first = max(0, min(picked - height // 2, len(menu.choices) - height))
    shown = [
        Choice(shorten(visible(name), _NAME_CELLS), shorten(visible(about), _ABOUT_CELLS))
        for name, about in menu.choices[first : first + height]
    ]
    names = min(width - 2, max(cells(choice.name) for choice in shown))
    abouts = max(cells(choice.about) for choice in shown)
    abouts = min(abouts, max(0, width - names - 4))
    return [
        _row(choice, names, abouts, is_picked=menu.picked == first + number)
        for number, choice in enumerate(shown)
    ]


def lie_over(rows: list[Row], menu: list[Row], x: int, bottom: int) -> list[Row]:
    """``rows`` with the ``menu`` over them: its last row in the row ``bottom``, its left edge at ``x``."""
    top = bottom - len(menu) + 1
    covered = [_covered(rows[top + number], row, x) for number, row in enumerate(menu)]
    return rows[:top] + covered + rows[bottom + 1 :]


def _row(choice: Choice, names: int, abouts: int, *, is_picked: bool) -> Row:
    current = ".current" if is_picked else ""
    name = f"class:completion-menu class:completion-menu.completion{current}"
    row = pad((Span(name, f" {choice.name}"),), names + 2, name)
    if not abouts:
        return row
    about = f"class:completion-menu class:completion-menu.meta.completion{current}"
    return (*row, *pad((Span(about, f" {choice.about}"),), abouts + 2, about))


def _covered(row: Row, over: Row, x: int) -> Row:
    """``row`` where it can be seen beside ``over``."""
    end = x + sum(cells(span.text) for span in over)
    right: list[Span] = []
    at = 0
    for style, text in row:
        size = cells(text)
        if at + size > end:
            hidden = cut(text, max(0, end - at))
            gap = max(0, end - at) - cells(hidden)
            rest = text[len(hidden) :]
            if gap:  # a wide character of which the menu covers one half
                wide = cut(rest, 2)
                rest = " " * (cells(wide) - gap) + rest[len(wide) :]
            right.append(Span(style, rest))
        at += size
    return (*pad(row, x), *over, *right)
