"""Where a text has links, and the address that a click on each opens (pure).

A link goes exactly where its words say: what could look like another address than it is stays plain text.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from chatapp.irc.visible import RIGHT_TO_LEFT, visible

#: A longer address is plain text: terminals do not take it (their limits begin at about 2,000 bytes).
LONGEST = 2000

_LINK = re.compile(r"(?<![\w+.-])(?:https?://|mailto:)[^\s<>\"`{}|\\^]+", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\Z")
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?:\?[^@]*)?\Z")
#: At the end of an address they belong to the sentence around it.
_SENTENCE = ".,:;!?'*_~…”’»"
_BRACKETS = {")": "(", "]": "["}
#: What may stand in an address as it is (RFC 3986, section 2); all else is escaped.
_SAFE = ":/?#[]@!$&'()*+,;=-._~%"


class Link(NamedTuple):
    """A link: where it begins and ends in the text, and the address, printable ASCII without blanks."""

    start: int
    end: int
    url: str


def find_links(text: str) -> list[Link]:
    """The links in ``text``, from left to right: http, https and mailto alone."""
    if not may_have_links(text):
        return []
    found = []
    for match in _LINK.finditer(text):
        if len(match[0]) > LONGEST:
            continue
        words = _trimmed(match[0])
        url = address(words)
        if url:
            found.append(Link(match.start(), match.start() + len(words), url))
    return found


def may_have_links(text: str) -> bool:
    """Whether it is worth looking: nearly all that is said has no link in it."""
    return ":" in text and ("://" in text or "mailto:" in text.lower())


def address(words: str) -> str:
    """``words`` as an address that a terminal may be given, "" if they are none that is safe to open."""
    # Scripts from right to left turn the words around: what one reads first is not what comes first.
    if words != visible(words) or RIGHT_TO_LEFT.search(words):
        return ""
    scheme, _colon, rest = words.partition(":")
    if scheme.lower() == "mailto":
        is_fine = _MAILBOX.match(rest) is not None
    else:
        # A name before an @ is meant to be taken for the host; letters beyond ASCII look like others.
        is_fine = _AUTHORITY.match(re.split("[/?#]", rest[2:], maxsplit=1)[0]) is not None
    url = quote(words, safe=_SAFE, errors="replace")
    return url if is_fine and len(url) <= LONGEST else ""


def _trimmed(words: str) -> str:
    """``words`` without what ends the sentence; a closing bracket stays where its opening one is inside."""
    while words:
        last = words[-1]
        opening = _BRACKETS.get(last)
        if last in _SENTENCE or (opening and words.count(opening) < words.count(last)):
            words = words[:-1]
        else:
            break
    return words
