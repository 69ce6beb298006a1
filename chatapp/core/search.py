"""What of a message is searched, and what of a question can be looked up in an index of words."""

from __future__ import annotations

from typing import NamedTuple

from chatapp.core.multiline import text_of
from chatapp.irc.text import strip_formatting


class Terms(NamedTuple):
    """``words`` have letters or digits; ``signs`` have none, such as an emoji, and no index knows them."""

    words: tuple[str, ...]
    signs: tuple[str, ...]


def terms_of(words: tuple[str, ...]) -> Terms:
    """Sort ``words``, as somebody typed them."""
    known = tuple(word for word in words if any(map(str.isalnum, word)))
    return Terms(known, tuple(word for word in words if word and word not in known))


def searchable_text(body: str) -> str:
    """What is said in a PRIVMSG or NOTICE, without its formatting."""
    return strip_formatting(text_of(body))
