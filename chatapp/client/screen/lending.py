"""The terminal beside the picture: lent to the person's editor, and told what is no part of any picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.application.run_in_terminal import in_terminal

from chatapp.client.screen.attention import BELL
from chatapp.client.screen.input_line import InputLine


class Lending:
    """``application`` gives the one that has the terminal; ``is_lent`` while an editor has it."""

    def __init__(self, application: Callable[[], Application[Any]], line: InputLine) -> None:
        self.is_lent = False
        self._application = application
        self._line = line

    def edit(self) -> None:
        """Go on writing in the person's editor."""
        self._application().create_background_task(self._edit())

    def say(self, words: str) -> None:
        """Write a bell, a notice, what is copied; while an editor is there, a bell alone."""
        if self.is_lent:
            words = BELL if BELL in words else ""
        application = self._application()
        if application.is_running and words:
            application.output.write_raw(words)
            application.output.flush()

    async def _edit(self) -> None:
        async with in_terminal():
            self.is_lent = True
            try:
                await self._line.edit(os.environ)
            finally:
                self.is_lent = False
