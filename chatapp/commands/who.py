"""WHO: who is in a channel, who has a nick, whom a mask finds (Modern IRC "WHO message"; IRCv3 WHOX)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from chatapp.commands.channels import shown_prefixes
from chatapp.commands.context import Context
from chatapp.commands.many import tell_each
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
def who(ctx: Context, line: Line) -> Awaitable[None] | None:
    """``WHO channel|nick|mask [flags][%fields[,token]]``; the flag ``o`` asks for server operators only.

    The channel in the answer is the one that was asked about; to a nick or a mask it is always ``*``.
    """
    asked = line.param(0) or "*"
    flags, _, extended = line.param(1).partition("%")
    letters, _, token = extended.partition(",")
    fields = [field for field in _FIELDS if field in letters]
    channel = ctx.world.channels.get(ctx.world.fold(asked)) if is_channel_name(asked) else None
    people, is_found = _in(ctx, channel) if channel is not None else _called(ctx, asked)

    def tell(user: User) -> None:
        if not is_found(user) or ("o" in flags and not user.has_mode("o")):
            return
        if fields:
            values = _values(ctx, user, channel) | {"t": _valid_token(token)}
            ctx.numeric(RPL_WHOSPCRPL, *(values[field] for field in fields))
        else:
            _tell_plainly(ctx, user, channel)

    return tell_each(ctx, list(people), tell, lambda: ctx.numeric(RPL_ENDOFWHO, asked))


_People = tuple[Iterable[User], Callable[[User], bool]]


def _in(ctx: Context, channel: Channel) -> _People:
    """Who is in ``channel``, and whether one of them is there for the asker to see."""
    viewer = ctx.user

    def is_found(user: User) -> bool:
        return (
            user in channel.members
            and may_see_members(viewer, channel)
            and may_see_user(viewer, user)
            and may_see_member(viewer, channel, user)
        )

    return channel.members, is_found


def _called(ctx: Context, asked: str) -> _People:
    """Who may be called so, and whether one of them is, as far as the asker sees; a nick always answers."""
    users, folded = ctx.world.users, ctx.world.fold(asked)
    if folded in users:
        return [users[folded]], lambda user: True
    if folded != "0" and "*" not in folded and "?" not in folded:
        return [], lambda user: False
    mask = "*" if folded == "0" else folded

    def is_found(user: User) -> bool:
        return (
            users.get(user.folded) is user and _is_matched(ctx, mask, user) and may_see_user(ctx.user, user)
        )

    return users.values(), is_found


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
