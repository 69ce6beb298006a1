"""The client without a screen: what goes over the wire as plain lines, and lines of input that are said.

Nothing is drawn twice and no cursor moves, so the output can be kept as a report. Where the input is no
terminal each line is settled before the next is read, and its end leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from gettext import gettext as _
from typing import IO

from chatapp.client.buffer import Buffer, Entry, EntryKind, EntryState
from chatapp.client.inspector.recorder import Record, Recorder
from chatapp.client.model import ConnectionState, Model
from chatapp.client.outcome import Outcome
from chatapp.client.screen.inspection import FULL_WIDTH, record_rows
from chatapp.client.screen.render import row_text
from chatapp.client.session import Session
from chatapp.irc.visible import visible

#: Seconds of silence after which a command counts as answered, and for which an echo is waited for.
QUIET_AFTER = 0.3
PATIENCE = 10.0
#: Lines of input that may wait.
_WAITING_LINES = 16


class LinearScreen:
    """Plain lines out, plain lines in. ``now`` is a monotonic clock."""

    def __init__(
        self,
        model: Model,
        session: Session,
        recorder: Recorder,
        now: Callable[[], float],
        source: IO[bytes] | None = None,
        paper: IO[str] | None = None,
    ) -> None:
        self._model = model
        self._session = session
        self._recorder = recorder
        self._now = now
        self._source = sys.stdin.buffer if source is None else source
        self._paper = sys.stdout if paper is None else paper
        self._told: dict[Buffer, int] = {}
        self._heard_at = now()
        self._closed = asyncio.Event()
        self._error: BaseException | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing half typed would be lost: the terminal holds it, not we."""
        return True

    async def run(self) -> None:
        """Say what comes in and print what goes over the wire, until the input ends or the person leaves."""
        self._title()
        for record in self._recorder.records:
            self._write(record)
        self._recorder.on_record = self._write
        self._model.on_change = self._tell
        try:
            talking = asyncio.ensure_future(self._talk())
            closed = asyncio.ensure_future(self._closed.wait())
            await asyncio.wait({talking, closed}, return_when=asyncio.FIRST_COMPLETED)
            for task in (talking, closed):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talking
        finally:
            self._model.on_change = lambda: None
        if self._error is not None:
            raise self._error

    def close(self, error: BaseException | None = None) -> None:
        """End, as if the input had; with an ``error`` that `run` raises then."""
        self._error = self._error or error
        self._closed.set()

    async def _talk(self) -> None:
        lines: asyncio.Queue[str | None] = asyncio.Queue(_WAITING_LINES)
        _read_lines(self._source, lines)
        is_person = self._source.isatty()
        if not is_person:
            await self._settled()
        while (text := await lines.get()) is not None:
            outcome = self._session.submit(text)
            if outcome is Outcome.QUIT:
                return
            if not is_person:
                await self._settled()

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
        return not is_in or busy or self._session.speaking.outbox.unsent() > 0

    def _title(self) -> None:
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(self._session.now()))
        words = _("Every line between {nick} and {server}, in bytes, bits and words. {day}")
        self._print(words.format(nick=self._model.nick, server=visible(self._model.server_name), day=day))
        self._print(_("Times are in seconds since the start. What is secret is shown as stars."))
        self._print("")

    def _write(self, record: Record) -> None:
        self._heard_at = self._now()
        for row in record_rows(record, FULL_WIDTH):
            self._print(row_text(row))

    def _tell(self) -> None:
        """Print what the client itself has to say; all else is on the wire."""
        for buffer in self._model.buffers:
            told = self._told.get(buffer, 0)
            for entry in _newer(buffer, told):
                self._told[buffer] = max(self._told.get(buffer, 0), entry.key)
                if entry.kind is EntryKind.ERROR:
                    self._print(f"! {visible(entry.text)}")
                elif entry.kind is EntryKind.INFO and buffer is not self._model.server:
                    self._print(f"· {visible(entry.text)}")

    def _print(self, text: str) -> None:
        try:
            print(text.rstrip(), file=self._paper, flush=not text)
        except (OSError, ValueError) as error:
            # Whoever read us has gone (a closed pipe): there is nobody left to write for.
            self.close(error)


def _newer(buffer: Buffer, told: int) -> list[Entry]:
    """What has come to the end of ``buffer`` since ``told``; above it stands only history."""
    fresh = []
    for entry in reversed(buffer.entries):
        if entry.key <= told and entry.state not in (EntryState.SENDING, EntryState.WAITING):
            break
        if entry.key > told:
            fresh.append(entry)
    return fresh[::-1]


def _read_lines(source: IO[bytes], lines: asyncio.Queue[str | None]) -> None:
    """Put every line of ``source`` into ``lines``, then ``None``; a thread waits for them."""
    loop = asyncio.get_running_loop()
    # Not through the buffer: its lock, held by a thread that waits, would break the end of the program.
    raw = getattr(source, "raw", source)

    def put(line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()

    def read() -> None:
        rest = b""
        with contextlib.suppress(RuntimeError, CancelledError):  # The program ends: nobody listens.
            while data := raw.read(65536):
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    put(_text(line))
            if rest:
                put(_text(rest))
            put(None)

    threading.Thread(target=read, daemon=True, name="input").start()


def _text(line: bytes) -> str:
    """A line of input as text; what is no UTF-8 is taken for the old code of Windows."""
    line = line.rstrip(b"\r")
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
