"""What ``chat-server account`` and ``doctor`` ask of the server that runs, by files in its data directory.

One process alone may write to the data; so the other one leaves an errand in a folder that is the owner's
alone, and the server does it and leaves an answer. An errand holds no password, only its verifier.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import Any, NamedTuple

from chatapp.commands.passwords import read_verifier, write_verifier
from chatapp.core.ports import Verifier
from chatapp.store.files import hand_over, write_private

log = logging.getLogger(__name__)

_FOLDER = "errands"
_ASKED, _ANSWERED = ".asked", ".answered"
_NAME = re.compile(r"[0-9a-f]{32}\.asked")
#: How often the server looks, and how long the other one waits, in seconds.
INTERVAL = 0.25
PATIENCE = 15.0
#: Larger than any errand.
_MOST_BYTES = 65536


class Errand(NamedTuple):
    """``account verb name``, with the new password's verifier where there is one; or ``status``."""

    verb: str
    name: str = ""
    verifier: Verifier | None = None


class Answer(NamedTuple):
    """What came of an errand; ``is_done`` unless it was refused.

    The ``lines`` are data, or words of the rules: whoever asked may speak another language than the server.
    """

    is_done: bool
    lines: Sequence[str]


class NoAnswer(Exception):
    """The running server did not answer in time; where it ``is_taken`` it may still do what was asked."""

    def __init__(self, *, is_taken: bool = False) -> None:
        super().__init__()
        self.is_taken = is_taken


def ask(directory: Path, errand: Errand, patience: float = PATIENCE) -> Answer:
    """Have the server that holds ``directory`` do ``errand``.

    Raises:
        NoAnswer: It does not, within ``patience`` seconds.
    """
    folder = directory / _FOLDER
    if not folder.exists():
        _make(folder)
    asked = folder / (secrets.token_hex(16) + _ASKED)
    answered = asked.with_suffix(_ANSWERED)
    write_private(asked, _encoded(errand), directory)
    until = time.monotonic() + patience
    try:
        while not answered.exists():
            if time.monotonic() > until:
                raise NoAnswer(is_taken=not _withdrawn(asked))
            time.sleep(INTERVAL / 5)
        is_done, lines = json.loads(answered.read_text("utf-8"))
        return Answer(is_done, lines)
    finally:
        asked.unlink(missing_ok=True)
        answered.unlink(missing_ok=True)


def _withdrawn(asked: Path) -> bool:
    """Take back what nobody has begun; False where the server has."""
    try:
        asked.unlink()
    except FileNotFoundError:
        return False
    return True


class Errands:
    """The server's side: looks for errands in ``directory`` and has each done by ``do``.

    ``settled`` returns once what was done is kept; nobody hears of it before.
    """

    def __init__(
        self,
        directory: Path,
        do: Callable[[Errand], Answer],
        settled: Callable[[], Any],
    ) -> None:
        self._folder = directory / _FOLDER
        self._do = do
        self._settled = settled

    async def run(self) -> None:
        """Look until cancelled."""
        self._clear()
        while True:
            await asyncio.sleep(INTERVAL)
            await self.look()

    async def look(self) -> None:
        """Do what is asked at this moment."""
        for path in self._waiting():
            try:
                await self._run(path)
            except Exception:  # it costs no more than its answer: the server serves on
                log.exception("The errand in %s failed", path)

    async def _run(self, path: Path) -> None:
        try:
            errand = _decoded(_taken(path))
        except ValueError as why:
            log.warning(_("An errand in %s cannot be read: %s"), path, why)
            return
        answer = self._do(errand)
        await self._settled()
        write_private(path.with_suffix(_ANSWERED), json.dumps(answer).encode(), self._folder.parent)

    def _clear(self) -> None:
        """Take away what is left of those who did not wait for their answer."""
        with suppress(OSError):
            for path in [*self._folder.glob("*.answered"), *self._folder.glob("*.part")]:
                path.unlink(missing_ok=True)

    def _waiting(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))
        except OSError:  # nobody has asked anything yet
            return []


def _taken(path: Path) -> bytes:
    """What is in ``path``, which is gone then: whatever comes of it, it is not done twice."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES)
    path.unlink()
    return data


def _make(folder: Path) -> None:
    """Make the folder of the errands, for whoever the data belongs to."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            hand_over(handle, folder.parent)
        finally:
            os.close(handle)


def _encoded(errand: Errand) -> bytes:
    proof = errand.verifier and write_verifier(errand.verifier)
    return json.dumps({"verb": errand.verb, "name": errand.name, "verifier": proof}).encode()


def _decoded(data: bytes) -> Errand:
    """Raise ValueError if ``data`` is no errand."""
    try:
        found = json.loads(data)
        verb, name, proof = str(found["verb"]), str(found["name"]), found["verifier"]
        verifier = None if proof is None else read_verifier(proof)
    except (TypeError, KeyError, AttributeError) as why:
        raise ValueError(str(why)) from why
    if proof is not None and verifier is None:
        raise ValueError("there is no verifier in it")
    return Errand(verb, name, verifier)
