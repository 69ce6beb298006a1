"""Coming in: capabilities, nick, welcome, and the signs of life afterwards."""

from __future__ import annotations

import unicodedata
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.incoming.refusals import ending_words, is_whole, words_of
from chatapp.client.incoming.table import hears
from chatapp.client.model import ConnectionState
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, nick_of
from chatapp.irc.names import fold_ascii, fold_unicode, is_nick
from chatapp.irc.refusals import REGISTERED
from chatapp.irc.text import cut_bytes

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: How many other nicks are tried before the person is asked.
MOST_NICKS = 8
_LAST_NICK = "guest"
_PONG_ROOM = BODY_BYTES - len("PONG :\r\n")


@hears("CAP")
def cap(session: Session, line: Line) -> None:
    """The server offers, grants, refuses or takes back capabilities."""
    caps = session.caps
    subcommand, words = line.param(1).upper(), line.params[-1] if len(line.params) > 2 else ""
    asks: list[str] = []
    if subcommand in ("LS", "NEW"):
        caps.offer(words)
        if subcommand == "LS" and line.param(2) == "*" and len(line.params) > 3:
            return
        asks = caps.requests()
    elif subcommand == "ACK":
        caps.granted(words)
    elif subcommand == "NAK":
        asks = caps.refused(words)
    elif subcommand == "DEL":
        caps.withdrawn(words)
    for ask in asks:
        session.send("CAP", "REQ", ask)
    is_complete = not caps.is_waiting and subcommand in ("LS", "ACK", "NAK")
    if is_complete and not session.has_ended_caps and not session.login.begin():
        end_caps(session)


@hears("001")
def welcome(session: Session, line: Line) -> None:
    """RPL_WELCOME: we are in, under the nick that it is addressed to."""
    model = session.model
    session.has_ended_caps = True
    model.state = ConnectionState.ONLINE
    model.retry_at = None
    model.server_name = line.source or model.server_name
    session.named(line.param(0) or model.nick)
    if not session.is_me(model.server_name):  # as the operator is, at the server itself
        words = _("Welcome to {server}, {nick}!")
        session.inform(words.format(server=model.server_name, nick=model.nick), model.server)
    session.send("PING", "ready")


@hears("005")
def isupport(session: Session, line: Line) -> None:
    """RPL_ISUPPORT: what the server can do, and how it compares names."""
    session.isupport.hear(line.params)
    _refold(session)
    network = session.isupport.network
    session.model.server_name = network or session.model.server_name
    session.model.server.name = session.model.label or network or session.model.server.name
    session.model.touch()


def _refold(session: Session) -> None:
    """Compare names as the server does; one of UTF-8 only that says ``ascii`` folds every script."""
    fold = session.isupport.fold
    if fold is fold_ascii and "UTF8ONLY" in session.isupport:
        fold = fold_unicode
    session.model.refold(fold)


@hears("376", "422")
def end_of_motd(session: Session, line: Line) -> None:
    """RPL_ENDOFMOTD, ERR_NOMOTD: the server has said all it says to everyone."""
    session.ready()


@hears("PONG")
def pong(session: Session, line: Line) -> None:
    """A sign of life; the first one also says that the welcome is over, others what the server has read."""
    if line.params[-1:] == ["ready"]:
        session.ready()
    elif line.params:
        session.speaking.received(line.params[-1])


@hears("PING")
def ping(session: Session, line: Line) -> None:
    """Answer that we are here, with the server's word as far as a line has room for it."""
    session.send("PONG", cut_bytes(line.param(0), _PONG_ROOM))


@hears("431", "432", "433", "436", "437")
def nick_refused(session: Session, line: Line) -> None:
    """The nick is taken or not allowed: before we are in, try the next."""
    model = session.model
    if model.state is ConnectionState.ONLINE:
        if line.command == "433" and session.login.shares(line.param(1)):
            return
        text = words_of(line)
        words = text if is_whole(line) else _("{nick}: {text}").format(nick=line.param(1), text=text)
        session.complain(words)
        return
    session.nicks_tried += 1
    if session.nicks_tried > MOST_NICKS:
        session.complain(_("The server takes none of our names. Choose one: /nick NAME"))
        return
    refused = model.nick
    if line.command == "432" and refused != _LAST_NICK:
        session.named(_without_accents(refused) or _LAST_NICK)
    else:
        limit = session.isupport.nicklen or 30
        session.named(refused[: limit - 1] + "_" if len(refused) >= limit else refused + "_")
    taken = _("{old} is taken here, so you are {new} for now. /nick changes it.")
    not_allowed = _("{old} cannot be a name here, so you are {new} for now. /nick changes it.")
    registered = _("{old} is registered, so you are {new} for now. If it is yours: /login PASSWORD")
    words = not_allowed if line.command == "432" else taken
    if line.params[-1:] == [REGISTERED]:
        words = registered
    told = words.format(old=refused, new=model.nick)
    if told not in session.told:
        session.told.add(told)
        session.inform(told, model.current)
    session.send("NICK", model.nick)


@hears("WALLOPS")
def wallops(session: Session, line: Line) -> None:
    """Someone tells every operator something."""
    session.inform(f"{nick_of(line.source)}: {line.param(0)}", session.model.server)


@hears("ERROR")
def error(session: Session, line: Line) -> None:
    """The server ends the connection, and says why."""
    session.last_words = ending_words(line.param(0))
    is_wanted = session.is_quitting or session.is_coming_anew
    if is_wanted or session.model.state is not ConnectionState.ONLINE:
        return  # why we are not let in is told, once, when the connection has ended
    session.complain(session.last_words, session.model.server)


def _without_accents(nick: str) -> str:
    """``nick`` for a server that knows ASCII alone; "" where that leaves nothing, or changes nothing."""
    plain = unicodedata.normalize("NFKD", nick).encode("ascii", "ignore").decode()
    return plain if plain != nick and is_nick(plain, len(plain)) else ""


def end_caps(session: Session) -> None:
    """Say, once, that everything was asked for: the server lets us in."""
    if not session.has_ended_caps:
        session.has_ended_caps = True
        session.send("CAP", "END")
