"""How the server does, in numbers, for Prometheus: put together when they are asked for.

Nothing here names a person, an address or a room.
"""

from __future__ import annotations

import asyncio
import platform
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, product

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from chatapp import __version__
from chatapp.core.vitals import Buckets
from chatapp.listeners.connection import Connection
from chatapp.listeners.plain import PlainConnection
from chatapp.listeners.websocket import WebSocketConnection
from chatapp.server.status import Sights
from chatapp.store.inspection import bytes_of, sqlite_version

#: Seconds between two looks at how late the loop is.
_LOOK = 0.5
_PROTOCOLS = ("irc", "plain", "websocket")
_LAGS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The numbers of one server, as `text` has them; `watch` measures the loop meanwhile."""

    def __init__(self, sights: Sights) -> None:
        self._sights = sights
        self._lags = Buckets(*_LAGS)
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._registry)

    async def watch(self) -> None:
        """Measure how late the loop comes to what is due, until cancelled."""
        while True:
            due = time.monotonic() + _LOOK
            await asyncio.sleep(_LOOK)
            self._lags.note(max(time.monotonic() - due, 0.0))

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks for it."""
        world, vitals = self._sights.world, self._sights.world.delivery.vitals
        sqlite, _is_sound = sqlite_version()
        about = {"version": __version__, "python": platform.python_version(), "sqlite": sqlite}
        yield InfoMetricFamily("chatapp", "The versions that run.", about)
        yield _gauge("start_time_seconds", "When the server started, in seconds since 1970.", world.began)
        yield _counter("ticks", "Ticks: each is kept and sent as one.", vitals.ticks)
        yield _counter("messages_kept", "Messages and events written to the history.", vitals.messages)
        yield _counter(
            "deliveries", "Lines given to connections, one for each that hears it.", vitals.deliveries
        )
        yield _histogram("commit_seconds", "How long the store took to keep a tick.", vitals.commits)
        yield _histogram("loop_lag_seconds", "How late the loop came to what was due.", self._lags)
        yield from self._connections()
        yield _gauge("users", "People and programs with a name.", len(world.users))
        yield _gauge("channels", "Rooms that the server knows, also empty ones.", len(world.channels))
        yield _gauge("accounts", "Accounts.", len(world.accounts))
        yield from self._store()

    def _connections(self) -> Iterator[Metric]:
        world = self._sights.world
        words = "Connections, by what is spoken, and whether TLS carries it."
        connections = GaugeMetricFamily("chatapp_connections", words, labels=["protocol", "encryption"])
        # None of a kind is 0: what is missing would be a gap in a graph.
        kinds = Counter(dict.fromkeys(product(_PROTOCOLS, ("tls", "none")), 0))
        queued = []
        for session in world.sessions:
            kinds[_protocol(session.wire), "tls" if session.is_secure else "none"] += 1
            if isinstance(session.wire, Connection):
                queued.append(session.wire.queued)
        for labels, count in sorted(kinds.items()):
            connections.add_metric(labels, count)
        yield connections
        words = "Connections that were not let in: from the internet, too many of one address, too often."
        refused = CounterMetricFamily("chatapp_connections_refused", words, labels=["reason"])
        for reason, count in sorted(self._sights.admission.refused.items()):
            refused.add_metric([reason], count)
        yield refused
        words = "Connections cut because their peer did not read."
        yield _counter("sendq_cuts", words, world.delivery.vitals.sendq_cuts)
        yield _gauge("queue_bytes", "Bytes that peers have not taken yet.", sum(queued))
        words = "The most of them that wait for one connection."
        yield _gauge("queue_bytes_max", words, max(queued, default=0))

    def _store(self) -> Iterator[Metric]:
        folder = self._sights.folder
        is_out = self._sights.is_out()
        yield _gauge("store_down", "1 while nothing can be kept, and so nothing be heard.", int(is_out))
        if folder is None:
            return
        try:
            size, free = bytes_of(folder)
        except OSError:  # the disk is gone: `store_down` tells that
            return
        yield _gauge("history_bytes", "What the files of the database take.", size)
        yield _gauge("disk_free_bytes", "Room on the disk with the data.", free)


def _protocol(wire: object) -> str:
    if isinstance(wire, PlainConnection):
        return "plain"
    return "websocket" if isinstance(wire, WebSocketConnection) else "irc"


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chatapp_{name}", words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"chatapp_{name}", words, value=value)


def _histogram(name: str, words: str, buckets: Buckets) -> Metric:
    bounds: Iterable[str] = [*(str(bound) for bound in buckets.bounds), "+Inf"]
    counts = [*zip(bounds, accumulate(buckets.counts), strict=True)]
    return HistogramMetricFamily(f"chatapp_{name}", words, buckets=counts, sum_value=buckets.total)
