"""Style strings as what a terminal is told: SGR for colours and shapes, OSC 8 for links."""

from __future__ import annotations

import io
import re
import zlib
from urllib.parse import quote

from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import BaseStyle

from chatapp.client.screen.painter_rows import DEFAULT, Look

#: What a part of a style string that names a link begins with; a URL stands behind it.
LINK = "link="
#: The kinds of address that a click may lead to.
SCHEMES = ("https", "http", "mailto", "irc", "ircs")
#: Longer addresses are no links: terminals cut them at about this length (VTE, iTerm2).
LONGEST_LINK = 2048
_LINK = re.compile(rf"(?:{'|'.join(SCHEMES)}):[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]+", re.IGNORECASE)
#: What may stand in an address; everything else is written as ``%XX``.
_UNTOUCHED = "!#$%&'()*+,-./:;=?@_~[]"


class Looks:
    """How each style string looks at a colour depth, worked out once."""

    def __init__(self, style: BaseStyle, depth: ColorDepth) -> None:
        self._style = style
        self._depth = depth
        self._known: dict[str, Look] = {"": DEFAULT}
        self._version = style.invalidation_hash()

    def is_right_for(self, depth: ColorDepth) -> bool:
        """Whether neither the style sheet nor the depth has changed since."""
        return depth == self._depth and self._style.invalidation_hash() == self._version

    def __call__(self, style: str) -> Look:
        look = self._known.get(style)
        if look is None:
            if len(self._known) > 4096:
                self._known.clear()
            look = self._known[style] = self._look(style)
        return look

    def _look(self, style: str) -> Look:
        words, link = split_link(style)
        try:
            attrs = self._style.get_attrs_for_style_str(words)
        except ValueError:
            return DEFAULT._replace(link=opening(link))  # a colour that is none is no reason to show nothing
        is_seen_blank = bool(attrs.bgcolor or attrs.reverse or attrs.underline or attrs.strike)
        paper = io.StringIO()
        output = Vt100_Output(paper, lambda: Size(rows=1, columns=1))
        output.set_attributes(attrs, self._depth)
        output.flush()
        sgr = paper.getvalue()
        return Look(DEFAULT.sgr if sgr == "\x1b[0m" else sgr, opening(link), is_seen_blank)


def split_link(style: str) -> tuple[str, str]:
    """``style`` without the part that names a link, and the link; "" where there is none."""
    if LINK not in style:
        return style, ""
    links = [word.removeprefix(LINK) for word in style.split() if word.startswith(LINK)]
    return " ".join(word for word in style.split() if not word.startswith(LINK)), links[-1] if links else ""


def opening(url: str) -> str:
    """What begins a link to ``url`` (OSC 8); "" where that is no address that one may be led to.

    The parts of a link that is broken over rows share its ``id``, so that they light up together.
    """
    url = quote(url, safe=_UNTOUCHED, errors="replace")
    if not url or len(url) > LONGEST_LINK or _LINK.fullmatch(url) is None:
        return ""
    return f"\x1b]8;id={zlib.crc32(url.encode()):08x};{url}\x1b\\"
