"""Nicks, channels, sources and masks: which are valid, which are the same, which match.

Names are shown as first given and compared folded. With the ``unicode`` mapping letters, marks and digits of
any script may be in a name and are compared by NFKC and case folding; ``ascii`` and ``rfc1459`` are as in
RFC 2812 2.2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from chatapp.irc.visible import HIDDEN, SELECTORS

CHANNEL_PREFIX = "#"

_RFC1459_LOWER = str.maketrans("[]\\~", "{}|^")
_ASCII_NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*")
_NICK_PUNCTUATION = frozenset("[]\\`_^{|}-")
_CHANNEL_FORBIDDEN = frozenset(" ,:\x07!@*?$&~%")
_USER_NAME = re.compile(r"[A-Za-z0-9._\[\]\\`^{|}+=/-]+")


@lru_cache(maxsize=8192)  # of the longest names some megabytes
def fold_unicode(name: str) -> str:
    """``name`` as it is compared under the ``unicode`` mapping: NFKC, then case folded, then NFKC again."""
    if name.isascii():
        return name.lower()
    name = SELECTORS.sub("", name)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def fold_ascii(name: str) -> str:
    """``name`` as it is compared under the ``ascii`` mapping: only A to Z have a lower case."""
    return name.lower() if name.isascii() else "".join(c.lower() if c.isascii() else c for c in name)


@lru_cache(maxsize=4096)
def fold_rfc1459(name: str) -> str:
    """As `fold_ascii`, with ``{}|^`` the lower case of ``[]\\~``."""
    return fold_ascii(name).translate(_RFC1459_LOWER)


#: The settings' names for the mappings.
FOLDS: dict[str, Callable[[str], str]] = {
    "unicode": fold_unicode,
    "ascii": fold_ascii,
    "rfc1459": fold_rfc1459,
}


def is_nick(nick: str, max_bytes: int, casemapping: str = "unicode") -> bool:
    """Whether ``nick`` can be a nick of at most ``max_bytes`` bytes of UTF-8."""
    if not nick or len(nick.encode(errors="surrogatepass")) > max_bytes:
        return False
    if nick.isascii():
        return _ASCII_NICK.fullmatch(nick) is not None
    if casemapping != "unicode" or HIDDEN.search(nick) or SELECTORS.search(nick):
        return False
    if nick[0] == "-" or unicodedata.category(nick[0])[0] in "NM" or not _is_word(fold_unicode(nick)):
        return False
    return _is_word(nick)


def is_channel(name: str, max_bytes: int, casemapping: str = "unicode") -> bool:
    """Whether ``name`` can be a channel: ``#``, then anything visible that means nothing to the protocol."""
    if name[:1] != CHANNEL_PREFIX or len(name) < 2 or len(name.encode(errors="surrogatepass")) > max_bytes:
        return False
    if not name.isascii() and (casemapping != "unicode" or HIDDEN.search(name)):
        return False
    rest = name[1:]
    # A full-width comma is none until it is folded.
    return _CHANNEL_FORBIDDEN.isdisjoint(rest + fold_unicode(rest)) and all(map(_is_visible, rest))


def user_name_from(text: str) -> str:
    """The user name nearest to ``text``: accents fall away, as does what cannot stand in a source."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if _USER_NAME.fullmatch(c)) or "user"


def is_channel_name(target: str) -> bool:
    """Whether a message to ``target`` goes to a channel rather than a person."""
    return target[:1] == CHANNEL_PREFIX


def visible_host(address: str) -> str:
    """The host that others see; no parameter of a line may begin with the colon of an IPv6 address."""
    return f"0{address}" if address.startswith(":") else address


def source(nick: str, user: str, host: str) -> str:
    """``nick!user@host``."""
    return f"{nick}!{user}@{host}"


def complete_mask(mask: str) -> str:
    """``mask`` with ``*`` for what is missing: ``ana`` is ``ana!*@*``, ``*@host`` is ``*!*@host``."""
    nick, bang, rest = mask.partition("!")
    if not bang and "@" in mask:
        nick, rest = "*", mask
    user, _, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def matches(folded_mask: str, folded_text: str) -> bool:
    """Whether a glob of ``*`` and ``?`` matches the whole text; both are folded by the caller.

    Takes at most about ``len(mask) * len(text)`` steps, whatever the mask.
    """
    return _glob(folded_mask).fullmatch(folded_text) is not None


@lru_cache(maxsize=1024)
def _glob(mask: str) -> re.Pattern[str]:
    """``mask`` as an expression. Each part between stars takes the first place it can and never another one
    (an atomic group): that is enough for a glob, and spares the search of all places."""
    first, *parts = (re.escape(part).replace(r"\?", ".") for part in mask.split("*"))
    if not parts:
        return re.compile(first, re.DOTALL)
    *middle, last = parts
    places = "".join(f"(?>.*?{part})" for part in middle if part)
    return re.compile(f"{first}{places}.*{last}", re.DOTALL)


def _is_word(text: str) -> bool:
    return all(c in _NICK_PUNCTUATION or unicodedata.category(c)[0] in "LMN" for c in text)


def _is_visible(char: str) -> bool:
    return unicodedata.category(char)[0] not in "CZ"
