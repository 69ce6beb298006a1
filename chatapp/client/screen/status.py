"""The status line: where one is, as whom, how the connection is, and what happens elsewhere (pure)."""

from __future__ import annotations

import math
from gettext import gettext as _
from gettext import ngettext

from chatapp.client.buffer import Buffer
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.cells import cells, shorten
from chatapp.client.screen.panels import count_words, has_several_servers
from chatapp.client.screen.render import Row, Span, isolate, pad
from chatapp.client.screen.typing import writing_words
from chatapp.irc.visible import visible

#: Seconds for which the status line has an invitation.
INVITED_FOR = 600.0
_STYLE, _LOUD = "class:status", "class:status class:status.mention"


def status_row(model: Model, below: int, width: int, now: float, *, is_loading: bool = False) -> Row:
    """Where one is, as whom, whether connected, what is unread elsewhere and what is further down.

    Where all of it has no room, first goes what one knows anyway: how many people are here, ones own nick,
    that all is well. ``is_loading``: one waits for older messages, which matters more.
    """
    right = ""
    if is_loading:
        right = _(" loading older messages… ")
    elif below:
        right = ngettext(" {n} more below ", " {n} more below ", below).format(n=below)
    room = max(0, width - cells(right))
    news = [*_writing_spans(model, now), *_unread_spans(model), *_invitation_spans(model, now)]
    spans: list[Span] = []
    for left_out in range(4):
        spans = [*_here(model, width, now, left_out), *news]
        if sum(cells(span.text) for span in spans) <= room:
            break
    row = pad(tuple(spans), room, _STYLE)
    return (*row, Span(f"class:status.mention {_STYLE}", right)) if right else row


def _here(model: Model, width: int, now: float, left_out: int) -> list[Span]:
    """The room, the people in it, ones nick, the connection; ``left_out`` of 1, 2, 3 leaves out more."""
    buffer = model.current
    name = isolate(shorten(visible(buffer.name), max(8, width // 3)))
    if has_several_servers(model) and buffer is not model.server:
        server = isolate(shorten(visible(model.server.name), max(8, width // 4)))
        name = _("{room} on {server}").format(room=name, server=server)
    spans = [Span(_STYLE, f" {name} ")]
    if buffer.members and left_out < 1:
        people = len(buffer.members)
        spans.append(Span(_STYLE, ngettext("({n} person) ", "({n} people) ", people).format(n=people)))
    if left_out < 2:
        spans.append(Span(_STYLE, f"· {visible(model.nick)} "))
    state, style = state_words(model, now)
    if left_out < 3 or model.is_away or model.state is not ConnectionState.ONLINE:
        spans += [Span(_STYLE, "· "), Span(style, state + " ")]
    if model.transport:
        spans.append(Span(_STYLE, f"· {model.transport} "))
    return spans


def question_words(lines: int, room: Buffer) -> str:
    """What is asked before many lines are sent at once."""
    words = ngettext(
        "Send {n} line to {room}? Enter or y: send, Esc or n: keep editing",
        "Send {n} lines to {room}? Enter or y: send, Esc or n: keep editing",
        lines,
    )
    return words.format(n=lines, room=isolate(visible(room.name)))


def state_words(model: Model, now: float) -> tuple[str, str]:
    """The connection in words, and their style."""
    trouble = f"{_STYLE} class:status.trouble"
    match model.state:
        case ConnectionState.ONLINE:
            return (_("away") if model.is_away else _("online")), _STYLE
        case ConnectionState.CONNECTING:
            return _("connecting…"), trouble
        case ConnectionState.REGISTERING:
            return _("signing in…"), trouble
        case _:
            if model.retry_at is None:
                return _("offline"), trouble
            wait = max(0, math.ceil(model.retry_at - now))
            words = ngettext("offline, trying again in {n} s", "offline, trying again in {n} s", wait)
            return words.format(n=wait), trouble


def _writing_spans(model: Model, now: float) -> list[Span]:
    """Who writes here just now."""
    writing = writing_words(model.current.typing.nicks(now))
    return [Span(_STYLE, f"· {writing} ")] if writing else []


def _invitation_spans(model: Model, now: float) -> list[Span]:
    """How to go where somebody has just asked one in."""
    invitation = model.focus.invitation
    if invitation is None or now - invitation.time > INVITED_FOR:
        return []
    words = _("· Alt-J: enter {room} ")
    room = isolate(shorten(visible(invitation.room), 24))
    return [Span(_LOUD, words.format(room=room))]


def _unread_spans(model: Model) -> list[Span]:
    """The other conversations that have something new."""
    spans = []
    for buffer in model.buffers:
        if buffer.unread and buffer is not model.current:
            mark = _LOUD if buffer.mentions else _STYLE
            spans.append(Span(_STYLE, "· "))
            spans.append(Span(mark, f"{isolate(visible(buffer.name))} {count_words(buffer)} "))
    return spans
