"""One key of a TOML text set or taken out, with everything else left as a person wrote it (pure)."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

_HEADER = re.compile(r"\s*\[\[?([^\]]*)\]\]?\s*(?:#.*)?$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class CannotEdit(Exception):
    """The text is such that the key cannot be set in it a line at a time; ``str()`` says so."""


def with_key(text: str, key: str, value: object, table: str = "") -> str:
    """``text`` with ``key`` set to ``value`` at its top or in ``table``; None takes it out.

    The result is read again: it says what ``text`` said but for this key, or the text is not changed.

    Raises:
        CannotEdit: That would not be so, or ``text`` is no TOML.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    # Only these two end a line of TOML; str.splitlines knows others.
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    try:
        wanted = tomllib.loads(text)
        start, end = _region(lines, table)
        edited = _edited(lines, start, end, key, value, table)
        result = "".join(line + newline for line in edited)
        place = wanted.setdefault(table, {}) if table else wanted
        place.pop(key, None)
        if value is not None:
            place[key] = list(value) if isinstance(value, tuple) else value
        is_right = tomllib.loads(result) == wanted
    except (ValueError, RecursionError, TypeError, AttributeError) as error:
        raise CannotEdit(str(error)) from error
    if not is_right:
        raise CannotEdit(f"{key} cannot be changed there; do it by hand")
    return result


def format_value(value: object) -> str:
    """``value`` as TOML: text, a truth, a number, or a list of these."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(format_value, value))}]"
    if isinstance(value, int):
        return str(value)
    # JSON's texts are TOML's, but for DEL and what UTF-8 does not have.
    text = str(value).encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _region(lines: list[str], table: str) -> tuple[int, int]:
    """The lines of ``table`` below its header, or of the top; where it is not there, none after the last."""
    current, start = "", 0 if not table else len(lines)
    for at, line in enumerate(lines):
        header = _HEADER.match(line)
        if header is None or not _is_whole(lines[:at]):
            continue
        if current == table:
            return start, at
        current = header[1].strip().strip("\"'")
        if current == table:
            start = at + 1
    return (start, len(lines)) if current == table else (len(lines), len(lines))


def _is_whole(lines: list[str]) -> bool:
    """Whether what follows ``lines`` is not inside of a value that goes over several lines."""
    return _read("\n".join(lines)) is not None


def _edited(lines: list[str], start: int, end: int, key: str, value: object, table: str) -> list[str]:
    name = key if _BARE.fullmatch(key) else format_value(key)
    entry = re.compile(rf"\s*(?:{re.escape(name)}|[\"']{re.escape(key)}[\"'])\s*=")
    new = [] if value is None else [f"{name} = {format_value(value)}"]
    for at in range(start, end):
        if entry.match(lines[at]) and _is_whole(lines[:at]):
            last = next(
                (to for to in range(at + 1, end + 1) if _read("\n".join(lines[at:to])) is not None), end
            )
            comment = _comment(lines[last - 1]) if last == at + 1 else ""
            return lines[:at] + [line + comment for line in new] + lines[last:]
    if value is None:
        return lines
    if table and start == end == len(lines) and not any(_is_header(line, table) for line in lines):
        return [*lines, *([""] if lines else []), f"[{table}]", *new]
    at = end
    while at > start and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    if at == start and start == 0 and end > 0:
        # Nothing but comments: those that stand right above a header are about it.
        at = end
        while at > 0 and end < len(lines) and lines[at - 1].lstrip().startswith("#"):
            at -= 1
    gap = [""] if at < len(lines) and _HEADER.match(lines[at]) else []
    return lines[:at] + new + gap + lines[at:]


def _is_header(line: str, table: str) -> bool:
    header = _HEADER.match(line)
    return header is not None and header[1].strip() == table


def _comment(line: str) -> str:
    """What follows the value on its line, with the blanks before it."""
    whole = _read(line)
    for at, char in enumerate(line):
        if char == "#" and _read(line[:at]) == whole:
            kept = line[:at].rstrip()
            return line[len(kept) :]
    return ""


def _read(text: str) -> dict[str, Any] | None:
    """``text`` as TOML, None where it is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # no TOML, or a number or nesting without end
        return None
