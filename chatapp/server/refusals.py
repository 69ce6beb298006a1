"""What the rules refuse something with, as a sentence for the operator who reads it."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.irc.refusals import reason
from chatapp.irc.visible import visible


def sentence(said: str, about: str = "") -> str:
    """What was ``said`` of the name ``about``: in the reader's language where its meaning is known."""
    words, number = reason(said)
    return _(words).format(visible(about), n=number) if words else visible(said)
