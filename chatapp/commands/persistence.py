"""PERSISTENCE: whether one stays in one's channels while not connected (IRCv3 draft/persistence)."""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.account import Account
from chatapp.core.errors import Failed
from chatapp.core.ownership import choose_always_on
from chatapp.irc import caps
from chatapp.irc.line import Line, format_body

_CHOICES: dict[str, bool | None] = {"ON": True, "OFF": False, "DEFAULT": None}
_WORDS = {choice: word for word, choice in _CHOICES.items()}


@command("PERSISTENCE", params=1)
def persistence(ctx: Context, line: Line) -> None:
    """``PERSISTENCE GET | SET ON | SET OFF | SET DEFAULT``; what else there may be one day is passed over."""
    subcommand = line.params[0].upper()
    if subcommand not in ("GET", "SET"):
        return
    account = ctx.world.accounts.of(ctx.user)
    if account is None:
        raise Failed("PERSISTENCE", "ACCOUNT_REQUIRED", text="Who stays must have an account to come back to")
    if subcommand == "SET":
        word = line.param(1).upper()
        if word not in _CHOICES:
            raise Failed("PERSISTENCE", "INVALID_PARAMETERS", text="It is set to ON, OFF or DEFAULT")
        if ctx.world.mute_reason:
            raise Failed("PERSISTENCE", "INTERNAL_ERROR", text=ctx.world.mute_reason)
        choose(ctx, account, _CHOICES[word])
    ctx.reply("PERSISTENCE", *_status(ctx, account))


def choose(ctx: Context, account: Account, choice: bool | None) -> None:
    """Note what the holder of ``account`` chose; their other connections are told."""
    choose_always_on(ctx.world, ctx.user, account, choice)
    body = format_body(ctx.world.name, "PERSISTENCE", _status(ctx, account))
    for session in ctx.user.sessions:
        if session is not ctx.session and caps.PERSISTENCE in session.caps:
            ctx.world.delivery.send(session, body)


def tell_persistence(ctx: Context) -> None:
    """Tell who comes in with an account whether they stay."""
    if ctx.has(caps.PERSISTENCE) and (account := ctx.world.accounts.of(ctx.user)) is not None:
        ctx.reply("PERSISTENCE", *_status(ctx, account))


def _status(ctx: Context, account: Account) -> tuple[str, str, str]:
    return "STATUS", _WORDS[account.always_on], _WORDS[ctx.user.stays]
