"""AWAY, SETNAME: what others are told of someone (IRCv3 away-notify, setname)."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Failed, Refused
from chatapp.irc import caps
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_NOTREGISTERED, RPL_NOWAWAY, RPL_UNAWAY
from chatapp.irc.text import cut_bytes


@command("AWAY", before_registration=True)
def away(ctx: Context, line: Line) -> None:
    """``AWAY [:text]``: gone, for that reason; without a text, back.

    Before one is let in for those with draft/pre-away; ``*`` is for a program that came without a person.
    """
    if ctx.session.registration is not None and not ctx.has(caps.PRE_AWAY):
        raise Refused(ERR_NOTREGISTERED)
    text = cut_bytes(line.param(0), ctx.world.settings.limits.away_length)
    ctx.session.away = text
    ctx.numeric(RPL_NOWAWAY if text else RPL_UNAWAY)
    if ctx.session.user is not None:
        ctx.world.refresh_away(ctx.user, text, but=ctx.session)


@command("SETNAME", params=1)
def setname(ctx: Context, line: Line) -> None:
    """``SETNAME :realname``. One that is too long is refused: nobody is to be called by half a name."""
    realname = line.params[0]
    limit = ctx.world.settings.limits.realname_length
    if not realname.strip():
        raise Failed("SETNAME", "INVALID_REALNAME", text="A name must not be empty")
    if len(realname.encode()) > limit:
        raise Failed("SETNAME", "INVALID_REALNAME", text=f"A name has at most {limit} bytes")
    ctx.user.realname = realname
    ctx.world.keep_presence(ctx.user)
    ctx.tell(ctx.world.scribe.act(ctx.user, "SETNAME", realname), ctx.world.monitor.onlookers(ctx.user))
