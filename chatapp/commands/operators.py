"""KILL, REHASH, OWNER: what operators of the server do, and how one becomes one (Modern IRC "Operator Messages")."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.commands.context import Context
from chatapp.commands.table import command, disconnect
from chatapp.core.errors import Disconnect, Refused
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_NOPRIVILEGES, ERR_PASSWDMISMATCH, RPL_REHASHING, RPL_YOUREOPER


@command("KILL", params=1)
def kill(ctx: Context, line: Line) -> None:
    """``KILL nick [:why]``: end all connections of someone."""
    operator = ctx.user
    if not operator.is_operator:
        raise Refused(ERR_NOPRIVILEGES)
    victim = ctx.world.user(line.params[0])
    why = f"Killed by {operator.nick}" + (f": {line.params[1]}" if line.param(1) else "")
    ctx.world.report(
        _("%(nick)s was put out by %(operator)s"), {"nick": victim.nick, "operator": operator.nick}
    )
    for session in victim.sessions[:]:
        if session is not ctx.session:
            disconnect(ctx.world, session, why)
    if victim is operator:
        raise Disconnect(why)


@command("REHASH")
def rehash(ctx: Context, line: Line) -> None:
    """``REHASH``: read the settings and the certificates again."""
    if not ctx.user.is_operator:
        raise Refused(ERR_NOPRIVILEGES)
    ctx.world.report(_("%(nick)s has the settings read again"), {"nick": ctx.user.nick})
    ctx.numeric(RPL_REHASHING, "chat-server.toml")
    for sentence in ctx.world.reload():
        ctx.reply("NOTICE", ctx.session.nick, sentence, colon=True)


@command("OWNER", params=1)
async def owner(ctx: Context, line: Line) -> None:
    """``OWNER code``: the code that the server has shown makes its holder an operator of the server, once."""
    world, session = ctx.world, ctx.session
    if not world.guesses.may_guess(session.address, world.now()):
        raise Refused(ERR_PASSWDMISMATCH, text="Too many wrong codes; try again in an hour")
    # Counted before it is known to be wrong: nobody guesses on while an answer is on its way.
    world.guesses.missed(session.address, world.now())
    if not await world.claim(line.params[0]):
        world.report(_("A wrong owner code came from %(address)s"), {"address": session.address})
        raise Refused(ERR_PASSWDMISMATCH, text="This is not the owner's code, or it has been used")
    world.guesses.forget(session.address)
    world.report(_("%(nick)s has become an owner of this server"), {"nick": ctx.user.nick})
    if not session.ended:
        ctx.numeric(RPL_YOUREOPER)
        if ctx.user.set_mode("o", True):
            ctx.relay(world.act(ctx.user, "MODE", ctx.user.nick, "+o"))
