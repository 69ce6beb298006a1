"""The workers of a run: one in this process, more in processes of their own, led phase by phase."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from gettext import gettext as _
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from chatapp.bench.caller import BenchError
from chatapp.bench.plan import Plan
from chatapp.bench.worker import Worker

#: No phase takes longer than this beyond the run's own seconds.
_PHASE_SECONDS = 300


class Team:
    """Calls the same phase on all workers at once and gathers what they answer."""

    def __init__(self, plan: Plan) -> None:
        self._limit = _PHASE_SECONDS + 2 * plan.open_seconds + plan.seconds
        self._here: Worker | None = None
        self._lines: list[Connection] = []
        self._processes: list[multiprocessing.process.BaseProcess] = []
        if plan.workers == 1:
            self._here = Worker(plan, 0)
            return
        # Nothing of this process's threads and sockets may leak into the others.
        context = multiprocessing.get_context("spawn")
        for index in range(plan.workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(plan, index, theirs), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def call(self, phase: str, *about: Any) -> Sequence[Any]:
        """Have each worker do ``phase``; return their answers.

        Raises:
            BenchError: One of them could not.
        """
        if self._here:
            return [getattr(self._here, phase)(*about)]
        for line in self._lines:
            line.send((phase, about))
        answers = [self._answer(line, phase) for line in self._lines]
        for answer in answers:
            if isinstance(answer, BenchError):
                raise answer
        return answers

    def _answer(self, line: Connection, phase: str) -> Any:
        try:
            if line.poll(self._limit):
                return line.recv()
        except EOFError:
            return BenchError(_("a worker died in the phase {phase}").format(phase=phase))
        return BenchError(_("a worker did not end the phase {phase}").format(phase=phase))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._here:
            self._here.close()
        for line in self._lines:
            with suppress(OSError):
                line.send(None)
            line.close()
        for process in self._processes:
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()


def _serve(plan: Plan, index: int, line: Connection) -> None:
    """Be worker ``index`` until the leader hangs up."""
    worker = Worker(plan, index)
    with suppress(EOFError, KeyboardInterrupt):
        while asked := line.recv():
            phase, about = asked
            try:
                line.send(getattr(worker, phase)(*about))
            except (BenchError, OSError) as error:
                line.send(BenchError(str(error)))
    worker.close()
