"""CAP: which extensions a client speaks (IRCv3 capability-negotiation, versions 3.1 and 302)."""

from __future__ import annotations

from chatapp.commands.accounts import offered_registration
from chatapp.commands.authentication import abort, mechanisms
from chatapp.commands.context import Context
from chatapp.commands.registration import complete_registration
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.core.settings import Settings
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_INVALIDCAPCMD

#: Bytes of capability names in one line of CAP LS 302 or LIST; leaves room for the beginning of the line.
_LINE_BYTES = 400


@command("CAP", params=1, before_registration=True)
def cap(ctx: Context, line: Line) -> None:
    """``CAP LS [version]``, ``LIST``, ``REQ :names``, ``END``."""
    subcommand = line.params[0].upper()
    match subcommand:
        case "LS":
            _list_offered(ctx, line.param(1))
        case "LIST":
            say_list(ctx, "LIST", sorted(ctx.session.caps))
        case "REQ":
            _request(ctx, line.param(1))
        case "END":
            _end(ctx)
        case _:
            raise Refused(ERR_INVALIDCAPCMD, line.params[0])


def offered(settings: Settings) -> dict[str, str]:
    """The capabilities of a server with ``settings``."""
    history = settings.history
    hidden = set() if history.enabled else {caps.CHATHISTORY, caps.EVENT_PLAYBACK, caps.PLAYBACK, caps.SEARCH}
    if not (history.enabled and history.redaction):
        hidden.add(caps.MESSAGE_REDACTION)
    if not history.playback:
        hidden.add(caps.PLAYBACK)
    if settings.accounts.always_on == "disabled":
        hidden.add(caps.PERSISTENCE)
    if not settings.metadata.enabled:
        hidden |= {caps.METADATA_2, caps.METADATA_3}
    values = _values(settings)
    return {name: values.get(name, value) for name, value in caps.OFFERED.items() if name not in hidden}


def _values(settings: Settings) -> dict[str, str]:
    """What the capabilities tell of our limits."""
    limits, metadata = settings.limits, settings.metadata
    early = "before-connect," if metadata.before_connect else ""
    told = (
        f"{early}max-subs={metadata.max_subscriptions},max-keys={metadata.max_keys},"
        f"max-value-bytes={metadata.max_value_bytes}"
    )
    return {
        caps.METADATA_2: told,
        caps.METADATA_3: told,
        caps.MULTILINE: f"max-bytes={limits.multiline_bytes},max-lines={limits.multiline_lines}",
    }


def offered_to(ctx: Context) -> dict[str, str]:
    """What is offered at this connection: no passwords where others could read them on their way."""
    accounts = {
        caps.SASL: ",".join(mechanisms(ctx)) or None,
        caps.ACCOUNT_REGISTRATION: offered_registration(ctx),
    }
    told = ((name, accounts.get(name, value)) for name, value in offered(ctx.world.settings).items())
    return {name: value for name, value in told if value is not None}


def _transport_security(ctx: Context) -> dict[str, str]:
    """Where clients find TLS, and how long they shall want it (IRCv3 sts); told, and never asked for."""
    world, duration = ctx.world, ctx.world.settings.server.sts_duration
    if not world.vouched_port:
        return {}
    if ctx.session.is_secure:
        return {caps.STS: f"duration={duration}"}
    return {caps.STS: f"port={world.vouched_port}"} if duration else {}


def _list_offered(ctx: Context, version: str) -> None:
    session = ctx.session
    _suspend(ctx)
    if version.isdecimal():
        session.cap_version = max(session.cap_version, min(int(version), 302))
    modern = session.cap_version >= 302
    if modern:
        session.negotiate(session.caps | {caps.CAP_NOTIFY})
    told = offered_to(ctx)
    if modern:
        told |= _transport_security(ctx)
    else:
        told = {name: value for name, value in told.items() if name not in caps.ONLY_FOR_302}
    say_list(ctx, "LS", caps.format_caps(told, with_values=modern))


def _request(ctx: Context, text: str) -> None:
    """All or nothing; the answer repeats the request to the letter."""
    _suspend(ctx)
    wanted = set(ctx.session.caps)
    known = offered_to(ctx)
    for word in text.split(" "):
        name = word.removeprefix("-")
        if not word:
            continue
        if name not in known:
            _repeat(ctx, "NAK", text)
            return
        if name == word:
            wanted.add(name)
        else:
            wanted.discard(name)
    _repeat(ctx, "ACK", text)
    ctx.session.negotiate(frozenset(wanted))


def _more(subcommand: str) -> list[str]:
    """What says that a list goes on; word of what comes and goes is whole in each line."""
    return ["*"] if subcommand in ("LS", "LIST") else []


def _repeat(ctx: Context, answer: str, text: str) -> None:
    """Repeat a request to the letter; one that is too long with its answer before it in several lines."""
    room = _room(ctx, answer)
    while len(text.encode()) > room and (cut := text[:room].rfind(" ")) > 0:
        ctx.reply("CAP", ctx.session.nick, answer, text[:cut], colon=True)
        text = text[cut + 1 :]
    ctx.reply("CAP", ctx.session.nick, answer, text, colon=True)


def _room(ctx: Context, subcommand: str) -> int:
    """How many bytes fit in a line behind its beginning."""
    return BODY_BYTES - 2 - len(f":{ctx.world.name} CAP {ctx.session.nick} {subcommand} :".encode())


def _end(ctx: Context) -> None:
    registration = ctx.session.registration
    if registration is not None:
        registration.caps_open = False
        if ctx.session.login is not None:
            abort(ctx)
        complete_registration(ctx)


def _suspend(ctx: Context) -> None:
    """Registration waits for CAP END from now on."""
    if ctx.session.registration is not None:
        ctx.session.registration.caps_open = True


def say_list(ctx: Context, subcommand: str, words: list[str]) -> None:
    """One line for those who know no better, of whole names; as many as it takes for version 302."""
    session, room = ctx.session, _room(ctx, subcommand)
    lines = [""]
    for word in words:
        if session.cap_version >= 302 and lines[-1] and len(lines[-1]) + len(word) >= _LINE_BYTES:
            lines.append("")
        elif len(lines[-1]) + len(word) >= room:
            break
        lines[-1] += f" {word}" if lines[-1] else word
    *more, last = lines
    for text in more:
        ctx.reply("CAP", ctx.session.nick, subcommand, *_more(subcommand), text, colon=True)
    ctx.reply("CAP", ctx.session.nick, subcommand, last, colon=True)
