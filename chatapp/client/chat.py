"""One chat from beginning to end: the servers, their connections and the screen in one loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
import time
from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

from chatapp.client.assembly import build_networks, connection_of
from chatapp.client.config import Launch, data_dir
from chatapp.client.connection import Connection, NoServer
from chatapp.client.failures import log
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.keeping import Keepers
from chatapp.client.model import ConnectionState, Model
from chatapp.client.networks import Network, Networks
from chatapp.client.seat import Screen, seat
from chatapp.client.session import Session
from chatapp.client.trust import Distrusted

#: Seconds for which the server is waited for before the screen opens without it.
FIRST_ANSWER_WITHIN = 0.3


class NotAllSaid(Exception):
    """Something typed has not arrived, and there is nobody who could be asked."""


async def chat(launch: Launch, words: str = "") -> None:
    """Connect and show the screen, with ``words`` in the room, until the person leaves.

    Raises:
        NoServer: Nobody is there, and the person has not typed anything yet.
        Distrusted: We do not talk to that server, and the person has not typed anything yet.
        NotAllSaid: Without a screen: something has not arrived.
    """
    networks, recorder = build_networks(launch), Recorder(time.monotonic)
    first = networks.shown
    for mistake in launch.mistakes:
        first.session.complain(mistake, first.model.current)
    if launch.mistakes:
        first.session.inform(_("What client.toml does not say rightly has its default."), first.model.current)
    if words:
        first.session.inform(words, first.model.current)
    screen = seat(launch, networks, recorder)
    _keep_collections_short()
    keepers = Keepers(data_dir() / "unsent", asyncio.get_running_loop())
    with signals(screen), keepers:
        try:
            async with asyncio.TaskGroup() as tasks:
                links = Links(networks, screen, recorder, tasks, keepers)
                for network in networks:
                    links.open(network)
                await _first_answer(first.model)
                with contextlib.suppress(EOFError):  # The terminal is gone: as if the person had left.
                    await screen.run()
                links.close_all()
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
    if launch.linear and networks.unsent():
        raise NotAllSaid(_("Not everything that was typed has arrived."))
    if keepers.parting_words:
        print(keepers.parting_words)


class Links:
    """The connections of the networks, each in a task of its own."""

    def __init__(
        self,
        networks: Networks,
        screen: Screen,
        recorder: Recorder,
        tasks: asyncio.TaskGroup,
        keepers: Keepers,
    ) -> None:
        self._networks = networks
        self._keepers = keepers
        self._screen = screen
        self._recorder = recorder
        self._tasks = tasks
        self._open: dict[Network, tuple[Connection, asyncio.Task[None]]] = {}
        self._is_closing = False
        networks.on_connect = self.open
        networks.on_disconnect = self._end

    def open(self, network: Network) -> None:
        """Connect ``network`` and keep it so; where that is being done, try again at once."""
        self._keepers.watch(network)
        connection, task = self._open.get(network, (None, None))
        if connection is not None and task is not None and not task.done() and not connection.is_ending:
            connection.hurry()
            return
        new = connection_of(network, self._recorder, is_first=not self._open)
        before = task if task is not None and not task.done() else None
        if before is None:
            network.session.is_quitting = False
        self._open[network] = new, self._tasks.create_task(self._keep(network, new, before))

    def close_all(self) -> None:
        """The person leaves every server."""
        self._is_closing = True
        for connection, _task in self._open.values():
            connection.quit()

    def _end(self, network: Network) -> None:
        if network in self._open:
            self._open[network][0].quit()

    async def _keep(
        self, network: Network, connection: Connection, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
            network.session.is_quitting = self._is_closing or connection.is_ending
        is_alone = len(self._networks) == 1
        await stay_connected(connection, network.session, self._screen, may_end=is_alone)


def _keep_collections_short() -> None:
    """Let the garbage collector look often, at little: a long look is felt in the keys.

    A look at 20,000 new entries takes 3 to 5 ms, one at 700 takes 0.1, every fourth, at 2,800, some 0.5.
    """
    gc.freeze()
    gc.set_threshold(700, 4, 250)


async def stay_connected(
    connection: Connection, session: Session, screen: Screen, *, may_end: bool = True
) -> None:
    """Keep the connection. A first attempt that fails ends everything if it ``may_end`` and nobody types."""

    def has_nothing_to_lose() -> bool:
        return may_end and screen.is_idle and not session.speaking.outbox.unsent()

    try:
        try:
            await connection.run(gives_up=may_end)
        except NoServer:
            if has_nothing_to_lose():
                raise
            await connection.run(gives_up=False)
    except Distrusted as why:
        if has_nothing_to_lose() and not connection.was_ever_welcome:
            raise
        for words in str(why).splitlines():
            session.complain(words, session.model.current)


async def _first_answer(model: Model) -> None:
    """Wait a moment for the server: where there is none, that is said without opening the screen."""
    answered = asyncio.Event()

    def look() -> None:
        if model.state in (ConnectionState.REGISTERING, ConnectionState.ONLINE):
            answered.set()

    before, model.on_change = model.on_change, look
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_ANSWER_WITHIN):
            await answered.wait()
    model.on_change = before


@contextlib.contextmanager
def signals(screen: Screen) -> Iterator[None]:
    """While the screen is open: leave it properly when we are told to end, and when something breaks."""
    loop = asyncio.get_running_loop()
    ends = [] if sys.platform == "win32" else [signal.SIGTERM, signal.SIGHUP]
    for number in ends:
        loop.add_signal_handler(number, screen.close)
    loop.set_exception_handler(lambda _loop, context: _broken(screen, context))
    try:
        yield
    finally:
        for number in ends:
            loop.remove_signal_handler(number)


def _broken(screen: Screen, context: dict[str, Any]) -> None:
    """Something failed in a callback, where nobody can catch it."""
    error = context.get("exception")
    if error is None or "handle" not in context:
        log(str(context.get("message")))
    else:
        screen.close(error)
