"""What was done to somebody with MODE, in words: who commands, who has a voice, who is kept out or quiet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.irc.catalogue import N_
from chatapp.irc.modes import ModeChange, ModeKinds, parse_modes

#: The letters that mean the same on every server.
_KINDS = ModeKinds(lists="b", prefixes="ov")
#: A mask that only silences has ``m:`` before it; any other mark means something else, somewhere.
_MASK = re.compile(r"(m:)?([^:!]+![^@]+@.+)")
_WORDS = {
    "+o": N_("{nick} made {other} an operator of the room"),
    "-o": N_("{nick} took operator rights from {other}"),
    "+v": N_("{nick} gave {other} a voice"),
    "-v": N_("{nick} took the voice of {other}"),
    "+b": N_("{nick} banned {other}"),
    "-b": N_("{nick} lifted the ban of {other}"),
    "+m:": N_("{nick} muted {other}"),
    "-m:": N_("{nick} let {other} speak again"),
}


def mode_words(nick: str, params: Sequence[str]) -> str:
    """What ``nick`` did by ``params``, which follow the channel in MODE.

    Where not all of it is known for sure, the modes as they are.
    """
    sentences = [_sentence(nick, change) for change in parse_modes(params, _KINDS)]
    if sentences and all(sentences):
        return "; ".join(sentences)
    return _("{nick} set the mode {modes}").format(nick=nick, modes=" ".join(params))


def _sentence(nick: str, change: ModeChange) -> str:
    what, other = change.letter, change.param or ""
    if what == "b":
        mask = _MASK.fullmatch(other)
        if mask is None:
            return ""
        what, other = mask[1] or what, mask[2].removesuffix("!*@*")
    words = _WORDS.get(("+" if change.adding else "-") + what, "")
    return _(words).format(nick=nick, other=other) if words and other else ""
