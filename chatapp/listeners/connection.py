"""The way in and out that all TCP listeners share: lines in order, a byte budget for each direction, closing.

Lines wait while the one before them reads the store, while their sender is faster than the throttle lets
through, and while the house has more on its hands than it has kept. None is thrown away.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from time import perf_counter
from typing import Any, NamedTuple, cast

from chatapp.commands.table import disconnect
from chatapp.core.dialect import Wrap, crlf
from chatapp.core.settings import LimitSettings
from chatapp.core.throttle import Throttle
from chatapp.core.world import World
from chatapp.irc.framing import LineBuffer
from chatapp.listeners.turns import Backlog, Turns

log = logging.getLogger(__name__)

#: So many lines of one session are carried out before others have their turn.
TURN_LINES = 128
#: So long a turn may take, in seconds: what one line asks for may be much.
TURN_SECONDS = 0.002
#: A line that takes longer than this, in seconds, counts for several in the tick.
LINE_SECONDS = 0.000_01
#: So many bytes are taken apart at once; lines cost more memory than the bytes they came in.
PORTION_BYTES = 16384
#: A session with so many lines unsent is not read from until they are out.
OUTBOX_LINES = 2048
#: A connection that is closed has so many seconds to take what it was sent.
LINGER = 5.0
#: Flood control: lines at once, which is a long paste, and lines a second in the long run.
BURST_LINES = 600
LINES_PER_SECOND = 20.0


class House(NamedTuple):
    """What a listener works with. ``spawn`` runs a coroutine in a task that somebody looks after."""

    world: World
    backlog: Backlog
    turns: Turns
    spawn: Callable[[Coroutine[Any, Any, None]], object]

    @property
    def limits(self) -> LimitSettings:
        return self.world.settings.limits


class Connection(asyncio.Protocol, ABC):
    """One TCP or Unix connection and its session, whose wire it is. A subclass says what a line means."""

    #: Whether all that came in is carried out even where the connection breaks. A client that comes back
    #: and says again what it got no echo of must not be heard twice: for it this is false.
    is_heard_out = False
    __slots__ = (
        "_buffer",
        "_bytes_before",
        "_has_ended",
        "_house",
        "_is_gone",
        "_is_held",
        "_lines",
        "_on_lost",
        "_throttle",
        "_transport",
        "_unread",
        "session",
    )

    def __init__(
        self,
        house: House,
        address: str,
        on_lost: Callable[[str], None],
        is_trusted: bool,
        wrap: Wrap = crlf,
    ) -> None:
        """``on_lost`` is called once with ``address`` at the end; the trusted are not throttled."""
        self._house = house
        self._on_lost = on_lost
        self._lines: list[bytes] = []
        self._unread = b""
        self._is_held = False
        self._has_ended = False  # the peer says no more; what it said may still wait here
        self._is_gone = False  # nor does it hear any more, and something of what it said waits
        self._bytes_before = 0
        self._buffer = LineBuffer(house.limits.recvq_bytes)
        self._throttle: Throttle | None = None
        if house.limits.flood_protection and not is_trusted:
            self._throttle = Throttle(BURST_LINES, LINES_PER_SECOND, asyncio.get_running_loop().time())
        self.session = house.world.begin(self, address, wrap)

    @abstractmethod
    def carry_out(self, raw: bytes) -> Awaitable[None] | None:
        """Do what ``raw`` says. What this gives back, if anything, is awaited before the next line."""

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        self._transport.set_write_buffer_limits(high=self._house.limits.sendq_bytes)

    def data_received(self, data: bytes) -> None:
        session = self.session
        if session.ended:
            return
        session.heard = self._house.world.steady()
        if session.registration is not None:
            self._bytes_before += len(data)
        self._unread = self._unread + data if self._unread else data
        if not self._is_held:
            self._go_on()
        if session.registration is not None and self._bytes_before > self._house.limits.registration_bytes:
            self._end("Too much was said before registration")

    def eof_received(self) -> bool:
        """The peer will say no more, and may still listen: it gets its answers before we hang up."""
        if self._is_held:
            self._has_ended = True
        elif not self.session.ended:
            self._house.world.end(self.session, "Connection closed")
            self._house.world.delivery.close(self.session)
        return not self.session.is_secure  # where TLS is closed nothing can be answered

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_held and self._may_go_on and not self.session.ended:
            self._is_gone = True  # what it said is carried out first; `close` is the end
        else:
            self._lose(exc)

    def _lose(self, exc: Exception | None) -> None:
        self._lines, self._unread = [], b""
        self._house.world.end(self.session, "Connection lost" if exc else "Connection closed")
        self._on_lost(self.session.address)

    def pause_writing(self) -> None:
        """The peer has stopped reading and its budget is used up; nobody else waits for it."""
        self._house.world.delivery.vitals.sendq_cuts += 1
        self._house.world.end(self.session, "SendQ exceeded")
        self._transport.abort()

    @property
    def queued(self) -> int:
        """How many bytes the peer has not taken yet."""
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    # The session's wire

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self, last_words: bytes = b"") -> None:
        if self._is_gone:
            self._is_gone = False
            self._lose(None)
        if self._transport.is_closing():
            return
        if last_words:
            self._transport.write(last_words)
        self._transport.close()
        # Under TLS the transport does not tell of all that waits, and a farewell may never be answered.
        if self._transport.get_write_buffer_size() or self.session.is_secure:
            asyncio.get_running_loop().call_later(LINGER, self._transport.abort)

    # Lines

    def _go_on(self) -> None:
        """Carry out the lines that wait, as far as they may go now."""
        house, session = self._house, self.session
        if house.backlog.is_full:
            self._hold(self._lines)
            house.turns.wait(self._resume)
            return
        lines, self._lines = self._lines or self._next_portion(), []
        done = 0
        end = (began := perf_counter()) + TURN_SECONDS
        for raw in lines:
            if session.ended:
                return
            if done >= TURN_LINES or (done and perf_counter() > end):
                house.turns.wait(self._resume)
                break
            if self._throttle is not None:
                wait = self._throttle.wait(asyncio.get_running_loop().time())
                if wait:
                    asyncio.get_running_loop().call_later(wait, self._resume)
                    break
            done += 1
            if self._waits_after(raw):
                break
        else:
            self._took(done, began)
            self._end_portion()
            return
        self._took(done, began)
        self._hold(lines[done:])

    def _took(self, lines: int, began: float) -> None:
        """Count what has been carried out since ``began``: in a tick there is only so much work."""
        self._house.backlog.took(max(lines, int((perf_counter() - began) / LINE_SECONDS)))

    def _next_portion(self) -> list[bytes]:
        """The lines in the next bytes that came in."""
        unread = self._unread
        self._unread = unread[PORTION_BYTES:]
        return self._buffer.feed(unread[:PORTION_BYTES])

    def _end_portion(self) -> None:
        """All lines of a portion are carried out: see whether there is more, and whether there may be."""
        if self._buffer.overflowed:
            self._end("A line was too long")
        elif self._unread:
            self._hold([])
            self._house.turns.wait(self._resume)
        elif self._house.backlog.is_full or len(self.session.outbox) > OUTBOX_LINES:
            self._hold([])
            self._house.backlog.on_relief(self._resume)

    def _waits_after(self, raw: bytes) -> bool:
        """Carry out one line; tell whether the next must wait until it has read the store."""
        answer = self.carry_out(raw)
        if answer is None:
            return False
        self._house.spawn(self._await(answer))
        return True

    async def _await(self, answer: Awaitable[None]) -> None:
        try:
            await answer
        except Exception:  # a mistake of ours: it is logged, and costs no more than this session
            log.exception("An answer to %s failed", self.session.nick)
            self._end("The server made a mistake")
        asyncio.get_running_loop().call_soon(self._resume)

    def _hold(self, lines: list[bytes]) -> None:
        self._lines = lines
        self._is_held = True
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def _resume(self) -> None:
        is_closing = self._transport.is_closing()
        if self.session.ended or (is_closing and not self._may_go_on):
            return
        self.session.heard = self._house.world.steady()  # whose lines wait here is not silent
        self._is_held = False
        self._go_on()
        if self._is_held:
            return
        if self._has_ended or self._is_gone:
            self.eof_received()
        elif not is_closing:
            self._transport.resume_reading()

    @property
    def _may_go_on(self) -> bool:
        """Whether what waits is carried out though the peer is gone."""
        return self._has_ended or self.is_heard_out

    def _end(self, reason: str) -> None:
        disconnect(self._house.world, self.session, reason)
