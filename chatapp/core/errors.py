"""How the core says no. `chatapp.commands.table.dispatch` turns each into what the user is told."""

from __future__ import annotations

from chatapp.irc.numerics import Numeric


class Refused(Exception):
    """The user may not do this; the numeric tells them why, ``about`` stands before its words."""

    def __init__(self, numeric: Numeric, *about: str, text: str = "") -> None:
        super().__init__(text or numeric.text)
        self.numeric = numeric
        self.about = about
        self.text = text or numeric.text


class Failed(Exception):
    """As `Refused`, told as ``FAIL command code [context...] :text`` (IRCv3 standard-replies)."""

    def __init__(self, command: str, code: str, *context: str, text: str) -> None:
        super().__init__(text)
        self.command = command
        self.code = code
        self.context = context
        self.text = text


class Disconnect(Exception):
    """The session ends with ``ERROR :reason``; others see ``reason`` in its QUIT."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
