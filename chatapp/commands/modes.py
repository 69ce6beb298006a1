"""MODE: how a channel or a user is set (Modern IRC "MODE message")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chatapp.commands.audit import note_act
from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.audience import Audience
from chatapp.core.channel import FLAG_MODES, VALUE_MODES, Channel
from chatapp.core.errors import Refused
from chatapp.core.masks import LIST_MODES, complete
from chatapp.core.member import PREFIXES
from chatapp.core.ports import ListEntry
from chatapp.core.user import USER_MODES, User
from chatapp.core.visibility import may_see_channel
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.modes import ModeChange, ModeKind, ModeKinds, format_modes, parse_modes
from chatapp.irc.names import is_channel_name
from chatapp.irc.numerics import (
    ERR_BANLISTFULL,
    ERR_INVALIDMODEPARAM,
    ERR_NOSUCHCHANNEL,
    ERR_UMODEUNKNOWNFLAG,
    ERR_UNKNOWNMODE,
    ERR_USERSDONTMATCH,
    RPL_BANLIST,
    RPL_CHANNELMODEIS,
    RPL_CREATIONTIME,
    RPL_ENDOFBANLIST,
    RPL_ENDOFEXCEPTLIST,
    RPL_ENDOFINVEXLIST,
    RPL_EXCEPTLIST,
    RPL_INVEXLIST,
    RPL_UMODEIS,
)

CHANNEL_KINDS = ModeKinds(
    lists=LIST_MODES, always="k", when_set=VALUE_MODES, flags=FLAG_MODES, prefixes="".join(PREFIXES)
)
USER_KINDS = ModeKinds(flags=USER_MODES)
#: What half-operators may set: who is heard, and who is kept out.
HALFOP_MODES = frozenset(LIST_MODES + "mv")

_LIST_REPLIES = {
    "b": (RPL_BANLIST, RPL_ENDOFBANLIST),
    "e": (RPL_EXCEPTLIST, RPL_ENDOFEXCEPTLIST),
    "I": (RPL_INVEXLIST, RPL_ENDOFINVEXLIST),
}
_MASK_BYTES = 200
_MOST_MEMBERS = 1_000_000
#: The longest that slow mode may have one wait: a day.
_MOST_SECONDS = 86_400


@command("MODE", params=1)
def mode(ctx: Context, line: Line) -> None:
    target, *params = line.params
    if is_channel_name(target):
        _channel_mode(ctx, ctx.world.channel(target), target, params)
    else:
        _user_mode(ctx, ctx.world.user(target), params)


def _channel_mode(ctx: Context, channel: Channel, asked: str, params: list[str]) -> None:
    is_member = ctx.user in channel.members
    if not may_see_channel(ctx.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, asked)
    if not params:
        ctx.numeric(RPL_CHANNELMODEIS, channel.name, *channel.mode_params(show_key=is_member))
        ctx.numeric(RPL_CREATIONTIME, channel.name, str(channel.created))
        return
    changes = parse_modes(params, CHANNEL_KINDS)
    for letter in dict.fromkeys(change.letter for change in changes if change.is_query):
        _tell_list(ctx, channel, letter)
    changes = [each for change in changes if not change.is_query for each in _each_entry(channel, change)]
    if not changes:
        return
    _check_may_change(ctx, channel, changes)
    ctx.world.check_can_keep(channel.name)
    done = []
    for change in changes:
        try:
            applied = _apply(ctx, channel, change)
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)
        else:
            if applied is not None:
                done.append(applied)
    if done:
        ctx.world.delivery.keep_channel(channel)
        # A key is for those in the room, not for all who read the log.
        shown = [replace(change, param="*") if change.letter == "k" else change for change in done]
        note_act(ctx, channel, "MODE", " ".join(format_modes(shown)))
        _announce(ctx, channel, done)


def _each_entry(channel: Channel, change: ModeChange) -> list[ModeChange]:
    """``change``; a mask that is taken out without a time goes with whatever time it was set for."""
    if change.kind is not ModeKind.LIST or change.adding:
        return [change]
    try:
        mask = complete(change.param or "", change.letter)
    except ValueError:
        return [change]
    return [replace(change, param=each) for each in channel.lists[change.letter].spellings(mask)]


def _check_may_change(ctx: Context, channel: Channel, changes: list[ModeChange]) -> None:
    """Raise `Refused` with 482 unless all of ``changes`` are for this standing."""
    letters = {change.letter for change in changes if not _gives_up(ctx, change)}
    if letters <= HALFOP_MODES:
        channel.check_is_halfop(ctx.user)
    else:
        channel.check_is_operator(ctx.user)


def _gives_up(ctx: Context, change: ModeChange) -> bool:
    """Whether it takes a standing from the one who speaks."""
    is_own = change.param is not None and ctx.world.fold(change.param) == ctx.user.folded
    return change.kind is ModeKind.PREFIX and not change.adding and is_own


def _apply(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    """Carry out one change; give back what the channel is told, ``None`` if it is as it was."""
    handler = _HANDLERS.get(change.kind)
    if handler is None:
        raise Refused(ERR_UNKNOWNMODE, change.letter)
    return handler(ctx, channel, change)


def _set_flag(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    if (change.letter in channel.modes) is change.adding:
        return None
    channel.modes ^= {change.letter}
    return change


def _set_member(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    if not change.param:
        raise _invalid(channel, change)
    user = ctx.world.user(change.param)
    member = channel.member(user)
    if not _gives_up(ctx, change):
        channel.check_may_grant(ctx.user, change.letter)
    if not member.grant(change.letter, change.adding):
        return None
    ctx.world.keep_presence(user)
    return ModeChange(change.adding, change.letter, user.nick, change.kind)


def _set_key(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    if not change.adding:
        had, channel.key = channel.key, ""
        return ModeChange(False, "k", "*", change.kind) if had else None
    key = change.param or ""
    if not _is_key(key, ctx.world.settings.limits.key_length):
        raise Refused(ERR_INVALIDMODEPARAM, channel.name, "k", "*")
    if key == channel.key:
        return None
    channel.key = key
    return change


def _set_value(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    return _VALUE_SETTERS[change.letter](ctx, channel, change)


def _set_limit(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    if not change.adding:
        had, channel.limit = channel.limit, 0
        return ModeChange(False, "l", None, change.kind) if had else None
    text = change.param or ""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:10]) <= _MOST_MEMBERS):
        raise _invalid(channel, change)
    limit = int(text[:10])
    if limit == channel.limit:
        return None
    channel.limit = limit
    return ModeChange(True, "l", str(limit), change.kind)


def _set_slow(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    """Slow mode: how many seconds those without a standing wait between two messages."""
    if not change.adding:
        had, channel.slow = channel.slow, 0
        channel.turns.clear()
        return ModeChange(False, "W", None, change.kind) if had else None
    text = change.param or ""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _MOST_SECONDS):
        raise _invalid(channel, change)
    seconds = int(text[:6])
    if seconds == channel.slow:
        return None
    channel.slow = seconds
    return ModeChange(True, "W", str(seconds), change.kind)


def _set_forward(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    """Where those are sent who cannot come in; nobody sends people to where they are not operator."""
    if not change.adding:
        had, channel.forward = channel.forward, ""
        return ModeChange(False, "f", None, change.kind) if had else None
    target = ctx.world.channels.get(ctx.world.fold(change.param or ""))
    if target is None or target is channel or not may_see_channel(ctx.user, target):
        raise _invalid(channel, change)
    target.check_is_operator(ctx.user)
    if target.name == channel.forward:
        return None
    channel.forward = target.name
    return ModeChange(True, "f", target.name, change.kind)


def _set_list(ctx: Context, channel: Channel, change: ModeChange) -> ModeChange | None:
    try:
        mask = complete(change.param or "", change.letter)
    except ValueError:
        raise _invalid(channel, change) from None
    if not change.adding:
        removed = channel.lists[change.letter].take(mask)
        return ModeChange(False, change.letter, removed, change.kind) if removed else None
    if " " in mask or mask[0] == ":" or len(mask.encode()) > _MASK_BYTES:
        raise _invalid(channel, change)
    if len(channel.lists[change.letter]) >= ctx.world.settings.channels.list_mode_entries:
        raise Refused(ERR_BANLISTFULL, channel.name, mask)
    entry = ListEntry(mask, ctx.user.source, ctx.world.now())
    if not channel.lists[change.letter].add(entry):
        return None
    ctx.world.expiries.watch(channel, change.letter, entry)
    return ModeChange(True, change.letter, mask, change.kind)


_HANDLERS: dict[ModeKind, Callable[[Context, Channel, ModeChange], ModeChange | None]] = {
    ModeKind.FLAG: _set_flag,
    ModeKind.PREFIX: _set_member,
    ModeKind.ALWAYS: _set_key,
    ModeKind.WHEN_SET: _set_value,
    ModeKind.LIST: _set_list,
}


_VALUE_SETTERS = {"l": _set_limit, "W": _set_slow, "f": _set_forward}


def _announce(ctx: Context, channel: Channel, done: list[ModeChange]) -> None:
    """One MODE line; more only where one would be too long."""
    fits = 0
    while done:
        fits = len(done)
        while True:
            message = ctx.world.scribe.act(ctx.user, "MODE", channel.name, *format_modes(done[:fits]))
            if fits == 1 or len(message.body.encode()) <= BODY_BYTES - 2:
                break
            fits -= 1
        ctx.world.keep_event(message, channel)
        ctx.tell(message, channel.audience)
        done = done[fits:]


def _tell_list(ctx: Context, channel: Channel, letter: str) -> None:
    entry_reply, end_reply = _LIST_REPLIES[letter]
    for entry in channel.lists[letter]:
        ctx.numeric(entry_reply, channel.name, entry.mask, entry.setter, str(entry.time))
    ctx.numeric(end_reply, channel.name)


def _is_key(key: str, max_bytes: int) -> bool:
    return 0 < len(key.encode()) <= max_bytes and key[0] != ":" and not set(key) & set(" ,")


def _invalid(channel: Channel, change: ModeChange) -> Refused:
    return Refused(ERR_INVALIDMODEPARAM, channel.name, change.letter, change.param or "*")


def _user_mode(ctx: Context, target: User, params: list[str]) -> None:
    user = ctx.user
    if target is not user:
        raise Refused(ERR_USERSDONTMATCH)
    if not params:
        ctx.numeric(RPL_UMODEIS, f"+{user.modes}")
        return
    done = []
    for change in parse_modes(params, USER_KINDS):
        if change.is_unknown:
            ctx.numeric(ERR_UMODEUNKNOWNFLAG)
        elif change.letter == "o" and change.adding:
            continue  # nobody makes themselves an operator
        elif user.set_mode(change.letter, change.adding):
            done.append(change)
    if done:
        message = ctx.world.scribe.act(user, "MODE", user.nick, *format_modes(done))
        ctx.tell(message, Audience(user.sessions))
