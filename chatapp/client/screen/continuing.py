"""Going on after we were stopped from outside: the shell has had the terminal, so it is set up anew."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prompt_toolkit.application import Application


@contextmanager
def continuing(
    application: Application[Any], is_lent: Callable[[], bool], redraw: Callable[[], None]
) -> Iterator[None]:
    """While inside: when we are continued (SIGCONT), take the keys raw again and ``redraw``.

    Nothing is done while the terminal ``is_lent`` to another program.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def go_on() -> None:
        if application.is_running and not is_lent():
            # Entered and not left: what the terminal was before us is restored by who entered it first.
            application.input.raw_mode().__enter__()
            redraw()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGCONT, go_on)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGCONT)
