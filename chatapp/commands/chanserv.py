"""ChanServ: channels that are somebody's, by the old words (see `service_requests`)."""

from __future__ import annotations

from collections.abc import Sequence

from chatapp.commands.audit import note_founders_act
from chatapp.commands.context import Context
from chatapp.commands.information import clock_text
from chatapp.commands.service_requests import Request, Service, ServiceRefused
from chatapp.core.channel import Channel
from chatapp.core.user import User
from chatapp.core.visibility import may_see_channel


def _register(ctx: Context, words: Sequence[str]) -> list[str]:
    channel, user = _channel(ctx, words[0]), ctx.user
    if not ctx.world.settings.channels.registration:
        raise ServiceRefused("Channels are not registered on this server")
    if not user.account:
        raise ServiceRefused("A channel belongs to an account: log in first")
    if channel.founder:
        raise ServiceRefused(f"{channel.name} is registered already")
    member = channel.members.get(user)
    if member is None or not member.is_operator:
        raise ServiceRefused(f"You are not an operator of {channel.name}")
    _give(ctx, channel, user.account)
    return [f"{channel.name} is yours now: it keeps its topic, modes and lists, and lets you in always"]


def _info(ctx: Context, words: Sequence[str]) -> list[str]:
    channel = _channel(ctx, words[0])
    told = [f"{channel.name}, since {clock_text(channel.created)}"]
    return [*told, f"Founder: {channel.founder}" if channel.founder else "It is not registered"]


def _set(ctx: Context, words: Sequence[str]) -> list[str]:
    channel = _own_channel(ctx, words[0])
    if words[1].upper() != "FOUNDER":
        raise ServiceRefused("There is FOUNDER to set; topic and modes are set with TOPIC and MODE")
    heir = ctx.world.accounts.find(words[2])
    if heir is None:
        raise ServiceRefused(f"There is no account {words[2]}")
    note_founders_act(ctx, channel, "CHANSERV", f"SET FOUNDER {heir.name}")
    _take(ctx, channel)
    _give(ctx, channel, heir.name)
    return [f"{channel.name} is {heir.name}'s now"]


def _drop(ctx: Context, words: Sequence[str]) -> list[str]:
    channel = _own_channel(ctx, words[0])
    note_founders_act(ctx, channel, "CHANSERV", "DROP")
    _take(ctx, channel)
    ctx.world.close(channel)
    return [f"{channel.name} is nobody's any more"]


def _op(ctx: Context, words: Sequence[str]) -> list[str]:
    """What the founder has by coming in, for who logged in later; and to hand on what they have."""
    channel = _own_channel(ctx, words[0])
    who = ctx.world.user(words[1]) if len(words) > 1 else ctx.user
    member = channel.member(who)
    letter = "q" if channel.is_founder(who) else "o"
    if not member.grant(letter, True):
        raise ServiceRefused(f"{who.nick} is that already")
    note_founders_act(ctx, channel, "CHANSERV", f"OP {who.nick}")
    _tell(ctx, channel, f"+{letter}", who)
    return [f"{who.nick} is {'founder' if letter == 'q' else 'operator'} in {channel.name}"]


def _give(ctx: Context, channel: Channel, account: str) -> None:
    channel.founder = account
    ctx.world.delivery.keep_channel(channel)
    for user, member in channel.members.items():
        if user.account == account and member.grant("q", True):
            _tell(ctx, channel, "+q", user)


def _take(ctx: Context, channel: Channel) -> None:
    channel.founder = ""
    ctx.world.delivery.keep_channel(channel)
    for user, member in channel.members.items():
        if member.grant("q", False):
            member.grant("o", True)
            _tell(ctx, channel, "-q+o", user, user)


def _tell(ctx: Context, channel: Channel, modes: str, *users: User) -> None:
    """All who are in ``channel`` hear of the change as of any other."""
    world = ctx.world
    message = world.scribe.act(ctx.user, "MODE", channel.name, modes, *(user.nick for user in users))
    world.keep_event(message, channel)
    for user in users:
        world.keep_presence(user)
    ctx.tell(message, channel.audience)


def _channel(ctx: Context, name: str) -> Channel:
    channel = ctx.world.channels.get(ctx.world.fold(name))
    if channel is None or not may_see_channel(ctx.user, channel):
        raise ServiceRefused(f"There is no channel {name}")
    return channel


def _own_channel(ctx: Context, name: str) -> Channel:
    channel = _channel(ctx, name)
    if not channel.is_founder(ctx.user) and not ctx.user.may("rooms"):
        raise ServiceRefused(f"Only the founder of {channel.name} may do this")
    return channel


CHANSERV = Service(
    "ChanServ",
    "ChanServ looks after channels: one that is registered has a founder.",
    {
        "REGISTER": Request("<channel>", "Makes a channel yours; its operator may.", _register, 1),
        "INFO": Request("<channel>", "Tells whose a channel is.", _info, 1),
        "SET": Request("<channel> FOUNDER <account>", "Hands a channel on.", _set, 3),
        "OP": Request("<channel> [nick]", "Gives you, or somebody, their standing back.", _op, 1),
        "DROP": Request("<channel>", "Gives a channel up.", _drop, 1),
    },
)
