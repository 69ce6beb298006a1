"""ACCEPT: whose messages one takes though one takes them from accounts alone (user mode +R)."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.queries import tell_words
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.irc.line import Line
from chatapp.irc.numerics import RPL_ACCEPTLIST, RPL_ENDOFACCEPT

#: How many one ACCEPT may name.
_MOST = 20


@command("ACCEPT", params=1)
def accept(ctx: Context, line: Line) -> None:
    """``ACCEPT nick``, ``-nick``, several with commas, or ``*``, which lists them. What is done is silent."""
    for name in line.params[0].split(",")[:_MOST]:
        if name == "*":
            if accepted := ctx.world.accepts.of(ctx.user):
                tell_words(ctx, RPL_ACCEPTLIST, words=[user.nick for user in accepted])
            ctx.numeric(RPL_ENDOFACCEPT)
            continue
        try:
            other = ctx.world.user(name.removeprefix("-"))
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)
            continue
        if name.startswith("-"):
            ctx.world.accepts.remove(ctx.user, other)
        else:
            ctx.world.accepts.add(ctx.user, other)
