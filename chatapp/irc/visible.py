"""Text from a peer made safe to show: on a terminal, in a title, in a log.

Every place that displays passes what came from outside through `visible`: nothing it gives back moves the
cursor, turns the direction of writing, hides, or climbs over its neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from functools import lru_cache

#: At most so many marks stay on one letter.
MOST_MARKS = 3
#: Stands for what has no picture of its own.
REPLACEMENT = "\ufffd"
TAB = "    "

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA_CLASS = 9

_HIDDEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
#: Letters and marks that nobody sees, though Python calls them printable: joiners and fillers.
HIDDEN = re.compile(f"[{_HIDDEN}]")
#: Marks that choose how the character before them is drawn.
SELECTORS = re.compile(f"[{_SELECTORS}]")
#: Letters of scripts that are written from right to left (UAX 9).
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
#: Printable text in which nothing of this is found is shown as it is; marks are among what is not a letter,
#: and only four in a row can be too many.
_SUSPECT = re.compile(rf"[{_HIDDEN}{_SELECTORS}]|[^\w\s\x00-\x7f]{{{MOST_MARKS + 1}}}")

#: A flag of a part of a country (UTS 51, ED-14a): black flag, tag letters, end tag.
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
#: Pictures that can be joined to one, or take the emoji selector.
_PICTOGRAPH = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff]"
)
#: What else may take the emoji selector, to become a keycap.
_KEYCAP_BASES = frozenset("0123456789#*")
#: The scripts whose letters join or stack, where U+200C and U+200D are spelling (RFC 5892, appendix A).
_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e80-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1cff\ua800-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
#: Format characters that are seen: signs that stand over Arabic, Syriac and Kaithi numbers.
_SEEN_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)


class _Class(Enum):
    SHOWN = auto()  #: as it is
    MARK = auto()  #: as it is, up to `MOST_MARKS` on one letter
    SELECTOR = auto()  #: as it is after what it can vary
    JOINER = auto()  #: as it is where it is spelling
    REPLACED = auto()  #: by something visible
    DROPPED = auto()


def visible(text: str) -> str:
    """``text`` with nothing in it that is not seen.

    Controls become their pictures (U+2400 on), a tab four blanks; C1 controls, noncharacters and lone
    surrogates become U+FFFD. Direction controls, zero-width and tag characters are dropped, except where they
    are spelling: in emoji sequences, between letters of scripts that join, in well-formed flags. Of marks on
    one letter three stay. Applied twice it changes nothing more.
    """
    if text.isprintable() and (text.isascii() or not _SUSPECT.search(text)):
        return text
    shown: list[str] = []
    marks = 0
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\U0001f3f4" and (flag := _FLAG.match(text, at)):
            shown.append(flag[0])
            at = flag.end()
            marks = 0
            continue
        at += 1
        kind = _class_of(char)
        if kind is _Class.SHOWN:
            shown.append(char)
            marks = 0
        elif kind is _Class.REPLACED:
            shown.append(_stand_in(char))
            marks = 0
        elif kind is _Class.MARK:
            marks += 1
            if marks <= MOST_MARKS:
                shown.append(char)
        elif kind is _Class.SELECTOR:
            if shown and _can_vary(shown[-1][-1], char):
                shown.append(char)
        elif kind is _Class.JOINER and _can_join(shown, char, text[at : at + 1]):
            shown.append(char)
    return "".join(shown)


@lru_cache(maxsize=4096)
def _class_of(char: str) -> _Class:
    if HIDDEN.match(char):
        return _Class.DROPPED
    if SELECTORS.match(char):
        return _Class.SELECTOR
    if char in (_ZWNJ, _ZWJ):
        return _Class.JOINER
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return _Class.MARK
    if category in ("Cc", "Cs", "Zl", "Zp") or _is_noncharacter(char):
        return _Class.REPLACED
    if category == "Cf":
        return _Class.SHOWN if char in _SEEN_FORMATS else _Class.DROPPED
    # Unassigned to this Python may be next year's emoji; but the planes of tags and fillers stay invisible.
    is_hidden = category == "Cn" and (
        char == "\u2065" or "\ufff0" <= char <= "\ufff8" or char >= "\U000e0000"
    )
    return _Class.DROPPED if is_hidden else _Class.SHOWN


def _is_noncharacter(char: str) -> bool:
    return "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE


def _stand_in(char: str) -> str:
    if char == "\t":
        return TAB
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "\u2421"
    return "\u2424" if char in "\x85\u2028\u2029" else REPLACEMENT


def _can_vary(before: str, selector: str) -> bool:
    """Whether ``selector`` changes the look of ``before`` rather than hide after it."""
    if selector in "\ufe0e\ufe0f":
        return before in _KEYCAP_BASES or _PICTOGRAPH.match(before) is not None
    return unicodedata.category(before) in ("Lo", "Sm", "So") and not before.isascii()


def _can_join(shown: list[str], joiner: str, after: str) -> bool:
    """Whether ``joiner``, between what is shown already and ``after``, is spelling."""
    if not shown:
        return False
    before = shown[-1]
    if joiner == _ZWJ and _PICTOGRAPH.match(after):
        picture = shown[-2] if before == "\ufe0f" and len(shown) > 1 else before
        if _PICTOGRAPH.match(picture):
            return True
    if not _JOINING_SCRIPTS.match(before):
        return False
    is_between = bool(_JOINING_SCRIPTS.match(after)) and unicodedata.category(after)[0] == "L"
    return is_between or unicodedata.combining(before) == _VIRAMA_CLASS
