"""Who is writing, in words for the status line (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from chatapp.client.screen.cells import shorten
from chatapp.client.screen.render import isolate
from chatapp.irc.visible import visible

#: Cells that one name may take.
_NICK_CELLS = 16


def writing_words(nicks: Sequence[str]) -> str:
    """``Ana is writing…`` of one, both names of two, and no names of more; "" for nobody."""
    if not nicks:
        return ""
    if len(nicks) > 2:
        return _("several people are writing…")
    first, *rest = (isolate(shorten(visible(nick), _NICK_CELLS)) for nick in nicks)
    if rest:
        return _("{nick} and {other} are writing…").format(nick=first, other=rest[0])
    return _("{nick} is writing…").format(nick=first)
