"""NickServ: accounts by the old words (see `service_requests`); the acts are those of `login`."""

from __future__ import annotations

from collections.abc import Sequence

from chatapp.commands.accounts import register_as
from chatapp.commands.context import Context
from chatapp.commands.information import clock_text
from chatapp.commands.login import (
    INSECURE,
    check_password,
    create_account,
    drop_account,
    log_in,
    log_out,
    prove,
)
from chatapp.commands.persistence import choose
from chatapp.commands.service_requests import Request, Service, ServiceRefused
from chatapp.core.account import Account
from chatapp.core.ownership import is_always_on, may_share
from chatapp.core.ports import Busy
from chatapp.irc.fingerprint import read_fingerprint

#: More than anybody has devices.
MOST_CERTIFICATES = 16
SHA256_DIGITS = 64
_YES = frozenset({"on", "true", "yes", "1"})
_NO = frozenset({"off", "false", "no", "0"})


async def _register(ctx: Context, words: Sequence[str]) -> list[str]:
    password, email = words[0], words[1] if len(words) > 1 else "*"
    account = await register_as(ctx, "*", email, password)
    log_in(ctx, account)
    return [f"The account {account.name} is yours, and you are logged in"]


async def _identify(ctx: Context, words: Sequence[str]) -> list[str]:
    """The nick is the account's name where only a password is given."""
    name, password = (words[0], words[1]) if len(words) > 1 else (ctx.user.nick, words[0])
    log_in(ctx, await prove(ctx, name, password))
    return [f"You are logged in as {ctx.user.account}"]


def _logout(ctx: Context, words: Sequence[str]) -> list[str]:
    _own_account(ctx)
    if len(ctx.user.sessions) > 1:
        raise ServiceRefused("Other connections share your nick; QUIT ends this one alone")
    log_out(ctx)
    return ["You are logged out"]


def _info(ctx: Context, words: Sequence[str]) -> list[str]:
    account = _account(ctx, words[0]) if words else _own_account(ctx)
    told = [f"Account {account.name}, registered {clock_text(account.created)}"]
    if account.name == ctx.user.account or ctx.user.may("accounts"):
        told.append(f"E-mail: {account.email or 'none'}")
        told.append(f"MULTICLIENT: {_word(may_share(ctx.world, account))}")
        told.append(f"ALWAYS-ON: {_word(is_always_on(ctx.world, account))}")
        rooms = [channel.name for channel in ctx.world.channels.values() if channel.founder == account.name]
        told.append(f"Channels: {' '.join(sorted(rooms)) or 'none'}")
    return told


def _set(ctx: Context, words: Sequence[str]) -> list[str]:
    account, what = _own_account(ctx), words[0].upper()
    if what not in ("MULTICLIENT", "ALWAYS-ON"):
        raise ServiceRefused("There is MULTICLIENT and ALWAYS-ON to set, each to ON, OFF or DEFAULT")
    choice = _choice(words[1])
    if what == "MULTICLIENT":
        account.multiclient = choice
        is_on = may_share(ctx.world, account)
    else:
        if ctx.world.settings.accounts.always_on in ("disabled", "mandatory"):
            raise ServiceRefused("This server leaves no choice there")
        choose(ctx, account, choice)
        is_on = is_always_on(ctx.world, account)
        if is_on and account.user is None:
            return [f"ALWAYS-ON is on; it counts from when you are called {account.name}"]
    ctx.world.delivery.keep_account(account)
    return [f"{what} is {_word(is_on)}"]


async def _passwd(ctx: Context, words: Sequence[str]) -> list[str]:
    account = await prove(ctx, _own_account(ctx).name, words[0])
    check_password(ctx.world.settings.accounts, account.name, words[1])
    assert ctx.world.proofs is not None
    before = account.verifier
    try:
        verifier = await ctx.world.proofs.create(words[1])
    except Busy:
        raise ServiceRefused("Too many are logging in just now; try again in a moment") from None
    if account.is_gone:
        raise ServiceRefused(f"The account {account.name} is no more")
    if account.verifier is not before:
        raise ServiceRefused("The password is another by now")
    account.verifier = verifier
    ctx.world.delivery.keep_account(account)
    told = ["The password is changed"]
    return [*told, "Certificates log in as before: CERT LIST shows them"] if account.certificates else told


def _cert(ctx: Context, words: Sequence[str]) -> list[str]:
    account, what, written = _own_account(ctx), words[0].upper(), " ".join(words[1:])
    if what == "LIST":
        here = ctx.session.certificate
        told = [f"{each} (this connection's)" if each == here else each for each in account.certificates]
        return told or ["No certificate logs in to your account"]
    if what not in ("ADD", "DEL") or (what == "DEL" and not written):
        raise ServiceRefused("There is CERT ADD [fingerprint], CERT LIST and CERT DEL <fingerprint>")
    certificate = _certificate(written) if written else ctx.session.certificate
    if what == "ADD":
        return _add_certificate(ctx, account, certificate)
    if certificate not in account.certificates:
        raise ServiceRefused("This certificate does not log in to your account")
    ctx.world.accounts.take_certificate(account, certificate)
    ctx.world.delivery.keep_account(account)
    return [f"The certificate {certificate} does not log in to your account any more"]


def _add_certificate(ctx: Context, account: Account, certificate: str) -> list[str]:
    """Whoever shows a certificate has its key, and more of a right to it than who wrote it down."""
    if not certificate:
        why = "Your client has shown no certificate, or one with a short key"
        raise ServiceRefused(f"{why}; the fingerprint of another can stand behind ADD")
    accounts, holder = ctx.world.accounts, ctx.world.accounts.holder_of(certificate)
    is_seen = certificate == ctx.session.certificate
    if holder is account and is_seen and certificate in account.unseen:
        accounts.take_certificate(account, certificate)
        holder = None
    if holder is account:
        return [f"The certificate {certificate} logs in to your account already"]
    if len(account.certificates) >= MOST_CERTIFICATES:
        raise ServiceRefused(
            f"An account has at most {MOST_CERTIFICATES} certificates; CERT DEL takes one away"
        )
    told = [f"The certificate {certificate} logs in to your account from now on"]
    if holder is not None:
        if not is_seen:
            raise ServiceRefused("This certificate logs in to another account; show it to take it from there")
        accounts.take_certificate(holder, certificate)
        ctx.world.delivery.keep_account(holder)
        told.append(f"It does not log in to {holder.name} any more")
    accounts.add_certificate(account, certificate, is_seen)
    if not is_seen:
        told.append(f"The first time only together with the name {account.name}: SASL's, or the nick")
    ctx.world.delivery.keep_account(account)
    return told


def _certificate(written: str) -> str:
    """The SHA-256 of a certificate, as a person writes it."""
    try:
        digits = read_fingerprint(written)
    except ValueError:
        digits = ""
    if len(digits) != SHA256_DIGITS:
        raise ServiceRefused("A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits")
    return digits


async def _drop(ctx: Context, words: Sequence[str]) -> list[str]:
    account = await prove(ctx, _own_account(ctx).name, words[0])
    if not account.is_gone:  # another connection may have been faster
        drop_account(ctx.world, account)
    return [f"The account {account.name} is no more"]


async def _saregister(ctx: Context, words: Sequence[str]) -> list[str]:
    if not ctx.user.may("accounts"):
        raise ServiceRefused("Only an operator of the server may do this")
    if not ctx.session.keeps_secrets:
        raise ServiceRefused(INSECURE)
    account = await create_account(ctx.world, words[0], words[1])
    ctx.world.audit(ctx.user, "SAREGISTER", account.name)
    return [f"The account {account.name} is made"]


def _own_account(ctx: Context) -> Account:
    account = ctx.world.accounts.of(ctx.user)
    if account is None:
        raise ServiceRefused("You are not logged in")
    return account


def _account(ctx: Context, name: str) -> Account:
    account = ctx.world.accounts.find(name)
    if account is None:
        raise ServiceRefused(f"There is no account {name}")
    return account


def _choice(word: str) -> bool | None:
    folded = word.lower()
    if folded not in _YES | _NO | {"default"}:
        raise ServiceRefused("It is ON, OFF or DEFAULT")
    return None if folded == "default" else folded in _YES


def _word(is_on: bool) -> str:
    return "on" if is_on else "off"


NICKSERV = Service(
    "NickServ",
    "NickServ looks after accounts: a name that is yours alone.",
    {
        "REGISTER": Request("<password> [e-mail]", "Makes your nick an account.", _register, 1),
        "IDENTIFY": Request("[account] <password>", "Logs you in.", _identify, 1),
        "LOGOUT": Request("", "Logs you out.", _logout),
        "INFO": Request("[account]", "Tells of an account, and more of your own.", _info),
        "SET": Request(
            "MULTICLIENT|ALWAYS-ON ON|OFF|DEFAULT",
            "MULTICLIENT: whether several connections may share your nick. ALWAYS-ON: whether you stay in "
            "your channels while you are not connected.",
            _set,
            2,
        ),
        "PASSWD": Request("<password> <new password>", "Changes your password.", _passwd, 2),
        "CERT": Request(
            "ADD [fingerprint]|LIST|DEL <fingerprint>",
            "Which certificates log in to your account (SASL EXTERNAL). ADD alone adds the one that your "
            "client shows; a fingerprint is the SHA-256 of another one.",
            _cert,
            1,
        ),
        "DROP": Request("<password>", "Gives up your account, and your channels with it.", _drop, 1),
        "SAREGISTER": Request(
            "<account> <password>",
            "Makes an account for somebody; server operators may.",
            _saregister,
            2,
        ),
    },
)
