"""Who may come into a channel: what its key, modes and lists say, and how they say no."""

from __future__ import annotations

from chatapp.core.channel import Channel
from chatapp.core.errors import Refused
from chatapp.core.user import User
from chatapp.irc.numerics import (
    ERR_BADCHANNELKEY,
    ERR_BANNEDFROMCHAN,
    ERR_CHANNELISFULL,
    ERR_INVITEONLYCHAN,
    ERR_NEEDREGGEDNICK,
)

#: What keeps people out of one channel and not out of another: then +f sends them on.
CLOSED = frozenset(
    {ERR_BADCHANNELKEY, ERR_BANNEDFROMCHAN, ERR_CHANNELISFULL, ERR_INVITEONLYCHAN, ERR_NEEDREGGEDNICK}
)
_REGISTERED_ONLY = "Cannot join channel (+R): it is for those with an account"


def check_may_join(channel: Channel, user: User, key: str) -> None:
    """Raise `Refused` unless ``user`` may come in with ``key``; an invitation passes +i, +R, +l and +b.

    The founder always may: a room is never closed to the one it belongs to.
    """
    if channel.is_founder(user):
        return
    if channel.key and key != channel.key:
        raise Refused(ERR_BADCHANNELKEY, channel.name)
    if user in channel.guests:
        return
    if "i" in channel.modes and not channel.lists["I"].lists(user.source, user.account):
        raise Refused(ERR_INVITEONLYCHAN, channel.name)
    if "R" in channel.modes and not user.account:
        raise Refused(ERR_NEEDREGGEDNICK, channel.name, text=_REGISTERED_ONLY)
    if channel.is_banned(user):
        raise Refused(ERR_BANNEDFROMCHAN, channel.name)
    if channel.limit and len(channel.members) >= channel.limit:
        raise Refused(ERR_CHANNELISFULL, channel.name)
