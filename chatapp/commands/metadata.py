"""METADATA: what people and channels tell of themselves, and who hears of it (IRCv3 draft/metadata-3, -2).

The subcommands that ask and set are here; who is told of a change, and what newcomers are told, is in
`chatapp.commands.subscriptions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from chatapp.commands.context import Context
from chatapp.commands.subscriptions import subscribe, subscriptions, sync, tell_change, unsubscribe
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.errors import Failed, Refused
from chatapp.core.member import OPERATOR
from chatapp.core.metadata import is_key
from chatapp.core.user import User
from chatapp.core.visibility import may_see_metadata
from chatapp.core.world import World
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.names import is_channel_name
from chatapp.irc.numerics import ERR_NOTREGISTERED, ERR_UNKNOWNCOMMAND, RPL_KEYNOTSET, RPL_KEYVALUE


class Target(NamedTuple):
    """Who or what tells something of itself: its name, what it is, and its values.

    Before registration ``what`` is ``None``: the newcomer, whose values wait in the session.
    """

    name: str
    what: User | Channel | None
    values: Mapping[str, str]


@command("METADATA", params=2, before_registration=True)
def metadata(ctx: Context, line: Line) -> None:
    """``METADATA <target> GET | LIST | SET | CLEAR | SUB | UNSUB | SUBS | SYNC [...]``"""
    settings = ctx.world.settings.metadata
    if ctx.session.registration is not None and not (settings.enabled and settings.before_connect):
        raise Refused(ERR_NOTREGISTERED)
    if not settings.enabled:
        raise Refused(ERR_UNKNOWNCOMMAND, line.command)
    subcommand = line.params[1].upper()
    if subcommand in _OF_SESSION:
        _OF_SESSION[subcommand](ctx, line.params[2:])
    elif subcommand in _OF_TARGET:
        _OF_TARGET[subcommand](ctx, _target(ctx, line.params[0]), line.params[2:])
    else:
        raise _failed("INVALID_SUBCOMMAND", subcommand, text="There are " + ", ".join(_ALL))


def take_along(ctx: Context, told: Mapping[str, str]) -> None:
    """Set what a newcomer told before they were let in."""
    most = ctx.world.settings.metadata.max_keys
    for key, value in told.items():
        own = ctx.world.metadata.of(ctx.user.owner)  # another connection may have told as much
        if key in own or len(own) < most:
            _put(ctx, Target(ctx.user.nick, ctx.user, own), key, value)


def take_over(world: World, guest: str, user: User) -> None:
    """What ``user`` told as a guest, under the history key ``guest``, their account tells from now on."""
    own = world.metadata.of(user.owner)
    room = world.settings.metadata.max_keys - len(own)
    new = [(key, value) for key, value in world.metadata.of(guest).items() if key not in own]
    for key, value in new[: max(room, 0)]:
        world.metadata.put(user.owner, key, value)
        if not world.mute_reason:
            world.delivery.keep_metadata(user.owner, key, value)
    world.metadata.forget(guest)


# Who, and whether one may


def _target(ctx: Context, text: str) -> Target:
    """Raise `Failed` if there is none, or none that one may know of."""
    world, registration = ctx.world, ctx.session.registration
    if registration is not None:
        if text not in ("*", ctx.session.nick):
            raise _no_target(text)
        return Target(ctx.session.nick, None, registration.metadata)
    if is_channel_name(text):
        channel = world.channels.get(world.fold(text))
        if channel is None or not may_see_metadata(ctx.user, channel):
            raise _no_target(text)
        return Target(channel.name, channel, world.metadata.of(channel.folded))
    user = ctx.user if text == "*" else world.users.get(world.fold(text))
    if user is None:
        raise _no_target(text)
    return Target(user.nick, user, world.metadata.of(user.owner))


def _check_may_set(ctx: Context, target: Target, key: str) -> None:
    if target.what is None or target.what is ctx.user:
        return
    if isinstance(target.what, Channel) and target.what.rank_of(ctx.user) >= OPERATOR:
        return
    raise _failed("KEY_NO_PERMISSION", target.name, key, text="That is not yours to say")


# Asking


def _get(ctx: Context, target: Target, keys: list[str]) -> None:
    with ctx.framed("metadata", target.name):
        for key in keys:
            if not is_key(key):
                ctx.fail("METADATA", "INVALID_KEY", key, text="A key is of a-z 0-9 _ . / -")
            else:
                _tell_value(ctx, target, key, target.values.get(key, ""))


def _list(ctx: Context, target: Target, _rest: list[str]) -> None:
    with ctx.framed("metadata", target.name):
        for key, value in target.values.items():
            _tell_value(ctx, target, key, value)


def _sync(ctx: Context, target: Target, _rest: list[str]) -> None:
    if target.what is not None:
        sync(ctx, target.what)


def _tell_value(ctx: Context, target: Target, key: str, value: str) -> None:
    if value:
        ctx.numeric(RPL_KEYVALUE, target.name, key, "*", text=value)
    else:
        ctx.numeric(RPL_KEYNOTSET, target.name, key)


# Setting


def _set(ctx: Context, target: Target, rest: list[str]) -> None:
    key, value = (rest[0] if rest else "*"), (rest[1] if len(rest) > 1 else "")
    settings = ctx.world.settings.metadata
    if not is_key(key):
        raise _failed("INVALID_KEY", key, text="A key is of a-z 0-9 _ . / -")
    _check_may_set(ctx, target, key)
    most = min(settings.max_value_bytes, _room(ctx, target, key))
    if len(value.encode()) > most:
        raise _failed("INVALID_VALUE", key, text=f"A value has at most {most} bytes")
    if value and key not in target.values and len(target.values) >= settings.max_keys:
        raise _failed("LIMIT_REACHED", target.name, text=f"There are {settings.max_keys} keys already")
    _put(ctx, target, key, value)
    _tell_value(ctx, target, key, value)


def _room(ctx: Context, target: Target, key: str) -> int:
    """How many bytes of a value fit in a line, however long the nick of whoever is told."""
    longest = "n" * ctx.world.settings.limits.nick_length
    return BODY_BYTES - 2 - len(f":{ctx.world.name} 761 {longest} {target.name} {key} * :".encode())


def _clear(ctx: Context, target: Target, _rest: list[str]) -> None:
    _check_may_set(ctx, target, "*")
    with ctx.framed("metadata", target.name):
        for key in list(target.values):
            _put(ctx, target, key, "")
            _tell_value(ctx, target, key, "")


def _put(ctx: Context, target: Target, key: str, value: str) -> None:
    """Set the value, have it kept where its holder lasts, and tell who asked to be told."""
    world, what = ctx.world, target.what
    if what is None:
        assert ctx.session.registration is not None
        told = ctx.session.registration.metadata
        told.update({key: value}) if value else told.pop(key, None)
        return
    holder = what.folded if isinstance(what, Channel) else what.owner
    if world.metadata.of(holder).get(key, "") == value:
        return
    world.metadata.put(holder, key, value)
    if not world.mute_reason and (isinstance(what, Channel) or what.account):
        world.delivery.keep_metadata(holder, key, value or None)
    tell_change(ctx, what, key, value)


def _no_target(text: str) -> Failed:
    return _failed("INVALID_TARGET", text, text="There is nobody, and no channel, of that name")


def _failed(code: str, *about: str, text: str) -> Failed:
    return Failed("METADATA", code, *about, text=text)


_OF_TARGET: dict[str, Callable[[Context, Target, list[str]], None]] = {
    "GET": _get,
    "LIST": _list,
    "SET": _set,
    "CLEAR": _clear,
    "SYNC": _sync,
}
_OF_SESSION: dict[str, Callable[[Context, list[str]], None]] = {
    "SUB": subscribe,
    "UNSUB": unsubscribe,
    "SUBS": subscriptions,
}
_ALL = (*_OF_TARGET, *_OF_SESSION)
