"""REGISTER, VERIFY: making an account (IRCv3 draft/account-registration)."""

from __future__ import annotations

import re

from chatapp.commands.context import Context
from chatapp.commands.login import (
    INSECURE,
    NotProven,
    check_name,
    check_password,
    create_account,
    knows_password,
    log_in,
    wanted_nick,
)
from chatapp.commands.table import command
from chatapp.core.account import Account
from chatapp.core.errors import Failed
from chatapp.irc.line import Line

#: Good enough to tell an address from a slip; whether it exists is not asked.
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@command("REGISTER", params=3, before_registration=True)
async def register(ctx: Context, line: Line) -> None:
    """``REGISTER account|* email|* password``: who speaks has that account from then on."""
    account = await register_as(ctx, *line.params[:3])
    ctx.reply("REGISTER", "SUCCESS", account.name, "The account is yours, and you are logged in", colon=True)
    try:
        log_in(ctx, account)
    except NotProven as why:  # another connection has logged in to something else meanwhile
        raise _failed("ALREADY_AUTHENTICATED", account.name, text=str(why)) from None


async def register_as(ctx: Context, asked: str, email: str, password: str) -> Account:
    """A new account for who speaks, whom the caller logs in.

    Raises:
        Failed: It cannot be made.
    """
    _check_may_register(ctx, asked)
    name = _name_for(ctx, asked)
    check_name(ctx.world, name)
    _check_is_not_held(ctx, name)
    world, address = ctx.world, ctx.session.address
    if not world.logins.may_make(address, world.steady()):
        words = "Too many accounts were made from your address; try again in an hour"
        raise _failed("TEMPORARILY_UNAVAILABLE", name, text=words)
    email = _email_for(ctx, name, email)
    check_password(world.settings.accounts, name, password)
    world.logins.made(address, world.steady())  # before it is: others may ask while the password is worked on
    return await create_account(world, name, password, email)


@command("VERIFY", params=2, before_registration=True)
def verify(ctx: Context, line: Line) -> None:
    """``VERIFY account code``: no account here waits for a code."""
    name = line.params[0]
    raise Failed("VERIFY", "INVALID_CODE", name, text="No account here waits to be verified")


def offered_registration(ctx: Context) -> str | None:
    """The value of the capability; ``None`` where people cannot register."""
    settings = ctx.world.settings.accounts
    if ctx.world.proofs is None or not settings.registration or not ctx.session.keeps_secrets:
        return None
    words = {
        "before-connect": settings.registration_before_connect,
        "email-required": settings.registration_requires_email,
        "custom-account-name": settings.registration_custom_name,
    }
    return ",".join(word for word, is_so in words.items() if is_so)


def _check_may_register(ctx: Context, asked: str) -> None:
    settings, session = ctx.world.settings.accounts, ctx.session
    if not settings.registration:
        raise _failed("DISALLOWED", asked, text="Only the operators of this server make accounts")
    if session.registration is not None and not (
        settings.registration_before_connect and knows_password(ctx, session.registration)
    ):
        raise _failed("COMPLETE_CONNECTION_REQUIRED", asked, text="Come in first, then register")
    if not session.keeps_secrets:
        raise _failed("INSECURE_CONNECTION", asked, text=INSECURE)
    if account := session.account:
        raise _failed("ALREADY_AUTHENTICATED", account, text=f"You are logged in as {account} already")


def _name_for(ctx: Context, asked: str) -> str:
    """The account's name: the nick, as it is spelled there, or what was asked for where that may differ."""
    nick = wanted_nick(ctx.session)
    if ctx.world.settings.accounts.registration_custom_name and asked != "*":
        return asked
    if not nick:
        raise _failed("NEED_NICK", asked, text="Choose a nick first: it becomes the account's name")
    if asked != "*" and ctx.world.fold(asked) != ctx.world.fold(nick):
        raise _failed("ACCOUNT_NAME_MUST_BE_NICK", asked, text=f"The account is called as you are: {nick}")
    return nick


def _check_is_not_held(ctx: Context, name: str) -> None:
    """Nobody registers a name out from under the one who uses it."""
    holder = ctx.world.users.get(ctx.world.fold(name))
    if holder is not None and holder is not ctx.session.user:
        raise _failed("ACCOUNT_EXISTS", name, text="Somebody else uses this name now")


def _email_for(ctx: Context, name: str, email: str) -> str:
    is_needed = ctx.world.settings.accounts.registration_requires_email
    if email == "*" and not is_needed:
        return ""
    if not (_EMAIL.fullmatch(email) and email.isprintable()):
        raise _failed("INVALID_EMAIL", name, text="This is no e-mail address")
    return email


def _failed(code: str, account: str, text: str) -> Failed:
    return Failed("REGISTER", code, account, text=text)
