"""MARKREAD: how far one has read, for all one's connections (IRCv3 draft/read-marker)."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.errors import Failed
from chatapp.core.stamp import parse_time, time_of
from chatapp.irc import caps
from chatapp.irc.line import Line, format_body
from chatapp.irc.names import is_channel, is_nick


@command("MARKREAD")
def markread(ctx: Context, line: Line) -> None:
    """``MARKREAD <target> [timestamp=<time>]``"""
    if not line.params:
        raise Failed("MARKREAD", "NEED_MORE_PARAMS", text="What have you read?")
    target = line.params[0]
    limits, casemapping = ctx.world.settings.limits, ctx.world.settings.server.casemapping
    if not (
        is_channel(target, limits.channel_length, casemapping)
        or is_nick(target, limits.nick_length, casemapping)
    ):
        raise _invalid(target, text="This is neither a channel nor a nick")
    if len(line.params) > 1:
        _advance(ctx, target, _parse(line.params[1]))
    ctx.reply("MARKREAD", *_shown(ctx, target))


def tell_marker(ctx: Context, channel: Channel) -> None:
    """Tell who comes into ``channel``, or is shown it, how far they had read."""
    if ctx.has(caps.READ_MARKER):
        ctx.reply("MARKREAD", *_shown(ctx, channel.name))


def _advance(ctx: Context, target: str, stamp: int) -> None:
    """Note it, and tell the user's other connections if it is news."""
    world, user = ctx.world, ctx.user
    folded = world.fold(target)
    if not world.markers.advance(user.owner, folded, stamp):
        return
    oldest = world.markers.overflow(user.owner)
    if user.account:
        for changed in (folded, oldest) if oldest else (folded,):
            if world.mute_reason:
                world.markers.put_off(user.owner, changed)
            else:
                world.delivery.keep_marker(user.owner, changed, world.markers.find(user.owner, changed))
    body = format_body(world.name, "MARKREAD", _shown(ctx, target))
    for session in user.sessions:
        if session is not ctx.session and caps.READ_MARKER in session.caps:
            world.delivery.send(session, body)


def _shown(ctx: Context, target: str) -> tuple[str, str]:
    """The parameters that say how far ``target`` was read."""
    folded = ctx.world.fold(target)
    channel = ctx.world.channels.get(folded)
    known = channel is not None and ctx.user in channel.members
    stamp = ctx.world.markers.find(ctx.user.owner, folded)
    name = channel.name if channel is not None and known else target
    return name, "*" if stamp is None else f"timestamp={time_of(stamp)}"


def _parse(text: str) -> int:
    kind, _, value = text.partition("=")
    try:
        stamp = parse_time(value) if kind == "timestamp" else -1
    except ValueError:
        stamp = -1
    if stamp < 0:
        raise _invalid(text, text="A time is timestamp=YYYY-MM-DDThh:mm:ss.sssZ")
    return stamp - stamp % 1000


def _invalid(what: str, text: str) -> Failed:
    return Failed("MARKREAD", "INVALID_PARAMS", what, text=text)
