"""Many connections at once: open them, register them, have them join a room; then they are bare wires."""

from __future__ import annotations

import contextlib
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _

from chatapp.bench.caller import BenchError, Caller
from chatapp.bench.ears import Ears, HasFileno
from chatapp.bench.nats import NatsCaller
from chatapp.bench.ways import PLAIN, Address, Way

#: How many connections may be waiting to be accepted: as many as the shortest backlog of a server that we
#: know (ngIRCd's 10). More would be dropped by the system and tried again a second later. One that has heard
#: nothing is taken to be accepted after so many seconds.
_AT_ONCE, _ACCEPTED_SECONDS = 10, 0.05
#: How many are joining at the same time: each is told to all who are in.
_JOINING_AT_ONCE = 200
_BUFFER_BYTES = 1 << 16


def open_callers(
    address: Address, nicks: Sequence[str], caps: Sequence[str] = (), seconds: float = 60, way: Way = PLAIN
) -> list[Caller]:
    """Open and register a connection for each of ``nicks``, some at a time.

    Raises:
        BenchError: The server is not there, refuses, or needs more than ``seconds``.
    """
    until = time.monotonic() + seconds
    make = NatsCaller if way.protocol == "nats" else Caller
    callers: list[Caller] = []
    waiting: set[Caller] = set()
    unheard = 0
    try:
        for nick in nicks:
            callers.append(make(address, nick, caps, way))
            waiting.add(callers[-1])
            unheard += 1
            if unheard >= _AT_ONCE:
                # Some servers let people in once a second: those who are silent so long have been accepted.
                heard = _listen_once(waiting, min(until, time.monotonic() + _ACCEPTED_SECONDS))
                unheard = max(0, unheard - heard) if heard else 0
        while waiting:
            if not _listen_once(waiting, until) or time.monotonic() > until:
                words = _("registration took too long: {n} connections still wait")
                raise BenchError(words.format(n=len(waiting)))
    except BaseException:
        close_all(callers)
        raise
    return callers


def _listen_once(waiting: set[Caller], until: float) -> int:
    """Read from those of ``waiting`` who have something; whoever is registered then waits no more.

    Returns how many had something: 0 when it is later than ``until``.
    """
    with Ears(waiting) as ears:
        heard = ears.wait(max(0, until - time.monotonic()))
    buffer = bytearray(_BUFFER_BYTES)
    for caller in heard:
        caller.hear(bytes(memoryview(buffer)[: receive(caller, buffer)]))
        if caller.registered:
            waiting.discard(caller)
    return len(heard)


def join_all(callers: Sequence[Caller], rooms: str | Sequence[str], seconds: float = 60) -> None:
    """Have all ``callers`` join one room, or each its own of ``rooms``, many at once; wait until each is in.

    Those who are in are read on (what they hear is thrown away), so that no queue of the server fills while
    the others catch up.

    Raises:
        BenchError: As `open_callers`.
    """
    until = time.monotonic() + seconds
    coming = deque((c, rooms if isinstance(rooms, str) else rooms[n]) for n, c in enumerate(callers))
    waiting: set[Caller] = set()
    buffer = bytearray(_BUFFER_BYTES)
    with Ears(callers) as ears:
        while coming or waiting:
            while coming and len(waiting) < _JOINING_AT_ONCE:
                caller, room = coming.popleft()
                caller.join(room)
                waiting.add(caller)
            heard = ears.wait(max(0, until - time.monotonic()))
            if not heard or time.monotonic() > until:
                words = _("joining took too long: {n} connections still wait")
                raise BenchError(words.format(n=len(waiting)))
            for joining in heard:
                count = receive(joining, buffer)
                if joining in waiting or buffer.find(b"PING", 0, count) >= 0:
                    joining.hear(bytes(memoryview(buffer)[:count]))
                if joining.joined:
                    waiting.discard(joining)


def listen_until(caller: Caller, is_done: Callable[[], bool], until: float, doing: str) -> None:
    """Hear what ``caller`` is told until ``is_done``.

    Raises:
        BenchError: As `open_callers`; ``doing`` says in the message what took too long.
    """
    buffer = bytearray(_BUFFER_BYTES)
    with watching([caller]) as selector:
        while not is_done():
            if not selector.select(max(0, until - time.monotonic())) or time.monotonic() > until:
                raise BenchError(_("{doing} took too long").format(doing=doing))
            caller.hear(bytes(memoryview(buffer)[: receive(caller, buffer)]))


@contextmanager
def watching(callers: Iterable[HasFileno]) -> Iterator[selectors.BaseSelector]:
    """A selector that tells whom of ``callers`` the network has something for."""
    with selectors.DefaultSelector() as selector:
        for caller in callers:
            selector.register(caller, selectors.EVENT_READ, caller)
        yield selector


def receive(caller: Caller, buffer: bytearray) -> int:
    """Read once into ``buffer``; return how many bytes, 0 if there were none after all.

    Raises:
        BenchError: The server closed the connection.
    """
    try:
        count = caller.wire.recv_into(buffer)
    except (BlockingIOError, InterruptedError):
        return 0
    except OSError as error:
        words = _("the server broke the connection of {nick}: {reason}")
        raise BenchError(words.format(nick=caller.nick, reason=error)) from error
    if not count:
        raise BenchError(_("the server closed the connection of {nick}").format(nick=caller.nick))
    return count


def close_all(callers: Iterable[Caller]) -> None:
    """Close all connections."""
    for caller in callers:
        with contextlib.suppress(OSError):
            caller.close()


def allow_many_files() -> None:
    """Lift this process's limit of open files as far as the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
