"""CHATHISTORY: what was said before (IRCv3 draft/chathistory, draft/event-playback).

Who reads waits for their own tick to be kept (``settled``): otherwise what was said in it before they came in
would reach them neither live nor from history.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.errors import Failed
from chatapp.core.message import Message
from chatapp.core.ports import Span
from chatapp.core.stamp import parse_msgid, parse_time, time_of
from chatapp.core.visibility import conversations, may_read
from chatapp.irc import caps
from chatapp.irc.line import Line
from chatapp.irc.names import is_channel_name, is_nick

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
    keys = _conversations(ctx, subcommand, target)
    selectors = [_selector(subcommand, target, text) for text in line.params[2 : wanted - 1]]
    spans = _spans(ctx, subcommand, selectors, limit)
    await ctx.world.settled()
    found = [message for span in spans for message in await read_all(ctx, keys, span)]
    _conversations(ctx, subcommand, target)  # who was thrown out meanwhile may not read it any more
    _tell(ctx, target, found)


async def read_all(ctx: Context, keys: list[str], span: Span) -> list[Message]:
    """What ``span`` asks for in the conversations ``keys``, together one: no stamp comes twice."""
    parts = [await ctx.world.history.read(replace(span, conversation=key)) for key in keys]
    if len(parts) == 1:
        return parts[0]
    found = sorted(chain.from_iterable(parts), key=lambda message: message.stamp)
    return found[-span.limit :] if span.newest else found[: span.limit]


def _conversations(ctx: Context, subcommand: str, target: str) -> list[str]:
    """The keys of the conversation, as far as it is the asker's to read."""
    folded = ctx.world.fold(target)
    limits, casemapping = ctx.world.settings.limits, ctx.world.settings.server.casemapping
    if is_channel_name(target):
        channel = ctx.world.channels.get(folded)
        if channel is not None and may_read(ctx.user, channel):
            return conversations(ctx.user, channel)
    elif is_nick(target, limits.nick_length, casemapping):
        return [ctx.user.conversation_with(folded)]
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


def _tell(ctx: Context, target: str, messages: list[Message]) -> None:
    channel = ctx.world.channels.get(ctx.world.fold(target))
    with ctx.framed("chathistory", target):
        for message in messages:
            ctx.relay(message.in_channel(channel.name, ctx.world.fold) if channel else message)


async def _targets(ctx: Context, one: str, other: str, limit: int) -> None:
    """The conversations whose latest message lies between two times, earliest first."""
    bounds = [_selector("TARGETS", "*", text) for text in (one, other)]
    start, end = sorted(bound for bound in bounds if bound is not None)
    world, user = ctx.world, ctx.user
    await world.settled()
    partners = await world.history.conversations_of(user.owner)
    stamps = await world.history.latest_of(list(_names(ctx, partners)))
    latest: dict[str, int] = {}
    for key, name in _names(ctx, partners).items():  # who was thrown out meanwhile is in it no more
        latest[name] = max(stamps.get(key, 0), latest.get(name, 0))
    found = sorted((stamp, name) for name, stamp in latest.items() if max(start.last, 0) < stamp < end.first)
    with ctx.framed("draft/chathistory-targets"):
        for stamp, name in found[:limit]:
            ctx.reply("CHATHISTORY", "TARGETS", name, time_of(stamp))


def _names(ctx: Context, partners: list[str]) -> dict[str, str]:
    """How each conversation that the asker may read is called now, by its key."""
    world, user = ctx.world, ctx.user
    names = {key: channel.name for channel in user.channels for key in conversations(user, channel)}
    for nick in partners:
        holder = world.users.get(nick)
        names[user.conversation_with(nick)] = holder.nick if holder else nick
    return names


def _limit(ctx: Context, subcommand: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9])):
        raise _failed("INVALID_PARAMS", subcommand, text="The limit is a number from 1")
    most = ctx.world.settings.history.query_limit
    return min(int(text[:9]), most)


def _failed(code: str, *context: str, text: str) -> Failed:
    return Failed("CHATHISTORY", code, *context, text=text)
