"""Build the parts, start them, and take them down with everything on disk and everyone told."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from gettext import gettext as _
from pathlib import Path
from typing import Any

import chatapp.commands  # noqa: F401  importing the package fills the table of commands
from chatapp.commands.changes import go_by
from chatapp.core.delivery import Delivery
from chatapp.core.ports import StoreError
from chatapp.core.settings import Settings
from chatapp.core.stamp import Stamps
from chatapp.core.world import Outside, Report, World
from chatapp.irc.line import format_body
from chatapp.irc.refusals import CLOSING
from chatapp.irc.sasl import EXTERNAL
from chatapp.listeners.admission import Admission
from chatapp.listeners.connection import House
from chatapp.listeners.detect import Protocol
from chatapp.listeners.port import Port
from chatapp.listeners.proxy import Proxies
from chatapp.listeners.sockets import bind
from chatapp.listeners.turns import Turns
from chatapp.listeners.udp import UdpPort
from chatapp.server.accounts import do
from chatapp.server.banner import UdpAddress, places
from chatapp.server.certificate import BadCertificate
from chatapp.server.config import data_dir
from chatapp.server.disk import Disk
from chatapp.server.encryption import Encryption
from chatapp.server.errands import Answer, Errand, Errands
from chatapp.server.forgetting import forget_regularly
from chatapp.server.memory import tidy_regularly
from chatapp.server.notify import Notifier
from chatapp.server.obstacles import cannot_listen, cannot_take_datagrams
from chatapp.server.proofs import ThreadedProofs
from chatapp.server.pump import Pump
from chatapp.server.recall import recall
from chatapp.server.settings import Config, ListenerSettings
from chatapp.server.status import STATUS, Sights, status_of, write_status
from chatapp.server.timers import keep_time
from chatapp.store.open import Store, open_store

log = logging.getLogger(__name__)

#: Seconds, when the server stops, to keep and send what was said, and for clients to take it; under 5 in all.
DRAIN_SECONDS = 3.0
FAREWELL_SECONDS = 1.0


#: What a listener's settings call protocols.
_PROTOCOLS = {"irc": Protocol.IRC, "plain": Protocol.PLAIN, "websocket": Protocol.HTTP}


class CannotServe(Exception):
    """The server cannot start or go on; ``str()`` says why in words for the operator."""


class App:
    """One server, put together by `opened` and run by `serve`.

    ``addresses`` are where it listens: ``(host, port)``, for UDP as well, or the path of a Unix socket.
    """

    def __init__(self, config: Config, store: Store, stamps: Stamps, report: Report) -> None:
        self.encryption = Encryption((), None)
        self._folder = data_dir(config)
        self.store = store
        self.addresses: list[tuple[str, int] | Path] = []
        self._listeners: tuple[ListenerSettings, ...] = ()
        self._ports: dict[ListenerSettings, int] = {}
        self._stopping = asyncio.Event()
        self._answers: set[asyncio.Task[None]] = set()
        self._pump = Pump(store.history)
        self._delivery = Delivery(self._pump.wake)
        outside = Outside(
            self._delivery,
            store.history,
            self._pump.settled,
            _microseconds,
            report,
            store.owner.claim,
            reload=self.reload,
            steady=_steady_clock(),
        )
        self.world = World(outside, config.rules, stamps)
        self.disk = Disk(self.world, self._pump, store.has_room)
        self._empty = asyncio.Event()
        self._admission = Admission(config.rules.limits, config.rules.server.public, self._empty.set)
        self._house = House(self.world, self._pump, Turns(self._pump), self._spawn)
        self.port = Port(self._house, self._admission)
        self._udp: list[UdpPort] = []
        #: Reads the settings again; what has come of it, a sentence each. There may be nothing to read.
        self.read_again: Callable[[], list[str]] = list
        #: Tells systemd how it goes; without one of ours nobody is told.
        self.notifier = Notifier({})

    async def listen(self, listeners: tuple[ListenerSettings, ...]) -> None:
        """Accept wherever ``listeners`` say.

        Raises:
            CannotServe: One of them cannot be listened at.
        """
        self._listeners = listeners
        try:
            self.encryption = Encryption(listeners, self._folder, self._asks_for_certificates)
        except BadCertificate as why:
            raise CannotServe(_("No TLS: {reason}").format(reason=why)) from why
        for listener in listeners:
            spoken = _spoken(listener)
            proxies = Proxies(listener.proxy_protocol, self.world.settings.server.trusted_proxies)
            try:
                if listener.path:
                    path = Path.cwd() / listener.path
                    await self.port.listen_unix(path, spoken, proxies)
                    self.addresses.append(path)
                else:
                    sockets = bind(listener.host, listener.port)
                    self.addresses += [sock.getsockname()[:2] for sock in sockets]
                    self._ports[listener] = sockets[0].getsockname()[1]
                    await self.port.listen(sockets, self.encryption.of(listener), spoken, proxies)
            except OSError as why:
                raise CannotServe(cannot_listen(listener, why)) from why
            if listener.udp_port:
                await self._listen_udp(listener)
        self._note_vouched_port()

    def _note_vouched_port(self) -> None:
        """Have clients told where TLS has a certificate of an authority's."""
        vouched = (port for listener, port in self._ports.items() if self.encryption.is_vouched_for(listener))
        self.world.vouched_port = next(vouched, 0)

    async def _listen_udp(self, listener: ListenerSettings) -> None:
        try:
            sockets = bind(listener.host, listener.udp_port, socket.SOCK_DGRAM)
        except OSError as why:
            raise CannotServe(cannot_take_datagrams(listener, why)) from why
        for sock in sockets:
            self._udp.append(UdpPort(self._house, self._admission, _spoken(listener)))
            await self._udp[-1].listen(sock)
            self.addresses.append(UdpAddress(*sock.getsockname()[:2]))

    def reload(self) -> list[str]:
        """Read the settings and the certificates again; what has come of it, a sentence each."""
        self.notifier.reloading()
        said = self.read_again()
        self.encryption.reload(self._asks_for_certificates)
        self._note_vouched_port()
        self.tell_ready()
        return said

    def tell_ready(self) -> None:
        """Let systemd know that the server can be reached, and where."""
        self.notifier.ready(_("listening on {where}").format(where=places(self.addresses)))

    @property
    def _asks_for_certificates(self) -> bool:
        """Whether callers by TLS may show a certificate, to log in by it."""
        return EXTERNAL in self.world.settings.accounts.sasl_mechanisms

    def sights(self) -> Sights:
        """What can be looked at here."""
        return Sights(self.world, self._admission, self._folder, lambda: self._pump.outage is not None)

    def follow(self, rules: Settings) -> None:
        """Go by ``rules`` from now on."""
        go_by(self.world, rules)
        self._admission.follow(rules.limits, rules.server.public)

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        """Have `serve` end, with everything kept and everyone told."""
        self._stopping.set()

    async def serve(self, every_second: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop`; have ``every_second`` called about that often.

        Raises:
            StoreError: Something could not be kept; everyone was told that the server goes down.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                heart = tasks.create_task(self._pump.run(self._delivery))
                rounds = tasks.create_task(
                    forget_regularly(
                        self.store.history.prune, lambda: self.world.settings.history, _microseconds
                    )
                )
                clock = tasks.create_task(
                    keep_time(self.world, self.port, self.disk.is_behind, self.look_around, every_second)
                )
                errands = tasks.create_task(self._run_errands())
                tidying = tasks.create_task(tidy_regularly())
                life = tasks.create_task(self.notifier.live())
                await self._stopping.wait()
                await self._drain()
                heart.cancel()
                clock.cancel()
                rounds.cancel()
                errands.cancel()
                tidying.cancel()
                life.cancel()
        except ExceptionGroup as group:
            self._hang_up()
            await self._until_gone()
            failures = group.subgroup(StoreError)
            raise failures.exceptions[0] if failures else group from None
        finally:
            for answer in self._answers:
                answer.cancel()

    async def _run_errands(self) -> None:
        """Do what ``chat-server account`` asks; where nothing is kept nobody can ask."""
        if self._folder is not None:
            await Errands(self._folder, self._do, self._pump.settled).run()

    def _do(self, errand: Errand) -> Answer:
        if errand.verb == STATUS:
            trouble = self.world.mute_reason or str(self._pump.outage or "")
            status = status_of(self.world, self.addresses, self._listeners, trouble)
            return Answer(True, [write_status(status)])
        return do(self.world, errand)

    def look_around(self) -> None:
        """See how the disk is, and tell people if it has changed."""
        self.disk.look(asyncio.get_running_loop().time())

    async def _drain(self) -> None:
        """Accept nobody, tell everyone, keep and send all there is.

        Raises:
            StoreError: Not all could be kept; what was not was not heard.
        """
        self._accept_nobody()
        for session in self.world.sessions:
            session.ended = True
            self._delivery.send(session, _farewell())
            self._delivery.close(session)
        try:
            await asyncio.wait_for(self._pump.drained(), DRAIN_SECONDS)
        except TimeoutError:
            log.warning(_("The disk is too slow: some hear of the end before the echo of what they said"))
            self._hang_up()
        await self._until_gone()
        if self._pump.outage is not None:
            raise self._pump.outage

    def _hang_up(self) -> None:
        """Say goodbye without sending what is not kept."""
        self._accept_nobody()
        for session in self.world.sessions:
            session.ended = True
            session.wire.close(f"{_farewell()}\r\n".encode())

    def _accept_nobody(self) -> None:
        self.notifier.stopping()
        self.port.close()
        for udp in self._udp:
            udp.turn_away()

    def close(self) -> None:
        """Let go of everyone and of every address."""
        self.port.close()
        for udp in self._udp:
            udp.close()

    async def _until_gone(self) -> None:
        """Wait until everyone has taken what they were sent, within reason."""
        self._empty.clear()
        if self._admission.total:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), FAREWELL_SECONDS)

    def _spawn(self, answer: Coroutine[Any, Any, None]) -> None:
        """Run what must wait for the store. It handles its own mistakes, and ends with the server."""
        task = asyncio.get_running_loop().create_task(answer)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)


@asynccontextmanager
async def opened(config: Config, report: Report = log.info) -> AsyncIterator[App]:
    """A server with its store open and listening; ``report`` is told who comes and goes.

    Raises:
        CannotServe: The store cannot be opened, or a listener cannot be listened at.
    """
    try:
        store = await open_store(data_dir(config), config.rules.history.synchronous, log.info)
    except StoreError as why:
        raise CannotServe(str(why)) from why
    try:
        app = App(config, store, Stamps(await store.last_stamp()), report)
        await recall(app.world, store)
        proofs = ThreadedProofs(await store.secret(), config.rules.accounts.password_hash_cost)
        app.world.proofs = proofs
        try:
            await app.listen(config.listeners)
            yield app
        finally:
            app.close()
            proofs.close()
    finally:
        await store.close()


def stop_on_signals(app: App, also: Callable[[], None] = lambda: None) -> None:
    """SIGTERM and SIGINT (Ctrl-C) stop ``app``, and call ``also``."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        app.stop()
        also()

    for name in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(name, lambda *_about: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(name, stop)


def reload_on_hangup(app: App) -> None:
    """SIGHUP has ``app`` read its settings and certificates again; where its terminal has gone, stop."""
    if sys.platform == "win32":
        return
    terminals = [number for number in range(3) if os.isatty(number)]

    def heed() -> None:
        if not all(map(os.isatty, terminals)):
            app.stop()
        else:
            app.reload()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, heed)


def _spoken(listener: ListenerSettings) -> frozenset[Protocol]:
    return frozenset(_PROTOCOLS[name] for name in listener.protocols)


def _farewell() -> str:
    return format_body(None, "ERROR", [f"{CLOSING}the server is going down"], colon=True)


def _microseconds() -> int:
    return time.time_ns() // 1000


def _steady_clock() -> Callable[[], int]:
    """Seconds since 1970 by the system's clock as it is now, whatever it is set to later."""
    ahead = time.time() - time.monotonic()
    return lambda: int(time.monotonic() + ahead)
