"""The log stays readable whatever comes in, and short however often it comes."""

from __future__ import annotations

import io
import json
import logging
import re
import sys

import pytest

from chatapp.server.logs import (
    ALIKE_PER_SECOND,
    LEVEL_PER_SECOND,
    JsonLines,
    LogHandler,
    TextLines,
    set_up_logging,
)
from chatapp.server.settings import LogSettings


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Book(logging.Handler):
    """Keeps the lines that would be written."""

    def __init__(self):
        super().__init__()
        self.setFormatter(TextLines())
        self.lines = []

    def emit(self, record):
        self.lines.append(re.sub(r"^\d\d:\d\d:\d\d ", "", self.format(record)))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(clock):
    book = Book()
    book.handler = LogHandler(book, clock)
    book.log = logging.Logger("chatapp.test", logging.DEBUG)
    book.log.addHandler(book.handler)
    yield book
    book.handler.close()


@pytest.fixture
def chatapp_log():
    """The real logger, given back as it was."""
    logger = logging.getLogger("chatapp")
    before = logger.level, logger.propagate, logger.handlers[:]
    logger.handlers[:] = []
    yield logger
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()
    logger.level, logger.propagate, logger.handlers[:] = before
    logger.setLevel(before[0])


def record(text, *args, level=logging.INFO, exc_info=None):
    made = logging.LogRecord("chatapp.test", level, "", 0, text, args, exc_info)
    made.created = 1_700_000_000.123456
    return made


def test_a_line_for_people_has_the_time_and_the_level_only_when_it_matters():
    lines = TextLines()
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d ana connected from 127\.0\.0\.1",
        lines.format(record("%s connected from %s", "ana", "127.0.0.1")),
    )
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning: hm", lines.format(record("hm", level=logging.WARNING)))
    assert re.fullmatch(r"\d\d:\d\d:\d\d error: oh", lines.format(record("oh", level=logging.ERROR)))


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()], ids=["text", "json"])
@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "a\r\n12:00:00 root logged in", "\u202eevil", "\x9b31m", "\x00"]
)
def test_what_a_peer_sent_cannot_move_the_cursor_or_forge_a_line(formatter, hostile):
    line = formatter.format(record("bad line: %s", hostile))
    assert not any(bad in line for bad in "\x1b\r\n\u202e\x9b\x00")


def test_nor_can_it_through_a_traceback():
    try:
        raise ValueError("\x1b[2J\u202e")
    except ValueError:
        exc_info = sys.exc_info()
    told = TextLines().format(record("it failed", level=logging.ERROR, exc_info=exc_info))
    first, *rest = told.split("\n")
    assert first.endswith(" error: it failed")
    assert rest[0] == "    Traceback (most recent call last):"
    assert all(line.startswith("    ") for line in rest)
    assert rest[-1] == "    ValueError: ␛[2J"


def test_json_has_one_object_a_line():
    try:
        raise ValueError("olá")
    except ValueError:
        exc_info = sys.exc_info()
    line = JsonLines().format(record("olá %s", "çã", level=logging.ERROR, exc_info=exc_info))
    assert "\n" not in line
    found = json.loads(line)
    assert found.pop("traceback")[-1] == "ValueError: olá"
    assert found == {
        "time": "2023-11-14T22:13:20.123+00:00",
        "level": "error",
        "logger": "chatapp.test",
        "message": "olá çã",
    }


def test_ten_thousand_bad_lines_are_a_few_and_a_count(book, clock):
    for number in range(10_000):
        book.log.warning("%s: not a line", number)
    assert len(book.lines) == ALIKE_PER_SECOND
    book.log.warning("something else")
    assert book.lines[-1] == "warning: something else"

    clock.now += 1
    book.handler.tell_left_out()
    assert book.lines[-1] == "warning: 9980 more lines like this: %s: not a line"
    assert len(book.lines) == ALIKE_PER_SECOND + 2

    book.log.warning("%s: not a line", "again")
    assert book.lines[-1] == "warning: again: not a line"


def test_nothing_is_counted_before_the_second_is_over_nor_twice(book, clock):
    for _ in range(ALIKE_PER_SECOND + 1):
        book.log.info("the same")
    clock.now += 0.9
    book.handler.tell_left_out()
    assert len(book.lines) == ALIKE_PER_SECOND
    clock.now += 0.1
    book.log.info("next")
    assert book.lines[-2:] == ["1 more line like this: the same", "next"]
    clock.now += 5
    book.handler.tell_left_out()
    assert book.lines[-1] == "next"


def test_lines_that_are_all_different_are_limited_too_and_no_words_are_hoarded(book, clock):
    for number in range(5000):
        book.log.info(f"caller {number} came")
    assert len(book.lines) == LEVEL_PER_SECOND
    assert len(book.handler._alike) + len(book.handler._left_out) <= LEVEL_PER_SECOND + 1
    clock.now += 1
    book.handler.tell_left_out()
    assert book.lines[-1] == f"{5000 - LEVEL_PER_SECOND} more lines"


def test_a_flood_of_news_does_not_hide_a_warning(book):
    for number in range(5000):
        book.log.info("%d came", number)
        book.log.info(f"{number} came")
    book.log.error("the disk is full")
    assert book.lines[-1] == "error: the disk is full"


def test_what_was_left_out_last_is_told_at_the_end(book):
    for _ in range(ALIKE_PER_SECOND + 3):
        book.log.info("the same")
    book.handler.close()
    assert book.lines[-1] == "3 more lines like this: the same"


def test_a_percent_sign_without_arguments_is_just_that(book):
    book.log.info("100% of %s")
    assert book.lines == ["100% of %s"]


def test_set_up_for_stderr(chatapp_log, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logging(LogSettings(level="warning"))
    chatapp_log.info("quiet")
    logging.getLogger("chatapp.irc").warning("loud")
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning: loud\n", stream.getvalue())


def test_set_up_for_a_file_in_json_and_again(chatapp_log, tmp_path):
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    for path in (first, second, second):
        set_up_logging(LogSettings(to=str(path), format="json"))
        chatapp_log.info("olá \udc80")
    assert len(chatapp_log.handlers) == 1
    assert [json.loads(line)["message"] for line in first.read_text("utf-8").splitlines()] == ["olá \ufffd"]
    assert len(second.read_text("utf-8").splitlines()) == 2


def test_a_log_file_that_cannot_be_opened(chatapp_log, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        set_up_logging(LogSettings(to=str(tmp_path / "nowhere" / "log")))


def test_a_log_that_cannot_be_written_is_told_once_and_without_a_traceback(chatapp_log, monkeypatch, capsys):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Full())
        set_up_logging(LogSettings())
    chatapp_log.info("one")
    chatapp_log.info("two")
    assert capsys.readouterr().err == "The log cannot be written: the disk is full\n"
