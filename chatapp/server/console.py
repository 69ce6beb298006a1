"""The operator's console: a client inside the server, on a connection that never leaves the process.

So rooms, history, completion and private messages are those of every client. Its user comes in as an operator
of the server (mode ``o``); what no client can do is handed to it as `chatapp.server.powers`. The screen
itself is the client's, and comes in as a callable: this package knows no screens.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Protocol

from chatapp.core.settings import Settings
from chatapp.irc.names import is_nick
from chatapp.listeners.irc import IrcConnection
from chatapp.server.app import App
from chatapp.server.logs import LogHandler
from chatapp.server.powers import Power, powers

log = logging.getLogger(__name__)

#: Where the operator comes from, as others see it.
_HERE = "localhost"


class Screen(Protocol):
    """What the client lends us: a screen with an input line, and the operator before it."""

    async def run(self) -> None:
        """Show it until the operator stops the server, or `close`; the terminal is then as it was."""

    def tell(self, words: str, is_warning: bool) -> None:
        """Show a line of the log."""

    def close(self) -> None:
        """Leave it; where it is not open, nothing."""


#: Makes a screen: the operator's nick, their room ("" for none), the lines on top, what gives a connected
#: socket, and what the operator can do that no client can.
OpenScreen = Callable[[str, str, Sequence[str], Callable[[], socket.socket], Sequence[Power]], Screen]


def operator_name(rules: Settings) -> str:
    """What the operator is called: as the server, if that can be a nick."""
    name = rules.server.name
    return name if is_nick(name, rules.limits.nick_length, rules.server.casemapping) else "operator"


class Console:
    """The console of ``app``; ``words`` stand on top of it."""

    def __init__(self, app: App, rules: Settings, words: Sequence[str], open_screen: OpenScreen) -> None:
        self._app = app
        self._rules = rules
        self._calls: set[asyncio.Task[object]] = set()
        self._words = words
        self._open_screen = open_screen
        self._screen: Screen | None = None

    async def run(self, logs: LogHandler) -> None:
        """Show the console until the operator stops the server, or it is told to `close`.

        What is logged is shown there meanwhile. A mistake of the console is in the log, and the server
        serves on without it.
        """
        failure: Exception | None = None
        try:
            self._screen = screen = self._opened()
            with logs.shown(screen.tell):
                await screen.run()
        except (EOFError, OSError):
            log.info(_("The terminal is gone"))  # and whoever closed it meant the server too
        except Exception as error:  # noqa: BLE001  those who chat have no part in it
            failure = error
        if failure is None:
            self._app.stop()
        else:
            log.error(_("The console has failed; the server serves on. Ctrl-C stops it."), exc_info=failure)

    def close(self) -> None:
        """Leave the screen: the server goes down."""
        if self._screen is not None:
            self._screen.close()

    def _opened(self) -> Screen:
        room = self._rules.server.default_channel
        return self._open_screen(operator_name(self._rules), room, self._words, self._dial, powers(self._app))

    def _dial(self) -> socket.socket:
        """Let the operator in by a connection of their own; their end of it.

        Raises:
            OSError: The server is going down, or has no more files.
        """
        if self._app.is_stopping:
            raise ConnectionRefusedError
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(False)
        loop = asyncio.get_running_loop()
        call = loop.create_task(loop.connect_accepted_socket(self._connection, ours))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return theirs

    def _connection(self) -> IrcConnection:
        """A connection that comes in as an operator of the server, whatever the password."""
        connection = IrcConnection(self._app.port.house, _HERE, lambda _address: None, is_trusted=True)
        registration = connection.session.registration
        assert registration is not None
        registration.modes = "o"
        registration.password = self._rules.server.password
        return connection
