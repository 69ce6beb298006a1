"""NickServ and ChanServ, for those who are used to them: old words for what other commands do.

They are no users: a PRIVMSG to them, or ``NS`` and ``CS``, is read here, and they answer with NOTICEs. What
they can do is in `nickserv` and `chanserv`.
"""

from __future__ import annotations

from collections.abc import Awaitable

from chatapp.commands.chanserv import CHANSERV
from chatapp.commands.context import Context
from chatapp.commands.nickserv import NICKSERV
from chatapp.commands.service_requests import Service, obey
from chatapp.commands.table import command
from chatapp.core.errors import Refused
from chatapp.core.settings import ServiceSettings
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_NOSUCHNICK, ERR_NOTEXTTOSEND

_BY_NAME: dict[str, Service] = {"nickserv": NICKSERV, "chanserv": CHANSERV}
#: To whom a PRIVMSG is a request.
SERVICE_NAMES = frozenset(_BY_NAME)


@command("NS", "NICKSERV")
def ns(ctx: Context, line: Line) -> Awaitable[None] | None:
    return ask_service(ctx, NICKSERV.name, " ".join(line.params))


@command("CS", "CHANSERV")
def cs(ctx: Context, line: Line) -> Awaitable[None] | None:
    return ask_service(ctx, CHANSERV.name, " ".join(line.params))


def ask_service(ctx: Context, name: str, text: str) -> Awaitable[None] | None:
    """Do what ``text`` asks of the service ``name``.

    Raises:
        Refused: It is turned off, or nothing was said.
    """
    service = _BY_NAME[name.lower()]
    if not _is_on(service, ctx.world.settings.services):
        raise Refused(ERR_NOSUCHNICK, name)
    if not text.strip():
        raise Refused(ERR_NOTEXTTOSEND)
    return obey(ctx, service, text)


def _is_on(service: Service, settings: ServiceSettings) -> bool:
    return settings.nickserv if service is NICKSERV else settings.chanserv
