"""BATCH from a client: a message of several lines, said as one (IRCv3 draft/multiline, client-batch).

The lines are gathered in the session; nothing is heard of them before the batch is closed, so that a
connection that breaks in the middle has said nothing.
"""

from __future__ import annotations

from chatapp.commands.context import Context
from chatapp.commands.messaging import say_lines
from chatapp.commands.table import command
from chatapp.core.errors import Failed
from chatapp.core.multiline import ClientBatch, Limits, invalid
from chatapp.irc import caps
from chatapp.irc.line import Line


@command("BATCH", params=1)
def batch(ctx: Context, line: Line) -> None:
    """``BATCH +reference draft/multiline target``, ``BATCH -reference``, and the lines between them."""
    session = ctx.session
    if not ctx.has(caps.MULTILINE):
        raise invalid("Ask for the capability draft/multiline first")
    known = session.batch
    try:
        if line.command != "BATCH" or "batch" in line.tags:
            _gather(ctx, line)
        elif line.params[0][:1] == "+":
            _open(ctx, line)
        else:
            _close(ctx, line.params[0].removeprefix("-"))
    except Failed:
        opened = session.batch or known
        if opened is not None:
            opened.is_void = True
            ctx.answer_under(ctx.label or opened.label)
        raise


def _open(ctx: Context, line: Line) -> None:
    before = ctx.session.batch
    ctx.session.batch = ClientBatch(line.params[0][1:], line.param(2), line.tags, ctx.label)
    if before is not None and not before.is_void:
        raise invalid("One message at a time: another batch is open")
    if not ctx.session.batch.reference or line.param(1) != caps.MULTILINE or not line.param(2):
        raise invalid("A batch is opened with BATCH +reference draft/multiline target")
    ctx.answer_under("")  # when it is closed


def _gather(ctx: Context, line: Line) -> None:
    opened = ctx.session.batch
    if opened is None:
        raise invalid("There is no batch open")
    limits = ctx.world.settings.limits
    ctx.answer_under("")
    if not opened.is_void:
        opened.take(line, Limits(limits.multiline_bytes, limits.multiline_lines), ctx.world.fold)


def _close(ctx: Context, reference: str) -> None:
    opened = ctx.session.batch
    if opened is None or opened.reference != reference:
        raise invalid("There is no such batch open")
    ctx.session.batch = None
    ctx.answer_under("" if opened.is_void else opened.label)
    if not opened.is_void:
        texts = opened.finish()
        say_lines(ctx, Line(opened.command, [opened.target], None, opened.tags), texts)
