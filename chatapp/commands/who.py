"""WHO: who is in a channel, who has a nick, whom a mask finds (Modern IRC "WHO message"; IRCv3 WHOX)."""

from __future__ import annotations

from collections.abc import Iterator

from chatapp.commands.channels import shown_prefixes
from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.core.user import BOT, User
from chatapp.core.visibility import may_see_address, may_see_member, may_see_members, may_see_user
from chatapp.irc.line import Line
from chatapp.irc.names import is_channel_name, matches, visible_host
from chatapp.irc.numerics import RPL_ENDOFWHO, RPL_WHOREPLY, RPL_WHOSPCRPL

#: The fields of WHOX, in the order they are answered whatever the order they were asked in.
_FIELDS = "tcuihsnfdlaor"
#: What the ``i`` field says where the address is nobody's business.
_HIDDEN_ADDRESS = "255.255.255.255"


@command("WHO")
def who(ctx: Context, line: Line) -> None:
    """``WHO channel|nick|mask [flags][%fields[,token]]``; the flag ``o`` asks for server operators only.

    The channel in the answer is the one that was asked about; to a nick or a mask it is always ``*``.
    """
    asked = line.param(0) or "*"
    flags, _, extended = line.param(1).partition("%")
    letters, _, token = extended.partition(",")
    fields = [field for field in _FIELDS if field in letters]
    for user, channel in _found(ctx, asked):
        if "o" in flags and not user.has_mode("o"):
            continue
        if fields:
            values = _values(ctx, user, channel) | {"t": _valid_token(token)}
            ctx.numeric(RPL_WHOSPCRPL, *(values[field] for field in fields))
        else:
            _tell_plainly(ctx, user, channel)
    ctx.numeric(RPL_ENDOFWHO, asked)


def _found(ctx: Context, asked: str) -> Iterator[tuple[User, Channel | None]]:
    """Whom the question is about, as far as the asker may see them; an exact nick always answers."""
    world, viewer = ctx.world, ctx.user
    folded = world.fold(asked)
    if is_channel_name(asked):
        channel = world.channels.get(folded)
        if channel is not None and may_see_members(viewer, channel):
            for user in channel.members:
                if may_see_user(viewer, user) and may_see_member(viewer, channel, user):
                    yield user, channel
    elif folded in world.users:
        yield world.users[folded], None
    elif folded == "0" or "*" in folded or "?" in folded:
        mask = "*" if folded == "0" else folded
        for user in world.users.values():
            if _is_matched(ctx, mask, user) and may_see_user(viewer, user):
                yield user, None


def _is_matched(ctx: Context, mask: str, user: User) -> bool:
    """Whether ``mask`` matches the nick, the user name, the host, all three as a source, or the realname."""
    fold = ctx.world.fold
    if mask == "*" or matches(mask, user.folded):
        return True
    return any(matches(mask, fold(text)) for text in (user.user_name, user.host, user.source, user.realname))


def _tell_plainly(ctx: Context, user: User, channel: Channel | None) -> None:
    ctx.numeric(
        RPL_WHOREPLY,
        channel.name if channel else "*",
        user.user_name,
        user.host,
        ctx.world.name,
        user.nick,
        _flags(ctx, user, channel),
        text=f"0 {user.realname}",
    )


def _values(ctx: Context, user: User, channel: Channel | None) -> dict[str, str]:
    """Every field of WHOX but the token."""
    sees_address = may_see_address(ctx.user, user)
    return {
        "c": channel.name if channel else "*",
        "u": user.user_name,
        "i": visible_host(user.address) if sees_address else _HIDDEN_ADDRESS,
        "h": user.host,
        "s": ctx.world.name,
        "n": user.nick,
        "f": _flags(ctx, user, channel),
        "d": "0",
        "l": str(max(ctx.world.now() - user.spoke, 0)),
        "a": user.account or "0",
        "o": "n/a",
        "r": user.realname,
    }


def _flags(ctx: Context, user: User, channel: Channel | None) -> str:
    """``H`` here or ``G`` gone, ``*`` server operator, ``B`` bot, then the prefixes in ``channel``."""
    presence = "G" if user.away else "H"
    operator = "*" if user.has_mode("o") else ""
    bot = BOT if user.is_bot else ""
    return presence + operator + bot + (shown_prefixes(ctx, channel.members[user]) if channel else "")


def _valid_token(token: str) -> str:
    """One to three digits, as WHOX has it; anything else is answered as 0."""
    return token if len(token) <= 3 and token.isascii() and token.isdigit() else "0"
