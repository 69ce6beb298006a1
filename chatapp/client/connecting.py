"""The commands about servers: go to another one, and leave one."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.client.model import ConnectionState
from chatapp.client.settings import ServerEntry
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.networks import Network, Networks
    from chatapp.client.session import Session

#: Servers that a client has at once at most.
MOST_SERVERS = 50


def _networks(session: Session) -> Networks:
    if session.networks is None:
        raise Misused(_("This client talks to one server only."))
    return session.networks


def _connect(session: Session, args: list[str]) -> None:
    networks = _networks(session)
    network = _wanted(networks, session, args)
    networks.connect(network)
    if network.session is not session or args:
        model = network.model
        model.switch_to(model.buffers[min(1, len(model.buffers) - 1)])


def _wanted(networks: Networks, session: Session, args: list[str]) -> Network:
    """The server that is meant: one that is here, one of client.toml, or a new one."""
    if not args:
        return networks.of_session(session)
    check_words(*args)
    port = _port(args[1]) if len(args) > 1 else None
    here = networks.find(args[0])
    if here is not None and port in (None, here.entry.port):
        return here
    if len(networks) >= MOST_SERVERS:
        raise Misused(_("There are too many servers already; /disconnect leaves one."))
    settings = session.preferences.settings
    known = next((entry for entry in settings.servers if args[0] in (entry.name, entry.host)), None)
    if known is not None and port in (None, known.port):
        return networks.add(replace(known, nick=known.nick or session.wanted_nick))
    label = f"{args[0]}:{port}" if here is not None else ""
    return networks.add(
        ServerEntry(name=label, host=args[0], port=port or ServerEntry().port, nick=session.wanted_nick)
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65536):
        raise Misused(_("A port is a number from 1 to 65535."))
    return int(text)


def _disconnect(session: Session, args: list[str]) -> None:
    networks = _networks(session)
    network = networks.of_session(session)
    model = session.model
    if model.state is not ConnectionState.OFFLINE or model.retry_at is not None:
        networks.disconnect(network, *args)
        words = _("You leave {server}. /connect comes back; /disconnect takes it off the screen.")
        session.inform(words.format(server=network.label), model.current)
        return
    if len(networks) == 1:
        raise Misused(_("This is the only server: /connect comes back, /quit ends the program."))
    if session.speaking.outbox.unsent() and session.warned != "disconnect":
        session.warned = "disconnect"
        raise Misused(_("Something has not been sent here yet. Once more to leave without it."))
    networks.forget(network)


CONNECTING: tuple[Command, ...] = (
    Command(
        "connect",
        N_("[SERVER [PORT]]"),
        N_("go to another server as well, or come back to this one"),
        (Argument.TEXT, Argument.TEXT),
        _connect,
    ),
    Command(
        "disconnect",
        N_("[REASON]"),
        N_("leave this server; once more takes it off the screen"),
        (Argument.TEXT,),
        _disconnect,
        asks_twice=True,
    ),
)
