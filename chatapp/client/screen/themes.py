"""The themes: what each class of the screen's rows looks like on a dark, a light or any terminal (pure).

Colour is never the only carrier of a meaning: whatever a theme colours also has a sign, a place or a word.
"""

from __future__ import annotations

#: What ``/set theme`` takes. "auto" asks the terminal for its background; "none" has no colours at all.
THEME_NAMES = ("auto", "dark", "light", "high-contrast", "none")
#: What "auto" is where the terminal does not tell: its own sixteen colours, which suit it.
TERMINAL = "terminal"
#: So many colours are shared out among nicks, the same number in every theme.
NICK_COLOURS = 10

_MENU = "completion-menu"

_ANY = {
    "topic": "reverse",
    "status": "reverse",
    "status.trouble": "bold",
    "status.mention": "bold",
    "own": "bold",
    "link": "underline",
    "room": "",
    "room.current": "reverse",
    "room.unread": "bold",
    "member.title": "bold",
    "prompt": "bold",
    "picked": "reverse",
    "selected": "reverse",
    "reaction.own": "bold",
    "question": "bold reverse",
    "help.key": "bold",
    "help.title": "bold underline",
    "wire.sentence": "",
    "wire.face": "bold",
    "wire.bits": "",
    _MENU: "noreverse",
    f"{_MENU}.completion.current": "reverse",
    f"{_MENU}.meta.completion.current": "reverse",
}

#: What one need not look at.
_FAINT = (
    *("time", "event", "pending", "day", "quote", "deleted", "reaction", "border", "member.away"),
    *("wire.event", "wire.head", "wire.kind", "wire.glue"),
)


def _palette(
    *,
    faint: str,
    info: str,
    warn: str,
    trouble: str,
    good: str,
    other: str,
    deep: str,
    panel: str,
    nicks: tuple[str, ...],
    inks: str,
) -> dict[str, str]:
    """A theme from its colours; ``panel`` is that of the menu and of blocks of code."""
    return {
        **_ANY,
        **dict.fromkeys(_FAINT, faint),
        "info": info,
        "notice": warn,
        "error": f"{trouble} bold",
        "failed": trouble,
        "unread": trouble,
        "mention": f"bold {warn}",
        "room.mention": f"bold {warn}",
        "spoiler": faint,
        "code": panel,
        "code.block": panel,
        "wire.sent": f"bold {good}",
        "wire.received": f"bold {info}",
        "wire.tag": warn,
        "wire.source": other,
        "wire.command": f"bold {deep}",
        "wire.param": good,
        "wire.hidden": trouble,
        "wire.lead": trouble,
        f"{_MENU}.completion": panel,
        f"{_MENU}.meta.completion": panel,
        **{f"nick.{number}": colour for number, colour in enumerate(nicks)},
        **{f"ink.{number}": colour for number, colour in enumerate(inks.split())},
    }


THEMES: dict[str, dict[str, str]] = {
    TERMINAL: _palette(
        faint="ansibrightblack",
        info="ansicyan",
        warn="ansiyellow",
        trouble="ansired",
        good="ansigreen",
        other="ansimagenta",
        deep="ansiblue",
        panel="bg:ansibrightblack fg:ansiwhite",
        nicks=(
            "ansicyan",
            "ansigreen",
            "ansiyellow",
            "ansimagenta",
            "ansiblue",
            "ansired",
            "ansibrightcyan",
            "ansibrightgreen",
            "ansibrightmagenta",
            "ansibrightblue",
        ),
        inks=(
            "ansiwhite ansiblack ansiblue ansigreen ansibrightred ansired ansimagenta ansiyellow "
            "ansibrightyellow ansibrightgreen ansicyan ansibrightcyan ansibrightblue ansibrightmagenta "
            "ansibrightblack ansigray"
        ),
    ),
    "dark": _palette(
        faint="#949494",
        info="#5fd7ff",
        warn="#ffd75f",
        trouble="#ff8787",
        good="#87d787",
        other="#ff87ff",
        deep="#87afff",
        panel="bg:#3a3a3a fg:#eeeeee",
        nicks=(
            "#5fd7ff",
            "#87d787",
            "#ffd75f",
            "#ff87ff",
            "#87afff",
            "#ff8787",
            "#5fffd7",
            "#d7af87",
            "#d787af",
            "#afd75f",
        ),
        inks=(
            "#ffffff #949494 #87afff #5fd75f #ff8787 #d7875f #d787d7 #ffaf5f #ffff5f #87ff5f #5fafaf #5fffff "
            "#87afff #ff87ff #949494 #d0d0d0"
        ),
    ),
    "light": _palette(
        faint="#626262",
        info="#005f87",
        warn="#875f00",
        trouble="#af0000",
        good="#005f00",
        other="#870087",
        deep="#0000af",
        panel="bg:#dadada fg:#1c1c1c",
        nicks=(
            "#005f87",
            "#005f00",
            "#875f00",
            "#870087",
            "#0000af",
            "#af0000",
            "#005f5f",
            "#5f5f00",
            "#87005f",
            "#5f00af",
        ),
        inks=(
            "#626262 #000000 #00005f #005f00 #d70000 #870000 #870087 #875f00 #5f5f00 #005f00 #005f5f #005f87 "
            "#0000d7 #af00af #626262 #585858"
        ),
    ),
    # The terminal's own two colours, which nobody makes unreadable, and no shade between them.
    "high-contrast": {
        **_palette(
            faint="",
            info="",
            warn="underline",
            trouble="bold underline",
            good="",
            other="",
            deep="",
            panel="reverse",
            nicks=("bold",) * NICK_COLOURS,
            inks="bold " * 16,
        ),
        "mention": "bold underline",
        "room.mention": "bold underline",
        "member.away": "italic",
        "code": "underline",
        "code.block": "",
        "pending": "italic",
    },
}
#: Without colours the same signs remain.
THEMES["none"] = THEMES["high-contrast"]


def theme_for(wanted: str, *, no_color: bool, background: tuple[float, float, float] | None) -> str:
    """The key into `THEMES` for a setting; ``background``, red, green and blue of 0 to 1, if it is known."""
    if no_color:
        return "none"
    if wanted in THEMES:
        return wanted
    if background is None:
        return TERMINAL
    return "light" if luminance(background) > 0.4 else "dark"


def luminance(colour: tuple[float, float, float]) -> float:
    """How bright ``colour`` is to the eye, from 0 for black to 1 for white (WCAG 2, relative luminance)."""
    red, green, blue = (_linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
