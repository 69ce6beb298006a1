"""Who is told what others tell of themselves: subscriptions to keys of metadata (IRCv3 draft/metadata-3, -2).

Version 3 tells it with the numerics that answer questions too, version 2 with METADATA lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatapp.commands.context import Context
from chatapp.core.channel import Channel
from chatapp.core.errors import Failed
from chatapp.core.metadata import is_key
from chatapp.core.session import Session
from chatapp.core.user import User
from chatapp.core.visibility import may_see_member
from chatapp.irc import caps
from chatapp.irc.line import format_body
from chatapp.irc.numerics import (
    RPL_KEYNOTSET,
    RPL_KEYVALUE,
    RPL_METADATASUBOK,
    RPL_METADATASUBS,
    RPL_METADATASYNCLATER,
    RPL_METADATAUNSUBOK,
    Numeric,
)

#: A channel whose members tell more than that to a newcomer is left to them to ask about (SYNC).
MOST_ON_JOIN = 500
#: Bytes of keys in one line.
_LINE_BYTES = 350


# Subscribing


def subscribe(ctx: Context, keys: list[str]) -> None:
    """``SUB key...``: be told of these from now on."""
    most = ctx.world.settings.metadata.max_subscriptions
    wanted: list[str] = []
    session = ctx.session
    for key in keys:
        if not is_key(key):
            ctx.fail("METADATA", "INVALID_KEY", key, text="A key is of a-z 0-9 _ . / -")
            continue
        if key not in session.subscriptions and len(session.subscriptions) >= most:
            _tell_keys(ctx, RPL_METADATASUBOK, wanted)
            raise Failed("METADATA", "TOO_MANY_SUBS", key, text=f"One may be told of {most} keys")
        session.subscriptions |= {key}
        wanted.append(key)
    _tell_keys(ctx, RPL_METADATASUBOK, wanted)


def unsubscribe(ctx: Context, keys: list[str]) -> None:
    """``UNSUB key...``: be told of these no more."""
    unwanted = []
    for key in keys:
        if is_key(key):
            ctx.session.subscriptions -= {key}
            unwanted.append(key)
        else:
            ctx.fail("METADATA", "INVALID_KEY", key, text="A key is of a-z 0-9 _ . / -")
    _tell_keys(ctx, RPL_METADATAUNSUBOK, unwanted)


def subscriptions(ctx: Context, _rest: list[str]) -> None:
    """``SUBS``: what one is told of."""
    with ctx.framed("metadata-subs"):
        _tell_keys(ctx, RPL_METADATASUBS, sorted(ctx.session.subscriptions))


def _tell_keys(ctx: Context, numeric: Numeric, keys: Iterable[str]) -> None:
    """As many lines as it takes; none for none."""
    row: list[str] = []
    for key in dict.fromkeys(keys):
        if row and sum(map(len, row)) + len(row) + len(key) > _LINE_BYTES:
            ctx.numeric(numeric, *row)
            row = []
        row.append(key)
    if row:
        ctx.numeric(numeric, *row)


# Being told


def tell_change(ctx: Context, what: User | Channel, key: str, value: str) -> None:
    """Tell those who see ``what`` and asked to be told of ``key``; never the connection that changed it."""
    world = ctx.world
    audience = what.audience if isinstance(what, Channel) else {*what.peers(), *world.monitor.watchers(what)}
    for session in audience:
        if session is not ctx.session and _hears(session, key):
            world.delivery.send(session, _change(ctx, session, _name(what), key, value))


def tell_newcomer(ctx: Context, channel: Channel) -> None:
    """Tell who comes into ``channel`` of it and its members; 774 if that is too much at once."""
    if not (_version(ctx.session) and ctx.session.subscriptions):
        return
    told = list(_seen(ctx, channel))
    if len(told) > MOST_ON_JOIN:
        ctx.numeric(RPL_METADATASYNCLATER, channel.name)
    elif told:
        _tell_all(ctx, channel.name, told)


def tell_of_newcomer(ctx: Context, channel: Channel) -> None:
    """Tell the members of ``channel`` what the one who comes in tells of themselves."""
    values = ctx.world.metadata.of(ctx.user.owner)
    if not values:
        return
    for session in channel.hearers(ctx.user):
        if session.user is not ctx.user:
            for key, value in values.items():
                if _hears(session, key):
                    ctx.world.delivery.send(session, _change(ctx, session, ctx.user.nick, key, value))


def tell_own(ctx: Context) -> None:
    """At the end of the welcome, tell a connection what its user tells of themselves."""
    if _version(ctx.session):
        user = ctx.user
        _tell_all(ctx, user.nick, [(user.nick, *pair) for pair in ctx.world.metadata.of(user.owner).items()])


def sync(ctx: Context, what: User | Channel) -> None:
    """``SYNC``: all one asked to be told of that ``what`` tells, and a channel's members too."""
    _tell_all(ctx, _name(what), list(_seen(ctx, what)))


def _seen(ctx: Context, what: User | Channel) -> Iterator[tuple[str, str, str]]:
    """Name, key and value of all that the connection asked to be told of."""
    world, wanted = ctx.world, ctx.session.subscriptions
    if isinstance(what, Channel):
        holders = [(what.name, what.folded)]
        if ctx.user in what.members:
            seen = (user for user in what.members if may_see_member(ctx.user, what, user))
            holders += [(user.nick, user.owner) for user in seen]
    else:
        holders = [(what.nick, what.owner)]
    for name, holder in holders:
        for key, value in world.metadata.of(holder).items():
            if key in wanted:
                yield name, key, value


def _tell_all(ctx: Context, name: str, told: Iterable[tuple[str, str, str]]) -> None:
    with ctx.framed("metadata", name):
        for whose, key, value in told:
            if _version(ctx.session) == 2:
                ctx.reply("METADATA", whose, key, "*", value, colon=True)
            else:
                ctx.numeric(RPL_KEYVALUE, whose, key, "*", text=value)


def _change(ctx: Context, session: Session, name: str, key: str, value: str) -> str:
    """The line that tells ``session`` of a new value; an empty one is gone."""
    server = ctx.world.name
    if _version(session) == 2:
        return format_body(server, "METADATA", [name, key, "*", value], colon=True)
    if value:
        return format_body(server, RPL_KEYVALUE.code, [session.nick, name, key, "*", value], colon=True)
    return format_body(server, RPL_KEYNOTSET.code, [session.nick, name, key, RPL_KEYNOTSET.text], colon=True)


def _hears(session: Session, key: str) -> bool:
    return key in session.subscriptions and _version(session) > 0


def _version(session: Session) -> int:
    """Which version of metadata ``session`` knows; 0 for none."""
    return 3 if caps.METADATA_3 in session.caps else 2 if caps.METADATA_2 in session.caps else 0


def _name(what: User | Channel) -> str:
    return what.name if isinstance(what, Channel) else what.nick
