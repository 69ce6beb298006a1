"""What the server says about accounts: the steps of a login, its end, and registering (IRCv3)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.incoming.registration import end_caps
from chatapp.client.incoming.table import hears
from chatapp.irc.line import Line
from chatapp.irc.refusals import reason

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("AUTHENTICATE")
def authenticate(session: Session, line: Line) -> None:
    """The server's side of the exchange."""
    session.login.challenge(line.param(0))


@hears("900")
def logged_in(session: Session, line: Line) -> None:
    """RPL_LOGGEDIN: ``<nick>!<user>@<host> <account>``."""
    session.login.logged_in(line.param(2))


@hears("901")
def logged_out(session: Session, line: Line) -> None:
    """RPL_LOGGEDOUT."""
    session.login.logged_out()


@hears("903")
def succeeded(session: Session, line: Line) -> None:
    """RPL_SASLSUCCESS: come in."""
    session.login.succeeded()
    end_caps(session)


@hears("902", "904", "905", "906", "907")
def failed(session: Session, line: Line) -> None:
    """ERR_NICKLOCKED, ERR_SASLFAIL, -TOOLONG, -ABORTED, -ALREADY: come in as a guest, and say so."""
    if session.login.tries_another():
        return
    said = "".join(line.params[-1:])
    words, number = reason(said)
    if words:
        said = _(words).format(n=number)
    elif line.command == "904" and session.login.is_by_certificate:
        said = _("the server does not take your certificate ({reason})").format(reason=said)
    elif line.command == "904":
        words = _("the server does not take this account with this password ({reason})")
        said = words.format(reason=said)
    session.login.failed(said)
    end_caps(session)


@hears("908")
def mechanisms(session: Session, line: Line) -> None:
    """RPL_SASLMECHS: 904 follows, and says that it failed."""


@hears("REGISTER", "VERIFY")
def registered(session: Session, line: Line) -> None:
    """``SUCCESS account words`` or ``VERIFICATION_REQUIRED account words`` (draft/account-registration)."""
    outcome, account = line.param(0), line.param(1)
    if outcome == "VERIFICATION_REQUIRED":
        words = _("The account {account} waits for the code that was sent to you: /verify CODE")
        session.login.waits_for_code(account)
    elif outcome == "SUCCESS":
        words = _("The account {account} is yours.")
        session.login.registered(account)
    else:
        return
    session.inform(words.format(account=account))
