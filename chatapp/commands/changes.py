"""New settings while people are here: who wants to know is told what is offered now (IRCv3 cap-notify)."""

from __future__ import annotations

from chatapp.commands.capabilities import offered_to, say_list
from chatapp.commands.context import Context
from chatapp.core.session import Session
from chatapp.core.settings import Settings
from chatapp.core.world import World
from chatapp.irc import caps
from chatapp.irc.line import Line


def go_by(world: World, settings: Settings) -> None:
    """Go by ``settings`` from now on. What is not offered any more nobody has any more."""
    before = {session: _offered(world, session) for session in world.sessions}
    world.settings = settings
    for session, offered in before.items():
        _tell(world, session, offered, _offered(world, session))


def _tell(world: World, session: Session, before: dict[str, str], now: dict[str, str]) -> None:
    gone = [name for name in before if name not in now]
    new = {name: value for name, value in now.items() if before.get(name) != value}
    ctx = Context(world, session, Line("CAP", []))
    if gone:
        session.negotiate(session.caps.difference(gone))
    if caps.CAP_NOTIFY in session.caps:
        if gone:
            say_list(ctx, "DEL", gone)
        if new:
            say_list(ctx, "NEW", caps.format_caps(new, with_values=session.cap_version >= 302))


def _offered(world: World, session: Session) -> dict[str, str]:
    return offered_to(Context(world, session, Line("CAP", [])))
