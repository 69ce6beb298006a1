"""What the person types: said, or one of the commands, which are all in one table, family by family."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from chatapp.client.accounts import ACCOUNTS
from chatapp.client.adjusting import ADJUSTING
from chatapp.client.answering import ANSWERING, speak
from chatapp.client.asking import ASKING
from chatapp.client.command import Argument, Command, Misused, usage
from chatapp.client.connecting import CONNECTING
from chatapp.client.going import GOING
from chatapp.client.listing import LISTING
from chatapp.client.membership import MEMBERSHIP
from chatapp.client.messaging import MESSAGING
from chatapp.client.model import ConnectionState
from chatapp.client.moderation import MODERATION
from chatapp.client.notifying import NOTIFYING
from chatapp.client.operating import OPERATING
from chatapp.client.outcome import Outcome
from chatapp.client.search import SEARCHING
from chatapp.irc.catalogue import N_
from chatapp.irc.farewell import is_farewell
from chatapp.irc.line import UnsafeLine

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Seconds in which an echo comes; a message that waits longer may not have arrived.
ECHO_WITHIN = 2.0


def submit(session: Session, text: str) -> Outcome:
    """Do what ``text`` says: a command, a farewell, or a message to the current conversation.

    Several lines at once are a paste and hold no commands.
    """
    text = text.strip("\r\n")
    if is_farewell(text):
        return _run(session, "quit")
    is_said_with_slash = text[:2] == "//" and "\n" not in text
    if text[:1] == "/" and "\n" not in text and not is_said_with_slash:
        return _run(session, text[1:])
    session.warned = ""
    if text.strip():
        speak(session, session.model.target, text[1:] if is_said_with_slash else text)
    return Outcome.NOTHING


def find(name: str, commands: Sequence[Command] | None = None) -> Command | None:
    """The command with this name or alias, without the slash; among ``commands``, or all."""
    name = name.lower()
    known = COMMANDS if commands is None else commands
    return next((command for command in known if name == command.name or name in command.aliases), None)


def _run(session: Session, text: str) -> Outcome:
    name, _blank, rest = text.partition(" ")
    command = find(name, session.commands)
    if command is None:
        names = [known for each in session.commands for known in (each.name, *each.aliases)]
        near = difflib.get_close_matches(name.lower(), names, 1, 0.5)
        words = (
            _("There is no /{name}. Did you mean /{near}?") if near else _("There is no /{name}. See /help.")
        )
        session.complain(words.format(name=name, near=near[0] if near else ""), session.model.current)
        return Outcome.NOTHING
    if not command.asks_twice:
        session.warned = ""
    args = rest.split(maxsplit=max(len(command.arguments) - 1, 0)) if rest.strip() else []
    if args:
        args[-1] = args[-1].rstrip()
    try:
        if len(args) < command.least:
            raise Misused
        if command.online and session.model.state is not ConnectionState.ONLINE:
            raise Misused(_("Not connected: /{name} needs the server.").format(name=command.name))
        return command.run(session, args) or Outcome.NOTHING
    except (Misused, UnsafeLine) as error:
        hint = _("Usage: {usage} ({help})").format(usage=usage(command), help=_(command.help))
        reason = str(error) if isinstance(error, Misused) else ""
        session.complain(reason or hint, session.model.current)
        return Outcome.NOTHING


def leave(session: Session, args: list[str]) -> Outcome:
    """End the program, unless something was not sent yet and that was not said before."""
    sessions = session.networks.sessions if session.networks else [session]
    reactions = sum(each.speaking.reacting.unsent() for each in sessions)
    if reactions and session.warned != "quit":
        session.warned = "quit"
        words = ngettext(
            "{count} reaction was not sent yet. Once more to leave without it.",
            "{count} reactions were not sent yet. Once more to leave without them.",
            reactions,
        )
        session.complain(words.format(count=reactions), session.model.current)
        return Outcome.NOTHING
    everywhere = session.networks or session.speaking.outbox
    unsent = everywhere.unsent(session.now() - ECHO_WITHIN)
    if unsent and session.warned != "quit":
        session.warned = "quit"
        words = ngettext(
            "{count} message may not have arrived yet. Once more to leave: the next start has it again.",
            "{count} messages may not have arrived yet. Once more to leave: the next start has them again.",
            unsent,
        )
        session.complain(words.format(count=unsent), session.model.current)
        return Outcome.NOTHING
    for each in sessions:
        each.quit(*args)
    return Outcome.QUIT


def _history(session: Session, args: list[str]) -> None:
    buffer = session.model.current
    if not buffer.has_older:
        session.inform(_("There is nothing older here."), buffer)
    session.load_older(buffer)


def _clear(session: Session, args: list[str]) -> None:
    session.reading.clear(session.model.current)


def _inspect(session: Session, args: list[str]) -> Outcome:
    return Outcome.INSPECT


def _help(session: Session, args: list[str]) -> None:
    current = session.model.current
    if not args:
        for command in session.commands:
            session.inform(f"{usage(command)}: {_(command.help)}", current)
        return
    found = find(args[0].lstrip("/"), session.commands)
    if found is None:
        raise Misused(_("There is no /{name}. See /help.").format(name=args[0].lstrip("/")))
    session.inform(f"{usage(found)}: {_(found.help)}", current)
    if found.aliases:
        session.inform(_("Also: {aliases}").format(aliases=" ".join(f"/{a}" for a in found.aliases)), current)


#: All of them, in the order of /help; each family has a file of its own.
COMMANDS: tuple[Command, ...] = (
    *MEMBERSHIP,
    *GOING,
    *MESSAGING,
    *ANSWERING,
    *SEARCHING,
    *ASKING,
    *LISTING,
    *MODERATION,
    *OPERATING,
    *CONNECTING,
    *ACCOUNTS,
    *NOTIFYING,
    *ADJUSTING,
    Command("history", "", N_("load older messages"), (), _history, 0, (), True),
    Command("clear", "", N_("empty the screen; history stays"), (), _clear),
    Command("inspect", "", N_("show what goes over the wire, in bytes and in words"), (), _inspect),
    Command("help", N_("[COMMAND]"), N_("show the commands"), (Argument.COMMAND,), _help, 0, ("h", "?")),
    Command(
        "quit",
        N_("[REASON]"),
        N_("leave; so do sair, exit and quit"),
        (Argument.TEXT,),
        leave,
        0,
        ("q", "exit", "sair"),
        asks_twice=True,
    ),
)
