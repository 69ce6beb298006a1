"""OPER, OWNER, KILL, WALLOPS, REHASH: how one becomes an operator of the server, and what they do."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import gettext as _

from chatapp.commands.context import Context
from chatapp.commands.login import INSECURE
from chatapp.commands.passwords import is_password
from chatapp.commands.table import command, disconnect
from chatapp.core.audience import Audience
from chatapp.core.errors import Disconnect, Refused
from chatapp.core.ownership import end_stay
from chatapp.core.settings import PRIVILEGES, OperatorSettings, Privilege
from chatapp.irc.line import Line
from chatapp.irc.numerics import (
    ERR_NEEDMOREPARAMS,
    ERR_NOOPERHOST,
    ERR_PASSWDMISMATCH,
    RPL_REHASHING,
    RPL_YOUREOPER,
)


@command("KILL", params=1)
def kill(ctx: Context, line: Line) -> None:
    """``KILL nick [:why]``: end all connections of someone, and their staying if they are always on."""
    operator = ctx.user
    operator.check_may("kill")
    victim = ctx.world.user(line.params[0])
    why = f"Killed by {operator.nick}" + (f": {line.params[1]}" if line.param(1) else "")
    ctx.world.report(
        _("%(nick)s was put out by %(operator)s"), {"nick": victim.nick, "operator": operator.nick}
    )
    ctx.world.audit(operator, "KILL", victim.source, line.param(1))
    if victim.stays:
        end_stay(ctx.world, victim, why)
    for session in victim.sessions[:]:
        if session is not ctx.session:
            disconnect(ctx.world, session, why)
    if victim is operator:
        raise Disconnect(why)


@command("REHASH")
def rehash(ctx: Context, line: Line) -> None:
    """``REHASH``: read the settings and the certificates again."""
    ctx.user.check_may("rehash")
    ctx.world.audit(ctx.user, "REHASH", ctx.world.name)
    ctx.world.report(_("%(nick)s has the settings read again"), {"nick": ctx.user.nick})
    ctx.numeric(RPL_REHASHING, "chat-server.toml")
    for sentence in ctx.world.reload():
        ctx.reply("NOTICE", ctx.session.nick, sentence, colon=True)


@command("OWNER", params=1)
async def owner(ctx: Context, line: Line) -> None:
    """``OWNER code``: the code that the server has shown makes its holder an operator of the server, once."""
    world, session = ctx.world, ctx.session
    if not world.guesses.may_guess(session.address, world.steady()):
        raise Refused(ERR_PASSWDMISMATCH, text="Too many wrong codes; try again in an hour")
    # Counted before it is known to be wrong: nobody guesses on while an answer is on its way.
    world.guesses.missed(session.address, world.steady())
    if not await world.claim(line.params[0]):
        world.report(_("A wrong owner code came from %(address)s"), {"address": session.address})
        raise Refused(ERR_PASSWDMISMATCH, text="This is not the owner's code, or it has been used")
    world.guesses.forget(session.address)
    world.report(_("%(nick)s has become an owner of this server"), {"nick": ctx.user.nick})
    world.audit(ctx.user, "OWNER", ctx.user.nick)
    _become(ctx, PRIVILEGES, OperatorSettings().whois)


@command("OPER", params=2)
async def oper(ctx: Context, line: Line) -> None:
    """``OPER name password``: become the operator of the server who has that name in the settings."""
    world, session = ctx.world, ctx.session
    name, secret = line.params[:2]
    if not world.settings.operators:
        raise Refused(ERR_NOOPERHOST)
    if not session.keeps_secrets:
        raise Refused(ERR_PASSWDMISMATCH, text=INSECURE)
    if not world.guesses.may_guess(session.address, world.steady()):
        raise Refused(ERR_PASSWDMISMATCH, text="Too many wrong passwords; try again in an hour")
    world.guesses.missed(session.address, world.steady())
    found = next((each for each in world.settings.operators if each.name == name), None)
    is_right = await is_password(world, secret, found.password if found else "")
    if not is_right or found is None or found not in world.settings.operators:  # it may be in them no more
        world.report(_("A wrong operator password came from %(address)s"), {"address": session.address})
        raise Refused(ERR_PASSWDMISMATCH)
    world.guesses.forget(session.address)
    world.report(_("%(nick)s is operator %(name)s now"), {"nick": ctx.user.nick, "name": name})
    world.audit(ctx.user, "OPER", name)
    _become(ctx, found.privileges, found.whois)


@command("WALLOPS", params=1)
def wallops(ctx: Context, line: Line) -> None:
    """``WALLOPS :text``: said to everyone who listens (user mode +w)."""
    user = ctx.user
    user.check_may("wallops")
    if not line.params[0]:
        raise Refused(ERR_NEEDMOREPARAMS, "WALLOPS")
    listeners = (each for each in ctx.world.users.values() if each.has_mode("w"))
    audience = Audience(session for each in listeners for session in each.sessions)
    ctx.tell(ctx.world.scribe.act(user, "WALLOPS", line.params[0]), audience, echo=user.has_mode("w"))


def _become(ctx: Context, privileges: Iterable[Privilege], whois: str) -> None:
    """Who speaks is an operator of the server from now on."""
    user = ctx.user
    if ctx.session.ended:
        return
    user.privileges = frozenset(privileges)
    user.operator_line = whois
    ctx.numeric(RPL_YOUREOPER)
    if user.set_mode("o", True):
        ctx.tell(ctx.world.scribe.act(user, "MODE", user.nick, "+o"), Audience(user.sessions))
