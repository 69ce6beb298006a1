"""The server's log: lines for people or JSON, readable whatever comes in, and never a flood."""

from __future__ import annotations

import json
import logging
import logging.handlers
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import Any

from chatapp.irc.visible import visible
from chatapp.server.settings import LogSettings
from chatapp.system_errors import reason_of

#: In one second so many lines with the same words are written, and so many of one level; the rest is counted.
ALIKE_PER_SECOND = 20
LEVEL_PER_SECOND = 200

#: Logger, level and words before anything is put into them.
Kind = tuple[str, int, str]


def set_up_logging(settings: LogSettings) -> LogHandler:
    """Send what is logged under ``chatapp`` where ``settings`` say; a second call replaces the first.

    Call `LogHandler.tell_left_out` about once a second, so that the end of a flood is told as well.

    Raises:
        OSError: The file cannot be written to.
    """
    target: logging.Handler
    if settings.to == "stderr":
        target = _Stderr(sys.stderr)
    else:
        target = _File(settings.to, encoding="utf-8", errors="backslashreplace")
    target.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    handler = LogHandler(target)
    logger = logging.getLogger("chatapp")
    for old in logger.handlers[:]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(settings.level.upper())
    logger.propagate = False
    return handler


class LogHandler(logging.Handler):
    """Passes records to ``target``, but not more than so many a second.

    Records are alike if they have logger, level and unformatted words in common: log with arguments
    (``log.warning("%s: bad line", peer)``), and ten thousand peers say the same thing ten thousand times.
    Everything of the server that logs does so on the loop's thread.
    """

    def __init__(self, target: logging.Handler, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._target = target
        self._clock = clock
        self._began = clock()
        self._alike: Counter[Kind] = Counter()
        self._of_level: Counter[int] = Counter()
        self._left_out: Counter[Kind] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.tell_left_out()
        kind = (record.name, record.levelno, str(record.msg))
        if self._alike[kind] < ALIKE_PER_SECOND and self._of_level[record.levelno] < LEVEL_PER_SECOND:
            self._alike[kind] += 1
            self._of_level[record.levelno] += 1
            self._target.handle(record)
        else:
            # Words that were never written are not remembered either: there may be any number of them.
            words = kind[2] if kind in self._alike else ""
            self._left_out[record.name, record.levelno, words] += 1

    def tell_left_out(self) -> None:
        """Once the second is over, say how many lines were left out in it."""
        now = self._clock()
        if now - self._began >= 1:
            self._began = now
            self._summarise()

    @contextmanager
    def shown(self, tell: Callable[[str, bool], None]) -> Iterator[None]:
        """Have ``tell`` show what is logged, and whether it is a warning. A log file is written as ever.

        Nothing goes to stderr meanwhile, not even what libraries log: the console is on that terminal.
        """
        target = self._target
        self._target = _Shown(tell, target if isinstance(target, logging.FileHandler) else None)
        logging.getLogger().addHandler(self)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(self)
            self._summarise()
            self._target = target

    def close(self) -> None:
        self._summarise()
        self._target.close()
        super().close()

    def _summarise(self) -> None:
        left_out, self._left_out = self._left_out, Counter()
        self._alike.clear()
        self._of_level.clear()
        for (name, level, words), count in left_out.items():
            text = ngettext("%d more line like this: %s", "%d more lines like this: %s", count)
            if not words:
                text = ngettext("%d more line%s", "%d more lines%s", count)
            self._target.handle(logging.LogRecord(name, level, "", 0, text, (count, words), None))


class TextLines(logging.Formatter):
    """``12:03:04 ana connected``: local time, the level from warning up; a traceback follows, indented."""

    def format(self, record: logging.LogRecord) -> str:
        level = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        when = time.strftime("%H:%M:%S", time.localtime(record.created))
        lines = [f"{when} {level}{visible(record.getMessage())}"]
        lines += [f"    {line}" for line in _traceback(self, record)]
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """An object a line: ``time`` (UTC), ``level``, ``logger``, ``message`` and, if need be, ``traceback``."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": visible(record.getMessage()),
        }
        if lines := _traceback(self, record):
            found["traceback"] = lines
        return json.dumps(found, ensure_ascii=False)


class _Shown(logging.Handler):
    """Lines for a screen, and for the log's file where there is one."""

    def __init__(self, tell: Callable[[str, bool], None], file: logging.Handler | None) -> None:
        super().__init__()
        self._tell = tell
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        is_warning = record.levelno >= logging.WARNING
        self._tell(visible(record.getMessage()), is_warning)
        for line in _traceback(logging.Formatter(), record):
            self._tell(line, is_warning)
        if self._file is not None:
            self._file.handle(record)


class _Calm(logging.Handler):
    """Tells once, in one sentence, that the log cannot be written; the server serves on."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._told:
            self._told = True
            words = _("The log cannot be written: {reason}")
            with suppress(OSError):  # it may be stderr itself that is gone
                print(words.format(reason=reason_of(error)), file=sys.stderr)


class _Stderr(_Calm, logging.StreamHandler[Any]):
    pass


class _File(_Calm, logging.handlers.WatchedFileHandler):
    """Opens its file anew where that was moved away, as logrotate does."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # there is no place for a new one
            self.handleError(record)


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    if not record.exc_info or record.exc_info[0] is None:
        return []
    return [visible(line) for line in formatter.formatException(record.exc_info).split("\n")]
