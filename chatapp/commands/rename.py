"""RENAME: a channel gets another name and keeps all it has (IRCv3 draft/channel-rename)."""

from __future__ import annotations

from chatapp.commands.audit import note_act, note_founders_act
from chatapp.commands.context import Context
from chatapp.commands.membership import show_room
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.errors import Failed, Refused
from chatapp.core.rename import rename_channel
from chatapp.irc.line import Line
from chatapp.irc.names import is_channel
from chatapp.irc.numerics import ERR_CHANOPRIVSNEEDED
from chatapp.irc.text import cut_bytes

#: Seconds that a channel keeps its name: who does not know the command hears of all its members anew.
PAUSE = 10


@command("RENAME", params=2)
def rename(ctx: Context, line: Line) -> None:
    """``RENAME <channel> <new name> [:reason]``"""
    world, user = ctx.world, ctx.user
    channel = world.channel(line.params[0])
    channel.check_may_act(user)
    channel.check_is_operator(user)
    if channel.founder and not (channel.is_founder(user) or user.may("rooms")):
        raise Refused(ERR_CHANOPRIVSNEEDED, channel.name, text="Only the founder may rename the channel")
    old, name = channel.name, line.params[1]
    is_other = world.fold(name) != channel.folded
    _check_may_be_called(ctx, channel, name, is_other)
    world.check_can_keep(channel.name)
    reason = cut_bytes(line.param(2), world.settings.limits.kick_length)
    note = note_founders_act if channel.founder else note_act
    note(ctx, channel, "RENAME", name)
    rename_channel(world, channel, name)
    message = world.scribe.act(user, "RENAME", old, name, reason)
    world.keep_event(message, channel)
    for session in list(channel.audience):
        here = ctx if session is ctx.session else Context(world, session, Line("RENAME", []))
        if session.dialect.hears("RENAME"):
            here.relay(message)
        elif is_other:
            _move(here, channel, old, reason)


def _check_may_be_called(ctx: Context, channel: Channel, name: str, is_other: bool) -> None:
    """Raise `Failed` unless ``channel`` can have ``name`` now."""
    world = ctx.world
    settings = world.settings
    about = (channel.name, name)
    if not is_channel(name, settings.limits.channel_length, settings.server.casemapping):
        raise Failed("RENAME", "CANNOT_RENAME", *about, text="This cannot be the name of a channel")
    if not is_other:
        return
    if world.fold(name) in world.channels:
        raise Failed("RENAME", "CHANNEL_NAME_IN_USE", *about, text="There is a channel of that name")
    if world.steady() < channel.renamed + PAUSE:
        raise Failed("RENAME", "CANNOT_RENAME", *about, text="The channel has just been renamed")


def _move(ctx: Context, channel: Channel, old: str, reason: str) -> None:
    """Who does not know RENAME leaves the old channel and is in the new one."""
    ctx.relay(ctx.world.scribe.act(ctx.user, "PART", old, *filter(None, [reason])))
    show_room(ctx, channel)
