"""What stands around the timeline: topic line, sidebar and the page of keys (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from chatapp.client.buffer import SAID, Buffer, BufferKind
from chatapp.client.model import Model
from chatapp.client.screen.cells import cells, shorten
from chatapp.client.screen.links import find_links
from chatapp.client.screen.render import Row, Span, flow_rows, isolate, pad, rule
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

#: From this width on the rooms stand at the side.
SIDEBAR_FROM = 80
SIDEBAR_CELLS = 18
#: Where more than this has happened nobody needs to be told what to do.
_FEW = 10


def topic_row(buffer: Buffer, width: int) -> Row:
    """The room's name and topic, with its links."""
    name = isolate(shorten(visible(buffer.name), width - 1))
    topic = visible(strip_formatting(buffer.topic))
    lead = f" {name}: " if topic else f" {name}"
    spans = [Span("class:topic", lead), *_linked(topic, max(0, width - cells(lead)))]
    return pad(tuple(spans), width, "class:topic")


def _linked(text: str, width: int) -> list[Span]:
    """``text`` in at most ``width`` cells; links that are whole can be clicked."""
    shown = shorten(text, width)
    if isolate(shown) != shown:
        return [Span("class:topic", isolate(shown))]
    spans, at = [], 0
    for start, end, url in find_links(text):
        if text[:end] == shown[:end]:
            spans += [Span("class:topic", shown[at:start]), Span(f"class:topic link={url}", shown[start:end])]
            at = end
    return [*(span for span in spans if span.text), Span("class:topic", shown[at:])]


def sidebar_rows(model: Model, width: int, height: int) -> list[Row]:
    """The rooms with their numbers and counts, the current one always among them.

    Where there are several servers the rooms stand indented under theirs.
    """
    rows = []
    is_deep = has_several_servers(model)
    for number in room_numbers(model, height):
        buffer = model.buffers[number]
        indent = " " if is_deep and buffer.kind is not BufferKind.SERVER else ""
        rows.append(_room_row(number, buffer, buffer is model.current, width, indent))
    return rows + [pad((), width)] * (height - len(rows))


def has_several_servers(model: Model) -> bool:
    """Whether the conversations are with more than one server."""
    return sum(buffer.kind is BufferKind.SERVER for buffer in model.buffers) > 1


def room_numbers(model: Model, height: int) -> range:
    """Which rooms the sidebar shows in ``height`` rows."""
    at = model.buffers.index(model.current)
    first = max(0, min(at - height // 2, len(model.buffers) - height))
    return range(first, min(len(model.buffers), first + height))


def help_rows(keys: Sequence[tuple[str, str]], width: int) -> list[Row]:
    """The page of keys: what each does."""
    column = max((cells(key) for key, _what in keys), default=0) + 2
    rows: list[Row] = [(Span("class:help.title", _("Keys")),), ()]
    for key, what in keys:
        words = flow_rows([Span("", what)], width - column)
        rows.append((Span("class:help.key", key + " " * (column - cells(key))), *words[0]))
        rows += [(Span("", " " * column), *row) for row in words[1:]]
    rows.append(())
    rows += flow_rows([Span("", _("Type /help for the commands."))], width)
    return rows


def is_silent(buffer: Buffer) -> bool:
    """Whether nobody has ever said anything in a room."""
    if buffer.has_older or buffer.is_loading:
        return False
    few = buffer.entries[:_FEW]
    is_short = len(buffer.entries) < _FEW
    return is_short and buffer.kind is BufferKind.CHANNEL and not any(entry.kind in SAID for entry in few)


def welcome_rows(width: int) -> list[Row]:
    """What one can do where nothing has been said yet."""
    words = _("Nothing said yet: /help shows the commands, F1 the keys.")
    return flow_rows([Span("class:info", words)], width)


def wire_title(width: int) -> Row:
    """What stands over the inspector."""
    return (Span("class:day", rule(_("on the wire, the newest below; F7 closes this"), width)),)


def _room_row(number: int, buffer: Buffer, is_current: bool, width: int, indent: str = "") -> Row:
    style = "class:room.unread" if buffer.unread else "class:room"
    if buffer.mentions:
        style = "class:room.mention"
    if is_current:
        style = "class:room.current"
    count = f" {count_words(buffer)}" if buffer.unread else ""
    name = f"{number} {indent}{isolate(visible(buffer.name))}"
    if buffer.kind is BufferKind.CHANNEL and not buffer.joined:
        name = f"{number} {indent}({isolate(visible(buffer.name))})"
    left = pad((Span(style, shorten(name, width - len(count))),), width - len(count), style)
    return (*left, Span(style, count))


def count_words(buffer: Buffer) -> str:
    """How many are unread; an exclamation mark where one is meant oneself."""
    return f"{buffer.unread}!" if buffer.mentions else str(buffer.unread)
