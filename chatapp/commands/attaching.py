"""Being let in: as a new user, or as one more connection of somebody who is here already."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.commands.context import Context
from chatapp.commands.login import become
from chatapp.commands.membership import show_room
from chatapp.commands.metadata import take_along
from chatapp.commands.welcome import welcome
from chatapp.core.errors import Refused
from chatapp.core.ownership import (
    check_is_free,
    is_always_on,
    is_strict,
    must_give_way,
    name_near,
    present_user,
)
from chatapp.core.session import Registration
from chatapp.core.user import User
from chatapp.core.world import World
from chatapp.irc.line import format_body
from chatapp.irc.numerics import ERR_NICKNAMEINUSE


def enter(ctx: Context, registration: Registration) -> None:
    """Let in who has said all there is to say.

    Raises:
        Refused: The nick is not to be had; another one may be.
    """
    world = ctx.world
    account = world.accounts.find(registration.account) if registration.account else None
    here = present_user(world, account, registration.nick) if account is not None else None
    if here is not None:
        _attach(ctx, here, registration)
        return
    if account is not None and is_strict(world) and is_always_on(world, account):
        registration.nick = account.name  # who stays has one name, by which they are found
    take_nick(ctx, registration.nick)
    newcomer = User(
        registration.nick,
        world.fold(registration.nick),
        registration.user_name,
        world.host_of(ctx.session.address),
        registration.realname,
        world.new_owner(),
        world.now(),
    )
    world.register(ctx.session, newcomer)
    for mode in world.settings.users.default_modes + registration.modes:
        newcomer.set_mode(mode, True)
    if account is not None:
        become(world, newcomer, account, ctx.session)
    take_along(ctx, registration.metadata)
    newcomer.set_away(ctx.session.away)
    welcome(ctx)
    world.report(
        _("%(nick)s came in from %(address)s"), {"nick": newcomer.nick, "address": ctx.session.address}
    )


def take_nick(ctx: Context, wanted: str) -> None:
    """See to it that who speaks may have the nick ``wanted`` now; a guest on an account's name gives way.

    Raises:
        Refused: It is somebody else's.
    """
    world, user, account = ctx.world, ctx.session.user, ctx.session.account
    speaks_for = user or ctx.session.registration
    is_operator = speaks_for is not None and "o" in speaks_for.modes
    check_is_free(world, wanted, account, is_operator)
    holder = world.users.get(world.fold(wanted))
    if holder is None or holder is user:
        world.check_is_nobodys(wanted, user)
        return
    if not must_give_way(world, holder, wanted, account):
        raise Refused(ERR_NICKNAMEINUSE, wanted)
    _move_away(world, holder)


def _attach(ctx: Context, user: User, registration: Registration) -> None:
    """One more connection of ``user``: it hears where they are, and others of nothing."""
    world, session = ctx.world, ctx.session
    if not user.sessions:
        _come_from(ctx, user)
    user.attach(session)
    for mode in registration.modes:
        user.set_mode(mode, True)
    take_along(ctx, registration.metadata)
    welcome(ctx)
    for channel in list(user.channels):
        show_room(ctx, channel)
    world.refresh_away(user, but=session)


def _come_from(ctx: Context, user: User) -> None:
    """``user``, who stayed unconnected, is seen where they come from now (IRCv3 chghost)."""
    world, host = ctx.world, ctx.world.host_of(ctx.session.address)
    if host != user.host:
        message = world.scribe.act(user, "CHGHOST", user.user_name, host)
        world.delivery.tell(message, world.monitor.onlookers(user))
        user.rehost(host)
        world.keep_presence(user)


def _move_away(world: World, holder: User) -> None:
    """``holder`` sits on the name of an account whose owner has come: they get the nearest free one."""
    taken = holder.nick
    message = world.scribe.act(holder, "NICK", nick := name_near(world, taken))
    world.rename(holder, nick)
    for channel in holder.channels:
        world.keep_event(message, channel, holder)
    world.delivery.tell(message, holder.peers())
    words = f"{taken} is registered, and its owner has come: you are {nick} now"
    for session in holder.sessions:
        world.delivery.send(session, format_body(world.name, "NOTICE", [nick, words], colon=True))
