"""JOIN, PART, KICK, INVITE: coming and going (Modern IRC "Channel Operations")."""

from __future__ import annotations

from itertools import chain, repeat

from chatapp.commands.audit import note_act
from chatapp.commands.channels import tell_names, tell_topic
from chatapp.commands.context import Context
from chatapp.commands.markers import tell_marker
from chatapp.commands.subscriptions import tell_newcomer, tell_of_newcomer
from chatapp.commands.table import command
from chatapp.core.audience import Audience
from chatapp.core.channel import Channel
from chatapp.core.entry import CLOSED, check_may_join
from chatapp.core.errors import Refused
from chatapp.core.member import HALFOP
from chatapp.core.message import Message
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, format_body
from chatapp.irc.names import is_channel
from chatapp.irc.numerics import (
    ERR_BADCHANMASK,
    ERR_LINKCHANNEL,
    ERR_NEEDMOREPARAMS,
    ERR_TOOMANYCHANNELS,
    ERR_USERONCHANNEL,
    RPL_ENDOFINVITELIST,
    RPL_INVITELIST,
    RPL_INVITING,
)
from chatapp.irc.text import cut_bytes


@command("JOIN", params=1)
def join(ctx: Context, line: Line) -> None:
    """``JOIN #a,#b [key of a,key of b]``; what is wrong with one does not keep the others out."""
    keys = chain(line.param(1).split(","), repeat(""))
    for name, key in zip(line.params[0].split(","), keys, strict=False):
        if not name:
            continue
        try:
            _join(ctx, name, key)
        except Refused as no:
            _forward(ctx, name, no)


@command("PART", params=1)
def part(ctx: Context, line: Line) -> None:
    reason = line.params[1:2]
    for name in line.params[0].split(","):
        try:
            channel = ctx.world.channel(name)
            channel.check_is_member(ctx.user)
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)
            continue
        message = ctx.world.scribe.act(ctx.user, "PART", channel.name, *reason)
        ctx.world.keep_event(message, channel, ctx.user)
        ctx.tell(message, channel.hearers(ctx.user))
        ctx.world.part(channel, ctx.user)


@command("KICK", params=2)
def kick(ctx: Context, line: Line) -> None:
    """``KICK #c a,b [:why]``, or as many channels as nicks."""
    names, nicks = line.params[0].split(","), line.params[1].split(",")
    if len(names) not in (1, len(nicks)):
        raise Refused(ERR_NEEDMOREPARAMS, "KICK")
    why = line.param(2) or ctx.user.nick
    for name, nick in zip(names * len(nicks) if len(names) == 1 else names, nicks, strict=False):
        try:
            _kick(ctx, ctx.world.channel(name), nick, cut_bytes(why, ctx.world.settings.limits.kick_length))
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)


@command("INVITE")
def invite(ctx: Context, line: Line) -> None:
    """``INVITE nick #channel``; without parameters, the channels one is invited to."""
    if not line.params:
        _list_invitations(ctx)
        return
    if len(line.params) < 2:
        raise Refused(ERR_NEEDMOREPARAMS, "INVITE")
    guest = ctx.world.user(line.params[0])
    channel = ctx.world.channel(line.params[1])
    channel.check_is_member(ctx.user)
    if "i" in channel.modes:
        channel.check_is_halfop(ctx.user)
    if guest in channel.members:
        raise Refused(ERR_USERONCHANNEL, guest.nick, channel.name)
    if channel.rank_of(ctx.user) >= HALFOP:  # from others it is a friendly word, and opens nothing
        channel.invite(guest)
        note_act(ctx, channel, "INVITE", guest.nick)
    ctx.numeric(RPL_INVITING, guest.nick, channel.name)
    message = ctx.world.scribe.act(ctx.user, "INVITE", guest.nick, channel.name)
    for session in guest.sessions:
        ctx.world.delivery.relay(message, session)
    told = (session for session in channel.audience if caps.INVITE_NOTIFY in session.caps)
    ctx.tell(message, Audience(told), echo=False)


def _forward(ctx: Context, name: str, no: Refused) -> None:
    """Send who cannot come in where the channel says (+f), once; where it says nothing, tell them why not."""
    channel = ctx.world.channels.get(ctx.world.fold(name))
    if channel is None or not channel.forward or no.numeric not in CLOSED:
        ctx.numeric(no.numeric, *no.about, text=no.text)
        return
    ctx.numeric(ERR_LINKCHANNEL, channel.name, channel.forward)
    try:
        _join(ctx, channel.forward, "")
    except Refused as further:
        ctx.numeric(further.numeric, *further.about, text=further.text)


def _join(ctx: Context, name: str, key: str) -> None:
    world, user = ctx.world, ctx.user
    settings = world.settings
    if not is_channel(name, settings.limits.channel_length, settings.server.casemapping):
        raise Refused(ERR_BADCHANMASK, name)
    channel = world.channels.get(world.fold(name))
    if channel is not None and user in channel.members:
        return
    if 0 < settings.channels.max_per_user <= len(user.channels):
        raise Refused(ERR_TOOMANYCHANNELS, name)
    if channel is None:
        channel = world.create_channel(name)
    else:
        check_may_join(channel, user, key)
    member = channel.join(user)
    world.keep_presence(user)
    message = _joining(ctx, channel)
    member.joined = message.stamp
    world.keep_event(message, channel, user)
    ctx.tell(message, channel.hearers(user))
    if user.away:
        ctx.tell(world.scribe.act(user, "AWAY", user.away), channel.hearers(user), echo=False)
    if channel.founder and member.modes:
        _tell_founder(ctx, channel)
    tell_of_newcomer(ctx, channel)
    _tell_inside(ctx, channel)
    for session in user.sessions:
        if session is not ctx.session:
            _tell_inside(Context(world, session, Line("JOIN", [channel.name])), channel)


def show_room(ctx: Context, channel: Channel) -> None:
    """Tell a connection that its user is in ``channel`` already, by the very JOIN that others have heard."""
    message = _joining(ctx, channel)
    message.stamp = channel.members[ctx.user].joined or message.stamp
    ctx.relay(message)
    _tell_inside(ctx, channel)


def _joining(ctx: Context, channel: Channel) -> Message:
    user = ctx.user
    extended = format_body(
        user.source, "JOIN", [channel.name, user.account or "*", user.realname], colon=True
    )
    return ctx.world.scribe.act(user, "JOIN", channel.name, extended=cut_bytes(extended, BODY_BYTES - 2))


def _tell_inside(ctx: Context, channel: Channel) -> None:
    """What one who comes in is told of the channel, after their JOIN."""
    if channel.topic:
        tell_topic(ctx, channel)
    tell_marker(ctx, channel)
    tell_newcomer(ctx, channel)
    if not ctx.has(caps.NO_IMPLICIT_NAMES):
        tell_names(ctx, channel)


def _tell_founder(ctx: Context, channel: Channel) -> None:
    """The others hear that the founder has come; the founder sees it in NAMES."""
    world, user = ctx.world, ctx.user
    message = world.scribe.decree(world.name, "MODE", channel.name, "+q", user.nick)
    for session in channel.hearers(user):
        if session not in user.sessions:
            world.delivery.relay(message, session)


def _kick(ctx: Context, channel: Channel, nick: str, why: str) -> None:
    channel.check_may_act(ctx.user)
    channel.check_is_halfop(ctx.user)
    victim = ctx.world.user(nick)
    member = channel.member(victim)
    if victim is not ctx.user:
        channel.check_may_act_on(ctx.user, member)
    message = ctx.world.scribe.act(ctx.user, "KICK", channel.name, victim.nick, why)
    ctx.world.keep_event(message, channel, victim)
    note_act(ctx, channel, "KICK", f"{victim.nick}: {why}")
    ctx.tell(message, channel.hearers(victim))
    ctx.world.part(channel, victim)


def _list_invitations(ctx: Context) -> None:
    for channel in sorted(ctx.user.invitations, key=lambda channel: channel.folded):
        ctx.numeric(RPL_INVITELIST, channel.name)
    ctx.numeric(RPL_ENDOFINVITELIST)
