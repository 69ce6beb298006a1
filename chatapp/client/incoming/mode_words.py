"""What was done to somebody with MODE, in words: who commands, who has a voice, who is kept out or quiet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _
from gettext import ngettext

from chatapp.irc.catalogue import N_
from chatapp.irc.extbans import parse_extended
from chatapp.irc.modes import ModeChange, ModeKind, ModeKinds, parse_modes

#: The letters that mean the same on every server.
_KINDS = ModeKinds(lists="b", prefixes="ov")
#: The same where slow mode is ``+W seconds``.
_KINDS_WITH_SLOW = replace(_KINDS, when_set="W")
#: Any other mark than those for a time and for silence means something else, somewhere.
_MASK = re.compile(r"[^:!]+![^@]+@.+")
_SECONDS = re.compile(r"[0-9]{1,9}")
_WORDS = {
    "+o": N_("{nick} made {other} an operator of the room"),
    "-o": N_("{nick} took operator rights from {other}"),
    "+v": N_("{nick} gave {other} a voice"),
    "-v": N_("{nick} took the voice of {other}"),
    "+b": N_("{nick} banned {other}"),
    "+bt": N_("{nick} banned {other} for {time}"),
    "+m:t": N_("{nick} muted {other} for {time}"),
    "-b": N_("{nick} lifted the ban of {other}"),
    "+m:": N_("{nick} muted {other}"),
    "-m:": N_("{nick} let {other} speak again"),
}


def mode_words(nick: str, params: Sequence[str], *, has_slow: bool = False) -> str:
    """What ``nick`` did by ``params``, which follow the channel in MODE; ``has_slow``: a server with +W.

    Where not all of it is known for sure, the modes as they are.
    """
    kinds = _KINDS_WITH_SLOW if has_slow else _KINDS
    sentences = [_sentence(nick, change) for change in parse_modes(params, kinds)]
    if sentences and all(sentences):
        return "; ".join(sentences)
    return _("{nick} set the mode {modes}").format(nick=nick, modes=" ".join(params))


def _sentence(nick: str, change: ModeChange) -> str:
    what, other, time = change.letter, change.param or "", ""
    if what == "W" and change.kind is ModeKind.WHEN_SET:
        return _slow_words(nick, other if change.adding else "0")
    if what == "b":
        minutes, is_mute, is_account, mask = parse_extended(other)
        if is_account or not _MASK.fullmatch(mask):
            return ""
        what, other = "m:" if is_mute else what, mask.removesuffix("!*@*")
        if minutes is not None and change.adding:
            what, time = what + "t", _time_words(minutes)
    words = _WORDS.get(("+" if change.adding else "-") + what, "")
    return _(words).format(nick=nick, other=other, time=time) if words and other else ""


def _slow_words(nick: str, seconds: str) -> str:
    if not _SECONDS.fullmatch(seconds):
        return ""
    if not int(seconds):
        return _("{nick} let everyone speak as often as they like").format(nick=nick)
    words = ngettext(
        "{nick} has everyone wait {n} second between messages",
        "{nick} has everyone wait {n} seconds between messages",
        int(seconds),
    )
    return words.format(nick=nick, n=seconds)


def _time_words(minutes: int) -> str:
    """So many minutes, in the largest unit that says it exactly."""
    if minutes % 1440 == 0:
        return ngettext("{n} day", "{n} days", minutes // 1440).format(n=minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
