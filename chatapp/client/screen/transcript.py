"""What is printed of conversations where each row is printed once and then belongs to the terminal (pure)."""

from __future__ import annotations

from gettext import gettext as _
from gettext import ngettext

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.screen.render import Row, Span, isolate, rule
from chatapp.client.screen.timeline import Timeline
from chatapp.irc.visible import visible

#: Messages printed of a conversation that is looked at for the first time.
FIRST_ENTRIES = 50
#: After so many that were printed nothing new is looked for: what history brings stands near the end.
_LOOK_BACK = 200
#: Keys remembered of what was printed, the last ones: many times what is looked back.
_MOST_REMEMBERED = 4000
#: Where more wait to be printed than this, the terminal is too slow, or the flood too great.
MOST_WAITING = 2000
_OURS = frozenset({EntryKind.INFO, EntryKind.ERROR})
_UNDER_WAY = frozenset({EntryState.SENDING, EntryState.WAITING})


class Transcript:
    """Remembers what was printed, so that nothing is twice. ``has_more``: something waits its turn."""

    def __init__(self, timeline: Timeline) -> None:
        self.has_more = False
        self._timeline = timeline
        self._shown: Buffer | None = None
        self._printed: dict[Buffer, dict[int, None]] = {}
        self._floors: dict[Buffer, Entry] = {}

    def take(self, buffer: Buffer, width: int, most: int) -> list[Row]:
        """What of ``buffer``, at which the timeline looks, is to be printed now: about ``most`` rows.

        The oldest come first; where too many wait, only the newest come, and a line that says so. Own
        messages under way are printed when they have arrived.
        """
        self.has_more = False
        if buffer not in self._floors and buffer.is_loading:
            return []
        rows = [] if buffer is self._shown else [_title(buffer, width)]
        self._shown = buffer
        fresh = self._fresh(buffer)
        if len(fresh) > MOST_WAITING:
            rows.append(_gap(len(fresh) - most))
            self._note(buffer, fresh[most:])
            del fresh[most:]
        done = 0
        for index in reversed(fresh):
            if len(rows) >= most:
                break
            rows += self._timeline.block(index, width)
            done += 1
        self.has_more = done < len(fresh)
        self._note(buffer, fresh[len(fresh) - done :])
        return rows

    def pending(self, buffer: Buffer, width: int, most: int) -> list[Row]:
        """Own messages that are under way, the last ``most`` rows of them."""
        rows: list[Row] = []
        entries = buffer.entries
        for index in range(len(entries) - 1, -1, -1):
            if entries[index].state not in _UNDER_WAY or len(rows) >= most:
                break
            rows[:0] = self._timeline.block(index, width)
        return rows[-most:] if most > 0 else []

    def _fresh(self, buffer: Buffer) -> list[int]:
        """Which entries were not printed yet, the newest first."""
        printed = self._printed.setdefault(buffer, {})
        floor = self._floors.get(buffer)
        found: list[int] = []
        known = told = 0
        for index in range(len(buffer.entries) - 1, -1, -1):
            entry = buffer.entries[index]
            if entry.key in printed:
                known += 1
            elif entry.state not in _UNDER_WAY:
                known = 0
                found.append(index)
                told += entry.kind not in _OURS
            if entry is floor or known >= _LOOK_BACK or (floor is None and told >= FIRST_ENTRIES):
                break
        # Words of the client alone, said before one is in, do not end the history that is still to come.
        if floor is None and found and (told or buffer.kind is BufferKind.SERVER):
            self._floors[buffer] = buffer.entries[found[-1]]
        return found

    def _note(self, buffer: Buffer, indexes: list[int]) -> None:
        """These entries count as printed."""
        printed = self._printed[buffer]
        printed.update((buffer.entries[index].key, None) for index in reversed(indexes))
        if len(printed) > _MOST_REMEMBERED:
            self._printed[buffer] = dict.fromkeys(list(printed)[-_MOST_REMEMBERED // 2 :])


def _title(buffer: Buffer, width: int) -> Row:
    """The line above what is said in a conversation that one turns to."""
    return (Span("class:day", rule(isolate(visible(buffer.name)), width)),)


def _gap(count: int) -> Row:
    """The line in place of what came faster than it could be printed."""
    words = ngettext(
        "… {n} message came too fast to be printed; the full screen shows it",
        "… {n} messages came too fast to be printed; the full screen shows them",
        count,
    ).format(n=count)
    return (Span("class:info", words),)


def needs_full_screen() -> Row:
    """The line in place of what only the full screen can show."""
    return (Span("class:info", _("· That needs the full screen: start without --inline.")),)
