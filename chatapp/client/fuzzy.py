"""How well a name fits what somebody typed of it (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import TypeVar

Found = TypeVar("Found")
_WORDS = re.compile(r"[^\W_]+")


def rank(wanted: str, name: str) -> tuple[int, int, int] | None:
    """Where ``name`` comes among the names that fit ``wanted``, the smaller the better; None if it does not.

    Best is the name itself, then one that begins so, has a word that begins so, holds it, holds its letters
    in their order. Both are folded already; signs before the first letter, such as ``#``, do not matter.
    """
    bare, looked_for = name.lstrip("#&+!~@"), wanted.lstrip("#&+!~@")
    if not looked_for:
        return (0, 0, 0) if name.startswith(wanted) else None
    size = len(bare)
    if bare == looked_for:
        return 0, 0, size
    if bare.startswith(looked_for):
        return 1, 0, size
    at = bare.find(looked_for)
    if at >= 0:
        begins_word = any(word.start() == at for word in _WORDS.finditer(bare))
        return (2 if begins_word else 3), at, size
    spread = _spread(looked_for, bare)
    return None if spread is None else (4, spread, size)


def best(
    wanted: str, things: Iterable[Found], name_of: Callable[[Found], str], most: int = 20
) -> list[Found]:
    """At most ``most`` of ``things`` that fit, the best first; among equals the order stays."""
    ranked = ((rank(wanted, name_of(thing)), at, thing) for at, thing in enumerate(things))
    fitting = ((place, at, thing) for place, at, thing in ranked if place is not None)
    return [thing for _place, _at, thing in nsmallest(most, fitting, key=lambda each: each[:2])]


def _spread(wanted: str, name: str) -> int | None:
    """How far apart the letters of ``wanted`` stand in ``name``; None where it lacks one in its order."""
    start = at = -1
    for char in wanted:
        at = name.find(char, at + 1)
        if at < 0:
            return None
        start = at if start < 0 else start
    return at - start
