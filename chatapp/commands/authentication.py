"""AUTHENTICATE: logging in by SASL, before coming in or later (IRCv3 sasl-3.1 and 3.2)."""

from __future__ import annotations

from collections.abc import Awaitable

from chatapp.commands.context import Context
from chatapp.commands.login import (
    NotProven,
    check_may_log_in,
    check_may_try,
    log_in,
    note_right,
    note_wrong,
    prove,
    wanted_nick,
)
from chatapp.commands.table import command
from chatapp.core.session import Login
from chatapp.irc.line import Line
from chatapp.irc.numerics import (
    ERR_SASLABORTED,
    ERR_SASLFAIL,
    ERR_SASLTOOLONG,
    RPL_SASLMECHS,
    RPL_SASLSUCCESS,
)
from chatapp.irc.sasl import (
    CHUNK,
    EXTERNAL,
    PLAIN,
    SCRAM_SHA_256,
    SaslError,
    chunks,
    read_external,
    read_plain,
)
from chatapp.irc.scram import ScramServer

#: Letters of base64 in one response: enough for two names and a password of 2,048 bytes.
_MOST_LETTERS = 10 * CHUNK


@command("AUTHENTICATE", params=1, before_registration=True)
def authenticate(ctx: Context, line: Line) -> Awaitable[None] | None:
    """``AUTHENTICATE mechanism``, then what that takes in pieces of 400 letters; ``*`` breaks it off."""
    parameter, login = line.params[0], ctx.session.login
    if parameter == "*":
        abort(ctx)
    elif len(parameter) > CHUNK:
        ctx.session.login = None
        ctx.numeric(ERR_SASLTOOLONG)
    elif login is None:
        _begin(ctx, parameter.upper())
    else:
        return _go_on(ctx, login, parameter)
    return None


def abort(ctx: Context) -> None:
    """The login that is under way, if any, ends here."""
    ctx.session.login = None
    ctx.numeric(ERR_SASLABORTED)


def mechanisms(ctx: Context) -> tuple[str, ...]:
    """How one may log in at this connection: in no way where others can read along."""
    if ctx.world.proofs is None or not ctx.session.keeps_secrets:
        return ()
    known = ctx.world.settings.accounts.sasl_mechanisms
    # Certificates are shown to TLS, and not on each of the ways that are safe.
    return tuple(each for each in known if each != EXTERNAL or ctx.session.is_secure)


def _begin(ctx: Context, mechanism: str) -> None:
    try:
        check_may_log_in(ctx)
    except NotProven as why:
        ctx.numeric(ERR_SASLFAIL, text=str(why))
        return
    offered = mechanisms(ctx)
    if mechanism not in offered:
        if offered:
            ctx.numeric(RPL_SASLMECHS, ",".join(offered))
        ctx.numeric(ERR_SASLFAIL, text="There is no such way to log in")
        return
    ctx.session.login = Login(mechanism, _MOST_LETTERS)
    _challenge(ctx, b"")


def _go_on(ctx: Context, login: Login, parameter: str) -> Awaitable[None] | None:
    try:
        response = login.chunks.add(parameter)
        if response is None:
            return None
        if login.mechanism == PLAIN:
            return _plain(ctx, response)
        if login.mechanism == EXTERNAL:
            _external(ctx, response)
            return None
        assert login.mechanism == SCRAM_SHA_256
        _scram(ctx, login, response)
    except (SaslError, NotProven) as why:
        _fail(ctx, str(why))
    return None


async def _plain(ctx: Context, response: bytes) -> None:
    try:
        name, password = read_plain(response, ctx.world.settings.accounts.password_max_bytes)
        account = await prove(ctx, name, password)
        log_in(ctx, account)
    except (SaslError, NotProven) as why:
        _fail(ctx, str(why))
    else:
        _succeed(ctx)


def _external(ctx: Context, response: bytes) -> None:
    """By the certificate that this connection has shown.

    With a name only if it is that account's. Without one it is whose the certificate is; but what was only
    written down may have been so by somebody who wants others in their account: there the nick must say it.
    """
    wanted, shown = read_external(response), ctx.session.certificate
    if not shown:
        raise SaslError("Your client has shown no certificate, or one with a short key")
    account = ctx.world.accounts.holder_of(shown)
    if not wanted and account is not None and shown in account.unseen:
        wanted = wanted_nick(ctx.session) or "*"
    if account is None or (wanted and ctx.world.fold(wanted) != account.folded):
        raise SaslError("Your certificate belongs to no such account")
    log_in(ctx, account)
    if shown in account.unseen and not ctx.world.mute_reason:
        account.unseen -= {shown}
        ctx.world.delivery.keep_account(account)
    _succeed(ctx)


def _scram(ctx: Context, login: Login, response: bytes) -> None:
    """One of three steps: a challenge, the proof and ours, and that the client believes it."""
    if login.scram is None:
        _begin_scram(ctx, login, response)
    elif not login.is_proven:
        _challenge(ctx, _checked_proof(ctx, login.scram, response))
        login.is_proven = True
    else:
        account = ctx.world.accounts.find(login.scram.account)
        if account is None or not login.scram.is_about(account.verifier):  # or it is somebody else's now
            raise SaslError("The account is gone, or has another password")
        log_in(ctx, account)
        _succeed(ctx)


def _begin_scram(ctx: Context, login: Login, response: bytes) -> None:
    proofs, world = check_may_log_in(ctx), ctx.world
    login.scram = ScramServer(proofs.nonce())
    name = login.scram.begin(response)
    check_may_try(ctx, name)
    account = world.accounts.find(name)
    _challenge(ctx, login.scram.challenge(account.verifier if account else proofs.unknown(world.fold(name))))


def _checked_proof(ctx: Context, scram: ScramServer, response: bytes) -> bytes:
    """The server's proof in return for the client's."""
    check_may_try(ctx, scram.account)
    try:
        proof = scram.finish(response)
    except SaslError:
        note_wrong(ctx, scram.account)
        raise
    note_right(ctx, scram.account)
    return proof


def _challenge(ctx: Context, challenge: bytes) -> None:
    for part in chunks(challenge):
        ctx.reply("AUTHENTICATE", part)


def _succeed(ctx: Context) -> None:
    ctx.session.login = None
    ctx.numeric(RPL_SASLSUCCESS)


def _fail(ctx: Context, why: str) -> None:
    ctx.session.login = None
    ctx.numeric(ERR_SASLFAIL, text=why)
