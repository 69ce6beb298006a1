"""LIST: which channels there are (Modern IRC "LIST message"; ISUPPORT ELIST=CMNTU)."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.many import tell_each
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.visibility import may_see_channel
from chatapp.irc.line import Line
from chatapp.irc.names import matches
from chatapp.irc.numerics import RPL_LIST, RPL_LISTEND

_CONDITION = re.compile(r"([CcTt]?)([<>])([0-9]{1,9})")


class _Condition(NamedTuple):
    """``kind`` is C (age), T (age of the topic) or "" (members); ``bound`` is seconds or members.

    Ages are whole seconds, of which a part has passed already: one that reaches the bound is over it.
    """

    kind: str
    is_less: bool
    bound: int

    def holds(self, channel: Channel, now: int) -> bool:
        if self.kind == "T" and not channel.topic:
            return False
        value = {"": len(channel.members), "C": now - channel.created, "T": now - channel.topic_time}[
            self.kind
        ]
        if self.is_less:
            return value < self.bound
        return value >= self.bound if self.kind else value > self.bound


class _Wanted(NamedTuple):
    """What was asked for: one of ``masks`` if there are any, none of ``unwanted``, and every condition."""

    masks: list[str]
    unwanted: list[str]
    conditions: list[_Condition]

    def holds(self, channel: Channel, now: int) -> bool:
        name = channel.folded
        return (
            all(condition.holds(channel, now) for condition in self.conditions)
            and (not self.masks or any(matches(mask, name) for mask in self.masks))
            and not any(matches(mask, name) for mask in self.unwanted)
        )


@command("LIST")
def list_(ctx: Context, line: Line) -> Awaitable[None] | None:
    """``LIST [item,item...]``, an item being a name, ``mask``, ``!mask``, ``>n``, ``<n``, ``C>n`` or ``T<n``.

    A channel with nobody in it is listed too as long as it is remembered: who joins it finds its history.
    """
    wanted = _parse(ctx, line.param(0))
    now, channels = ctx.world.now(), ctx.world.channels

    def tell(channel: Channel) -> None:
        is_there = channels.get(channel.folded) is channel
        if is_there and wanted.holds(channel, now) and may_see_channel(ctx.user, channel):
            count = str(len(channel.members))
            ctx.reply(RPL_LIST.code, ctx.session.nick, channel.name, count, channel.topic, colon=True)

    return tell_each(ctx, list(channels.values()), tell, lambda: ctx.numeric(RPL_LISTEND))


def _parse(ctx: Context, text: str) -> _Wanted:
    wanted = _Wanted([], [], [])
    for item in filter(None, text.split(",")):
        if found := _CONDITION.fullmatch(item):
            kind, sign, number = found[1].upper(), found[2], int(found[3])
            wanted.conditions.append(_Condition(kind, sign == "<", number * 60 if kind else number))
        elif item[0] == "!":
            wanted.unwanted.append(ctx.world.fold(item[1:]))
        else:
            wanted.masks.append(ctx.world.fold(item))
    return wanted
