"""What the well-known refusals mean, in the person's language; of the others the server's words are shown."""

from __future__ import annotations

import re
from gettext import gettext as _

from chatapp.client.catalogue import N_
from chatapp.irc.line import Line


def words_of(line: Line) -> str:
    """What an error numeric or a FAIL says: a sentence of ours where its meaning is known for sure."""
    return _sentence(line) or (line.params[-1] if line.params else line.command)


def is_whole(line: Line) -> bool:
    """Whether `words_of` gives a sentence that also says what it is about."""
    return "{0}" in _REFUSALS.get(line.command, "") and bool(_sentence(line))


def _sentence(line: Line) -> str:
    """Ours for ``line``; "" if there is none, or the server means something else."""
    if line.command == "FAIL":
        words = _FAILURES.get(line.param(1), "")
        return _(words).format(line.param(0)) if words else ""
    words = _REFUSALS.get(line.command, "")
    usual = _USUAL.get(line.command)
    about, said = line.params[1:-1], "".join(line.params[-1:])
    if not words or len(about) < _places(words) or (usual and not usual.fullmatch(said)):
        return ""
    return _(words).format(*about)


def _places(words: str) -> int:
    """How many things ``words`` are about."""
    return max((int(number) + 1 for number in re.findall(r"{(\d)}", words)), default=0)


#: By numeric (Modern IRC "Numerics"); ``{0}`` is what follows our nick.
_REFUSALS = {
    "400": N_("Something went wrong in the server; it has been noted"),
    "402": N_("There is no server {0}"),
    "403": N_("There is no room {0}"),
    "404": N_("You may not speak in {0}: you are not in it, or it is closed to you"),
    "405": N_("You are in too many rooms to enter {0}"),
    "406": N_("There was nobody called {0}"),
    "411": N_("It was not said who is meant"),
    "412": N_("There was no text to send"),
    "417": N_("That was too long; nothing of it was sent"),
    "421": N_("There is no command {0}"),
    "431": N_("It was not said which name"),
    "432": N_("{0} cannot be a name here"),
    "433": N_("The name {0} is taken"),
    "441": N_("{0} is not in {1}"),
    "442": N_("You are not in {0}"),
    "443": N_("{0} is in {1} already"),
    "461": N_("Something is missing after {0}"),
    "462": N_("You have said who you are already"),
    "464": N_("The password is wrong or missing"),
    "471": N_("{0} is full"),
    "472": N_("There is no mode {0}"),
    "473": N_("{0} is for the invited only"),
    "474": N_("You are banned from {0}"),
    "475": N_("{0} is locked; with its key it opens: /join {0} KEY"),
    "476": N_("{0} cannot be the name of a room"),
    "478": N_("The list of {0} is full"),
    "481": N_("Only the operators of this server may do that"),
    "482": N_("Only the operators of {0} may do that"),
    "501": N_("There is no such mode"),
    "502": N_("You cannot see or change the modes of others"),
    "524": N_("There is no help on {0}"),
}
#: Servers use these numerics for much else: only with the usual words do they mean what the table says.
_USUAL = {
    "400": re.compile(r"Something went wrong in the server; it has been noted"),
    "404": re.compile(r"(?i)Cannot send to (nick/)?channel\.?"),
    "481": re.compile(
        r"(?i)Only an operator of the server may do this|Permission denied.*not an IRC operator.*"
    ),
}
#: By code (IRCv3 standard-replies), where the code alone says it all.
_FAILURES = {
    "ACCOUNT_REQUIRED": N_("Only who has logged in may do that"),
    "INVALID_UTF8": N_("What was sent is not UTF-8, and is lost"),
    "NEED_MORE_PARAMS": N_("Something is missing after {0}"),
}
