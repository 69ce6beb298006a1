"""MOTD, LUSERS, VERSION, TIME, INFO, ADMIN, LINKS: what the server tells of itself (Modern IRC)."""

from __future__ import annotations

from datetime import UTC, datetime

from chatapp import __version__
from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.irc.line import Line
from chatapp.irc.names import matches
from chatapp.irc.numerics import (
    ERR_NOMOTD,
    ERR_NOSUCHSERVER,
    RPL_ADMINEMAIL,
    RPL_ADMINLOC1,
    RPL_ADMINLOC2,
    RPL_ADMINME,
    RPL_ENDOFINFO,
    RPL_ENDOFLINKS,
    RPL_ENDOFMOTD,
    RPL_GLOBALUSERS,
    RPL_INFO,
    RPL_LOCALUSERS,
    RPL_LUSERCHANNELS,
    RPL_LUSERCLIENT,
    RPL_LUSERME,
    RPL_LUSEROP,
    RPL_LUSERUNKNOWN,
    RPL_MOTD,
    RPL_MOTDSTART,
    RPL_TIME,
    RPL_VERSION,
)
from chatapp.irc.text import split_message

VERSION = f"chatapp-{__version__}"

#: Bytes of one line of the message of the day; leaves room for what stands before it.
_MOTD_BYTES = 400


@command("MOTD")
def motd(ctx: Context, line: Line) -> None:
    """``MOTD [server]``"""
    _check_is_here(ctx, line.param(0))
    tell_motd(ctx)


@command("LUSERS")
def lusers(ctx: Context, line: Line) -> None:
    """``LUSERS [mask [server]]``; the mask chooses among servers, of which there is one."""
    _check_is_here(ctx, line.param(1))
    tell_lusers(ctx)


@command("VERSION")
def version(ctx: Context, line: Line) -> None:
    """``VERSION [server]``"""
    _check_is_here(ctx, line.param(0))
    about = ctx.world.settings.server.description or ctx.world.name
    ctx.numeric(RPL_VERSION, VERSION, ctx.world.name, text=about)


@command("TIME")
def time(ctx: Context, line: Line) -> None:
    """``TIME [server]``"""
    _check_is_here(ctx, line.param(0))
    ctx.numeric(RPL_TIME, ctx.world.name, text=clock_text(ctx.world.now()))


@command("INFO")
def info(ctx: Context, line: Line) -> None:
    """``INFO [server]``"""
    _check_is_here(ctx, line.param(0))
    server = ctx.world.settings.server
    ctx.numeric(RPL_INFO, text=f"{server.name} is part of {server.network}, running {VERSION}")
    ctx.numeric(RPL_INFO, text="A chat server that speaks IRCv3 and keeps what is said")
    ctx.numeric(RPL_INFO, text=f"It has been up since {clock_text(ctx.world.began)}")
    ctx.numeric(RPL_ENDOFINFO)


@command("ADMIN")
def admin(ctx: Context, line: Line) -> None:
    """``ADMIN [server]``: whom to ask about the server."""
    _check_is_here(ctx, line.param(0))
    server = ctx.world.settings.server
    ctx.numeric(RPL_ADMINME, server.name)
    ctx.numeric(RPL_ADMINLOC1, text=server.description or server.name)
    ctx.numeric(RPL_ADMINLOC2, text=f"Part of {server.network}")
    ctx.numeric(RPL_ADMINEMAIL, text=server.contact or "Whoever runs it has left no address")


@command("LINKS")
def links(ctx: Context, line: Line) -> None:
    """``LINKS``: which servers belong together is nobody's business, and there is one."""
    ctx.numeric(RPL_ENDOFLINKS, "*")


def tell_motd(ctx: Context) -> None:
    """The message of the day: 375, 372 for each line, 376; 422 if there is none."""
    text = ctx.world.settings.server.motd
    if not text.strip():
        ctx.numeric(ERR_NOMOTD)
        return
    ctx.numeric(RPL_MOTDSTART, text=f"- {ctx.world.name} message of the day -")
    for row in text.splitlines():
        for part in split_message(row, _MOTD_BYTES) or [""]:
            ctx.numeric(RPL_MOTD, text=f"- {part}")
    ctx.numeric(RPL_ENDOFMOTD)


def tell_lusers(ctx: Context) -> None:
    """How many are here: 251 to 255, 265 and 266, all exact at this moment."""
    world = ctx.world
    users = len(world.users)
    invisible = sum(user.has_mode("i") for user in world.users.values())
    operators = sum(user.has_mode("o") for user in world.users.values())
    unregistered = sum(session.registration is not None for session in world.sessions)
    most = world.most_users
    ctx.numeric(
        RPL_LUSERCLIENT,
        text=f"There are {users - invisible} users and {invisible} invisible on 1 servers",
    )
    ctx.numeric(RPL_LUSEROP, str(operators))
    ctx.numeric(RPL_LUSERUNKNOWN, str(unregistered))
    ctx.numeric(RPL_LUSERCHANNELS, str(len(world.channels)))
    ctx.numeric(RPL_LUSERME, text=f"I have {users} clients and 0 servers")
    ctx.numeric(RPL_LOCALUSERS, str(users), str(most), text=f"Current local users {users}, max {most}")
    ctx.numeric(RPL_GLOBALUSERS, str(users), str(most), text=f"Current global users {users}, max {most}")


def clock_text(seconds: int) -> str:
    """``seconds`` since 1970 for people, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _check_is_here(ctx: Context, server: str) -> None:
    """Raise `Refused` with 402 unless ``server`` is this one, by name, mask, or the nick of someone on it."""
    fold = ctx.world.fold
    folded = fold(server)
    if folded and folded not in ctx.world.users and not matches(folded, fold(ctx.world.name)):
        raise Refused(ERR_NOSUCHSERVER, server)
