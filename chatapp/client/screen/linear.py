"""The client without a screen: a line for each message above a plain input line, for screen readers,
simple terminals, files and pipes.

Where the input is no terminal each line of it is settled before the next is read, and its end leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import IO
from weakref import WeakKeyDictionary

from chatapp.client.buffer import Buffer, Entry, EntryState
from chatapp.client.inspector.recorder import Record, Recorder
from chatapp.client.markers import newest
from chatapp.client.model import ConnectionState, Model
from chatapp.client.news import News
from chatapp.client.outcome import Outcome
from chatapp.client.screen import report
from chatapp.client.screen.attention import Doorbell
from chatapp.client.screen.linear_words import (
    deed_words,
    entry_lines,
    found_lines,
    place_words,
    state_words,
)
from chatapp.client.screen.plain_lines import Lines, PlainLines
from chatapp.client.screen.render import day_of
from chatapp.client.screen.times import day_words
from chatapp.client.session import Session

#: Seconds of silence after which a command counts as answered, and for which an echo is waited for.
QUIET_AFTER = 0.3
PATIENCE = 10.0

#: Makes the place where the person types, of what is to be done with each line.
MakeLines = Callable[[Callable[[str], "asyncio.Future[None] | None"]], Lines]


class LinearScreen:
    """Plain lines out, plain lines in. ``now`` is a monotonic clock.

    ``inspecting``: what goes over the wire is shown instead of what is said.
    """

    def __init__(
        self,
        model: Model,
        session: Session,
        recorder: Recorder,
        now: Callable[[], float],
        source: IO[bytes] | None = None,
        paper: IO[str] | None = None,
        *,
        inspecting: bool = False,
        make_lines: MakeLines | None = None,
    ) -> None:
        self._model = model
        self._session = session
        self._recorder = recorder
        self._now = now
        self._inspecting = inspecting
        self.lines: Lines = (
            PlainLines(self._submit, source, paper) if make_lines is None else make_lines(self._submit)
        )
        # A bell is heard by everybody; a notice on the desktop would be a sequence that plain lines have not.
        self._bell = Doorbell(model, lambda: session.preferences, self.lines.ring, now, {"TERM": "dumb"})
        self._news = News()
        self._place: Buffer | None = None
        self._waiting: set[Entry] = set()
        self._days: WeakKeyDictionary[Buffer, object] = WeakKeyDictionary()
        self._heard_at = now()
        self._is_telling = False
        self._error: BaseException | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing half typed would be lost."""
        return self.lines.is_idle

    async def run(self) -> None:
        """Serve until the input ends or the person leaves."""
        if self._inspecting:
            self._write(report.title_lines(self._model, self._session.now))
            for record in self._recorder.records:
                self._write(report.record_lines(record))
        self._recorder.on_record = self._recorded
        self._model.on_change = self._tell_soon
        self._model.focus.on_deed = self._done
        self._model.focus.on_call = self._bell.called
        try:
            if not self.lines.is_person:
                await self._settled()
            self._tell()
            await self.lines.serve()
            self._tell()
        finally:
            self._model.on_change = lambda: None
            self._model.focus.on_deed = lambda _room, _words, _about: None
            self._model.focus.on_call = lambda _call: None
            self._bell.stop()
        if self._error is not None:
            raise self._error

    def close(self, error: BaseException | None = None) -> None:
        """End, as if the input had; with an ``error`` that `run` raises then."""
        self._error = self._error or error
        self.lines.stop()

    def _submit(self, text: str) -> asyncio.Future[None] | None:
        outcome = self._session.submit(text)
        if outcome is Outcome.QUIT:
            self.lines.stop()
        elif outcome is Outcome.INSPECT:
            self._inspecting = not self._inspecting
            self._tell()
        if self.lines.is_person:
            return None
        return asyncio.ensure_future(self._settled())

    async def _settled(self) -> None:
        """Wait until all that was typed has been answered, or for `PATIENCE` at most."""
        began = self._now()
        while self._now() - began < PATIENCE:
            quiet = self._now() - max(self._heard_at, began)
            if self._is_open() or quiet < QUIET_AFTER:
                await asyncio.sleep(0.02)
            else:
                return

    def _is_open(self) -> bool:
        """Whether an answer is still to come."""
        is_in = self._model.state is ConnectionState.ONLINE
        busy = any(buffer.is_joining or buffer.is_loading for buffer in self._model.buffers)
        found = self._model.focus.found
        busy = busy or (found is not None and found.is_waiting)
        return not is_in or busy or self._session.speaking.outbox.unsent() > 0

    def _recorded(self, record: Record) -> None:
        self._heard_at = self._now()
        if self._inspecting:
            self._write(report.record_lines(record))

    def _done(self, room: Buffer, words: str, about: Entry | None) -> None:
        """Something was done to a message, which nobody would see who cannot look back."""
        if not self._inspecting:
            self._tell()
            self._write([deed_words(words, about, room, is_here=room is self._model.current)])

    def _tell_soon(self) -> None:
        """Something has changed: tell of it when whoever tells us is done with it."""
        if not self._is_telling:
            self._is_telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._is_telling = False
        lines: list[str] = []
        for buffer in self._model.buffers:
            lines += self._of_buffer(buffer)
        if not self._inspecting:
            lines += self._of_outbox()
            lines += self._of_search()
            lines += self._of_place()
        if lines:
            self._write(lines)
        self.lines.refresh()

    def _of_buffer(self, buffer: Buffer) -> list[str]:
        """What is new in ``buffer``, in words."""
        lines: list[str] = []
        is_here = buffer is self._model.current
        timestamps = self._session.preferences.settings.timestamps
        for entry in self._news.of(buffer):
            self._waiting.discard(entry)
            if self._inspecting:
                lines += report.entry_lines(entry, buffer, self._model.server)
            elif entry.state is EntryState.FAILED:
                lines.append(state_words(entry))
            else:
                lines += self._of_day(entry, buffer)
                lines += entry_lines(entry, buffer, is_here=is_here, timestamps=timestamps)
        shown = newest(buffer) if is_here and self.lines.is_person and not self._inspecting else None
        if shown is not None:
            self._session.reading.markers.seen(buffer, shown)
        return lines

    def _of_day(self, entry: Entry, buffer: Buffer) -> list[str]:
        """The day, where it is another one than that of what was told before, or of now."""
        day = day_of(entry.time)
        before = self._days.get(buffer, day_of(self._session.now()))
        self._days[buffer] = day
        return [day_words(day) + ":"] if day is not None and day != before else []

    def _of_outbox(self) -> list[str]:
        """Own messages that wait, each once."""
        lines = []
        networks = self._session.networks
        sessions = networks.sessions if networks is not None else [self._session]
        for pending in (each for session in sessions for each in session.speaking.outbox):
            entry = pending.entry
            if entry.state is EntryState.WAITING and entry not in self._waiting:
                self._waiting.add(entry)
                lines.append(state_words(entry))
        return lines

    def _of_search(self) -> list[str]:
        """What a search has found, once it has."""
        found = self._model.focus.found
        if found is None or found.is_waiting:
            return []
        self._model.focus.found = None
        return found_lines(found, self._session.preferences.settings.timestamps)

    def _of_place(self) -> list[str]:
        """Where one is, when that has changed."""
        if self._model.current is self._place:
            return []
        self._place = self._model.current
        return [place_words(self._place)]

    def _write(self, lines: list[str]) -> None:
        try:
            self.lines.write(lines)
        except (OSError, ValueError) as error:
            # Whoever read us has gone (a closed pipe): there is nobody left to write for.
            self.close(error)
