"""The table of commands, and the one place where a line meets its handler."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.core.bans import stranger_at, words_of
from chatapp.core.errors import Disconnect, Failed, Refused
from chatapp.core.session import Registration, Session
from chatapp.core.world import World
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, format_body
from chatapp.irc.numerics import (
    ERR_NEEDMOREPARAMS,
    ERR_NOTREGISTERED,
    ERR_UNKNOWNCOMMAND,
    ERR_UNKNOWNERROR,
    ERR_YOUREBANNEDCREEP,
)
from chatapp.irc.refusals import CLOSING
from chatapp.irc.secrecy import shown_params
from chatapp.irc.text import cut_bytes

log = logging.getLogger(__name__)

#: A plain function; or a coroutine if it must read the store. Only its own session waits for it.
Handler = Callable[[Context, Line], Awaitable[None] | None]


class Command(NamedTuple):
    """``params`` is how many parameters there must be at least."""

    handler: Handler
    params: int
    before_registration: bool


COMMANDS: dict[str, Command] = {}


def command(*names: str, params: int = 0, before_registration: bool = False) -> Callable[[Handler], Handler]:
    """Enter the decorated handler in the table."""

    def enter(handler: Handler) -> Handler:
        for name in names:
            COMMANDS[name] = Command(handler, params, before_registration)
        return handler

    return enter


def dispatch(world: World, session: Session, line: Line) -> Awaitable[None] | None:
    """Carry out ``line``. What this returns, if anything, is awaited before the session's next line."""
    ctx = Context(world, session, line)
    answer = None
    try:
        answer = _run(ctx, line)
    except Exception as problem:  # noqa: BLE001  every kind is answered; see _tell
        _tell(ctx, line, problem)
    if answer is not None:
        return _wait(ctx, line, answer)
    if ctx.replies is not None:
        ctx.finish()
    return None


async def _wait(ctx: Context, line: Line, answer: Awaitable[None]) -> None:
    try:
        await answer
    except Exception as problem:  # noqa: BLE001  every kind is answered; see _tell
        _tell(ctx, line, problem)
    if not ctx.session.ended:
        ctx.finish()


def _run(ctx: Context, line: Line) -> Awaitable[None] | None:
    entry = COMMANDS.get(line.command)
    session = ctx.session
    if session.registration is not None:
        _count_line(ctx, session.registration)
        if entry is not None and not entry.before_registration:
            raise Refused(ERR_NOTREGISTERED)
    elif line.tags and "batch" in line.tags and caps.MULTILINE in session.caps:
        return COMMANDS["BATCH"].handler(ctx, line)  # a part of what the client says in several lines
    if entry is None:
        raise Refused(ERR_UNKNOWNCOMMAND, line.command)
    if len(line.params) < entry.params:
        raise Refused(ERR_NEEDMOREPARAMS, line.command)
    return entry.handler(ctx, line)


def _count_line(ctx: Context, registration: Registration) -> None:
    registration.lines += 1
    if registration.lines == 1:
        _check_address(ctx)
    if registration.lines > ctx.world.settings.limits.registration_lines:
        raise Disconnect("Too much was said before registration")


def _check_address(ctx: Context) -> None:
    """End the session at its first line if a ban keeps its address away (for the rest see `bans`)."""
    address = ctx.session.address
    bans = ctx.world.bans
    if len(bans) and (ban := bans.find(stranger_at(ctx.world.host_of(address), address))):
        ctx.numeric(ERR_YOUREBANNEDCREEP, text=words_of(ban))
        raise Disconnect(words_of(ban))


def _tell(ctx: Context, line: Line, problem: Exception) -> None:
    """Answer what went wrong; whatever it was, the server serves on."""
    match problem:
        case Refused():
            ctx.numeric(problem.numeric, *problem.about, text=problem.text)
        case Failed():
            ctx.fail(problem.command, problem.code, *problem.context, text=problem.text)
        case Disconnect():
            if ctx.replies:
                ctx.finish()
            ctx.replies = None  # nothing comes after the ERROR
            disconnect(ctx.world, ctx.session, problem.reason)
        case _:
            shown = shown_params(line.command, line.params)
            log.error("%s from %s failed: %r", line.command, ctx.session.nick, shown, exc_info=problem)
            ctx.numeric(ERR_UNKNOWNERROR, line.command)


def disconnect(world: World, session: Session, reason: str) -> None:
    """End ``session`` from our side: it is told why, others see it quit with ``reason``."""
    if session.ended:
        return
    world.end(session, reason)
    body = format_body(None, "ERROR", [f"{CLOSING}{reason}"], colon=True)
    world.delivery.send(session, cut_bytes(body, BODY_BYTES - 2))
    world.delivery.close(session)


def refuse_line(world: World, session: Session, line: Line, problem: Refused | Failed) -> None:
    """Answer a line that a listener could read but not accept, as if its command had refused it.

    Of a message of several lines that it belongs to, as far as one can tell, nothing is said: not half of it.
    """
    ctx = Context(world, session, line)
    belongs = "batch" in line.tags or line.command == "*"
    if belongs and session.batch is not None and not session.batch.is_void:
        session.batch.is_void = True
        ctx.answer_under(ctx.label or session.batch.label)
    _tell(ctx, line, problem)
    if ctx.replies is not None:
        ctx.finish()
