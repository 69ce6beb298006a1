"""KNOCK: asking those who look after an invite-only channel to be let in."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.core.member import HALFOP
from chatapp.core.visibility import may_see_channel
from chatapp.irc.line import Line, format_body
from chatapp.irc.numerics import (
    ERR_BANNEDFROMCHAN,
    ERR_CHANOPEN,
    ERR_KNOCKONCHAN,
    ERR_NOSUCHCHANNEL,
    ERR_TOOMANYKNOCK,
    RPL_KNOCK,
    RPL_KNOCKDLVR,
)

#: One knocks at a channel once in so many seconds.
_PAUSE = 300


@command("KNOCK", params=1)
def knock(ctx: Context, line: Line) -> None:
    """``KNOCK #channel``: its half-operators and higher are told who would like to come in."""
    world, user = ctx.world, ctx.user
    channel = world.channel(line.params[0])
    if not may_see_channel(user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, line.params[0])
    if user in channel.members:
        raise Refused(ERR_KNOCKONCHAN, channel.name)
    if "i" not in channel.modes:
        raise Refused(ERR_CHANOPEN, channel.name)
    if channel.is_banned(user):
        raise Refused(ERR_BANNEDFROMCHAN, channel.name)
    now = world.steady()
    if channel.knocks.left(user.owner, now, _PAUSE):
        raise Refused(ERR_TOOMANYKNOCK, channel.name)
    channel.knocks.note(user.owner, now, _PAUSE)
    for session in channel.standing(HALFOP):
        words = [session.nick, channel.name, user.source, RPL_KNOCK.text]
        world.delivery.send(session, format_body(world.name, RPL_KNOCK.code, words, colon=True))
    ctx.numeric(RPL_KNOCKDLVR, channel.name)
