"""The servers of a chat put together: for each a model and a session, and the way to it. No screen."""

from __future__ import annotations

import random
import time
from gettext import gettext as _

from chatapp.client.config import Launch, known_servers
from chatapp.client.connection import Connection
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.known_servers import KnownServers
from chatapp.client.login import Credentials
from chatapp.client.model import Focus, Model
from chatapp.client.networks import Network, Networks
from chatapp.client.session import Session
from chatapp.client.settings import Preferences, ServerEntry
from chatapp.client.tls import Security, TlsWishes
from chatapp.client.udp import Datagrams, in_the_clear


def build_networks(launch: Launch) -> Networks:
    """The servers of ``launch``, none connected yet; the first one's first room is on the screen."""
    preferences = launch.preferences

    def make(entry: ServerEntry, focus: Focus | None) -> Network:
        return _network(entry, focus, preferences)

    networks = Networks(make)
    for entry in launch.servers:
        networks.add(entry)
    first = next(iter(networks))
    first.model.switch_to(first.model.buffers[min(1, len(first.model.buffers) - 1)])
    if launch.asked_name not in ("", first.entry.nick):
        other = _("{old} cannot be a name here, so you are {new} for now. /nick changes it.")
        first.session.inform(other.format(old=launch.asked_name, new=first.entry.nick), first.model.current)
    return networks


def _network(entry: ServerEntry, focus: Focus | None, preferences: Preferences) -> Network:
    model = Model(entry.nick, entry.label, focus)
    model.label = entry.name
    session = Session(
        model,
        entry.nick,
        now=time.time,
        steady=time.monotonic,
        rooms=entry.rooms,
        password=entry.password,
        history_limit=preferences.settings.history,
        preferences=preferences,
        credentials=Credentials(
            entry.account, entry.account_password, entry.sasl, has_certificate=bool(entry.certificate)
        ),
    )
    if entry.udp:
        model.transport = _("UDP, not encrypted")
        session.inform(in_the_clear(), model.buffers[-1])
    return Network(entry, model, session)


def connection_of(network: Network, recorder: Recorder, *, is_first: bool) -> Connection:
    """The way to ``network``. The first one has the ``recorder`` for itself, others write beside it."""
    entry = network.entry
    return Connection(
        network.session,
        entry.host,
        entry.port,
        dice=random.random,
        recorder=recorder if is_first else recorder.beside(entry.label),
        datagrams=Datagrams(entry.host, entry.port, random.random) if entry.udp else None,
        security=security_of(entry),
    )


def security_of(entry: ServerEntry) -> Security | None:
    """What decides about TLS; None where there is none: on this machine's sockets, and in datagrams."""
    if entry.udp or entry.host.startswith("/"):
        return None
    wish = {"auto": None, "required": True, "off": False}[entry.tls]
    certificate = (entry.certificate, entry.certificate_key) if entry.certificate else None
    wishes = TlsWishes(wish, entry.tls_fingerprint, bool(entry.password), certificate)
    return Security(entry.host, entry.port, wishes, KnownServers(known_servers()))
