"""Answers about many: they are told a part at a time, and others have their turn in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from chatapp.commands.context import Context

#: So many are looked at in one go: about a millisecond.
AT_ONCE = 100

_Item = TypeVar("_Item")


def tell_each(
    ctx: Context, items: Sequence[_Item], tell: Callable[[_Item], None], end: Callable[[], None]
) -> Awaitable[None] | None:
    """Call ``tell`` with each of ``items``, then ``end``. What this returns, if anything, is to be awaited.

    Between the parts the world goes on: ``tell`` sees to it that what it tells is still true, and still to be
    seen by who asks.
    """
    if len(items) > AT_ONCE:
        return _by_and_by(ctx, items, tell, end)
    for item in items:
        tell(item)
    end()
    return None


async def _by_and_by(
    ctx: Context, items: Sequence[_Item], tell: Callable[[_Item], None], end: Callable[[], None]
) -> None:
    answers, mine = ctx.world.long_answers, object()
    answers.append(mine)
    try:
        for at in range(0, len(items), AT_ONCE):
            if at:
                await ctx.world.settled()
                answers.remove(mine)
                answers.append(mine)
                while answers[0] is not mine:
                    await ctx.world.settled()
            if ctx.session.ended:
                return
            for item in items[at : at + AT_ONCE]:
                tell(item)
        end()
    finally:
        answers.remove(mine)
