"""KLINE, UNKLINE: keeping people away from the server, for a time or for good; and what ends by itself."""

from __future__ import annotations

import re
from gettext import gettext as _

from chatapp.commands.context import Context
from chatapp.commands.information import clock_text
from chatapp.commands.table import command, disconnect
from chatapp.core.account import Account
from chatapp.core.bans import Caller, complete_ban, stranger_at, words_of
from chatapp.core.channel import Channel
from chatapp.core.errors import Disconnect, Failed, Refused
from chatapp.core.masks import MOST_MINUTES, parse_mask
from chatapp.core.ownership import end_stay
from chatapp.core.ports import ServerBan
from chatapp.core.session import Registration, Session
from chatapp.core.user import User
from chatapp.core.world import World
from chatapp.irc.line import Line
from chatapp.irc.names import source
from chatapp.irc.numerics import (
    ERR_ERRONEUSNICKNAME,
    ERR_YOUREBANNEDCREEP,
    RPL_ENDOFSTATS,
    RPL_STATSKLINE,
)
from chatapp.irc.text import cut_bytes

_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+|[0-9]{1,9}")
_PART = re.compile(r"([0-9]+)([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
#: The longest that a ban with an end may last: ten years, as for the masks of channels.
_MOST_SECONDS = 60 * MOST_MINUTES
#: The longest mask, in bytes.
_MASK_BYTES = 200


@command("KLINE")
def kline(ctx: Context, line: Line) -> None:
    """``KLINE [duration] mask [:why]``, the duration being ``90`` (minutes) or ``1d12h``; alone, all bans.

    A mask is an address or network, ``nick!user@host``, or ``a:account``.
    """
    ctx.user.check_may("ban")
    if not line.params:
        tell_bans(ctx)
        return
    has_end = len(line.params) > 1 and _DURATION.fullmatch(line.params[0]) is not None
    duration = _duration(line.params[0]) if has_end else 0
    given, *rest = line.params[has_end:]
    why = cut_bytes(rest[0] if rest else "", ctx.world.settings.limits.kick_length)
    world, now = ctx.world, ctx.world.now()
    ban = ServerBan(_mask(given, "KLINE"), ctx.user.source, why, now, now + duration if duration else 0)
    if world.bans.strikes(ban, caller_of(ctx.user, ctx.session)):
        raise Failed("KLINE", "MATCHES_YOURSELF", ban.mask, text="You would be banned too")
    world.bans.add(ban)
    world.delivery.keep_ban(world.fold(ban.mask), ban)
    world.audit(ctx.user, "KLINE", ban.mask, f"{_until(ban)}: {why}" if why else _until(ban))
    world.report(_("%(mask)s was banned by %(operator)s"), {"mask": ban.mask, "operator": ctx.user.nick})
    ended = _strike(world, ban)
    words = f"{ban.mask} is banned {_until(ban)}; connections that ended: {ended}"
    ctx.reply("NOTICE", ctx.session.nick, words, colon=True)


@command("UNKLINE", params=1)
def unkline(ctx: Context, line: Line) -> None:
    """``UNKLINE mask``"""
    ctx.user.check_may("ban")
    world = ctx.world
    ban = world.bans.remove(_mask(line.params[0], "UNKLINE"))
    if ban is None:
        raise Failed("UNKLINE", "NO_SUCH_BAN", line.params[0], text="There is no such ban")
    world.delivery.keep_ban(world.fold(ban.mask), None)
    world.audit(ctx.user, "UNKLINE", ban.mask)
    world.report(_("%(mask)s was unbanned by %(operator)s"), {"mask": ban.mask, "operator": ctx.user.nick})
    ctx.reply("NOTICE", ctx.session.nick, f"{ban.mask} is banned no more", colon=True)


def check_is_welcome(ctx: Context, registration: Registration) -> None:
    """End the session of a newcomer whom a ban keeps away.

    Raises:
        Disconnect: One does.
    """
    world, session = ctx.world, ctx.session
    if not len(world.bans):
        return
    mask = source(registration.nick, registration.user_name, world.host_of(session.address))
    if ban := world.bans.find(Caller(mask, session.address, registration.account)):
        why = words_of(ban)
        ctx.numeric(ERR_YOUREBANNEDCREEP, text=why)
        raise Disconnect(why)


def check_may_be_called(ctx: Context, nick: str) -> None:
    """Raise `Refused` with 432 if a ban would have kept who speaks away, had they come in as ``nick``."""
    user, world = ctx.user, ctx.world
    mask = source(nick, user.user_name, user.host)
    if len(world.bans) and world.bans.find(Caller(mask, ctx.session.address, user.account)):
        raise Refused(ERR_ERRONEUSNICKNAME, nick, text="This nick is banned from this server")


def lift_expired(world: World) -> None:
    """Take out every ban and mask whose time is over; channels are told by a MODE line of the server's."""
    now = world.now()
    for ban in world.bans.expired(now):
        world.bans.remove(ban.mask)
        world.delivery.keep_ban(world.fold(ban.mask), None)
        world.report(_("The ban of %(mask)s is over"), {"mask": ban.mask})
    for channel, letter, mask in world.expiries.due(now):
        lift_mask(world, channel, letter, mask)


def forget_exceptions(world: World, account: Account) -> None:
    """``account`` is no more: what let it in where others are kept out is not for the next of its name."""
    for channel in list(world.channels.values()):
        for letter in "eI":
            for entry in channel.lists[letter][:]:
                mask = parse_mask(world.fold(entry.mask))
                if mask.is_account and mask.pattern == account.folded:
                    lift_mask(world, channel, letter, entry.mask)


def lift_mask(world: World, channel: Channel, letter: str, mask: str) -> None:
    """Take ``mask`` out of a list of ``channel``, which is told by a MODE line of the server's."""
    channel.lists[letter].take(mask)
    if world.channels.get(channel.folded) is not channel:
        return
    message = world.scribe.decree(world.name, "MODE", channel.name, f"-{letter}", mask)
    world.delivery.keep_channel(channel)
    world.keep_event(message, channel)
    world.delivery.tell(message, channel.audience)


def tell_bans(ctx: Context) -> None:
    """All bans: mask, who set it, when it ends (0: never), why."""
    for ban in ctx.world.bans:
        ctx.numeric(
            RPL_STATSKLINE, "K", ban.mask, ban.setter, str(ban.expires), text=ban.reason or "No reason given"
        )
    ctx.numeric(RPL_ENDOFSTATS, "k")


def parse_duration(text: str) -> int:
    """``90`` (minutes), ``2h``, ``1d12h`` as seconds.

    Raises:
        ValueError: It is none of these, or no time at all.
    """
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no duration")
    if text.isdecimal():
        return int(text) * 60
    return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def _duration(text: str) -> int:
    seconds = parse_duration(text)
    if seconds > _MOST_SECONDS:
        raise Failed(
            "KLINE",
            "INVALID_DURATION",
            text,
            text="That is more than ten years; without a duration it is for good",
        )
    return seconds


def caller_of(user: User, session: Session) -> Caller:
    return Caller(user.source, session.address, user.account)


def _strike(world: World, ban: ServerBan) -> int:
    """End everyone whom ``ban`` is about; tell how many connections there were."""
    struck = 0
    for each in list(world.users.values()):
        if each.stays and world.bans.strikes(ban, Caller(each.source, each.address, each.account)):
            end_stay(world, each, words_of(ban))
    for session in list(world.sessions):
        user = session.user
        caller = (
            caller_of(user, session)
            if user is not None
            else stranger_at(world.host_of(session.address), session.address)
        )
        if world.bans.strikes(ban, caller):
            disconnect(world, session, words_of(ban))
            struck += 1
    return struck


def _mask(text: str, verb: str) -> str:
    try:
        mask = complete_ban(text)
    except ValueError:
        raise Failed(verb, "INVALID_MASK", text, text="This is no address, mask or account") from None
    if len(mask.encode()) > _MASK_BYTES:
        raise Failed(verb, "INVALID_MASK", "*", text="The mask is too long")
    return mask


def _until(ban: ServerBan) -> str:
    return f"until {clock_text(ban.expires)}" if ban.expires else "for good"
