"""Which conversations one may read, and what was said there: for CHATHISTORY, SEARCH, REDACT and playback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from chatapp.commands.context import Context
from chatapp.core.message import Message
from chatapp.core.ports import Span
from chatapp.core.visibility import conversations, may_read
from chatapp.irc.names import is_channel_name, is_nick


def readable(ctx: Context, target: str) -> list[str]:
    """The keys of what ``target``, a channel or a nick, means to the asker; none if they may not read it."""
    world, user = ctx.world, ctx.user
    folded, settings = world.fold(target), world.settings
    if is_channel_name(target):
        channel = world.channels.get(folded)
        return conversations(user, channel) if channel is not None and may_read(user, channel) else []
    if is_nick(target, settings.limits.nick_length, settings.server.casemapping):
        return [user.conversation_with(folded)]
    return []


async def all_readable(ctx: Context) -> dict[str, str]:
    """Every conversation that the asker may read at the end of this call: its key, and its name of today."""
    world, user = ctx.world, ctx.user
    partners = await world.history.conversations_of(user.owner)
    names = {key: channel.name for channel in user.channels for key in conversations(user, channel)}
    for nick in partners:
        holder = world.users.get(nick)
        names[user.conversation_with(nick)] = holder.nick if holder else nick
    return names


async def read(ctx: Context, target: str, spans: Sequence[Span]) -> list[Message]:
    """What ``spans`` ask for of ``target``, as far as the asker may read it at the end of this call.

    The keys in ``spans`` do not matter; what a channel has under several keys is one conversation.
    """
    keys = readable(ctx, target)
    while keys:
        found = [message for span in spans for message in await _read_as_one(ctx, keys, span)]
        still = readable(ctx, target)
        if set(keys).issubset(still):
            return found
        keys = [key for key in keys if key in still]  # they were put out, or stand lower, meanwhile
    return []


def tell_all(ctx: Context, target: str, messages: Sequence[Message]) -> None:
    """Let the asker hear ``messages`` of ``target``, which they know by its name of today."""
    channel = ctx.world.channels.get(ctx.world.fold(target))
    for message in messages:
        ctx.relay(message.in_channel(channel.name, ctx.world.fold) if channel else message)


async def _read_as_one(ctx: Context, keys: list[str], span: Span) -> list[Message]:
    """What ``span`` asks for in the conversations ``keys``, together one: no stamp comes twice."""
    parts = [await ctx.world.history.read(replace(span, conversation=key)) for key in keys]
    if len(parts) == 1:
        return parts[0]
    found = sorted(chain.from_iterable(parts), key=lambda message: message.stamp)
    return found[-span.limit :] if span.newest else found[: span.limit]
