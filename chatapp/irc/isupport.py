"""The 005 tokens: say them, read them (Modern IRC "RPL_ISUPPORT"; draft-hardy-irc-isupport)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from chatapp.irc.modes import ModeKinds
from chatapp.irc.names import fold_ascii, fold_rfc1459, fold_unicode

#: Nick, 13 tokens and the text are the 15 parameters that a line may have (RFC 1459 2.3).
TOKENS_PER_LINE = 13
#: What the tokens of one line may take, so that source, nick and text have room beside them in 512 bytes.
TOKEN_BYTES = 360
#: How many tokens a peer can make us remember.
MOST_TOKENS = 256

_KEY = re.compile(r"-?(?:[a-z0-9.-]+/)?[A-Z0-9]+")
_TARGMAX = re.compile(r"[A-Z]+:[0-9]*(?:,[A-Z]+:[0-9]*)*")
_PREFIX = re.compile(r"\(([A-Za-z]*)\)(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")
_ESCAPE = str.maketrans({" ": r"\x20", "=": r"\x3D", "\\": r"\x5C"})
_FOLDS: dict[str, Callable[[str], str]] = {
    "ascii": fold_ascii,
    "rfc1459": fold_rfc1459,
    "rfc7613": fold_unicode,
    "precis": fold_unicode,
    "unicode": fold_unicode,
}


def format_isupport(tokens: Mapping[str, str | None]) -> list[list[str]]:
    """Write ``tokens`` as the parameters of as many 005 lines as they need, without nick and text.

    A value of ``None`` gives ``KEY``, any other ``KEY=VALUE``; a key that begins with ``-`` takes it back.

    Raises:
        ValueError: A key or value cannot be said in 005: not visible ASCII, too long, TARGMAX not
            ``COMMAND:n,...``, or a value where a token is taken back.
    """
    lines: list[list[str]] = []
    room = 0
    for key, value in tokens.items():
        token = _format_token(key, value)
        if not lines or len(lines[-1]) == TOKENS_PER_LINE or len(token) + 1 > room:
            lines.append([])
            room = TOKEN_BYTES
        lines[-1].append(token)
        room -= len(token) + 1
    return lines


def _format_token(key: str, value: str | None) -> str:
    if not _KEY.fullmatch(key) or (key[0] == "-" and value is not None):
        raise ValueError(f"{key!r} cannot be a key of ISUPPORT")
    if value is None:
        return key
    if not value.isascii() or not value.isprintable():
        raise ValueError(f"{key}={value!r} is not visible ASCII")
    if key == "TARGMAX" and not _TARGMAX.fullmatch(value):
        raise ValueError(f"TARGMAX={value!r} is not COMMAND:n,COMMAND:,...")
    token = f"{key}={value.translate(_ESCAPE)}"
    if len(token) >= TOKEN_BYTES:
        raise ValueError(f"{key} is longer than a line of 005 has room for")
    return token


class ISupport:
    """What one server has said in its 005 lines. Whatever it said, no question raises; what it did not say
    or said wrongly has the default that RFC 1459 implies.
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        #: Folds a name as this server compares names.
        self.fold: Callable[[str], str] = fold_rfc1459

    def hear(self, params: Sequence[str]) -> None:
        """Take in the parameters of a 005 line: our nick, the tokens, and a text."""
        for token in params[1:-1]:
            key, equals, value = token.partition("=")
            key = key.upper()
            if key[:1] == "-":
                self._values.pop(key[1:], None)
            elif key and (key in self._values or len(self._values) < MOST_TOKENS):
                self._values[key] = (
                    _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if equals else ""
                )
        # Of an unknown mapping the ASCII part is sure: better two rows for one person than one row for two.
        self.fold = _FOLDS.get(self.casemapping, fold_ascii)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def get(self, key: str, default: str = "") -> str:
        """The value of ``key`` (in capitals), "" for a token without one."""
        return self._values.get(key, default)

    def number(self, key: str) -> int | None:
        """The value of ``key`` if it is a number, else ``None``."""
        return _number(self.get(key))

    @property
    def casemapping(self) -> str:
        """The name of the mapping, in small letters."""
        return (self.get("CASEMAPPING") or "rfc1459").lower()

    @property
    def network(self) -> str:
        """The network's name, "" if it has none."""
        return self.get("NETWORK")

    @property
    def chantypes(self) -> str:
        """What a channel's name can begin with; "" if there are no channels."""
        return self.get("CHANTYPES", "#&")

    @property
    def prefixes(self) -> list[tuple[str, str]]:
        """Pairs of mode letter and symbol, highest standing first."""
        found = _PREFIX.fullmatch(self.get("PREFIX", "(ov)@+"))
        return list(zip(found[1], found[2], strict=False)) if found else []

    @property
    def chanmodes(self) -> ModeKinds:
        """The channel's modes by kind."""
        groups = self.get("CHANMODES", "b,k,l,imnpst").split(",")
        lists, always, when_set, flags = [*groups, "", "", "", ""][:4]
        return ModeKinds(lists, always, when_set, flags, "".join(mode for mode, _ in self.prefixes))

    @property
    def nicklen(self) -> int | None:
        """How long a nick may be, ``None`` if the server does not say."""
        return self.number("NICKLEN")

    @property
    def chathistory(self) -> int | None:
        """How many messages one CHATHISTORY may ask for: 0 is no limit, ``None`` no history."""
        return (self.number("CHATHISTORY") or 0) if "CHATHISTORY" in self else None

    @property
    def msgreftypes(self) -> list[str]:
        """How CHATHISTORY may point at a message, what the server prefers first."""
        return [kind for kind in self.get("MSGREFTYPES").lower().split(",") if kind]

    @property
    def statusmsg(self) -> str:
        """The symbols that can stand before a channel to speak to members of that standing only."""
        return self.get("STATUSMSG")

    @property
    def targmax(self) -> dict[str, int | None]:
        """How many targets a command takes, ``None`` for no limit."""
        pairs = (item.partition(":") for item in self.get("TARGMAX").split(","))
        return {command.upper(): _number(most) for command, _, most in pairs if command}

    def is_channel(self, target: str) -> bool:
        """Whether ``target`` names a channel here."""
        return target[:1] != "" and target[0] in self.chantypes

    def split_prefix(self, member: str) -> tuple[str, str]:
        """``@+ana`` of a NAMES reply as the symbols and the nick."""
        symbols = "".join(symbol for _, symbol in self.prefixes)
        nick = member.lstrip(symbols) if symbols else member
        return member[: len(member) - len(nick)], nick

    def split_statusmsg(self, target: str) -> tuple[str, str]:
        """``@#tea`` as the symbol and the channel; without a symbol the first is ""."""
        if target[:1] and target[0] in self.statusmsg and self.is_channel(target[1:]):
            return target[0], target[1:]
        return "", target


def _number(text: str) -> int | None:
    """``text`` as a number that a person could mean: at most nine ASCII digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
