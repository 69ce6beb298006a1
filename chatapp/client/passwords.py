"""The passwords of accounts that nothing else tells: asked for before the chat begins, and never shown."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace
from gettext import gettext as _

from chatapp.client.config import Launch
from chatapp.client.settings import ServerEntry
from chatapp.irc.visible import visible


def lacks_password(server: ServerEntry) -> bool:
    """Whether there is an account there, and nothing to show that it is ours."""
    has_proof = server.account_password or server.certificate
    return bool(server.account and not has_proof and server.sasl != "off")


def ask_passwords(launch: Launch) -> Launch:
    """Ask whoever sits at the terminal for each password that is missing; Enter goes there as a guest."""
    if not any(map(lacks_password, launch.servers)) or not sys.stdin.isatty():
        return launch
    return replace(launch, servers=tuple(map(_with_password, launch.servers)))


def _with_password(server: ServerEntry) -> ServerEntry:
    if not lacks_password(server):
        return server
    question = _("Password of {account} at {server}: ")
    places = {"account": visible(server.account), "server": visible(server.label)}
    try:
        return replace(server, account_password=getpass.getpass(question.format(**places)))
    except EOFError:
        return server
