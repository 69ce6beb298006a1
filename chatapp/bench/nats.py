"""A connection to a NATS server, for comparison: a subject is a room, publishing is speaking.

NATS keeps no members, no history and no names: who subscribes hears what is published, and nothing else. The
protocol is its own (https://docs.nats.io/reference/reference-protocols/nats-protocol).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.bench.caller import BenchError, Caller
from chatapp.irc.line import Line


class NatsCaller(Caller):
    """One connection that subscribes where others join. ``echo-message`` is all it knows of capabilities."""

    __slots__ = ()

    def _greet(self, caps: Sequence[str]) -> None:
        self.caps = frozenset(caps) & {"echo-message"}
        options = {"verbose": False, "pedantic": False, "name": self.nick, "echo": bool(self.caps)}
        self.say(f"CONNECT {json.dumps(options)}", "PING")

    def join(self, room: str) -> None:
        """Subscribe; everybody calls the subscription 1, so all hear the same bytes."""
        self.say(f"SUB {room} 1", "PING")

    def obey(self, line: Line) -> None:
        """A PONG says that all before the PING has been done."""
        match line.command:
            case "PING":
                self.say("PONG")
            case "PONG":
                self.joined = self.registered
                self.registered = True
            case "-ERR":
                words = _("the server refuses {nick}: {reason}")
                raise BenchError(words.format(nick=self.nick, reason=" ".join(line.params)))


def publish_head(room: str, size: int) -> bytes:
    """What stands before a text of ``size`` bytes that goes to ``room``."""
    return f"PUB {room} {size}\r\n".encode()
