"""``PRIVMSG *playback :play ...``: history for clients that know ZNC's playback module (znc.in/playback)."""

from __future__ import annotations

from dataclasses import replace

from chatapp.commands.context import Context
from chatapp.commands.conversations import Place, all_places, name_for, name_of, place_of, read, tell_all
from chatapp.core.ports import Span
from chatapp.irc import caps

#: Whom one asks.
PLAYBACK = "*playback"
#: Lines in the answer to one question, whatever it asks for.
MOST = 4000


async def play(ctx: Context, text: str) -> None:
    """``play <targets or *> [from [to]]``: times are seconds since 1970, both exclusive; the newest are told.

    What is asked otherwise, or cannot be read, is answered with nothing: there is no word for it.
    """
    most = ctx.world.settings.history.playback
    verb, *about = text.split() or [""]
    times = [_micros(word) for word in about[1:3]]
    if verb.lower() != "play" or not about or None in times or not ctx.world.settings.history.enabled:
        return
    after, before, *_ = [*times, None, None]
    last = None if after is None else after + 999  # the client knows that millisecond
    span = Span("", last, before, 1, True, ctx.has(caps.EVENT_PLAYBACK))
    room = MOST
    for place, name in (await _places(ctx, about[0])).items():
        if min(most, room) > 0:
            room -= await _tell(ctx, place, name, replace(span, limit=min(most, room)))


async def _places(ctx: Context, asked: str) -> dict[Place, str]:
    """The conversations that are asked for and may be read, and how the asker calls them."""
    if asked == "*":
        return {place: name_of(ctx, place) for place in await all_places(ctx)}
    places: dict[Place, str] = {}
    for name in asked.split(","):
        if (place := place_of(ctx, name)) is not None:
            places.setdefault(place, name)
    return places


async def _tell(ctx: Context, place: Place, name: str, span: Span) -> int:
    """Tell one conversation, if the asker may read it; give back how many messages that were."""
    found = await read(ctx, place, [span])
    if found:
        with ctx.framed(caps.PLAYBACK, name_for(ctx, place, name)):
            tell_all(ctx, place, found)
    return len(found)


def _micros(text: str) -> int | None:
    """Where the millisecond of that time begins, in microseconds since 1970; ``None`` if it is no time."""
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdecimal() and whole and len(whole) <= 12):
        return None
    return int(whole) * 1_000_000 + int(fraction[:3].ljust(3, "0")) * 1000
