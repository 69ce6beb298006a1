"""PASS, NICK, USER, PING, PONG, QUIT: being let in, staying, going (Modern IRC "Connection Messages")."""

from __future__ import annotations

from chatapp.commands.attaching import enter, take_nick
from chatapp.commands.bans import check_is_welcome, check_may_be_called
from chatapp.commands.context import Context
from chatapp.commands.login import knows_password, may_guess_entry
from chatapp.commands.table import command
from chatapp.core.errors import Disconnect, Refused
from chatapp.core.ownership import settle_presence
from chatapp.core.session import Registration
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.names import is_nick, user_name_from
from chatapp.irc.numerics import (
    ERR_ALREADYREGISTRED,
    ERR_ERRONEUSNICKNAME,
    ERR_INPUTTOOLONG,
    ERR_NEEDMOREPARAMS,
    ERR_NONICKNAMEGIVEN,
    ERR_NOORIGIN,
    ERR_PASSWDMISMATCH,
)
from chatapp.irc.text import cut_bytes

_TOO_MANY = "Too many wrong passwords from your address; try again in a minute"


@command("PASS", params=1, before_registration=True)
def password(ctx: Context, line: Line) -> None:
    _registration(ctx).password = line.params[0]


@command("NICK", before_registration=True)
def nick(ctx: Context, line: Line) -> None:
    wanted = line.param(0)
    settings = ctx.world.settings
    if not wanted:
        raise Refused(ERR_NONICKNAMEGIVEN)
    if not is_nick(wanted, settings.limits.nick_length, settings.server.casemapping):
        raise Refused(ERR_ERRONEUSNICKNAME, wanted)
    registration = ctx.session.registration
    if registration is None:
        check_may_be_called(ctx, wanted)
        take_nick(ctx, wanted)
        _rename(ctx, wanted)
        return
    registration.refused = wanted
    if not (registration.caps_open or registration.account):  # else whose it is shows when they come in
        take_nick(ctx, wanted)
    registration.nick = wanted
    complete_registration(ctx)


@command("USER", params=4, before_registration=True)
def user(ctx: Context, line: Line) -> None:
    registration = _registration(ctx)
    name, _mode, _unused, realname = line.params[:4]
    if not name or not realname.strip():
        raise Refused(ERR_NEEDMOREPARAMS, "USER")
    limits = ctx.world.settings.limits
    registration.user_name = cut_bytes(user_name_from(name), limits.user_length)
    registration.realname = cut_bytes(realname, limits.realname_length)
    complete_registration(ctx)


@command("PING", before_registration=True)
def ping(ctx: Context, line: Line) -> None:
    if not line.param(0):
        raise Refused(ERR_NOORIGIN)
    room = BODY_BYTES - 2 - len(f":{ctx.world.name} PONG {ctx.world.name} :")
    if len(line.params[0].encode()) > room:  # half a token would be another one
        raise Refused(ERR_INPUTTOOLONG)
    ctx.reply("PONG", ctx.world.name, line.params[0], colon=True)


@command("PONG", before_registration=True)
def pong(ctx: Context, line: Line) -> None:
    """That anything came at all has been noted where the line came in."""


@command("QUIT", before_registration=True)
def quit_(ctx: Context, line: Line) -> None:
    reason = line.param(0)
    raise Disconnect(f"Quit: {reason}" if reason else "Quit")


def complete_registration(ctx: Context) -> None:
    """Let the session in once it has said all there is to say; else wait for more."""
    registration = ctx.session.registration
    if registration is None or registration.caps_open or not (registration.nick and registration.user_name):
        return
    _check_password(ctx, registration)
    check_is_welcome(ctx, registration)
    try:
        enter(ctx, registration)
    except Refused:
        registration.nick = ""
        raise


def _check_password(ctx: Context, registration: Registration) -> None:
    if not knows_password(ctx, registration):
        why = "" if may_guess_entry(ctx) else _TOO_MANY
        ctx.numeric(ERR_PASSWDMISMATCH, text=why)
        raise Disconnect(why or "The password is wrong or missing")


def _registration(ctx: Context) -> Registration:
    if ctx.session.registration is None:
        raise Refused(ERR_ALREADYREGISTRED)
    return ctx.session.registration


def _rename(ctx: Context, wanted: str) -> None:
    world, who = ctx.world, ctx.user
    if wanted == who.nick:
        return
    message = world.scribe.act(who, "NICK", wanted)
    world.rename(who, wanted)
    if account := world.accounts.of(who):
        settle_presence(world, who, account)  # now that they have the account's name, or a name of their own
    for channel in who.channels:
        world.keep_event(message, channel, who)
    ctx.tell(message, who.peers())
