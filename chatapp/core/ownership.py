"""Whose a nick is: the names of accounts and of the server, who may share one, and who stays while away."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.account import Account, is_like, is_reserved
from chatapp.core.cloak import CLOAKED
from chatapp.core.errors import Refused
from chatapp.core.ports import Presence
from chatapp.core.user import NOT_CONNECTED, User
from chatapp.core.world import World
from chatapp.irc.numerics import ERR_NICKNAMEINUSE
from chatapp.irc.refusals import REGISTERED
from chatapp.irc.text import cut_bytes

#: Numbers that are tried one after the other before it is looked further ahead.
_FEW = 8

SERVERS_NAME = "This is the name of the server"
SERVICES_NAME = "This is the name of a service"
MULTICLIENT_OFF = "You are connected already, and your account allows one connection"


def is_strict(world: World) -> bool:
    """Whether the names of accounts are for their holders alone."""
    return world.settings.accounts.nick_ownership == "strict"


def check_is_free(world: World, nick: str, account: str, is_operator: bool = False) -> None:
    """Raise `Refused` with 433 if ``nick`` is the server's, or an account's other than ``account``.

    Whether somebody uses it at the moment is not asked here.
    """
    if is_like(nick, world.name.lower()) and not is_operator:
        raise Refused(ERR_NICKNAMEINUSE, nick, text=SERVERS_NAME)
    if is_reserved(nick) and not is_operator:
        raise Refused(ERR_NICKNAMEINUSE, nick, text=SERVICES_NAME)
    owner = world.accounts.alike(nick) or world.accounts.find(nick) if is_strict(world) else None
    if owner is not None and owner.name != account:
        raise Refused(ERR_NICKNAMEINUSE, nick, text=REGISTERED)


def is_free(world: World, nick: str) -> bool:
    """Whether a guest could take ``nick`` now."""
    try:
        world.check_is_nobodys(nick)
        check_is_free(world, nick, "")
    except Refused:
        return False
    return True


def name_near(world: World, name: str) -> str:
    """``name``, or what is nearest to it and free for a guest: Ana_, Ana_2, Ana_3..."""
    if is_free(world, name):
        return name
    most = world.settings.limits.nick_length

    def numbered(number: int) -> str:
        end = f"_{number}" if number > 1 else "_"
        return cut_bytes(name, most - len(end)) + end

    return numbered(first_free(lambda number: is_free(world, numbered(number))))


def first_free(is_free: Callable[[int], bool]) -> int:
    """The first number from 1 that is free, or one near it: where many are taken, few are looked at."""
    for number in range(1, _FEW):
        if is_free(number):
            return number
    taken, number = _FEW - 1, 2 * _FEW
    while not is_free(number):
        taken, number = number, 2 * number
    while number - taken > 1:
        middle = (taken + number) // 2
        if is_free(middle):
            number = middle
        else:
            taken = middle
    return number


def must_give_way(world: World, holder: User, nick: str, account: str) -> bool:
    """Whether ``holder`` of ``nick`` must leave it to ``account``, whose name it is."""
    owner = world.accounts.find(nick) if account and is_strict(world) else None
    return owner is not None and owner.name == account and holder.account != account


# Several connections, one nick


def may_share(world: World, account: Account) -> bool:
    """Whether several connections of ``account`` share one nick: as its holder chose, else as configured."""
    chosen = account.multiclient
    return world.settings.accounts.multiclient if chosen is None else chosen


def present_user(world: World, account: Account, nick: str) -> User | None:
    """The user of ``account`` that a new connection asking for ``nick`` belongs to; ``None`` if it is alone.

    Raises:
        Refused: It is connected already, and has chosen to have one connection.
    """
    user = account.user or world.users.get(world.fold(nick))
    if user is None or user.account != account.name:
        return None
    if user.sessions and not may_share(world, account):
        raise Refused(ERR_NICKNAMEINUSE, nick, text=MULTICLIENT_OFF)
    return user


# Staying while nobody is connected


def is_always_on(world: World, account: Account) -> bool:
    """Whether ``account`` stays in its channels: as configured, and as its holder chose where they may."""
    match world.settings.accounts.always_on:
        case "mandatory":
            return True
        case "opt-out":
            return account.always_on is not False
        case "opt-in":
            return account.always_on is True
        case _:
            return False


def choose_always_on(world: World, user: User, account: Account, choice: bool | None) -> None:
    """Note that the holder of ``account``, who is ``user``, wants to stay or not; ``None``: as configured."""
    account.always_on = choice
    settle_presence(world, user, account)
    world.delivery.keep_account(account)


def settle_presence(world: World, user: User, account: Account) -> None:
    """Have ``user`` stay for ``account`` from now on, or not any more; to begin, under its name only."""
    is_its_own = user.account == account.name and (account.user is user or user.folded == account.folded)
    stays = is_its_own and is_always_on(world, account) and account.user in (None, user)
    if stays == (account.user is user):
        return
    user.stays = stays
    account.user = user if stays else None
    if not world.mute_reason:
        world.delivery.keep_account(account)


def end_stay(world: World, user: User, reason: str) -> None:
    """Who is always on stays no longer until they log in again; they quit if nobody is connected."""
    user.stays = False
    if account := world.accounts.of(user):
        account.user = None
        world.delivery.keep_account(account)
    if not user.sessions:
        world.leave(user, reason)


def bring_back(world: World) -> None:
    """After a restart: who stayed is where they were, with the modes they had."""
    for account in world.accounts:
        if account.presence is not None and is_always_on(world, account):
            _bring_back(world, account, account.presence)


def _bring_back(world: World, account: Account, presence: Presence) -> None:
    user = User(
        account.name,
        account.folded,
        presence.user_name,
        _host(world, presence.host),
        presence.realname,
        account.owner,
        world.now(),
    )
    user.account, user.away, user.stays = account.name, NOT_CONNECTED, True
    user.modes = presence.modes
    account.user = user
    world.users[user.folded] = user
    world.most_users = max(world.most_users, len(world.users))
    for name, modes in presence.rooms:
        channel = world.channels.get(world.fold(name)) or world.create_channel(name)
        channel.join(user).modes = modes


def _host(world: World, kept: str) -> str:
    """The host of who had ``kept`` before the restart, at which the operator may have begun to cloak."""
    return kept if kept.endswith(CLOAKED) else world.host_of(kept)
