"""CHATHISTORY: what was said before (IRCv3 draft/chathistory, draft/event-playback)."""

from __future__ import annotations

import logging
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.conversations import (
    all_places,
    keys_of,
    name_for,
    name_of,
    place_of,
    read,
    tell_all,
)
from chatapp.commands.table import command
from chatapp.core.errors import Failed
from chatapp.core.ports import Span, StoreError
from chatapp.core.stamp import parse_msgid, parse_time, time_of
from chatapp.irc import caps
from chatapp.irc.line import Line

log = logging.getLogger(__name__)

#: How many parameters each subcommand has, its own name counted.
_PARAMS = {"LATEST": 4, "BEFORE": 4, "AFTER": 4, "AROUND": 4, "BETWEEN": 5, "TARGETS": 4}


class Selector(NamedTuple):
    """The stamps that a message reference means: one for a msgid, a millisecond's worth for a timestamp."""

    first: int
    last: int


@command("CHATHISTORY")
async def chathistory(ctx: Context, line: Line) -> None:
    subcommand = line.param(0).upper()
    wanted = _PARAMS.get(subcommand)
    if wanted is None:
        raise _failed("INVALID_PARAMS", subcommand or "*", text="The subcommands are " + ", ".join(_PARAMS))
    if len(line.params) < wanted:
        raise _failed("NEED_MORE_PARAMS", subcommand, text=f"{subcommand} has {wanted - 1} parameters")
    limit = _limit(ctx, subcommand, line.params[wanted - 1])
    about = [] if subcommand == "TARGETS" else [line.params[1]]
    try:
        if about:
            await _page(ctx, subcommand, about[0], line.params[2 : wanted - 1], limit)
        else:
            await _targets(ctx, line.params[1], line.params[2], limit)
    except StoreError as why:
        log.error("the history of %s cannot be read: %s", about[0] if about else ctx.session.nick, why)
        raise _failed("MESSAGE_ERROR", subcommand, *about, text="The history cannot be read now") from why


async def _page(ctx: Context, subcommand: str, target: str, references: list[str], limit: int) -> None:
    """What was said in one conversation."""
    place = place_of(ctx, target)
    if place is None:
        raise _not_readable(subcommand, target)
    selectors = [_selector(subcommand, target, text) for text in references]
    found = await read(ctx, place, _spans(ctx, subcommand, selectors, limit))
    if not keys_of(ctx, [place]):  # who was put out meanwhile may not read it any more
        raise _not_readable(subcommand, target)
    with ctx.framed("chathistory", name_for(ctx, place, target)):
        tell_all(ctx, place, found)


def _not_readable(subcommand: str, target: str) -> Failed:
    return _failed("INVALID_TARGET", subcommand, target, text="There is no history here that you may read")


def _selector(subcommand: str, target: str, text: str) -> Selector | None:
    """What ``text`` refers to; ``None`` for the ``*`` of LATEST."""
    kind, _, value = text.partition("=")
    try:
        if kind == "timestamp":
            moment = parse_time(value)
            return Selector(moment, moment - moment % 1000 + 999)
        if kind == "msgid":
            stamp = parse_msgid(value)
            return Selector(stamp, stamp)
    except ValueError as wrong:
        raise _failed("INVALID_PARAMS", subcommand, target, text=str(wrong)) from None
    if text == "*" and subcommand == "LATEST":
        return None
    raise _failed("INVALID_MSGREFTYPE", subcommand, target, text="A reference is msgid=... or timestamp=...")


def _spans(ctx: Context, subcommand: str, selectors: list[Selector | None], limit: int) -> list[Span]:
    """What to read, oldest first, of a conversation that is filled in later. Bounds are exclusive."""
    conversation = ""
    events = ctx.has(caps.EVENT_PLAYBACK)
    match subcommand, selectors:
        case "BEFORE", [Selector() as end]:
            return [Span(conversation, None, end.first, limit, True, events)]
        case "AFTER", [Selector() as start]:
            return [Span(conversation, start.last, None, limit, False, events)]
        case "BETWEEN", [Selector() as start, Selector() as end]:
            if start <= end:
                return [Span(conversation, start.last, end.first, limit, False, events)]
            return [Span(conversation, end.last, start.first, limit, True, events)]
        case "AROUND", [Selector() as centre]:
            earlier = Span(conversation, None, centre.first, limit // 2, True, events)
            later = Span(conversation, centre.first - 1, None, limit - limit // 2, False, events)
            return [earlier, later] if earlier.limit else [later]
        case _:  # LATEST
            start_or_none = selectors[0]
            after = None if start_or_none is None else start_or_none.last
            return [Span(conversation, after, None, limit, True, events)]


async def _targets(ctx: Context, one: str, other: str, limit: int) -> None:
    """The conversations whose latest message lies between two times, earliest first."""
    bounds = [_selector("TARGETS", "*", text) for text in (one, other)]
    start, end = sorted(bound for bound in bounds if bound is not None)
    places, stamps = await all_places(ctx), dict[str, int]()
    while missing := keys_of(ctx, places).keys() - stamps:
        await ctx.world.settled()  # once for all; and again for a room that has another name by then
        stamps |= dict.fromkeys(missing, 0) | await ctx.world.history.latest_of(list(missing))
    latest = {}
    for place in places:
        if keys := keys_of(ctx, [place]):  # who was put out meanwhile is in it no more
            latest[name_of(ctx, place)] = max(stamps[key] for key in keys)
    found = sorted((stamp, name) for name, stamp in latest.items() if max(start.last, 0) < stamp < end.first)
    with ctx.framed("draft/chathistory-targets"):
        for stamp, name in found[:limit]:
            ctx.reply("CHATHISTORY", "TARGETS", name, time_of(stamp))


def _limit(ctx: Context, subcommand: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9])):
        raise _failed("INVALID_PARAMS", subcommand, text="The limit is a number from 1")
    most = ctx.world.settings.history.query_limit
    return min(int(text[:9]), most)


def _failed(code: str, *context: str, text: str) -> Failed:
    return Failed("CHATHISTORY", code, *context, text=text)
