"""WHOIS, WHOWAS: all that may be known of someone who is here, or was (Modern IRC "WHOIS message")."""

from __future__ import annotations

from chatapp.commands.channels import shown_prefixes
from chatapp.commands.context import Context
from chatapp.commands.information import clock_text
from chatapp.commands.queries import tell_words
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.core.user import User
from chatapp.core.visibility import may_see_address, may_see_channel, may_see_member, may_see_user
from chatapp.irc.line import Line
from chatapp.irc.names import visible_host
from chatapp.irc.numerics import (
    ERR_NONICKNAMEGIVEN,
    ERR_NOSUCHNICK,
    ERR_WASNOSUCHNICK,
    RPL_AWAY,
    RPL_ENDOFWHOIS,
    RPL_ENDOFWHOWAS,
    RPL_WHOISACCOUNT,
    RPL_WHOISACTUALLY,
    RPL_WHOISBOT,
    RPL_WHOISCHANNELS,
    RPL_WHOISIDLE,
    RPL_WHOISKEYVALUE,
    RPL_WHOISMODES,
    RPL_WHOISOPERATOR,
    RPL_WHOISREGNICK,
    RPL_WHOISSECURE,
    RPL_WHOISSERVER,
    RPL_WHOISUSER,
    RPL_WHOWASUSER,
)


@command("WHOIS")
def whois(ctx: Context, line: Line) -> None:
    """``WHOIS [server] nick``; there is one server, so any will do."""
    asked = line.param(1) or line.param(0)
    if not asked:
        raise Refused(ERR_NONICKNAMEGIVEN)
    user = ctx.world.users.get(ctx.world.fold(asked))
    if user is None:
        ctx.numeric(ERR_NOSUCHNICK, asked)
    else:
        _tell_of(ctx, user)
    ctx.numeric(RPL_ENDOFWHOIS, asked)


@command("WHOWAS")
def whowas(ctx: Context, line: Line) -> None:
    """``WHOWAS nick [count]``: the latest first; a count of 0 or less, or none, means all."""
    asked = line.param(0)
    if not asked:
        raise Refused(ERR_NONICKNAMEGIVEN)
    departed = ctx.world.whowas.find(ctx.world.fold(asked))
    if not departed:
        ctx.numeric(ERR_WASNOSUCHNICK, asked)
    for was in departed[: _count(line.param(1))]:
        ctx.numeric(RPL_WHOWASUSER, was.nick, was.user_name, was.host, "*", text=was.realname)
        ctx.numeric(RPL_WHOISSERVER, was.nick, ctx.world.name, text=clock_text(was.time))
    ctx.numeric(RPL_ENDOFWHOWAS, asked)


def _tell_of(ctx: Context, user: User) -> None:
    """Only numerics that every client knows: some take any other for a mistake."""
    world, nick = ctx.world, user.nick
    ctx.numeric(RPL_WHOISUSER, nick, user.user_name, user.host, "*", text=user.realname)
    if channels := _shown_channels(ctx, user):
        tell_words(ctx, RPL_WHOISCHANNELS, nick, words=channels)
    ctx.numeric(RPL_WHOISSERVER, nick, world.name, text=world.settings.server.description or world.name)
    if user.away:
        ctx.numeric(RPL_AWAY, nick, text=user.away)
    if user.has_mode("o"):
        ctx.numeric(RPL_WHOISOPERATOR, nick, text=user.operator_line)
    if user.is_bot:
        ctx.numeric(RPL_WHOISBOT, nick)
    if user.account:
        if world.fold(user.account) == user.folded:
            ctx.numeric(RPL_WHOISREGNICK, nick)
        ctx.numeric(RPL_WHOISACCOUNT, nick, user.account)
    for key, value in world.metadata.of(user.owner).items():
        ctx.numeric(RPL_WHOISKEYVALUE, nick, key, "*", text=value)
    if user.sessions and all(session.is_secure for session in user.sessions):
        ctx.numeric(RPL_WHOISSECURE, nick)
    if may_see_address(ctx.user, user):
        address = visible_host(user.address)
        if user.modes:
            ctx.numeric(RPL_WHOISMODES, nick, text=f"is using modes +{user.modes}")
        ctx.numeric(RPL_WHOISACTUALLY, nick, f"{user.user_name}@{user.host}", address)
    idle = max(world.now() - user.spoke, 0)
    ctx.numeric(RPL_WHOISIDLE, nick, str(idle), str(user.signed_on))


def _shown_channels(ctx: Context, user: User) -> list[str]:
    """The channels of ``user`` that the asker may know of, with prefixes; none of a stranger who is +i."""
    viewer = ctx.user
    if not may_see_user(viewer, user):
        return []
    return [
        shown_prefixes(ctx, member) + channel.name
        for channel, member in user.channels.items()
        if may_see_channel(viewer, channel) and may_see_member(viewer, channel, user)
    ]


def _count(text: str) -> int | None:
    """How many to show; ``None`` for all."""
    try:
        return max(int(text), 0) or None
    except ValueError:
        return None
