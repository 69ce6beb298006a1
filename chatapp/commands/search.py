"""SEARCH: finding what was said by its words (soju.im/search).

One finds what one could read with CHATHISTORY: what was said in the channels one is in, and one's own direct
messages. The newest are found first, or with ``after`` the oldest; they are told in the order they were said.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatapp.commands.context import Context
from chatapp.commands.conversations import Place, all_places, place_of, read_consistently
from chatapp.commands.table import command
from chatapp.core.errors import Failed
from chatapp.core.ports import Kept, Search, StoreError
from chatapp.core.stamp import parse_time
from chatapp.irc import caps
from chatapp.irc.line import Line, parse_tags
from chatapp.irc.names import CHANNEL_PREFIX

_ATTRIBUTES = ("in", "from", "after", "before", "text", "limit")
#: How many are found where the question does not say.
_USUAL = 100


@command("SEARCH", params=1)
async def search(ctx: Context, line: Line) -> None:
    """``SEARCH in=<target>;from=<nick>;after=<time>;before=<time>;text=<words>;limit=<number>``"""
    wanted = parse_tags(line.params[0])
    for name in wanted:
        if name not in _ATTRIBUTES:
            raise _invalid(name, "The attributes are " + ", ".join(_ATTRIBUTES))
    if not ctx.world.settings.history.enabled:
        raise Failed("SEARCH", "INTERNAL_ERROR", text="Nothing is kept here")

    async def look(keys: list[str]) -> list[Kept]:
        return await ctx.world.history.search(_asked(ctx, wanted, keys))

    try:
        places = [_place(ctx, wanted["in"])] if "in" in wanted else await all_places(ctx)
        found = await read_consistently(ctx, places, look, lambda kept: kept.message.stamp)
    except StoreError:
        words = "The search took too long, or failed; longer words help"
        raise Failed("SEARCH", "INTERNAL_ERROR", text=words) from None
    _tell(ctx, found)


def _place(ctx: Context, target: str) -> Place:
    place = place_of(ctx, target)
    if place is None:
        raise _invalid("in", "There is no history there that you may read")
    return place


def _asked(ctx: Context, wanted: Mapping[str, str], keys: list[str]) -> Search:
    fold = ctx.world.fold
    after, before = _time(wanted, "after"), _time(wanted, "before")
    nick = fold(wanted.get("from", ""))
    return Search(
        keys,
        tuple(wanted.get("text", "").split()),
        (lambda other: fold(other) == nick) if nick else None,
        after,
        None if before is None else before + 999,
        _limit(ctx, wanted.get("limit", str(_USUAL))),
        newest=after is None,
    )


def _tell(ctx: Context, found: list[Kept]) -> None:
    world = ctx.world
    with ctx.framed(caps.SEARCH):
        for key, message in found:
            _status, mark, name = key.partition(CHANNEL_PREFIX)
            channel = world.channels.get(mark + name) if " " not in key else None
            ctx.relay(message.in_channel(channel.name, world.fold) if channel else message)


def _time(wanted: Mapping[str, str], name: str) -> int | None:
    """The first microsecond of a time in milliseconds."""
    if name not in wanted:
        return None
    try:
        moment = parse_time(wanted[name])
    except ValueError:
        raise _invalid(name, "A time is YYYY-MM-DDThh:mm:ss.sssZ") from None
    return moment - moment % 1000


def _limit(ctx: Context, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9])):
        raise _invalid("limit", "The limit is a number from 1")
    return min(int(text[:9]), ctx.world.settings.history.query_limit)


def _invalid(name: str, text: str) -> Failed:
    return Failed("SEARCH", "INVALID_PARAMS", name, text=text)
