"""The welcome burst: 001 to 005, LUSERS, the message of the day (Modern IRC "Connection Registration")."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

from chatapp.commands.channels import NAMES_TARGETS
from chatapp.commands.context import Context
from chatapp.commands.information import VERSION, tell_lusers, tell_motd
from chatapp.commands.persistence import tell_persistence
from chatapp.commands.subscriptions import tell_own
from chatapp.commands.table import command
from chatapp.core.channel import FLAG_MODES, VALUE_MODES
from chatapp.core.errors import Refused
from chatapp.core.masks import EXTBANS, LIST_MODES
from chatapp.core.member import PREFIXES, STATUS_TARGETS
from chatapp.core.settings import Settings
from chatapp.core.user import BOT, USER_MODES
from chatapp.irc import caps
from chatapp.irc.isupport import format_isupport
from chatapp.irc.line import Line
from chatapp.irc.names import CHANNEL_PREFIX
from chatapp.irc.numerics import (
    ERR_NOTREGISTERED,
    RPL_CREATED,
    RPL_HOSTHIDDEN,
    RPL_ISUPPORT,
    RPL_MYINFO,
    RPL_WELCOME,
    RPL_YOURHOST,
)


def welcome(ctx: Context) -> None:
    """Tell a session that it is in, and all it must know."""
    server = ctx.world.settings.server
    began = datetime.fromtimestamp(ctx.world.began, UTC).strftime("%Y-%m-%d %H:%M UTC")
    ctx.numeric(RPL_WELCOME, text=f"Welcome to the {server.network} chat, {ctx.user.source}")
    ctx.numeric(RPL_YOURHOST, text=f"Your host is {server.name}, running {VERSION}")
    ctx.numeric(RPL_CREATED, text=f"This server has been up since {began}")
    ctx.numeric(
        RPL_MYINFO,
        server.name,
        VERSION,
        USER_MODES,
        "".join(sorted(FLAG_MODES + LIST_MODES + "k" + VALUE_MODES + "".join(PREFIXES))),
        "".join(sorted(LIST_MODES + "k" + VALUE_MODES + "".join(PREFIXES))),
    )
    tell_isupport(ctx)
    if server.cloak_hosts:
        ctx.numeric(RPL_HOSTHIDDEN, ctx.user.host)
    tell_persistence(ctx)
    tell_lusers(ctx)
    tell_motd(ctx)
    if ctx.user.modes:
        ctx.reply("MODE", ctx.user.nick, f"+{ctx.user.modes}")
    tell_own(ctx)


@command("ISUPPORT", before_registration=True)
def isupport(ctx: Context, line: Line) -> None:
    """What this server can do, once more; before one is let in for those with draft/extended-isupport."""
    if ctx.session.registration is not None and not ctx.has(caps.EXTENDED_ISUPPORT):
        raise Refused(ERR_NOTREGISTERED)
    tell_isupport(ctx)


def tell_isupport(ctx: Context) -> None:
    """All lines of 005, in a batch for those who know it (IRCv3 draft/extended-isupport)."""
    frame = ctx.framed("draft/isupport") if ctx.has(caps.EXTENDED_ISUPPORT) else nullcontext()
    with frame:
        for tokens in format_isupport(isupport_tokens(ctx.world.settings)):
            ctx.numeric(RPL_ISUPPORT, *tokens)


def isupport_tokens(settings: Settings) -> dict[str, str | None]:
    """What 005 says of us; ``None`` is a token without a value."""
    limits = settings.limits
    said_to = "".join(f",{verb}:{limits.message_targets}" for verb in ("PRIVMSG", "NOTICE", "TAGMSG"))
    said_to += f",MONITOR:{limits.monitor_entries}"
    mapping = settings.server.casemapping
    tokens: dict[str, str | None] = {
        "NETWORK": settings.server.network,
        "CASEMAPPING": "rfc1459" if mapping == "rfc1459" else "ascii",
        "CHANTYPES": CHANNEL_PREFIX,
        "PREFIX": f"({''.join(PREFIXES)}){''.join(PREFIXES.values())}",
        "STATUSMSG": "".join(STATUS_TARGETS),
        "CHANMODES": f"{LIST_MODES},k,{VALUE_MODES},{FLAG_MODES}",
        "EXCEPTS": "e",
        "EXTBAN": f",{EXTBANS}",
        "ACCOUNTEXTBAN": "a",
        "BOT": BOT,
        "INVEX": "I",
        "MAXLIST": f"{LIST_MODES}:{settings.channels.list_mode_entries}",
        "MODES": None,
        "CHANLIMIT": f"{CHANNEL_PREFIX}:{settings.channels.max_per_user or ''}",
        "NICKLEN": str(limits.nick_length),
        "USERLEN": str(limits.user_length),
        "CHANNELLEN": str(limits.channel_length),
        "TOPICLEN": str(limits.topic_length),
        "KICKLEN": str(limits.kick_length),
        "AWAYLEN": str(limits.away_length),
        "NAMELEN": str(limits.realname_length),
        "KEYLEN": str(limits.key_length),
        "TARGMAX": f"JOIN:,PART:,KICK:,NAMES:{NAMES_TARGETS},LIST:1,WHOIS:1{said_to}",
        "MONITOR": str(limits.monitor_entries),
        "ELIST": "CMNTU",
        "SAFELIST": None,
        "UTF8ONLY": None,
        "WHOX": None,
    }
    if settings.history.enabled:
        tokens["CHATHISTORY"] = str(settings.history.query_limit)
        tokens["MSGREFTYPES"] = "msgid,timestamp"
    return tokens
