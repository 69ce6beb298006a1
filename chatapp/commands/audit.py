"""AUDIT: what operators of the server did, for operators of the server."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.commands.context import Context
from chatapp.commands.information import clock_text
from chatapp.commands.table import command
from chatapp.core.channel import Channel
from chatapp.irc.line import Line

#: How many are told where no number is given, and at most.
_USUAL, _MOST = 20, 200


@command("AUDIT")
async def audit(ctx: Context, line: Line) -> None:
    """``AUDIT [number]``: the last things that operators did, oldest first."""
    ctx.user.check_may("audit")
    text = line.param(0)
    number = int(text[:4]) if text.isascii() and text.isdecimal() else _USUAL
    await ctx.world.settled()
    entries = await ctx.world.history.audited(max(1, min(number, _MOST)))
    for entry in entries:
        when = clock_text(entry.stamp // 1_000_000)
        words = f"{when} {entry.operator} {entry.action} {entry.target} {entry.detail}".rstrip()
        ctx.reply("NOTICE", ctx.session.nick, words, colon=True)
    ctx.reply("NOTICE", ctx.session.nick, f"End of the audit log ({len(entries)} entries)", colon=True)


def note_act(ctx: Context, channel: Channel, action: str, detail: str) -> None:
    """Note what an operator of the server did in ``channel`` where they have no standing of their own."""
    member = channel.members.get(ctx.user)
    if ctx.user.is_operator and (member is None or not member.is_operator):
        note_step_in(ctx, channel, action, detail)


def note_founders_act(ctx: Context, channel: Channel, action: str, detail: str) -> None:
    """Note what an operator of the server did in ``channel`` that is for its founder to do."""
    if not channel.is_founder(ctx.user):
        note_step_in(ctx, channel, action, detail)


def note_step_in(ctx: Context, channel: Channel, action: str, detail: str) -> None:
    """Note that an operator of the server did in ``channel`` what others could not."""
    ctx.world.audit(ctx.user, action, channel.name, detail)
    words = _("%(operator)s stepped in, in %(room)s: %(action)s %(detail)s")
    about = {"operator": ctx.user.nick, "room": channel.name, "action": action, "detail": detail}
    ctx.world.report(words, about)
