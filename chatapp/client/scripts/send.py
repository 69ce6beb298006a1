"""``chat-client send``: say something and leave once the server has kept it."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from gettext import gettext as _

from chatapp.client.buffer import EntryKind
from chatapp.client.config import Launch
from chatapp.client.outbox import Stage
from chatapp.client.scripts.visit import Exit, Failure, Visit
from chatapp.client.session import Session
from chatapp.client.typed_lines import read_lines
from chatapp.irc.visible import visible

#: Messages that wait for their echo before more of the input is read.
_WINDOW = 100


async def send(launch: Launch, given: Namespace) -> Exit:
    """Say the words of the command line, or each line of the input, and wait for the echo of every one."""
    if given.text and not " ".join(given.text).strip():
        raise Failure(Exit.USAGE, _("There is nothing to say."))
    kind = EntryKind.NOTICE if given.notice else EntryKind.MESSAGE
    async with Visit(launch, given.target, given.timeout) as visit:
        await visit.arrive()
        _tell_another_name(visit.session)
        outbox = visit.session.speaking.outbox

        def waiting() -> int:
            return len(outbox.of(visit.buffer, *Stage))

        async for text in _texts(given):
            visit.session.speaking.say(visit.buffer, text, kind)
            await visit.until(lambda: waiting() < _WINDOW or visit.has_failed, waiting)
            if visit.has_failed:
                break
        await visit.until(lambda: not waiting(), waiting)
    # Where the server sends no echo, what it refuses is heard at the latest before it lets us go.
    return Exit.REFUSED if visit.has_failed else Exit.DONE


def _tell_another_name(session: Session) -> None:
    """Others see who says it: where that is not who was asked for, whoever reads the errors must know."""
    if not session.is_me(session.wanted_nick):
        words = _("{old} cannot be had here, so this is said as {new}.")
        print(visible(words.format(old=session.wanted_nick, new=session.model.nick)), file=sys.stderr)


async def _texts(given: Namespace) -> AsyncIterator[str]:
    """The messages: the command line's words, else the lines of the input as they come, or all as one."""
    if given.text:
        texts = [" ".join(given.text)]
        for text in texts if given.multiline else texts[0].split("\n"):
            yield text
        return
    lines = read_lines(sys.stdin.buffer)
    if given.multiline:
        everything = []
        while (line := await lines.get()) is not None:
            everything.append(line)
            await asyncio.sleep(0)
        yield "\n".join(everything)
        return
    while (line := await lines.get()) is not None:
        yield line
