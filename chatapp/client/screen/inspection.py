"""A line of the wire as rows: the line in colours, its fields in words, its bytes as hex and bits (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from gettext import ngettext

from chatapp.client.inspector.anatomy import Part
from chatapp.client.inspector.characters import (
    Character,
    characters,
    code_point,
    face,
    lead_bits,
    name_of,
)
from chatapp.client.inspector.journey import bytes_of, journey
from chatapp.client.inspector.meaning import Meaning, meanings
from chatapp.client.inspector.recorder import Direction, Record, WireLine
from chatapp.client.screen.cells import cells, cut, shorten
from chatapp.client.screen.render import Row, Span, flow_rows, isolate
from chatapp.irc.visible import visible

#: Bytes beside each other at most, and the cells of each: eight bits and a blank.
BYTES_A_ROW = 8
BYTE_CELLS = 9
INDENT = 2
#: The width at which `BYTES_A_ROW` bytes fit exactly.
FULL_WIDTH = INDENT + BYTES_A_ROW * BYTE_CELLS - 1
#: Bytes whose bits are shown.
DUMPED_BYTES = 2048
#: Characters of several bytes that are named under a line.
_NAMED = 12
_KIND_CELLS = 11

_STYLES = {
    Part.TAG: "class:wire.tag",
    Part.SOURCE: "class:wire.source",
    Part.COMMAND: "class:wire.command",
    Part.PARAM: "class:wire.param",
}
_HIDDEN = "class:wire.hidden"
_GLUE = "class:wire.glue"


def record_rows(record: Record, width: int) -> list[Row]:
    """``record`` as rows of at most ``width`` cells, a blank one at the end."""
    if not isinstance(record, WireLine):
        words = f"{record.time:.3f} s · {visible(record.words)}"
        return [*_hanging([Span("class:wire.event", words)], "", width), ()]
    found = meanings(record)
    styles = _byte_styles(record, found)
    rows = _head(record, width)
    rows += [_indented(row) for row in flow_rows(_coloured(record, styles), width - INDENT)]
    for meaning in found:
        rows += _field(meaning, width)
    rows += _travel(record, width)
    rows += _dump(record, styles, width)
    return [*rows, ()]


def _head(line: WireLine, width: int) -> list[Row]:
    if line.direction is Direction.SENT:
        way = Span("class:wire.sent", _("→ sent"))
    else:
        way = Span("class:wire.received", _("← received"))
    count = sum(1 for each in characters(line.data) if each.char)
    size = bytes_of(line.size)
    if line.size == len(line.data) and count != line.size:
        size += ", " + ngettext("{n} character", "{n} characters", count).format(n=count)
    spans = [way, Span("class:wire.head", f" · {line.time:.3f} s · {size}")]
    return flow_rows(spans, width)


def _coloured(line: WireLine, styles: list[str]) -> list[Span]:
    """The line as text, in the colours of its fields; the ending is in the bytes below."""
    spans: list[Span] = []
    text, style = b"", ""
    end = len(line.data.rstrip(b"\r\n"))
    for at in range(end):
        if styles[at] != style:
            spans.append(Span(style, visible(text.decode("utf-8", "replace"))))
            text, style = b"", styles[at]
        text += line.data[at : at + 1]
    spans.append(Span(style, visible(text.decode("utf-8", "replace"))))
    return [Span(span.style, isolate(span.text)) for span in spans if span.text]


def _field(meaning: Meaning, width: int) -> list[Row]:
    room = max(8, width - _KIND_CELLS - INDENT)
    text = isolate(shorten(visible(meaning.text), room))
    spans = [Span(_STYLES[meaning.field.part], text)] if text else []
    spans.append(Span("class:wire.sentence", f"{' · ' if text else ''}{meaning.sentence}"))
    return _hanging(spans, meaning.kind, width)


def _travel(line: WireLine, width: int) -> list[Row]:
    words = f"{line.transport}, {journey(line)}" if line.transport else journey(line)
    return _hanging([Span("class:wire.sentence", visible(words))], _("transport"), width)


def _hanging(spans: list[Span], kind: str, width: int) -> list[Row]:
    """``spans`` wrapped beside the column in which ``kind`` stands."""
    column = _KIND_CELLS if kind and width >= 3 * _KIND_CELLS else 0
    rows = flow_rows(spans, width - INDENT - column)
    if not kind:
        return rows
    if not column:
        return [(Span("class:wire.kind", cut(kind, width)),), *map(_indented, rows)]
    name = shorten(kind, column - 1)
    first = Span("class:wire.kind", name + " " * (column - cells(name)))
    blank = Span("", " " * column)
    return [_indented((first if number == 0 else blank, *row)) for number, row in enumerate(rows)]


def _indented(row: Row) -> Row:
    return (Span("", " " * INDENT), *row)


def _byte_styles(line: WireLine, found: list[Meaning]) -> list[str]:
    """The style of each byte: that of its field, or of a secret."""
    styles = [_GLUE] * len(line.data)
    for meaning in found:
        start, end = meaning.field.start, meaning.field.end
        styles[start:end] = [_STYLES[meaning.field.part]] * (end - start)
    if line.secret is not None:
        start, end = line.secret[0], min(line.secret[1], len(line.data))
        styles[start:end] = [_HIDDEN] * (end - start)
    return styles


def _dump(line: WireLine, styles: list[str], width: int) -> list[Row]:
    """Characters over their bytes in hex over their bits, and the names of those that take several bytes."""
    shown = characters(line.data[:DUMPED_BYTES])
    rows: list[Row] = [()]
    for group in _groups(shown, max(1, min(BYTES_A_ROW, (width - INDENT + 1) // BYTE_CELLS))):
        rows += _three_rows(line, group, styles)
    left = line.size - min(len(line.data), DUMPED_BYTES)
    if left:
        words = _("… {bytes} more").format(bytes=bytes_of(left))
        rows.append(_indented((Span("class:wire.sentence", words),)))
    wide = dict.fromkeys(each.char for each in shown if each.end - each.start > 1)
    for char in list(wide)[:_NAMED]:
        rows += _hanging(_naming(char), face(char), width)
    return rows


def _groups(shown: list[Character], size: int) -> Iterator[list[Character]]:
    """``shown`` in groups of at most ``size`` bytes, none cut where one fits into a row."""
    group: list[Character] = []
    used = 0
    for each in shown:
        parts = [each]
        if each.end - each.start > size:
            parts = [Character(at, at + 1, each.char) for at in range(each.start, each.end)]
        for part in parts:
            if used + part.end - part.start > size:
                yield group
                group, used = [], 0
            group.append(part)
            used += part.end - part.start
    if group:
        yield group


def _three_rows(line: WireLine, group: list[Character], styles: list[str]) -> list[Row]:
    faces, hexes, bits = [], [], []
    for each in group:
        style = styles[each.start]
        is_hidden = style == _HIDDEN
        faces.append(Span(f"{style} class:wire.face", _braced(face(each.char), each.end - each.start)))
        for byte in line.data[each.start : each.end]:
            lead = 0 if is_hidden else lead_bits(byte)
            pattern = "*" * 8 if is_hidden else f"{byte:08b}"
            hexes.append(Span(style, f"{'**' if is_hidden else f'{byte:02X}':<{BYTE_CELLS}}"))
            bits.append(Span("class:wire.lead", pattern[:lead]))
            bits.append(Span("class:wire.bits", pattern[lead:] + " "))
    return [_indented(tuple(row)) for row in (faces, hexes, bits)]


def _braced(text: str, size: int) -> str:
    """``text`` over ``size`` bytes, with a brace over them where they are several."""
    room = size * BYTE_CELLS - 1
    text = cut(text, room)
    left = room - cells(text)
    if size == 1 or left < 2:
        return text + " " * (left + 1)
    return f"{text} {'─' * (left - 2)}┐ "


def _naming(char: str) -> list[Span]:
    data = " ".join(f"{byte:02X}" for byte in char.encode("utf-8", "replace"))
    return [
        Span("class:wire.face", f"{code_point(char)} = {data}"),
        Span("class:wire.sentence", f" · {name_of(char)}"),
    ]
