"""IRC clients: lines of UTF-8 over a stream (Modern IRC "Message Format"; IRCv3 utf8-only, message-tags)."""

from __future__ import annotations

from collections.abc import Awaitable

from chatapp.commands.table import dispatch, refuse_line
from chatapp.commands.weight import weight
from chatapp.core.errors import Failed, Refused
from chatapp.irc.framing import BODY_BYTES, is_oversized
from chatapp.irc.line import Line, MalformedLine, parse_line
from chatapp.irc.numerics import ERR_INPUTTOOLONG
from chatapp.listeners.connection import Connection


class Unreadable(Exception):
    """A line that cannot be carried out: what it seemed to be, and what its sender is told."""

    def __init__(self, line: Line, problem: Refused | Failed) -> None:
        super().__init__(str(problem))
        self.line = line
        self.problem = problem


class IrcConnection(Connection):
    """A connection whose peer speaks IRC."""

    __slots__ = ()

    def carry_out(self, raw: bytes) -> Awaitable[None] | None:
        try:
            line = self.read(raw)
        except Unreadable as why:
            refuse_line(self._house.world, self.session, why.line, why.problem)
            return None
        if self._throttle is not None:
            self._throttle.charge(weight(line) - 1)
        return dispatch(self._house.world, self.session, line)

    def read(self, raw: bytes) -> Line:
        """Make a line out of ``raw``.

        Raises:
            Unreadable: It cannot be one.
        """
        if len(raw) > BODY_BYTES - 2 and is_oversized(raw):
            raise Unreadable(_guess(raw), Refused(ERR_INPUTTOOLONG))
        try:
            return parse_line(raw.decode())
        except UnicodeDecodeError:
            line = _guess(raw)
            raise Unreadable(
                line,
                Failed(line.command, "INVALID_UTF8", text="A line is UTF-8; this one was not, and is lost"),
            ) from None
        except MalformedLine as why:
            raise Unreadable(
                _guess(raw), Failed("*", "INVALID_LINE", text=f"This is not a line: {why}")
            ) from None


def _guess(raw: bytes) -> Line:
    """What a line that cannot be carried out seems to be: its command and its label, for the answer."""
    text = raw[:8192].decode("ascii", "ignore").replace("\0", "").replace("\r", "")
    try:
        return parse_line(text)
    except MalformedLine:
        return Line("*", [])
