"""How much a line counts for against the flood: more where many hear of it, or an answer takes long."""

from __future__ import annotations

from chatapp.commands.playback import MOST, PLAYBACK
from chatapp.irc.line import Line

#: So many lines each counts for; what is not here counts for one.
_WEIGHTS = {
    "AWAY": 2,
    "INVITE": 2,
    "JOIN": 3,
    "KICK": 2,
    "KNOCK": 3,
    "LIST": 10,
    "MODE": 2,
    "NAMES": 3,
    "METADATA": 4,
    "NICK": 3,
    "REDACT": 2,
    "RENAME": 3,
    "SEARCH": 10,
    "SETNAME": 2,
    "TOPIC": 3,
    "WHO": 5,
    "WHOIS": 2,
}
#: So many messages of history that are asked for count for a line.
_MESSAGES = 100
#: And so many nicks that are watched.
_NICKS = 10
#: Each of their targets counts.
_FOR_MANY = frozenset({"JOIN", "KICK", "LIST", "NAMES", "NOTICE", "PART", "PRIVMSG", "TAGMSG"})


def weight(line: Line) -> int:
    """For how many lines ``line`` counts, at least 1."""
    one = _WEIGHTS.get(line.command, 1)
    if line.command == "CHATHISTORY":
        return 1 + _number(line.params[-1:]) // _MESSAGES
    if line.command == "MONITOR":
        return 1 + line.param(1).count(",") // _NICKS
    if line.command not in _FOR_MANY or not line.params:
        return one
    targets = line.params[1] if line.command == "KICK" and len(line.params) > 1 else line.params[0]
    if targets[:1] == "*" and targets.lower() == PLAYBACK:
        return 1 + MOST // _MESSAGES
    return one * (1 + targets.count(","))


def _number(last: list[str]) -> int:
    """The limit that ``last``, the last parameter of a question, sets."""
    return int(last[0][:4]) if last and last[0].isascii() and last[0].isdecimal() else 0
