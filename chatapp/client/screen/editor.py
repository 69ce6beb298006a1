"""What is being written, in the person's own editor: there, and back as a draft."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

from chatapp.irc.visible import visible
from chatapp.system_errors import reason_of

#: A longer text, in bytes, is not taken back: it would be hundreds of messages.
LONGEST = 256 * 1024
#: The signals of Ctrl-C and, where there is one, Ctrl-\.
_OF_KEYS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name))
#: What is tried where the person has named no editor.
_USUAL = ("notepad",) if sys.platform == "win32" else ("sensible-editor", "nano", "vi")


class NotEdited(Exception):
    """There is no new text; ``str()`` says why."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The editor and its options: ``VISUAL``, then ``EDITOR``, then what is usual.

    Raises:
        NotEdited: None is there, or what is named cannot be understood.
    """
    named = environ.get("VISUAL") or environ.get("EDITOR")
    if named:
        try:
            words = shlex.split(named, posix=sys.platform != "win32")
        except ValueError:
            words = []
        if not words:
            raise NotEdited(_("{command} is no command for an editor.").format(command=visible(named)))
        return words
    for name in _USUAL:
        if shutil.which(name):
            return [name]
    raise NotEdited(_("No editor was found. Name yours in the environment, as EDITOR."))


async def edit(text: str, environ: Mapping[str, str]) -> str:
    """Let the person change ``text`` in their editor, which has the terminal meanwhile.

    It stands in a file that nobody else may read, and that is gone afterwards.

    Raises:
        NotEdited: The editor cannot be started or failed, or what it left cannot be taken.
    """
    command = editor_command(environ)
    path = await asyncio.to_thread(_written, text)
    try:
        process = await asyncio.create_subprocess_exec(*command, str(path))
        with _deaf_to_keys():
            code = await process.wait()
        if code != 0:
            raise NotEdited(_("The editor has failed, so the text is as it was."))
        return await asyncio.to_thread(_read, path)
    except OSError as error:
        words = _("{command} cannot be used: {reason}")
        raise NotEdited(
            words.format(command=visible(command[0]), reason=visible(reason_of(error)))
        ) from error
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _deaf_to_keys() -> Iterator[None]:
    """What the terminal makes a signal of, such as Ctrl-C, is the editor's alone, as in system(3).

    To ask only when it comes who has the terminal is too late: it may come when the editor has ended of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _OF_KEYS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _written(text: str) -> Path:
    """A new file with ``text``, for its owner alone."""
    descriptor, name = tempfile.mkstemp(prefix="chatapp-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text + "\n" if text else "")
    return Path(name)


def _read(path: Path) -> str:
    """What the editor has left.

    Raises:
        NotEdited: It is too long.
    """
    with path.open("rb") as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        words = _("That is longer than {n} KB, so the text is as it was.")
        raise NotEdited(words.format(n=LONGEST // 1024))
    return data.decode("utf-8", "replace").removeprefix("\ufeff")
