"""The table of peers: what is measured, which figure each row shows, and what ours shall reach."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any, Literal

from chatapp.bench.plan import Plan
from chatapp.bench.ways import Address, Way

Better = Literal["more", "less"]
TAGS = ("message-tags", "server-time", "echo-message")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row's figure shall reach.

    ``ratio`` compares ours with the best IRC server of the row: at least so much of it, or, where less is
    better, at most. ``limit`` is for the figure itself, and ``beyond`` for how far it may lie above the best.
    """

    ratio: float | None = None
    limit: float | None = None
    beyond: float | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One load that is put on each server. ``kind`` is the scenario, ``options`` are of `Plan` or its own.

    Of ``caps`` a server is asked for those it has. Where ``only_ours`` the others are not set up for it.
    """

    name: str
    kind: Literal["room", "join", "idle"]
    options: dict[str, Any] = field(default_factory=dict)
    caps: tuple[str, ...] = ()
    tls: bool = False
    only_ours: bool = False

    def plan(self, address: Address, seconds: float, caps: frozenset[str], way: Way) -> Plan:
        """The plan of a run against a server that has ``caps``, in rooms of its own."""
        run = secrets.token_hex(2)
        wanted = tuple(cap for cap in self.caps if cap in caps)
        return Plan(
            address, f"#bench-{run}", f"b{run[:3]}", seconds=seconds, caps=wanted, way=way, **self.options
        )


#: In many rooms one member of each speaks, as in so many conversations.
LOADS = (
    Load("room-100", "room", {"members": 100, "senders": 10, "window": 4}),
    Load("room-100-window-64", "room", {"members": 100, "senders": 10, "window": 64}),
    Load("room-100-tags", "room", {"members": 100, "senders": 10, "window": 4}, caps=TAGS),
    Load("room-1000", "room", {"members": 1000, "senders": 10, "window": 4}),
    Load("rooms-100x10", "room", {"rooms": 100, "members": 10, "senders": 1, "window": 4}),
    Load("rooms-500x2", "room", {"rooms": 500, "members": 2, "senders": 1, "window": 4}),
    Load("one-in-flight", "room", {"members": 100, "senders": 1, "window": 1}),
    Load("rate-200", "room", {"members": 100, "senders": 10, "rate": 200}),
    Load("rate-2000", "room", {"members": 100, "senders": 10, "rate": 2000}),
    Load("join-1000", "join", {"members": 1000}),
    Load("idle-5000", "idle", {"connections": 5000}),
    Load("idle-tls-2000", "idle", {"connections": 2000}, tls=True, only_ours=True),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: ``figure`` of a report on ``load``."""

    load: str
    figure: str
    better: Better
    goal: Goal | None = None

    @property
    def title(self) -> str:
        """The row in words."""
        return f"{_titles()[self.load]}: {_units()[self.figure]}"


_SPEED, _CPU, _MEDIAN, _P99 = "deliveries/s", "server cpu s/million", "latency p50 ms", "latency p99 ms"
_JOINED, _MEMORY = "seconds until all have seen all", "KiB/connection"

ROWS = (
    Row("room-100", _SPEED, "more", Goal(ratio=5)),
    Row("room-100", _CPU, "less", Goal(ratio=1.2)),
    Row("room-100-window-64", _SPEED, "more", Goal(ratio=2.5)),
    Row("room-100-window-64", _CPU, "less"),
    Row("room-100-tags", _SPEED, "more", Goal(ratio=5)),
    Row("room-1000", _SPEED, "more", Goal(ratio=3)),
    Row("rooms-100x10", _SPEED, "more", Goal(ratio=1.2)),
    Row("rooms-100x10", _CPU, "less"),
    Row("rooms-500x2", _SPEED, "more", Goal(ratio=1)),
    Row("rooms-500x2", _CPU, "less"),
    Row("one-in-flight", _SPEED, "more", Goal(ratio=0.8)),
    Row("rate-200", _MEDIAN, "less"),
    Row("rate-200", _P99, "less", Goal(limit=3, beyond=2)),
    Row("rate-2000", _MEDIAN, "less"),
    Row("rate-2000", _P99, "less", Goal(limit=3, beyond=2)),
    Row("join-1000", _JOINED, "less", Goal(ratio=1)),
    Row("idle-5000", _MEMORY, "less", Goal(limit=6)),
    Row("idle-tls-2000", _MEMORY, "less", Goal(limit=30)),
)


def _titles() -> dict[str, str]:
    return {
        "room-100": _("room of 100, 10 senders, 4 in flight each"),
        "room-100-window-64": _("room of 100, 10 senders, 64 in flight each"),
        "room-100-tags": _("room of 100, 4 in flight, message-tags, server-time, echo-message"),
        "room-1000": _("room of 1,000, 10 senders, 4 in flight each"),
        "rooms-100x10": _("100 rooms of 10, one sender in each, 4 in flight"),
        "rooms-500x2": _("500 rooms of 2, one sender in each, 4 in flight"),
        "one-in-flight": _("room of 100, one message in flight"),
        "rate-200": _("200 messages/s into 100 members"),
        "rate-2000": _("2,000 messages/s into 100 members"),
        "join-1000": _("1,000 join one room at once"),
        "idle-5000": _("5,000 idle connections"),
        "idle-tls-2000": _("2,000 idle connections over TLS"),
    }


def _units() -> dict[str, str]:
    return {
        _SPEED: _("deliveries/s"),
        _CPU: _("CPU seconds per million"),
        _MEDIAN: _("p50 in ms"),
        _P99: _("p99 in ms"),
        _JOINED: _("seconds"),
        _MEMORY: _("KiB each"),
    }
