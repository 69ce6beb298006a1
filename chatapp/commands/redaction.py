"""REDACT: taking back what was said (IRCv3 draft/message-redaction).

The text leaves the disk and the index of words. That something was taken back stays in the history, as an
event with an id of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from chatapp.commands.audit import note_act
from chatapp.commands.context import Context
from chatapp.commands.conversations import Place, keys_of, place_of
from chatapp.commands.table import command
from chatapp.core.audience import Audience
from chatapp.core.channel import Channel
from chatapp.core.errors import Failed
from chatapp.core.member import OPERATOR
from chatapp.core.message import Message
from chatapp.core.ports import Redaction, Span
from chatapp.core.speech import STATUSES
from chatapp.core.stamp import parse_msgid
from chatapp.core.user import User
from chatapp.irc.line import Line, nick_of
from chatapp.irc.text import cut_bytes

#: What may be taken back.
_REDACTABLE = frozenset({"PRIVMSG", "NOTICE", "TAGMSG"})
#: How high one must stand to hear what is kept under a key that begins so.
_LEAST = {prefix: rank for rank, prefix in STATUSES.items()}


class Found(NamedTuple):
    """A message, the key under which the one who asks sees it, and to whom it was said in private."""

    message: Message
    conversation: str
    partner: User | None


@command("REDACT", params=2)
async def redact(ctx: Context, line: Line) -> None:
    """``REDACT <target> <msgid> [:reason]``"""
    target, msgid = line.params[:2]
    place = _place(ctx, target)
    history = ctx.world.settings.history
    if not (history.enabled and history.redaction):
        raise Failed("REDACT", "REDACT_FORBIDDEN", target, msgid, text="What was said stays here")
    found = await _find(ctx, place, msgid)
    if found is None and not isinstance(place, Channel) and place not in ctx.world.users:
        raise _no_target(target)
    if found is None:
        raise Failed("REDACT", "UNKNOWN_MSGID", target, msgid, text="There is no such message here")
    if _place(ctx, target) != place:  # who was thrown out meanwhile may not any more
        raise _no_target(target)
    channel = place if isinstance(place, Channel) else None
    is_own = _is_own(ctx, found.message)
    if not is_own and (channel is None or channel.rank_of(ctx.user) < OPERATOR):
        raise Failed("REDACT", "REDACT_FORBIDDEN", target, msgid, text="It is not yours to delete")
    ctx.world.check_can_keep(target)
    reason = cut_bytes(line.param(2), ctx.world.settings.limits.kick_length)
    about = [msgid, reason] if reason else [msgid]
    if channel is not None:
        if not is_own:
            note_act(ctx, channel, "REDACT", msgid)
        _in_channel(ctx, channel, found, about)
    else:
        _between_two(ctx, found, about)


def _place(ctx: Context, target: str) -> Place:
    """The conversation that ``target`` means to the asker; raise `Failed` unless they may read there."""
    place = place_of(ctx, target)
    if place is None:
        raise _no_target(target)
    return place


def _no_target(target: str) -> Failed:
    return Failed("REDACT", "INVALID_TARGET", target, text="You cannot delete messages there")


async def _find(ctx: Context, place: Place, msgid: str) -> Found | None:
    """The message of that id in ``place``, as far as the asker may read it, and nobody else takes it back."""
    try:
        stamp = parse_msgid(msgid)
    except ValueError:
        return None
    with ctx.world.redactions.noted() as gone:
        await ctx.world.settled()
        for key in keys_of(ctx, [place]):
            for message in await ctx.world.history.read(Span(key, stamp - 1, stamp + 1, 1, events=True)):
                if message.command in _REDACTABLE:
                    found = Found(message, key, await _partner(ctx, message))
                    return None if stamp in gone else found
    return None


async def _partner(ctx: Context, message: Message) -> User | None:
    """Who has the nick that a direct message went to, if it went to them and not to somebody before them."""
    world = ctx.world
    holder = world.users.get(world.fold(message.target))
    if holder is None:
        return None
    key = holder.conversation_with(world.fold(nick_of(message.source)))
    span = Span(key, message.stamp - 1, message.stamp + 1, 1, events=True)
    return holder if await world.history.read(span) else None


def _is_own(ctx: Context, message: Message) -> bool:
    """Whether the one who asks has said ``message``."""
    user, account = ctx.user, ctx.world.accounts.of(ctx.user)
    if message.account:
        # Somebody else may have had an account of that name before.
        is_same = account is not None and account.name == message.account
        return is_same and account is not None and message.stamp >= account.created * 1_000_000
    # A guest's own is what was said under their name since they have it.
    return message.source == user.source and message.stamp > user.named


def _in_channel(ctx: Context, channel: Channel, found: Found, about: list[str]) -> None:
    """Delete ``found`` and tell those who heard it."""
    message = ctx.world.scribe.act(ctx.user, "REDACT", channel.name, *about)
    ctx.world.redactions.redact(Redaction(found.message.stamp, (found.conversation,)))
    ctx.world.delivery.keep(message, found.conversation)
    least = _LEAST.get(found.conversation[0])
    ctx.tell(message, channel.audience if least is None else channel.standing(least))


def _between_two(ctx: Context, found: Found, about: list[str]) -> None:
    """Delete ``found`` from both sides, and tell the other, if they are here, and one's own connections."""
    world, user, partner = ctx.world, ctx.user, found.partner
    pair = (nick_of(found.message.source), found.message.target)
    message = world.scribe.act(user, "REDACT", found.message.target, *about)
    keys = [found.conversation]
    told = set(user.sessions)
    if partner is not None and partner is not user:
        keys.append(partner.conversation_with(world.fold(pair[0])))
        told |= set(partner.sessions)
    world.redactions.redact(Redaction(found.message.stamp, tuple(keys), tuple(map(world.fold, pair))))
    for key in keys:
        world.delivery.keep(message, key)
    ctx.tell(message, Audience(told))
