"""CHATHISTORY: what was said before (IRCv3 draft/chathistory, draft/event-playback).

Who reads waits for their own tick to be kept (``settled``): otherwise what was said in it before they came in
would reach them neither live nor from history.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.conversations import all_readable, read, readable, tell_all
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
    if subcommand == "TARGETS":
        await _targets(ctx, line.params[1], line.params[2], limit)
        return
    target = line.params[1]
    _check_readable(ctx, subcommand, target)
    selectors = [_selector(subcommand, target, text) for text in line.params[2 : wanted - 1]]
    spans = _spans(ctx, subcommand, selectors, limit)
    await ctx.world.settled()
    try:
        found = await read(ctx, target, spans)
    except StoreError as why:
        log.error("the history of %s cannot be read: %s", target, why)
        raise _failed("MESSAGE_ERROR", subcommand, target, text="The history cannot be read now") from why
    _check_readable(ctx, subcommand, target)  # who was put out meanwhile may not read it any more
    with ctx.framed("chathistory", target):
        tell_all(ctx, target, found)


def _check_readable(ctx: Context, subcommand: str, target: str) -> None:
    if not readable(ctx, target):
        raise _failed("INVALID_TARGET", subcommand, target, text="There is no history here that you may read")


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
    await ctx.world.settled()
    stamps = await ctx.world.history.latest_of(list(await all_readable(ctx)))
    latest: dict[str, int] = {}
    for key, name in (await all_readable(ctx)).items():  # who was put out meanwhile is in it no more
        latest[name] = max(stamps.get(key, 0), latest.get(name, 0))
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
