"""The way to the server: connect, keep alive, come back with growing patience; the session does the rest."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable
from gettext import gettext as _

from chatapp.client.inspector.recorder import Recorder
from chatapp.client.pulse import PING_AFTER
from chatapp.client.session import Session
from chatapp.client.tls import LostEncryption, Security
from chatapp.client.trust import Distrusted
from chatapp.client.udp import Datagrams
from chatapp.client.wire import LINES_PER_TURN, Wire, in_words

#: Seconds that an attempt may take.
CONNECT_TIMEOUT = 10.0
#: The longest wait between two attempts, in seconds.
MOST_PATIENCE = 30.0
#: Seconds after which a connection counts as a good one, and the next attempt is made at once.
_STABLE = 10.0


class NoServer(Exception):
    """There is no server at the very first attempt; ``str()`` says so in words for the person."""


class Connection:
    """Keeps ``session`` connected to a server, until the person leaves.

    ``dice`` gives numbers from 0 to 1 and spreads the attempts of many clients. ``recorder`` sees every byte.
    ``dial`` gives a connected socket where there is no address: to a server in this process; ``datagrams`` is
    the way where it is to be UDP. ``security`` decides about TLS over TCP; without it there is none.
    """

    def __init__(
        self,
        session: Session,
        host: str,
        port: int,
        *,
        dice: Callable[[], float],
        recorder: Recorder | None = None,
        dial: Callable[[], socket.socket] | None = None,
        lines_per_turn: int = LINES_PER_TURN,
        datagrams: Datagrams | None = None,
        security: Security | None = None,
    ) -> None:
        self._session = session
        self._datagrams = datagrams
        self._security = security
        self._security_words = ""
        self._dial = dial
        self._lines_per_turn = lines_per_turn
        self._host = host
        self._port = port
        self._dice = dice
        self._recorder = recorder or Recorder(session.now)
        self.was_ever_welcome = False
        self._wire: Wire | None = None
        self._opening: asyncio.Timeout | None = None
        self._wanted = asyncio.Event()
        self._reason = ""
        self.is_ending = False

    async def run(self, *, gives_up: bool = True) -> None:
        """Connect, and again whenever the connection ends; return once the person has left.

        Raises:
            NoServer: The very first attempt has failed, and one ``gives_up`` then.
            Distrusted: The server is one that we do not talk to; it is not tried again.
        """
        session = self._session
        failures = 0
        is_first = gives_up
        while not session.is_quitting:
            began = session.now()
            try:
                was_welcome = await self._attempt(is_first)
            except Distrusted:
                session.disconnected("", None)
                raise
            is_first = False
            if was_welcome and session.now() - began >= _STABLE:
                failures = 0
            elif not was_welcome:
                failures += 1
            await self._wait(failures)
            failures += was_welcome
        session.disconnected("", None)

    def quit(self) -> None:
        """The person leaves: say what is still to be said, and end."""
        self.is_ending = True
        self._session.quit()
        self._wanted.set()
        if self._wire is not None:
            self._wire.finish()
        elif self._opening is not None:  # nobody waits for that any more
            self._opening.reschedule(asyncio.get_running_loop().time())

    def hurry(self) -> None:
        """Make the next attempt at once, if one waits for its time."""
        self._wanted.set()

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until the person hurries or leaves."""
        self._wanted.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wanted.wait()

    async def _attempt(self, is_first: bool) -> bool:
        """Connect and stay until the connection ends; whether the server had welcomed us."""
        session = self._session
        session.connecting()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT) as self._opening:
                wire = await self._open()
        except LostEncryption as error:
            if is_first:
                raise Distrusted(str(error)) from error
            self._warn_of(error)
            return False
        except (OSError, TimeoutError, UnicodeError) as error:
            self._reason = in_words(error)
            if is_first and not session.is_quitting:
                session.disconnected(self._reason, None)
                raise NoServer(self._nobody(self._reason)) from error
            if not self.was_ever_welcome:
                self._tell_once(self._nobody(self._reason))
            return False
        finally:
            self._opening = None
        self._wire = wire
        try:
            if not self.is_ending:  # else the person has left in the moment in which the way opened
                session.connected(is_private=wire.is_private)
                wire.start()
                await self._stay(wire)
        finally:
            wire.drop()
            self._wire = None
            if self._security is not None:
                session.model.transport = ""
            self._recorder.closed(wire.reason)
        self._reason = wire.reason
        self.was_ever_welcome = self.was_ever_welcome or wire.was_welcome
        return wire.was_welcome

    async def _open(self) -> Wire:
        loop = asyncio.get_running_loop()

        def make() -> Wire:
            return Wire(self._session, self._recorder, self._lines_per_turn)

        if self._datagrams is not None:
            return await self._datagrams.open(make)
        if self._dial is not None:
            return (await loop.create_connection(make, sock=self._dial()))[1]
        if self._host.startswith("/"):
            if sys.platform == "win32":
                raise OSError(_("this system has no Unix sockets"))
            return (await loop.create_unix_connection(make, self._host))[1]
        if self._security is not None:
            return await self._open_securely(self._security, make)
        return (await loop.create_connection(make, self._host, self._port, happy_eyeballs_delay=0.25))[1]

    async def _open_securely(self, security: Security, make: Callable[[], Wire]) -> Wire:
        """Connect with TLS or without, and say which; what is to be said about it, once."""
        opened = await security.open(make)
        model = self._session.model
        model.transport = _("encrypted") if opened.is_encrypted else _("not encrypted")
        if opened.words and opened.words != self._security_words:
            self._session.inform(opened.words, model.current)
        self._security_words = opened.words or self._security_words
        return opened.protocol

    def _warn_of(self, error: LostEncryption) -> None:
        """Say that there is plain text where there was encryption, once."""
        self._reason = str(error)
        if error.is_answer and self._security_words != self._reason:
            self._session.complain(self._reason, self._session.model.current)
            self._security_words = self._reason

    def _tell_once(self, words: str) -> None:
        if words not in self._session.told:
            self._session.told.add(words)
            self._session.complain(words, self._session.model.server)

    async def _stay(self, wire: Wire) -> None:
        """Until the connection ends, tick when the session wants it."""
        session = self._session
        while not wire.ended.is_set():
            try:
                async with asyncio.timeout(min(max(session.due() - session.now(), 0.05), PING_AFTER)):
                    await wire.ended.wait()
            except TimeoutError:
                session.tick()
                if session.pulse.is_gone:
                    wire.end(_("the server has fallen silent"))

    async def _wait(self, failures: int) -> None:
        """Wait before the next attempt: not at all at first, then twice as long each time."""
        session = self._session
        if session.is_quitting:
            return
        patience = min(0.5 * 2 ** min(failures - 1, 10), MOST_PATIENCE) if failures else 0.0
        patience *= 0.5 + self._dice() / 2
        session.disconnected(self._reason, session.now() + patience)
        await self.wait(patience)

    def _nobody(self, reason: str) -> str:
        where = self._host if self._host.startswith("/") else f"{self._host}:{self._port}"
        return _("There is no server at {where} ({reason}).").format(where=where, reason=reason)
