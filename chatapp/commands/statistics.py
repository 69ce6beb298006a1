"""STATS: what the server counts and keeps (Modern IRC "STATS message")."""

from __future__ import annotations

from chatapp.commands.bans import tell_bans
from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.irc.line import Line
from chatapp.irc.numerics import RPL_ENDOFSTATS, RPL_STATSOLINE, RPL_STATSUPTIME


@command("STATS")
def stats(ctx: Context, line: Line) -> None:
    """``STATS u``: for how long the server has been up; for operators ``o``, who they are, ``k``, bans."""
    query = line.param(0)[:1]
    match query:
        case "k":
            ctx.user.check_may("ban")
            tell_bans(ctx)
            return
        case "o":
            ctx.user.check_may("audit")
            for operator in ctx.world.settings.operators:
                ctx.numeric(RPL_STATSOLINE, "O", "*", "*", operator.name, text=", ".join(operator.privileges))
        case "u":
            ctx.numeric(RPL_STATSUPTIME, text=_up_text(ctx.world.steady() - ctx.world.began))
    ctx.numeric(RPL_ENDOFSTATS, query or "*")


def _up_text(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"Server up {days} days {hour}:{minute:02d}:{second:02d}"
