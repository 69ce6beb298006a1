"""A flood by orders: which messages are due now, what they say, and when each was sent.

Whoever floods takes orders as lines of JSON on its standard input and answers each with one on its standard
output: ``{"do": "flood", "rate": 1000, "seconds": 5}``, ``{"do": "burst", "count": 20000}``, ``{"do":
"stop"}``, ``{"do": "count"}``, and ``{"do": "emitted"}``, which gives ``[first, last, moment]`` of each write
by the system's monotonic clock.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

ROOM = "#flood"
#: Seconds between two looks at the clock while a flood is under way.
TICK = 0.001
_SENTENCE = "the kettle is on and nobody knows who put it there but it will be tea in a while "


def flood_text(number: int) -> str:
    """What the message ``number`` says: its words show which it is, ``m0000042``."""
    at = number % 40
    return f"m{number:07} {(_SENTENCE * 2)[at : at + 20 + number * 7 % 60].strip()}"


class EndOfOrders(Exception):
    """Nobody gives orders any more."""


class Flood:
    """Messages numbered from 1, at the rate that was ordered."""

    def __init__(self) -> None:
        self.rate = 0.0
        self._emitted: list[tuple[int, int, float]] = []
        self._number = self._first = self._total = 0
        self._began = 0.0
        self._orders = b""
        os.set_blocking(0, False)

    @property
    def pause(self) -> float:
        """Seconds that one may wait for something to happen."""
        return TICK if self.rate else 0.05

    def due(self) -> range:
        """The messages to be sent now; they count as sent."""
        if not self.rate:
            return range(0)
        now = time.monotonic()
        is_burst = self.rate == float("inf")
        due = self._total if is_burst else min(self._total, int((now - self._began) * self.rate))
        numbers = range(self._number + 1, self._first + due + 1)
        if numbers:
            self._number = numbers[-1]
            self._emitted.append((numbers[0], numbers[-1], now))
        if due >= self._total:
            self.rate = 0.0
        return numbers

    def take_orders(self) -> None:
        """Do what stands on the standard input.

        Raises:
            EndOfOrders: It was closed.
        """
        data = os.read(0, 65536)
        if not data:
            raise EndOfOrders
        *whole, self._orders = (self._orders + data).split(b"\n")
        for order in whole:
            print(json.dumps(self._obey(json.loads(order))), flush=True)

    def _obey(self, order: dict[str, Any]) -> object:
        what = order["do"]
        if what == "flood":
            self._begin(order["rate"], int(order["rate"] * order["seconds"]))
        elif what == "burst":
            self._begin(float("inf"), int(order["count"]))
        elif what == "stop":
            self.rate = 0.0
        elif what == "emitted":
            return self._emitted
        return {"number": self._number}

    def _begin(self, rate: float, total: int) -> None:
        self.rate, self._total, self._began, self._first = rate, total, time.monotonic(), self._number
