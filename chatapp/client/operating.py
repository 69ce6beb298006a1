"""What operators of the server do: become one, keep people away from it, and see what others did."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session


def _oper(session: Session, args: list[str]) -> None:
    check_words(*args)
    if not session.login.is_private:
        raise Misused(_("The connection is not encrypted, so your password was not sent."))
    session.ask("OPER", *args)


def _kline(session: Session, args: list[str]) -> None:
    """``[TIME] MASK [REASON]``; alone, it lists what there is."""
    check_words(*args[:2])
    session.ask("KLINE", *args)


def _unkline(session: Session, args: list[str]) -> None:
    check_words(args[0])
    session.ask("UNKLINE", args[0])


def _audit(session: Session, args: list[str]) -> None:
    check_words(*args)
    session.ask("AUDIT", *args)


def _wallops(session: Session, args: list[str]) -> None:
    session.ask("WALLOPS", args[0])


#: In the order of /help.
OPERATING: tuple[Command, ...] = (
    Command(
        "oper",
        N_("NAME PASSWORD"),
        N_("become an operator of the server, as its settings say"),
        (Argument.TEXT, Argument.TEXT),
        _oper,
        2,
        (),
        True,
    ),
    Command(
        "kline",
        N_("[TIME] MASK [REASON]"),
        N_("keep someone away from the server, for 30m, 2h, 1d or for good; alone, show who is kept away"),
        (Argument.TEXT, Argument.TEXT, Argument.TEXT),
        _kline,
        0,
        (),
        True,
    ),
    Command(
        "unkline",
        N_("MASK"),
        N_("let someone come to the server again"),
        (Argument.TEXT,),
        _unkline,
        1,
        (),
        True,
    ),
    Command(
        "audit",
        N_("[NUMBER]"),
        N_("show what operators of the server did"),
        (Argument.TEXT,),
        _audit,
        0,
        (),
        True,
    ),
    Command(
        "wallops",
        N_("TEXT"),
        N_("tell everyone who listens (/mode NAME +w)"),
        (Argument.TEXT,),
        _wallops,
        1,
        (),
        True,
    ),
)
