"""The clock of the machine: whether it moves as it should, and is not before what was said already."""

from __future__ import annotations

import time
from gettext import gettext as _

from chatapp.server.examination.finding import Finding, fix, look, ok

#: Microseconds since 1970 when this program was written: no clock that is right shows less.
_WRITTEN = 1_763_000_000_000_000
#: Microseconds that count as nothing: clocks are set by so much while they run.
_LITTLE = 2_000_000
_FAR = 3600 * 1_000_000


class Clocks:
    """The machine's clock and one that nobody sets, at the same moment."""

    def __init__(self) -> None:
        self.wall = time.time_ns() // 1000
        self.steady = time.monotonic_ns() // 1000


def clock(before: Clocks, after: Clocks, newest: int) -> Finding:
    """How the clock did from ``before`` to ``after``; ``newest`` is the history's greatest stamp."""
    shown = time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(after.wall / 1_000_000))
    remedy = _("set it, and have it kept right (systemd-timesyncd, chrony)")
    leap = (after.wall - before.wall) - (after.steady - before.steady)
    if after.wall < _WRITTEN:
        return fix("clock", _("It shows {time}, which is long past.").format(time=shown), remedy)
    if newest - after.wall > _LITTLE:
        text = _("It shows {time}, and the newest message is of {newest}.").format(
            time=shown, newest=time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(newest / 1_000_000))
        )
        note = _("until then new messages have the time of that one, and a little more")
        mark = fix if newest - after.wall > _FAR else look
        return mark("clock", text, f"{remedy}; {note}")
    if abs(leap) > _LITTLE:
        text = _("It was set by {seconds:+.0f} seconds just now.").format(seconds=leap / 1_000_000)
        return look("clock", text, remedy)
    if not newest:
        return ok("clock", _("It shows {time}.").format(time=shown))
    return ok("clock", _("It shows {time}, and nothing in the history is later.").format(time=shown))
