"""MONITOR: being told when nicks come and go (IRCv3 Monitor)."""

from __future__ import annotations

from collections.abc import Iterable

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.names import is_nick
from chatapp.irc.numerics import (
    ERR_ERRONEUSNICKNAME,
    ERR_MONLISTFULL,
    ERR_NEEDMOREPARAMS,
    RPL_ENDOFMONLIST,
    RPL_MONLIST,
    RPL_MONOFFLINE,
    RPL_MONONLINE,
    Numeric,
)


@command("MONITOR", params=1)
def monitor(ctx: Context, line: Line) -> None:
    """``MONITOR + nick,nick``, ``- nick,nick``, ``C`` (clear), ``L`` (list), ``S`` (status)."""
    watched, session = ctx.world.monitor, ctx.session
    match line.params[0].upper():
        case "+":
            _add(ctx, _nicks(line))
        case "-":
            for nick in _nicks(line):
                watched.remove(session, nick)
        case "C":
            watched.clear(session)
        case "L":
            _tell(ctx, RPL_MONLIST, watched.watched_by(session))
            ctx.numeric(RPL_ENDOFMONLIST)
        case "S":
            _tell_status(ctx, watched.watched_by(session))
        case _:
            raise Refused(ERR_NEEDMOREPARAMS, "MONITOR")


def _nicks(line: Line) -> list[str]:
    """Raise `Refused` with 461 if there are none."""
    nicks = [nick for nick in line.param(1).split(",") if nick]
    if not nicks:
        raise Refused(ERR_NEEDMOREPARAMS, "MONITOR")
    return nicks


def _add(ctx: Context, nicks: list[str]) -> None:
    world, session = ctx.world, ctx.session
    limits, mapping = world.settings.limits, world.settings.server.casemapping
    taken: dict[str, str] = {}
    for place, nick in enumerate(nicks):
        if not is_nick(nick, limits.nick_length, mapping):  # a mask, too, is nobody's nick
            ctx.numeric(ERR_ERRONEUSNICKNAME, nick)
            continue
        if not world.monitor.watches(session, nick):
            if len(world.monitor.watched_by(session)) >= limits.monitor_entries:
                _tell_status(ctx, taken.values())
                ctx.numeric(ERR_MONLISTFULL, str(limits.monitor_entries), ",".join(nicks[place:]))
                return
            world.monitor.add(session, nick)
        taken.setdefault(world.fold(nick), nick)
    _tell_status(ctx, taken.values())


def _tell_status(ctx: Context, nicks: Iterable[str]) -> None:
    """Who of ``nicks`` is here, then who is not; nothing where there is nobody."""
    here, away = [], []
    for nick in nicks:
        user = ctx.world.users.get(ctx.world.fold(nick))
        if user is None:
            away.append(nick)
        else:
            here.append(user.source)
    _tell(ctx, RPL_MONONLINE, here)
    _tell(ctx, RPL_MONOFFLINE, away)


def _tell(ctx: Context, numeric: Numeric, items: list[str]) -> None:
    """``items`` with commas between them, in as many lines as they need."""
    room = BODY_BYTES - 2 - len(f":{ctx.world.name} {numeric.code} {ctx.session.nick} :".encode())
    row: list[str] = []
    for item in items:
        if row and len(",".join([*row, item]).encode()) > room:
            ctx.numeric(numeric, text=",".join(row))
            row = []
        row.append(item)
    if row:
        ctx.numeric(numeric, text=",".join(row))
