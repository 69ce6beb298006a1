"""How a line travelled, in words: which read or write it came in, alone, with others, or in pieces."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext

from chatapp.client.inspector.recorder import Direction, WireLine


def journey(line: WireLine) -> str:
    """A sentence on what the system gave us at once, which TCP may cut and join as it likes."""
    if line.is_endless:
        return _("a line without end; the rest is not read")
    if line.cuts:
        return _pieces(line)
    transfer = line.pieces[0][0]
    head = _read(line, transfer.number)
    size = bytes_of(transfer.size)
    others = transfer.lines - 1
    if not others:
        return _("{transfer}: {size}, this line alone").format(transfer=head, size=size)
    words = ngettext(
        "{transfer}: {size}, this line and {n} other",
        "{transfer}: {size}, this line and {n} others",
        others,
    )
    return words.format(transfer=head, size=size, n=others)


def bytes_of(count: int) -> str:
    """``1 byte``, ``2 bytes``."""
    return ngettext("{n} byte", "{n} bytes", count).format(n=count)


def _pieces(line: WireLine) -> str:
    parts = [
        _("{size} in {transfer}").format(size=bytes_of(size), transfer=_read(line, transfer.number))
        for transfer, size in line.pieces
    ]
    if line.cuts >= len(line.pieces):
        parts.append("…")
    words = ngettext("cut in two: {parts}", "cut {n} times: {parts}", line.cuts)
    return words.format(n=line.cuts, parts=", ".join(parts))


def _read(line: WireLine, number: int) -> str:
    if line.direction is Direction.SENT:
        return _("write {number}").format(number=number)
    return _("read {number}").format(number=number)
