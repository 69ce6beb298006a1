"""Who may speak in a channel: what its modes and lists say, and how they say no."""

from __future__ import annotations

from chatapp.core.addresses import household
from chatapp.core.audience import Audience
from chatapp.core.channel import Channel
from chatapp.core.errors import Refused
from chatapp.core.member import HALFOP, PREFIXES, RANKS, Member
from chatapp.core.user import User
from chatapp.irc.numerics import ERR_CANNOTSENDTOCHAN

_NOT_IN_IT = "Cannot send to channel (+n): you are not in it"
_MODERATED = "Cannot send to channel (+m): only some may speak"
_REGISTERED_ONLY = "Cannot send to channel (+{mode}): only those with an account may speak"
_BANNED = "Cannot send to channel (+b): you are banned"
_MUTED = "Cannot send to channel (+b): you are muted"
_TOO_SOON = "Cannot send to channel (+W): slow mode; speak again in {seconds} s"
#: Modes that silence those without a standing.
_SILENCING = frozenset("MRm")
#: Before the folded name of a channel in the key of what only those of some standing heard, by rank.
STATUSES = {RANKS[mode]: prefix for mode, prefix in PREFIXES.items()}


def check_may_speak(channel: Channel, user: User) -> None:
    """Raise `Refused` with 404 unless what ``user`` says would be heard in ``channel``."""
    member = channel.members.get(user)
    if member is not None and (
        member.modes or (not channel.lists["b"] and channel.modes.isdisjoint(_SILENCING))
    ):
        return
    if not user.may("rooms") and (why := _silenced(channel, user, member)):
        raise Refused(ERR_CANNOTSENDTOCHAN, channel.name, text=why)


def check_is_turn(channel: Channel, user: User, now: int, here: int) -> None:
    """Raise `Refused` with 404 while slow mode has ``user`` wait; else their turn is taken.

    ``here`` is for how many seconds they have been. A guest who has come anew waits as if they had said what
    was said last from where they are: it may have been them.
    """
    member = channel.members.get(user)
    if not channel.slow or user.may("rooms") or (member is not None and member.modes):
        return
    home = f"from {household(user.address)}"
    seconds = channel.turns.left(user.owner, now, channel.slow)
    if not seconds and not user.account:
        since_home = channel.turns.left(home, now, channel.slow)
        seconds = since_home if here <= channel.slow - since_home else 0
    if seconds:
        raise Refused(ERR_CANNOTSENDTOCHAN, channel.name, text=_TOO_SOON.format(seconds=seconds))
    channel.turns.note(user.owner, now, channel.slow)
    channel.turns.note(home, now, channel.slow)


def _silenced(channel: Channel, user: User, member: Member | None) -> str:
    """Why ``user``, who has no standing in ``channel``, may not speak there; "" if they may."""
    if "m" in channel.modes:
        return _MODERATED
    if member is None and "n" in channel.modes:
        return _NOT_IN_IT
    if not user.account and (mode := "M" if "M" in channel.modes else "R" if "R" in channel.modes else ""):
        return _REGISTERED_ONLY.format(mode=mode)
    if channel.is_banned(user):
        return _BANNED
    if channel.is_muted(user):
        return _MUTED
    return ""


def hearers(channel: Channel, user: User, least: int) -> tuple[Audience, str]:
    """Who hears what ``user`` says to those who stand at ``least`` that high, and the conversation it is.

    With +U only half-operators and higher hear those who have no standing. What not all hear is kept in a
    conversation of its own, open to those who would have heard (`chatapp.core.visibility.conversations`).
    """
    if "U" in channel.modes and not channel.rank_of(user):
        least = max(least, HALFOP)
    if not least:
        return channel.audience, channel.folded
    audience = channel.standing(least)
    for session in user.sessions:
        audience.add(session)
    return audience, STATUSES[least] + channel.folded
