"""The commands about accounts: log in, register one, and confirm it."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session


def _login(session: Session, args: list[str]) -> None:
    account, password = (args[0], args[1]) if len(args) > 1 else ("", args[0])
    session.login.use(account or session.login.credentials.account or session.wanted_nick, password)


def _register(session: Session, args: list[str]) -> None:
    has_email = len(args) > 1 and "@" in args[0]
    email, password = (args[0], args[1]) if has_email else ("*", " ".join(args))
    check_words(email)
    if not session.login.is_private:
        raise Misused(_("The connection is not encrypted, so your password was not sent."))
    session.login.register(email, password)


def _verify(session: Session, args: list[str]) -> None:
    if not session.login.registering:
        raise Misused(_("No account waits for a code: /register makes one."))
    session.ask("VERIFY", session.login.registering, args[0])


ACCOUNTS: tuple[Command, ...] = (
    Command(
        "login",
        N_("[ACCOUNT] PASSWORD"),
        N_("show that an account is yours"),
        (Argument.TEXT, Argument.TEXT),
        _login,
        1,
    ),
    Command(
        "register",
        N_("[EMAIL] PASSWORD"),
        N_("make your name an account, so that it stays yours"),
        (Argument.TEXT, Argument.TEXT),
        _register,
        1,
        (),
        True,
    ),
    Command(
        "verify",
        N_("CODE"),
        N_("confirm an account with the code that was sent to you"),
        (Argument.TEXT,),
        _verify,
        1,
        (),
        True,
    ),
)
