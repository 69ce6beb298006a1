"""The operator's console: the client inside the server.

It is a client like any other, on a connection that does not leave the process; what it can do beyond that
it is handed as `Power`.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from gettext import gettext as _

from chatapp.client.connection import Connection
from chatapp.client.console_session import ConsoleSession, Power
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import Model
from chatapp.client.screen.paper import Paper
from chatapp.client.screen.terminal import TerminalScreen

#: Lines heard in one turn of the loop that also serves everyone else.
LINES_PER_TURN = 10


class OperatorConsole:
    """The screen of the operator ``nick``, who lands in ``room``, with ``words`` above everything.

    ``dial`` gives our end of a new connection to the server. Without ``paper`` the terminal is written to
    directly.
    """

    def __init__(
        self,
        nick: str,
        room: str,
        words: Sequence[str],
        dial: Callable[[], socket.socket],
        powers: Sequence[Power],
        paper: Paper | None = None,
    ) -> None:
        model = Model(nick, nick)
        self.session = ConsoleSession(model, nick, room, powers)
        for line in words:
            self.session.inform(line, model.server)
        recorder = Recorder(time.monotonic)
        self._connection = Connection(
            self.session,
            "",
            0,
            dice=lambda: 0.0,
            dial=dial,
            lines_per_turn=LINES_PER_TURN,
            recorder=recorder,
        )
        self.screen = ConsoleScreen(model, self.session, recorder=recorder, paper=paper)

    async def run(self) -> None:
        """Show the screen until the operator stops the server, or `close`; the terminal is then as it was."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._connection.run())
                try:
                    await self.screen.run()
                finally:
                    self._connection.quit()
        except ExceptionGroup as group:
            raise group.exceptions[0] from group

    def tell(self, words: str, is_warning: bool) -> None:
        """Show a line of the log."""
        show = self.session.complain if is_warning else self.session.inform
        show(words, self.session.model.server)

    def close(self) -> None:
        """Leave the screen."""
        self.screen.close()


class ConsoleScreen(TerminalScreen):
    """The client's screen, in a process that others wait for: it takes its time for nobody but the keys."""

    redraws_per_second = 10

    def suspend(self) -> None:
        """Do not go into the background: the server would stand still."""
        self._session.inform(_("The console stays: in the background the server would stand still."))
