"""ISON, USERHOST: short questions about several nicks at once (RFC 2812 4.8 and 4.9)."""

from __future__ import annotations

from collections.abc import Iterable

from chatapp.commands.context import Context
from chatapp.commands.table import command
from chatapp.core.user import User
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.numerics import RPL_ISON, RPL_USERHOST, Numeric

#: How many nicks one USERHOST may ask about.
_MOST_USERHOSTS = 5


@command("ISON", params=1)
def ison(ctx: Context, line: Line) -> None:
    """``ISON nick nick...``, also as one parameter: those of them who are here."""
    nicks = " ".join(line.params).split()
    tell_words(ctx, RPL_ISON, words=[user.nick for user in _present(ctx, nicks)])


@command("USERHOST", params=1)
def userhost(ctx: Context, line: Line) -> None:
    """``USERHOST nick nick...``: ``nick=+user@host``; ``-`` for the absent, ``*=`` for server operators."""
    nicks = " ".join(line.params).split()[:_MOST_USERHOSTS]
    tell_words(ctx, RPL_USERHOST, words=[_userhost(user) for user in _present(ctx, nicks)])


def tell_words(ctx: Context, numeric: Numeric, *about: str, words: Iterable[str]) -> None:
    """Give ``words`` with one blank between them: in one line, or in as many as they need."""
    begin = " ".join((f":{ctx.world.name}", numeric.code, ctx.session.nick, *about, ":"))
    room = BODY_BYTES - 2 - len(begin.encode())
    rows = [""]
    for word in words:
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if rows[-1] and len(longer.encode()) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    for row in rows:
        ctx.reply(numeric.code, ctx.session.nick, *about, row, colon=True)


def _present(ctx: Context, nicks: list[str]) -> list[User]:
    """The users of ``nicks`` who are here, each once."""
    users = (ctx.world.users.get(ctx.world.fold(nick)) for nick in nicks)
    return list(dict.fromkeys(user for user in users if user is not None))


def _userhost(user: User) -> str:
    operator = "*" if user.has_mode("o") else ""
    sign = "-" if user.away else "+"
    return f"{user.nick}{operator}={sign}{user.user_name}@{user.host}"
