"""The theme in force: what the person has set, what the terminal can, and what it tells of its background."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from chatapp.client.screen.background import Colour, named_background
from chatapp.client.screen.style import build_style
from chatapp.client.screen.themes import theme_for
from chatapp.client.settings import Preferences


class Dress:
    """What everything looks like now: the theme that was chosen, as far as the terminal allows."""

    def __init__(self, preferences: Callable[[], Preferences], environ: Mapping[str, str]) -> None:
        self.background: Colour | None = named_background(environ)
        self._preferences = preferences
        self._has_no_color = bool(environ.get("NO_COLOR"))

    @property
    def theme(self) -> str:
        """The key into `THEMES`."""
        wanted = self._preferences().settings.theme
        return theme_for(wanted, no_color=self._has_no_color, background=self.background)

    def style(self) -> Style:
        """The style sheet."""
        return build_style(self.theme)

    def depth(self) -> ColorDepth | None:
        """No colours for who wants none (no-color.org), else what the terminal can."""
        return ColorDepth.DEPTH_1_BIT if self.theme == "none" else None
