"""Those who get in the way of a run: connections that say nothing, members who have stopped reading."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from gettext import gettext as _

from chatapp.bench.caller import BenchError
from chatapp.bench.callers import allow_many_files, join_all, open_callers
from chatapp.bench.plan import Plan

#: A member that reads nothing should be felt soon: its system takes in no more than this.
_STALLED_BYTES = 4096


@contextmanager
def bystanders(plan: Plan) -> Iterator[None]:
    """Have ``plan.silent`` and ``plan.stalled`` connections stand about.

    Raises:
        BenchError: The server does not take them.
    """
    allow_many_files()
    with ExitStack() as stack:
        for _silent in range(plan.silent):
            try:
                stack.enter_context(socket.create_connection(plan.address, timeout=10))
            except OSError as error:
                words = _("the server takes no more silent connections: {reason}")
                raise BenchError(words.format(reason=error)) from error
        stalled = open_callers(
            plan.address, [f"{plan.prefix}s{number}" for number in range(plan.stalled)], way=plan.way
        )
        for caller in stalled:
            stack.callback(caller.close)
            caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STALLED_BYTES)
        join_all(stalled, plan.room_name(0))
        yield
