"""Which conversations one may read, and what was said there: for whatever shows what was said before.

Between a question and its answer the world goes on: who asked may be put out or stand lower, the room may
have another name, something may be taken back. What is told is what they may read when they are told it; and
of what they did not hear nothing is missing, under whatever name it is kept by then. Who reads waits for
their own tick to be kept (``settled``): otherwise what was said in it before they came in would reach them
neither live nor from history.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from chatapp.commands.context import Context
from chatapp.core.channel import Channel
from chatapp.core.message import Message
from chatapp.core.ports import Span
from chatapp.core.visibility import conversations
from chatapp.irc.names import is_channel_name, is_nick

#: What one asks about: a channel, whatever it is called by then, or somebody's folded nick.
Place = Channel | str

_Read = TypeVar("_Read")


def place_of(ctx: Context, target: str) -> Place | None:
    """What ``target`` means to the asker; ``None`` if they may not read it, or it is nothing."""
    world, settings = ctx.world, ctx.world.settings
    place: Place | None = None
    if is_channel_name(target):
        place = world.channels.get(world.fold(target))
    elif is_nick(target, settings.limits.nick_length, settings.server.casemapping):
        place = world.fold(target)
    return place if place is not None and keys_of(ctx, [place]) else None


async def all_places(ctx: Context) -> list[Place]:
    """The channels that the asker is in, and all with whom they have ever exchanged a word."""
    await ctx.world.settled()
    partners = await ctx.world.history.conversations_of(ctx.user.owner)
    return [*ctx.user.channels, *partners]


def name_of(ctx: Context, place: Place) -> str:
    """What ``place`` is called today."""
    if isinstance(place, Channel):
        return place.name
    holder = ctx.world.users.get(place)
    return holder.nick if holder is not None else place


def name_for(ctx: Context, place: Place, asked: str) -> str:
    """How the asker, who called it ``asked``, knows ``place``: a channel may have another name by now."""
    is_same = not isinstance(place, Channel) or ctx.world.fold(asked) == place.folded
    return asked if is_same else name_of(ctx, place)


def keys_of(ctx: Context, places: Iterable[Place]) -> dict[str, object]:
    """The keys of all that the asker may read of ``places`` now.

    Each has with it what is another object when they were out meanwhile.
    """
    user = ctx.user
    keys: dict[str, object] = {}
    for place in places:
        if isinstance(place, Channel):
            keys.update(dict.fromkeys(conversations(user, place), place.members.get(user)))
        else:
            keys[user.conversation_with(place)] = user
    return keys


async def read(ctx: Context, place: Place, spans: Sequence[Span]) -> list[Message]:
    """What ``spans`` ask for of ``place``, as far as the asker may read it at the end of this call.

    The keys in ``spans`` do not matter; what a channel has under several keys is one conversation.
    """

    async def look(keys: list[str]) -> list[Message]:
        return [message for span in spans for message in await _read_as_one(ctx, keys, span)]

    return await read_consistently(ctx, [place], look, lambda message: message.stamp)


async def read_consistently(
    ctx: Context,
    places: Sequence[Place],
    look: Callable[[list[str]], Awaitable[list[_Read]]],
    stamp_of: Callable[[_Read], int],
) -> list[_Read]:
    """What ``look`` finds under the keys of ``places``, true and permitted at the end of this call."""
    with ctx.world.redactions.noted() as gone:
        while keys := keys_of(ctx, places):
            gone.clear()  # what was taken back so far the store does not give any more
            await ctx.world.settled()  # by then all that was said so far is there, under these keys
            found = await look(list(keys))
            if not keys.items() <= keys_of(ctx, places).items():
                continue  # they stand lower by now, or were out; or a channel has another name
            told = [each for each in found if stamp_of(each) not in gone]
            if told or not found:
                return told
    return []


def tell_all(ctx: Context, place: Place, messages: Iterable[Message]) -> None:
    """Let the asker hear ``messages`` of ``place``, which they know by its name of today."""
    for message in messages:
        ctx.relay(message.in_channel(place.name, ctx.world.fold) if isinstance(place, Channel) else message)


async def _read_as_one(ctx: Context, keys: list[str], span: Span) -> list[Message]:
    """What ``span`` asks for in the conversations ``keys``, together one: no stamp comes twice."""
    parts = [await ctx.world.history.read(replace(span, conversation=key)) for key in keys]
    if len(parts) == 1:
        return parts[0]
    found = sorted(chain.from_iterable(parts), key=lambda message: message.stamp)
    return found[-span.limit :] if span.newest else found[: span.limit]
