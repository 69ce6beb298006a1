"""TOPIC, NAMES: what a channel is about and who is in it (Modern IRC "Channel Operations")."""

from __future__ import annotations

from chatapp.commands.audit import note_act
from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.errors import Refused
from chatapp.core.member import Member
from chatapp.core.user import User
from chatapp.core.visibility import may_see_channel, may_see_member, may_see_user
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.numerics import (
    ERR_NOSUCHCHANNEL,
    RPL_ENDOFNAMES,
    RPL_NAMREPLY,
    RPL_NOTOPIC,
    RPL_TOPIC,
    RPL_TOPICWHOTIME,
)
from chatapp.irc.text import cut_bytes

#: How many channels one NAMES may ask about (TARGMAX).
NAMES_TARGETS = 4


@command("TOPIC", params=1)
def topic(ctx: Context, line: Line) -> None:
    """``TOPIC #c`` asks, ``TOPIC #c :text`` sets, ``TOPIC #c :`` clears."""
    channel = ctx.world.channel(line.params[0])
    if len(line.params) > 1:
        _set_topic(ctx, channel, line.params[1])
    elif not may_see_channel(ctx.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, line.params[0])
    elif channel.topic:
        tell_topic(ctx, channel)
    else:
        ctx.numeric(RPL_NOTOPIC, channel.name)


@command("NAMES")
def names(ctx: Context, line: Line) -> None:
    """``NAMES #a,#b``: what one may see of each, then one end for all."""
    asked = line.param(0)
    for folded in [*dict.fromkeys(map(ctx.world.fold, asked.split(",")))][:NAMES_TARGETS]:
        channel = ctx.world.channels.get(folded)
        if channel is not None and may_see_channel(ctx.user, channel):
            _tell_members(ctx, channel, _member_names(ctx, channel))
    ctx.numeric(RPL_ENDOFNAMES, asked or "*")


def tell_topic(ctx: Context, channel: Channel) -> None:
    """The topic, who set it and when."""
    ctx.numeric(RPL_TOPIC, channel.name, text=channel.topic)
    ctx.numeric(RPL_TOPICWHOTIME, channel.name, channel.topic_setter, str(channel.topic_time))


def tell_names(ctx: Context, channel: Channel) -> None:
    """Who is in ``channel``, as a JOIN is answered: whoever comes in sees themselves there in any case."""
    _tell_members(ctx, channel, _member_names(ctx, channel, with_self=True))
    ctx.numeric(RPL_ENDOFNAMES, channel.name)


def shown_prefixes(ctx: Context, member: Member) -> str:
    """The prefixes of ``member`` as the asker has them: all with multi-prefix, else the highest."""
    prefixes = member.prefixes
    return prefixes if ctx.has(caps.MULTI_PREFIX) else prefixes[:1]


def _set_topic(ctx: Context, channel: Channel, text: str) -> None:
    user = ctx.user
    channel.check_may_act(user)
    if "t" in channel.modes:
        channel.check_is_halfop(user)
    ctx.world.check_can_keep(channel.name)
    # What all are told now is what those who come later are told: no more than the line has room for.
    room = BODY_BYTES - 2 - len(f":{user.source} TOPIC {channel.name} :".encode())
    channel.topic = cut_bytes(text, min(room, ctx.world.settings.limits.topic_length))
    channel.topic_setter = user.source
    channel.topic_time = ctx.world.now()
    message = ctx.world.scribe.act(user, "TOPIC", channel.name, channel.topic)
    ctx.world.delivery.keep_channel(channel)
    ctx.world.keep_event(message, channel)
    note_act(ctx, channel, "TOPIC", channel.topic)
    ctx.tell(message, channel.audience)


def _tell_members(ctx: Context, channel: Channel, names: list[str]) -> None:
    room = BODY_BYTES - 2 - len(f":{ctx.world.name} 353 {ctx.session.nick} = {channel.name} :".encode())
    line: list[str] = []
    used = 0
    for name in names:
        size = len(name) + 1 if name.isascii() else len(name.encode()) + 1
        if line and used + size > room + 1:
            ctx.numeric(RPL_NAMREPLY, channel.symbol, channel.name, text=" ".join(line))
            line, used = [], 0
        line.append(name)
        used += size
    if line:
        ctx.numeric(RPL_NAMREPLY, channel.symbol, channel.name, text=" ".join(line))


def _member_names(ctx: Context, channel: Channel, with_self: bool = False) -> list[str]:
    full = ctx.has(caps.USERHOST_IN_NAMES)
    sees_all = ctx.user in channel.members and not channel.is_auditorium
    names = []
    for user, member in channel.members.items():
        if sees_all or _is_listed(ctx.user, channel, user, with_self):
            name = user.source if full else user.nick
            names.append(shown_prefixes(ctx, member) + name if member.modes else name)
    return names


def _is_listed(viewer: User, channel: Channel, user: User, with_self: bool) -> bool:
    if user is viewer and not with_self and channel.is_hidden(user):
        return False  # an auditorium's list is the same for all of its audience
    is_in_sight = viewer in channel.members or may_see_user(viewer, user)
    return is_in_sight and may_see_member(viewer, channel, user)
