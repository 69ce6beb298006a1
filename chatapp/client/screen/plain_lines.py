"""Where lines come from and go to without a screen: files and pipes, and terminals that can do nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import IO, Protocol

from chatapp.client.typed_lines import read_lines


class Lines(Protocol):
    """A person, or a program, at plain lines.

    ``submit`` hears each line that is typed; what it gives back is awaited before the next is read.
    """

    is_person: bool

    @property
    def is_idle(self) -> bool:
        """Whether nothing half typed would be lost."""

    async def serve(self) -> None:
        """Hear lines until there are no more, or `stop`."""

    def write(self, lines: Sequence[str]) -> None:
        """Show ``lines``, now or as soon as that disturbs nobody.

        Raises:
            OSError: Whoever read us has gone.
        """

    def ring(self, bell: str) -> None:
        """Ring the bell of the person's terminal."""

    def refresh(self) -> None:
        """What stands before the input may have changed."""

    def stop(self) -> None:
        """Leave as it was."""


class PlainLines:
    """Lines as the system gives them: from a file or pipe, or from a terminal that edits them itself."""

    def __init__(
        self,
        submit: Callable[[str], asyncio.Future[None] | None],
        source: IO[bytes] | None = None,
        paper: IO[str] | None = None,
    ) -> None:
        self._submit = submit
        self._source = sys.stdin.buffer if source is None else source
        self._paper = sys.stdout if paper is None else paper
        self.is_person = self._source.isatty()
        self._stopped = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """The terminal holds what is half typed, not we."""
        return True

    async def serve(self) -> None:
        """Hear each line once the one before was settled; the end of the input ends it."""
        hearing = asyncio.ensure_future(self._hear())
        stopping = asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait({hearing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not hearing.done():
            hearing.cancel()
            return
        hearing.result()

    async def _hear(self) -> None:
        lines = read_lines(self._source)
        while (text := await lines.get()) is not None:
            settled = self._submit(text)
            if settled is not None:
                await settled

    def write(self, lines: Sequence[str]) -> None:
        """Print ``lines`` at once."""
        for line in lines:
            print(line.rstrip(), file=self._paper)
        self._paper.flush()

    def ring(self, bell: str) -> None:
        """Ring, where a person would hear it."""
        if self.is_person:
            self._paper.write(bell)
            self._paper.flush()

    def refresh(self) -> None:
        """Nothing stands before the input."""

    def stop(self) -> None:
        """Read no more."""
        self._stopped.set()
