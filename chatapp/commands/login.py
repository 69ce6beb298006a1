"""The acts behind every way to log in: proving a password, becoming an account, making one, giving it up.

SASL, REGISTER, NickServ and the plain face all come here, so that there is one rule for each.
"""

from __future__ import annotations

import hmac

from chatapp.commands.bans import forget_exceptions
from chatapp.commands.context import Context
from chatapp.commands.metadata import take_over
from chatapp.core.account import Account, is_like, is_reserved
from chatapp.core.addresses import is_local
from chatapp.core.bans import Caller
from chatapp.core.errors import Failed
from chatapp.core.ownership import settle_presence
from chatapp.core.ports import AccountState, Busy, Proofs
from chatapp.core.session import Registration, Session
from chatapp.core.settings import AccountSettings
from chatapp.core.user import User
from chatapp.core.world import World
from chatapp.irc.line import format_body
from chatapp.irc.names import is_nick, source
from chatapp.irc.numerics import RPL_LOGGEDIN, RPL_LOGGEDOUT
from chatapp.irc.scram import is_same

INSECURE = "Passwords are for encrypted connections only: connect with TLS"
_WRONG = "The name or the password is wrong"
_TOO_OFTEN = "Too many wrong passwords; try again in a minute"
_BUSY = "Too many are logging in just now; try again in a moment"
_SHARED = "Other connections share your nick, and their account; leave them, or log in on a new one"
_BANNED = "This account is banned from this server"
_NONE_HERE = "There are no accounts on this server"


class NotProven(Exception):
    """Nobody is logged in by this; ``str()`` says why in words for them."""


def check_may_log_in(ctx: Context) -> Proofs:
    """What checks passwords here.

    Raises:
        NotProven: Others could read the password on its way, or there is nothing to log in to.
    """
    if ctx.world.proofs is None:
        raise NotProven(_NONE_HERE)
    if not ctx.session.keeps_secrets:
        raise NotProven(INSECURE)
    return ctx.world.proofs


def knows_password(ctx: Context, registration: Registration) -> bool:
    """Whether a newcomer has given the server's password, where it has one."""
    wanted, given = ctx.world.settings.server.password, registration.password
    if not wanted:
        return True
    if not may_guess_entry(ctx):
        return False
    is_right = hmac.compare_digest(wanted.encode(), given.encode())
    if given and not is_right:
        ctx.world.entries.missed(ctx.session.address, ctx.world.steady())
    return is_right


def may_guess_entry(ctx: Context) -> bool:
    """Whether fewer wrong passwords of the server came from there lately than may; this machine is free."""
    address = ctx.session.address
    return is_local(address) or ctx.world.entries.may_guess(address, ctx.world.steady())


def check_may_try(ctx: Context, name: str) -> None:
    """Raise `NotProven` if there were too many wrong passwords for ``name``, or from where who speaks is."""
    world, address = ctx.world, ctx.session.address
    if not world.logins.may_try(address, world.fold(name), world.steady()):
        raise NotProven(_TOO_OFTEN)


def note_wrong(ctx: Context, name: str) -> None:
    """Count a wrong password for ``name``."""
    world = ctx.world
    world.logins.missed(ctx.session.address, world.fold(name), world.steady())


def note_right(ctx: Context, name: str) -> None:
    """``name`` has logged in from here: nobody locks it out of here by guessing."""
    ctx.world.logins.succeeded(ctx.session.address, ctx.world.fold(name))


async def prove(ctx: Context, name: str, password: str) -> Account:
    """The account ``name``, of which ``password`` is the password.

    A name that nobody has takes as long as one that somebody has.

    Raises:
        NotProven: It is not, or could not be checked.
    """
    proofs = check_may_log_in(ctx)
    check_may_try(ctx, name)
    account = ctx.world.accounts.find(name)
    is_right = await _is_password(ctx, proofs, account, name, password)
    if not is_right or account is None or account.is_gone:
        note_wrong(ctx, name)
        raise NotProven(_WRONG)
    note_right(ctx, name)
    await _renew(ctx.world, proofs, account, password)
    return account


async def _is_password(
    ctx: Context, proofs: Proofs, account: Account | None, name: str, password: str
) -> bool:
    """Whether ``password`` is that of ``account`` at the end of this call; raise as `prove` does."""
    verifier = account.verifier if account is not None else proofs.unknown(ctx.world.fold(name))
    try:
        # Asked again when its turn has come: a flood of wrong ones is worked on no longer than they may try.
        derived = await proofs.derive(
            password, verifier.salt, verifier.iterations, lambda: check_may_try(ctx, name)
        )
    except Busy:
        raise NotProven(_BUSY) from None
    check_may_try(ctx, name)  # who guesses many at once learns of no more than of one after the other
    if account is not None and account.verifier is not verifier:  # it is another by now
        return await _is_password(ctx, proofs, account, name, password)
    return is_same(derived, verifier)


async def _renew(world: World, proofs: Proofs, account: Account, password: str) -> None:
    """Where the cost of a password was set to another since it was made, keep it at the new one."""
    if account.verifier.iterations == proofs.unknown(account.folded).iterations:
        return
    before = account.verifier
    try:
        renewed = await proofs.create(password)
    except Busy:
        return  # another time
    if account.verifier is before and not account.is_gone:  # else the password is another by now
        account.verifier = renewed
        world.delivery.keep_account(account)


def log_in(ctx: Context, account: Account) -> None:
    """Who speaks is ``account`` from now on, and hears of it with 900.

    Raises:
        NotProven: Other connections share the nick, and would become somebody else unasked; or it is banned.
    """
    session = ctx.session
    if session.ended:
        return  # they have gone while the password was worked on
    if account.is_gone:
        raise NotProven(_WRONG)
    if ctx.world.bans.find(Caller("", "", account.name)):
        raise NotProven(_BANNED)
    if session.registration is not None:
        session.registration.account = account.name
    elif session.user is not None and session.user.account != account.name:
        if session.user.account and len(session.user.sessions) > 1:
            raise NotProven(_SHARED)
        become(ctx.world, session.user, account, session)
    words = f"You are now logged in as {account.name}"
    ctx.numeric(RPL_LOGGEDIN, mask_of(ctx.world, session), account.name, text=words)


def log_out(ctx: Context) -> None:
    """Who speaks is nobody's account any more, and hears of it with 901."""
    become(ctx.world, ctx.user, None, ctx.session)
    ctx.numeric(RPL_LOGGEDOUT, ctx.user.source)


def become(world: World, user: User, account: Account | None, speaker: Session | None = None) -> None:
    """``user`` belongs to ``account``, or to none; all who may know are told, save ``speaker``.

    The user's own connections hear 901 if it is none.
    What they wrote to others from here on is in the account's history; what was before stays where it was.
    """
    left, owner = world.accounts.of(user), user.owner
    user.account = account.name if account is not None else ""
    user.owner = account.owner if account is not None else world.new_owner()
    if account is not None and left is None:
        take_over(world, owner, user)
        world.markers.forget(owner)
    for changed in (left, account):
        if changed is not None:
            settle_presence(world, user, changed)
    message = world.scribe.act(user, "ACCOUNT", user.account or "*")
    world.delivery.tell(message, world.monitor.onlookers(user), speaker)
    if account is None:
        about = [user.nick, user.source, RPL_LOGGEDOUT.text]
        for session in user.sessions:
            if session is not speaker:
                world.delivery.send(session, format_body(world.name, RPL_LOGGEDOUT.code, about, colon=True))


async def create_account(world: World, name: str, password: str, email: str = "") -> Account:
    """A new account, kept with this tick.

    Raises:
        Failed: It cannot be made.
    """
    proofs = world.proofs
    if proofs is None:
        raise _failed("DISALLOWED", name, _NONE_HERE)
    if world.mute_reason:
        raise _failed("TEMPORARILY_UNAVAILABLE", name, world.mute_reason)
    check_name(world, name)
    check_password(world.settings.accounts, name, password)
    try:
        verifier = await proofs.create(password)
    except Busy:
        raise _failed("TEMPORARILY_UNAVAILABLE", name, _BUSY) from None
    check_name(world, name)  # somebody may have been faster
    return add_account(world, AccountState(name, world.now(), verifier, world.new_owner(), email))


def add_account(world: World, state: AccountState) -> Account:
    """Enter ``state`` among the accounts; it is kept with this tick."""
    account = world.accounts.add(state)
    world.delivery.keep_account(account)
    return account


def drop_account(world: World, account: Account) -> None:
    """The account is no more: whoever is logged in to it is a guest, and its channels are nobody's."""
    for channel in list(world.channels.values()):
        if channel.founder == account.name:
            channel.founder = ""
            world.delivery.keep_channel(channel)
            world.close(channel)
    forget_exceptions(world, account)
    stayed = account.user
    for user in list(world.users.values()):
        if user.account == account.name:
            become(world, user, None)
    if stayed is not None and not stayed.sessions:
        world.leave(stayed, "The account is no more")
    for session in world.sessions:  # who is about to come in with it would be whoever has its name next
        if session.registration is not None and session.registration.account == account.name:
            session.registration.account = ""
    world.markers.forget(account.owner)
    world.metadata.forget(account.owner)
    world.accounts.remove(account)
    world.delivery.keep_account(account)


def check_name(world: World, name: str) -> None:
    """Raise `Failed` unless ``name`` can be that of a new account."""
    settings = world.settings
    if not is_nick(name, settings.limits.nick_length, settings.server.casemapping):
        raise _failed("BAD_ACCOUNT_NAME", name, "This cannot be the name of an account")
    if is_reserved(name) or is_like(name, world.name.lower()):
        raise _failed("BAD_ACCOUNT_NAME", name, "This name is the server's own")
    if world.bans.find(Caller("", "", name)):
        raise _failed("BAD_ACCOUNT_NAME", name, _BANNED)
    if world.accounts.alike(name) or world.accounts.find(name):
        raise _failed("ACCOUNT_EXISTS", name, "This name is registered already")


def check_password(settings: AccountSettings, name: str, password: str) -> None:
    """Raise `Failed` unless ``password`` can be one."""
    most = settings.password_max_bytes
    if not password.strip() or len(password.encode()) > most:
        words = f"A password has at most {most} bytes, and is not blanks alone"
        raise _failed("UNACCEPTABLE_PASSWORD", name, words)


def wanted_nick(session: Session) -> str:
    """The nick that who speaks has, or asked for last; "" for none."""
    if session.user is not None:
        return session.user.nick
    registration = session.registration
    return (registration.nick or registration.refused) if registration is not None else ""


def mask_of(world: World, session: Session) -> str:
    """``nick!user@host``, with ``*`` for what is not known yet."""
    if session.user is not None:
        return session.user.source
    registration = session.registration
    assert registration is not None
    return source(registration.nick or "*", registration.user_name or "*", world.host_of(session.address))


def _failed(code: str, account: str, text: str) -> Failed:
    """No account was made: as draft/account-registration tells it, whoever was asked."""
    return Failed("REGISTER", code, account, text=text)
