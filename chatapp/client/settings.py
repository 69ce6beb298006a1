"""The settings of a person: what may stand in client.toml, each key with its sentence and its default.

`chatapp.client.saved` reads and writes the file; `Preferences` holds what is in force while the client runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from functools import cache
from gettext import gettext as _
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from chatapp.irc.catalogue import N_

#: How much of what is said in a room calls for the person.
Level = Literal["all", "mentions", "nothing"]
_WHOLE = range(2**31)


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """``[[server]]``: a server that the client knows; there may be several."""

    name: Annotated[str, N_("What the server is called here; its host if nothing is set.")] = ""
    host: Annotated[str, N_("The server, or the path of its Unix socket.")] = "localhost"
    port: Annotated[int, N_("The server's port."), range(1, 65536)] = 12345
    tls: Annotated[
        Literal["auto", "required", "off"],
        N_("Encryption: wherever the server has it, always, or never."),
    ] = "auto"
    tls_fingerprint: Annotated[str, N_("The server's key; no other is taken.")] = ""
    udp: Annotated[bool, N_("Whether to go by datagrams.")] = False
    nick: Annotated[str, N_("What others call you there; `name` if nothing is set.")] = ""
    password: Annotated[str, N_("The server's own password, if it has one.")] = field(default="", repr=False)
    account: Annotated[str, N_("Your account there; your nick if nothing is set.")] = ""
    account_password: Annotated[str, N_("The password of your account.")] = field(default="", repr=False)
    sasl: Annotated[
        Literal["auto", "scram-sha-256", "plain", "external", "off"],
        N_("How you prove whose account it is; by itself the safest way that the server knows."),
    ] = "auto"
    certificate: Annotated[
        str, N_("A file with your certificate (PEM), for servers that know you by it.")
    ] = ""
    certificate_key: Annotated[str, N_("The file with its key; the certificate's own if nothing is set.")] = (
        ""
    )
    rooms: Annotated[tuple[str, ...], N_("The rooms to enter.")] = ()
    connect: Annotated[bool, N_("Whether the client goes there when it starts.")] = True

    @property
    def label(self) -> str:
        """What the person calls it."""
        return self.name or self.host


@dataclass(frozen=True, slots=True)
class Settings:
    """All of client.toml: keys at its top, the rooms under ``[notify]``, and the ``[[server]]`` tables."""

    name: Annotated[str, N_("What others call you; your name on this computer if nothing is set.")] = ""
    language: Annotated[
        Literal["", "en", "pt-BR"], N_("The language of the program; your system's if nothing is set.")
    ] = ""
    theme: Annotated[
        Literal["auto", "dark", "light", "high-contrast", "none"],
        N_("The colours; by themselves as your terminal is, dark or light."),
    ] = "auto"
    timestamps: Annotated[str, N_("How the time of a message is written, as strftime has it.")] = "%H:%M"
    editing: Annotated[Literal["emacs", "vi"], N_("Whose keys the input line has.")] = "emacs"
    linear: Annotated[
        bool, N_("Whether everything is plain lines, for screen readers and simple terminals.")
    ] = False
    typing: Annotated[bool, N_("Whether others see that you are writing.")] = True
    read_markers: Annotated[bool, N_("Whether your other devices learn what you have read.")] = True
    input_history: Annotated[bool, N_("Whether what you typed is kept for the next start.")] = True
    history: Annotated[int, N_("How many messages a room shows at first."), range(1, 1001)] = 50
    bell: Annotated[bool, N_("Whether the terminal's bell rings when something is for you.")] = True
    notifications: Annotated[Level, N_("What calls for you in a room that has no setting of its own.")] = (
        "mentions"
    )
    desktop_notifications: Annotated[
        bool, N_("Whether the desktop shows what is for you while you look elsewhere.")
    ] = True
    highlight: Annotated[tuple[str, ...], N_("Words that count like your name.")] = ()
    notify: Mapping[str, Level] = field(default_factory=dict)
    servers: tuple[ServerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One key: its type, default, range if it is a number, and the sentence that explains it."""

    key: str
    type: Any
    default: Any
    sentence: str
    within: range

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that there are, where there are few."""
        if self.type is bool:
            return ("true", "false")
        return get_args(self.type) if get_origin(self.type) is Literal else ()

    @property
    def expected(self) -> str:
        """What a value must be, in words that follow "expected"."""
        if self.type is bool:
            return _("true or false")
        if self.choices:
            return _("one of {choices}").format(choices=", ".join(f'"{choice}"' for choice in self.choices))
        if self.type is int:
            words = _("a whole number, {least} to {most}")
            return words.format(least=self.within.start, most=self.within.stop - 1)
        return _("text") if self.type is str else _("a list of texts")

    def fits(self, value: object) -> bool:
        """Whether ``value`` may be set."""
        if self.choices and self.type is not bool:
            return value in self.choices
        if self.type is int:
            return isinstance(value, int) and not isinstance(value, bool) and value in self.within
        if self.type in (bool, str):
            return isinstance(value, self.type)
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)

    def read(self, text: str) -> object:
        """``text``, as typed after the key, as a value; None if it is none that fits."""
        value: object = text
        if self.type is bool:
            value = {"true": True, "on": True, "false": False, "off": False}.get(text.casefold())
        elif self.type is int:
            value = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
        elif not self.choices and self.type is not str:
            value = tuple(word.strip() for word in text.split(",") if word.strip())
        return value if self.fits(value) else None


@cache
def options(owner: type[Any] = Settings) -> dict[str, Option]:
    """Every key of ``owner`` with one value, in the order in which they are declared."""
    hints = get_type_hints(owner, include_extras=True)
    return {
        each.name: _option(each, hints[each.name])
        for each in fields(owner)
        if get_origin(hints[each.name]) is Annotated
    }


def _option(each: Field[Any], hint: Any) -> Option:
    kind, *about = get_args(hint)
    (sentence,) = (note for note in about if isinstance(note, str))
    within = next((note for note in about if isinstance(note, range)), _WHOLE)
    return Option(each.name, kind, each.default, sentence, within)


class Preferences:
    """The settings that are in force, and who is told when they change.

    ``save`` is asked to keep a change, before anybody hears of it; what it raises, `change` raises.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        save: Callable[[Settings, str], None] = lambda _settings, _key: None,
    ) -> None:
        self.settings = settings or Settings()
        self._save = save
        self._watchers: list[Callable[[], None]] = []

    def watch(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called after each change."""
        self._watchers.append(changed)

    def change(self, key: str, value: object) -> None:
        """Set ``key`` from now on, and have it kept.

        Raises:
            OSError: It cannot be kept; it holds for this session all the same.
        """
        self.settings = replace(self.settings, **{key: value})  # type: ignore[arg-type]
        try:
            self._save(self.settings, key)
        finally:
            for changed in self._watchers:
                changed()
