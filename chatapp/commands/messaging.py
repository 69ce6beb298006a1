"""PRIVMSG, NOTICE, TAGMSG: saying things (Modern IRC "Sending Messages"; IRCv3 message-tags)."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from contextlib import suppress

from chatapp.commands.context import Context
from chatapp.commands.playback import PLAYBACK, play
from chatapp.commands.services import SERVICE_NAMES, ask_service
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.errors import Refused
from chatapp.core.member import RANKS, STATUS_TARGETS
from chatapp.core.message import SAID, Message
from chatapp.core.multiline import add_lines
from chatapp.core.speech import check_is_turn, check_may_speak, hearers
from chatapp.core.user import User
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, format_tags, is_tag_key
from chatapp.irc.names import CHANNEL_PREFIX
from chatapp.irc.numerics import (
    ERR_CANNOTSENDTOCHAN,
    ERR_CANTSENDTOUSER,
    ERR_INPUTTOOLONG,
    ERR_NEEDREGGEDNICK,
    ERR_NORECIPIENT,
    ERR_NOTEXTTOSEND,
    ERR_TOOMANYTARGETS,
    RPL_AWAY,
)
from chatapp.irc.text import parse_ctcp

#: What answers by itself.
_DESKS = frozenset({PLAYBACK, *SERVICE_NAMES})


@command("PRIVMSG")
def privmsg(ctx: Context, line: Line) -> Awaitable[None] | None:
    if len(line.params) < 2 or not line.params[1]:
        raise Refused(ERR_NOTEXTTOSEND if line.params else ERR_NORECIPIENT)
    if line.params[0].lower() in _DESKS:
        return _ask(ctx, line.params[0], line.params[1])
    for target in _targets(ctx, line):
        try:
            _say(ctx, line, target, (line.params[1],))
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)
    return None


def _ask(ctx: Context, name: str, text: str) -> Awaitable[None] | None:
    """What is asked of nobody who is here, but of the server."""
    return play(ctx, text) if name.lower() == PLAYBACK else ask_service(ctx, name, text)


@command("NOTICE")
def notice(ctx: Context, line: Line) -> None:
    """As PRIVMSG, but no error is answered, so that programs never answer each other's errors."""
    if len(line.params) < 2 or not line.params[1]:
        return
    targets = line.params[0].split(",")[: ctx.world.settings.limits.message_targets]
    for target in _each_once(ctx, targets):
        with suppress(Refused):
            _say(ctx, line, target, (line.params[1],))


@command("TAGMSG")
def tagmsg(ctx: Context, line: Line) -> None:
    if not line.params:
        raise Refused(ERR_NORECIPIENT)
    if not ctx.has(caps.MESSAGE_TAGS) or _is_still_typing(ctx, line):
        return
    for target in _targets(ctx, line):
        try:
            _say(ctx, line, target, ())
        except Refused as no:
            ctx.numeric(no.numeric, *no.about, text=no.text)


def _is_still_typing(ctx: Context, line: Line) -> bool:
    """Whether all that ``line`` says was said in this very second: that someone writes there."""
    state = line.tags.get("+typing")
    if state is None or any(key[0] == "+" and key != "+typing" for key in line.tags):
        return False
    before, ctx.session.typing = ctx.session.typing, (line.params[0], state, ctx.world.steady())
    return before == ctx.session.typing


def say_lines(ctx: Context, line: Line, texts: tuple[str, ...]) -> None:
    """Say ``texts``, marked as in `chatapp.core.multiline`, to the one target of ``line``."""
    try:
        _say(ctx, line, line.params[0], texts)
    except Refused as no:
        if line.command == "PRIVMSG":
            ctx.numeric(no.numeric, *no.about, text=no.text)


def _targets(ctx: Context, line: Line) -> Iterable[str]:
    """Whom a message is for.

    Raises:
        Refused: There are too many.
    """
    if "," not in line.params[0]:
        return (line.params[0],)
    targets = line.params[0].split(",")
    if len(targets) > ctx.world.settings.limits.message_targets:
        raise Refused(ERR_TOOMANYTARGETS, line.params[0])
    return _each_once(ctx, targets)


def _each_once(ctx: Context, targets: list[str]) -> Iterable[str]:
    """``targets``, none of them twice, in whatever case."""
    if len(targets) == 1:
        return targets
    named: dict[str, str] = {}
    for target in targets:
        named.setdefault(ctx.world.fold(target), target)
    return named.values()


def _say(ctx: Context, line: Line, target: str, text: tuple[str, ...]) -> None:
    world = ctx.world
    if world.mute_reason:
        world.check_can_keep(target)
    if target[:1] == CHANNEL_PREFIX:
        _to_channel(ctx, line, world.channel(target), "", text)
    elif target[:1] in STATUS_TARGETS and target[1:2] == CHANNEL_PREFIX:
        channel = ctx.world.channel(target[1:])
        _to_channel(ctx, line, channel, target[0], text)
    else:
        _to_user(ctx, line, ctx.world.user(target), text)


def _to_channel(ctx: Context, line: Line, channel: Channel, status: str, text: tuple[str, ...]) -> None:
    user = ctx.user
    check_may_speak(channel, user)
    if "C" in channel.modes and _has_foreign_ctcp(text):
        raise Refused(ERR_CANNOTSENDTOCHAN, channel.name, text="Cannot send to channel (+C): no CTCP here")
    message = _message(ctx, line, user, status + channel.name, text)
    is_lasting = _is_lasting(ctx, message)
    if channel.slow and (text or is_lasting):
        check_is_turn(channel, user, ctx.world.steady(), ctx.world.now() - user.signed_on)
    audience, conversation = channel.audience, channel.folded
    if status or "U" in channel.modes:
        audience, conversation = hearers(channel, user, RANKS[STATUS_TARGETS.get(status, "")])
    if is_lasting:
        ctx.world.delivery.keep(message, conversation)
        if not channel.has_history:
            channel.has_history = True
            ctx.world.delivery.keep_channel(channel)
    ctx.tell(message, audience, echo=caps.ECHO_MESSAGE in ctx.session.caps)


def _to_user(ctx: Context, line: Line, target: User, text: tuple[str, ...]) -> None:
    user = ctx.user
    delivery = ctx.world.delivery
    if target.modes and target is not user:
        _check_takes(ctx, target, text)
    message = _message(ctx, line, user, target.nick, text)
    if user.has_mode("R") and not target.account:
        ctx.world.accepts.add(user, target)
    if _is_lasting(ctx, message):
        delivery.keep(message, user.conversation_with(target.folded))
        if target is not user:
            delivery.keep(message, target.conversation_with(user.folded))
    for session in target.sessions:
        delivery.relay(message, session)
    if target is not user:
        for session in user.sessions:
            if session is not ctx.session:
                delivery.relay(message, session)
    if ctx.has(caps.ECHO_MESSAGE):
        ctx.relay(message)
    if target.away and line.command == "PRIVMSG":
        ctx.numeric(RPL_AWAY, target.nick, text=target.away)


def _check_takes(ctx: Context, target: User, text: tuple[str, ...]) -> None:
    """Raise `Refused` unless ``target`` takes messages like this one (+T, +R)."""
    user = ctx.user
    if target.has_mode("T") and _has_foreign_ctcp(text):
        raise Refused(ERR_CANTSENDTOUSER, target.nick, text="They take no CTCP (+T)")
    if not target.has_mode("R") or user.account or user.is_operator:
        return
    if not ctx.world.accepts.accepts(target, user):
        raise Refused(ERR_NEEDREGGEDNICK, target.nick, text="They hear only those with an account (+R)")


def _message(ctx: Context, line: Line, user: User, target: str, text: tuple[str, ...]) -> Message:
    tags = _client_tags(line) if line.tags and ctx.has(caps.MESSAGE_TAGS) else ""
    message = ctx.world.scribe.utter(user, line.command, (target, *text[:1]), tags)
    body = message.body
    if (len(body) if body.isascii() else len(body.encode())) > BODY_BYTES - 2:
        raise Refused(ERR_INPUTTOOLONG)
    if len(text) > 1:
        message.body = add_lines(body, text[1:])
    user.spoke = message.stamp // 1_000_000
    return message


def _client_tags(line: Line) -> str:
    """The tags that are the sender's to give: those with ``+``. Others are ours, or nobody's."""
    return format_tags({key: value for key, value in line.tags.items() if key[0] == "+" and is_tag_key(key)})


def _is_lasting(ctx: Context, message: Message) -> bool:
    history = ctx.world.settings.history
    if message.command in SAID or not history.enabled:
        return history.enabled
    lasting = history.store_tagmsg_with
    return any(tag.partition("=")[0] in lasting for tag in message.tags.split(";"))


def _has_foreign_ctcp(text: tuple[str, ...]) -> bool:
    """Whether a line of ``text`` is a CTCP other than ACTION; those after the first are marked."""
    parsed = map(parse_ctcp, (*text[:1], *(line[1:] for line in text[1:])))
    return any(ctcp is not None and ctcp[0] != "ACTION" for ctcp in parsed)
