"""A visit: a connection to one server without a person, for as long as it takes to do one thing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from gettext import gettext as _
from types import TracebackType

from chatapp.client.assembly import build_networks, connection_of
from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.config import Launch
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import ConnectionState
from chatapp.client.news import News
from chatapp.client.trust import Distrusted
from chatapp.irc.visible import visible

#: Seconds after which a look is taken though nobody has told of a change: a script has no eyes to notice.
_LOOK_AGAIN = 1.0


class Exit(IntEnum):
    """The exit codes of ``chat-client send`` and ``tail``. `USAGE` is argparse's."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NO_CONNECTION = 3
    TIMED_OUT = 4
    INTERRUPTED = 130


class Failure(Exception):
    """It did not work: the exit code, and a sentence for standard error."""

    def __init__(self, code: Exit, words: str) -> None:
        super().__init__(words)
        self.code = code


class Visit:
    """Connects to the first server of ``launch`` and enters ``target``, a room or a person.

    Where there is no server it is tried again, as after a cut, until nothing has gone on for ``timeout``
    seconds. What goes wrong is told on standard error as it happens.
    """

    def __init__(self, launch: Launch, target: str, timeout: float) -> None:
        server = replace(launch.server, rooms=())
        self._networks = build_networks(replace(launch, servers=(server,)))
        network = self._networks.shown
        self.session, self.model = network.session, network.model
        self._timeout = timeout
        self._changed = asyncio.Event()
        self._news = News()
        #: Whether something that was said has been refused, or may not have arrived.
        self.has_failed = False
        self._task: asyncio.Task[None] | None = None
        self._connection = connection_of(network, Recorder(self.session.now), is_first=True)
        if self.session.isupport.is_channel(target):
            self.session.rooms.join(target)
            self.buffer = self.model.current
        else:
            self.buffer = self.session.rooms.direct(target)
            self.model.switch_to(self.buffer)
        self.model.on_change = self._note

    async def __aenter__(self) -> Visit:
        self._task = asyncio.create_task(self._connection.run(gives_up=False))
        self._task.add_done_callback(lambda _task: self._changed.set())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take leave. What the server refuses while we do is still told."""
        assert self._task is not None
        self._connection.quit()
        await asyncio.wait([self._task])
        failure = None if self._task.cancelled() else self._task.exception()
        if failure is not None and error is None:
            raise failure

    async def arrive(self) -> None:
        """Wait until one may speak and hear there.

        Raises:
            Failure: One is not let in, not logged in, or there is no connection.
        """
        await self.until(lambda: self._is_in or self._is_refused)
        if self._is_refused:
            raise Failure(Exit.REFUSED, "")
        self.has_failed = False

    async def until(self, is_so: Callable[[], bool], seen: Callable[[], object] = lambda: None) -> None:
        """Wait until ``is_so``; the patience begins anew whenever what ``seen`` gives has changed.

        Raises:
            Failure: It has not become so in time.
        """
        loop = asyncio.get_running_loop()
        last, deadline = seen(), loop.time() + self._timeout
        while not is_so():
            self._check_connection()
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(deadline, loop.time() + _LOOK_AGAIN)):
                    await self._changed.wait()
            if loop.time() >= deadline and not is_so():
                raise self._too_late()
            if (now := seen()) != last:
                last, deadline = now, loop.time() + self._timeout

    async def next_change(self) -> None:
        """Wait until something has happened, however long that takes, and through cuts of the connection.

        Raises:
            Failure: The server is not talked to any more.
        """
        self._check_connection()
        await self._changed.wait()
        self._changed.clear()

    @property
    def _is_in(self) -> bool:
        is_online = self.model.state is ConnectionState.ONLINE and self.session.rooms.is_ready
        if not is_online or self.session.login.is_under_way:
            return False
        return self.buffer.kind is BufferKind.DIRECT or self.session.speaking.may_send(self.buffer)

    @property
    def _is_refused(self) -> bool:
        session = self.session
        if self.model.state is not ConnectionState.ONLINE or not session.rooms.is_ready:
            return False
        is_a_stranger = session.login.credentials.can_log_in and not session.login.account
        is_outside = self.buffer.kind is BufferKind.CHANNEL and not (
            self.buffer.joined or self.buffer.is_joining
        )
        return is_outside or (is_a_stranger and not session.login.is_under_way)

    def _check_connection(self) -> None:
        if self._task is None or not self._task.done():
            return
        failure = self._task.exception()
        if isinstance(failure, Distrusted):
            raise Failure(Exit.NO_CONNECTION, str(failure))
        if failure is not None:
            raise failure

    def _too_late(self) -> Failure:
        if self.model.state is ConnectionState.ONLINE:
            return Failure(Exit.TIMED_OUT, _("The server has not answered in time."))
        return Failure(Exit.NO_CONNECTION, _("There is no connection to the server."))

    def _note(self) -> None:
        self._changed.set()
        for buffer in self.model.buffers:
            for entry in self._news.of(buffer):
                self._hear(buffer, entry)

    def _hear(self, buffer: Buffer, entry: Entry) -> None:
        session = self.session
        is_online = self.model.state is ConnectionState.ONLINE
        # Where there is no echo it is not known what an error is about: then it counts.
        is_about_us = buffer is self.buffer and is_online and not session.caps.has_echo
        if entry.state is EntryState.FAILED or (entry.kind is EntryKind.ERROR and is_about_us):
            self.has_failed = True
        is_farewell = session.is_quitting and buffer is self.model.server
        if entry.kind is EntryKind.ERROR and not is_farewell:
            print(visible(entry.text), file=sys.stderr)
