"""Where the person sits: at the full screen, at plain lines on a terminal, or at the ends of two pipes."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from chatapp.client.config import Launch, data_dir
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import Model
from chatapp.client.networks import Networks, shown_model, shown_session
from chatapp.client.session import Session
from chatapp.client.settings import Preferences
from chatapp.client.tty import has_terminal, is_dumb
from chatapp.client.typed_history import TypedHistory

if TYPE_CHECKING:
    from chatapp.client.screen.plain_lines import Lines


class Screen(Protocol):
    """A full screen or plain lines."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing half typed would be lost if it closed."""

    async def run(self) -> None:
        """Serve the person until they leave."""

    def close(self, error: BaseException | None = None) -> None:
        """Leave, as if the person had; with an ``error`` that `run` raises then."""


def seat(launch: Launch, networks: Networks, recorder: Recorder) -> Screen:
    """What the person asked for, or the terminal can do. Only what is used is imported: who starts waits."""
    model, session = shown_model(networks), shown_session(networks)
    history = _history(launch.preferences)
    if launch.linear:
        from chatapp.client.screen.linear import LinearScreen

        def lines(submit: Callable[[str], asyncio.Future[None] | None]) -> Lines:
            return _lines(submit, model, session, history)

        return LinearScreen(
            model, session, recorder, time.monotonic, inspecting=launch.inspect, make_lines=lines
        )
    from chatapp.client.screen.paper import open_paper
    from chatapp.client.screen.terminal import TerminalScreen

    screen = TerminalScreen(
        model, session, recorder=recorder, paper=open_paper(), history=history, inline=launch.inline
    )
    screen.manner.inspecting = launch.inspect
    return screen


def _lines(
    submit: Callable[[str], asyncio.Future[None] | None],
    model: Model,
    session: Session,
    history: TypedHistory,
) -> Lines:
    from chatapp.client.screen.edited_lines import EditedLines
    from chatapp.client.screen.paper import open_paper
    from chatapp.client.screen.plain_lines import PlainLines

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")
    paper = open_paper() if has_terminal() and not (is_dumb() and _is_silent()) else None
    if paper is None:  # also on Windows, whose consoles edit a line themselves
        return PlainLines(submit)
    return EditedLines(submit, model, session, paper, _width, is_dumb=is_dumb(), history=history)


def _width() -> int:
    with contextlib.suppress(OSError):  # The terminal is gone, as the one who reads its keys finds out.
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    return 80


def _is_silent() -> bool:
    """Whether the terminal does not show what is typed: another program, such as Emacs, edits the lines."""
    if sys.platform == "win32":
        return False
    import termios

    return not termios.tcgetattr(sys.stdin.fileno())[3] & termios.ECHO


def _history(preferences: Preferences) -> TypedHistory:
    """What was typed before, for as long as the person wants it kept."""
    history = TypedHistory(data_dir() / "typed_history")

    def keep_or_not() -> None:
        if preferences.settings.input_history:
            history.keep()
        else:
            with contextlib.suppress(OSError):  # then it stays, and nothing more is written to it
                history.forget()

    preferences.watch(keep_or_not)
    keep_or_not()
    return history
