"""What a refusal says, in the person's language where its meaning is certain, else in the server's words."""

from __future__ import annotations

import re
from gettext import gettext as _

from chatapp.irc.catalogue import N_
from chatapp.irc.line import Line
from chatapp.irc.refusals import CLOSING, REFUSALS, reason


def words_of(line: Line) -> str:
    """What an error numeric or a FAIL says: a sentence of ours where its meaning is known for sure."""
    return _sentence(line) or (line.params[-1] if line.params else line.command)


def ending_words(said: str) -> str:
    """Why the server ends the connection: what its ERROR has ``said``."""
    said = said.removeprefix(CLOSING)
    if killed := _KILLED.fullmatch(said):
        told = _("{nick}, who looks after the server, has ended it").format(nick=killed[1])
        return f"{told}: {killed[2]}" if killed[2] else told
    words, number = reason(said)
    why = ""
    if not words:
        head, _colon, why = said.partition(": ")
        words, number = reason(head)
    if not words:
        return said
    told = _(words).format(n=number)
    return f"{told}: {why}" if why else told


def is_whole(line: Line) -> bool:
    """Whether `words_of` gives a sentence that also says what it is about."""
    return "{0}" in REFUSALS.get(line.command, "") and bool(_sentence(line))


def _sentence(line: Line) -> str:
    """Ours for ``line``; "" if there is none, or the server means something else."""
    about, said = line.params[1:-1], "".join(line.params[-1:])
    why, number = reason(said)
    if line.command == "FAIL":
        words = why or _FAILURES.get(line.param(1), "")
        return _(words).format(line.param(0), n=number) if words else ""
    words = REFUSALS.get(line.command, "")
    usual = _USUAL.get(line.command)
    if words and why:
        words, usual = why, None
    if not words or len(about) < _places(words) or (usual and not usual.fullmatch(said)):
        return ""
    return _(words).format(*about, n=number)


def _places(words: str) -> int:
    """How many things ``words`` are about."""
    return max((int(number) + 1 for number in re.findall(r"{(\d)}", words)), default=0)


_KILLED = re.compile(r"Killed by ([^ :]+)(?:: (.*))?")
#: Servers use these numerics for much else: only with the usual words do they mean what the table says.
_USUAL = {
    "400": re.compile(r"Something went wrong in the server; it has been noted"),
    "404": re.compile(r"(?i)Cannot send to (nick/)?channel\.?"),
    "477": re.compile(r"This is for those with an account|Cannot join channel \(\+R\).*"),
    "481": re.compile(
        r"(?i)Only an operator of the server may do this|Permission denied.*not an IRC operator.*"
    ),
}
#: By code (IRCv3 standard-replies), where the code alone says it all.
_FAILURES = {
    "ALREADY_AUTHENTICATED": N_("You are logged in to an account already"),
    "ACCOUNT_REQUIRED": N_("Only who has logged in may do that"),
    "CHANNEL_NAME_IN_USE": N_("There is a room of that name already"),
    "INVALID_UTF8": N_("What was sent is not UTF-8, and is lost"),
    "MATCHES_YOURSELF": N_("That would keep you away, too; nothing was done"),
    "MULTILINE_MAX_BYTES": N_("The message is longer than the server takes"),
    "MULTILINE_MAX_LINES": N_("The message has more lines than the server takes"),
    "NEED_MORE_PARAMS": N_("Something is missing after {0}"),
    "NO_SUCH_BAN": N_("Nobody is kept away by that; /kline shows who is"),
    "REDACT_FORBIDDEN": N_("You may not delete that message"),
    "REDACT_WINDOW_EXPIRED": N_("It is too late to delete that message"),
    "UNKNOWN_MSGID": N_("The server does not know that message"),
}
