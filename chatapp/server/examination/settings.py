"""Every setting with its value and where that comes from, as the file would have it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any

from chatapp.irc.visible import visible
from chatapp.server.config import SECRETS, values_of
from chatapp.server.given import Given, Sources
from chatapp.server.settings import SECTIONS, SEVERAL

#: Where the places begin; what is longer has its place in a row of its own.
_COLUMN = 48


def listing(sources: Sources, file: Path | None) -> Iterator[str]:
    """The lines: sections, keys, values; behind each ``#`` where it comes from. Secrets are not shown.

    ``sources`` have no mistakes; ``file`` is the one they were read from, if any.
    """
    for section in SECTIONS:
        for number, table in enumerate(sources.tables[section]):
            if section == "operator" and not table:
                continue
            yield ""
            yield f"[[{section}]]" if section in SEVERAL else f"[{section}]"
            for key, value in values_of(sources, section, number).items():
                is_secret = (section, key) in SECRETS and bool(value)
                shown = _("(set)") if is_secret else _toml(value)
                yield from _with_place(f"{key} = {shown}", _place(table.get(key), file))


def _with_place(text: str, place: str) -> list[str]:
    if len(text) >= _COLUMN:
        return [f"# {place}", text]
    return [f"{text:{_COLUMN}}# {place}"]


def _place(given: Given | None, file: Path | None) -> str:
    if given is None:
        return _("default")
    place = given.place
    return visible(place.replace(str(file), file.name, 1) if file else place)


def _toml(value: Any) -> str:
    """As TOML writes it; what a terminal would obey is written as an escape."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return text if visible(text) == text else json.dumps(value)
    return json.dumps(value)
