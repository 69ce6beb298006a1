"""Read the whole history of a room through CHATHISTORY, page by page (IRCv3 draft/chathistory)."""

from __future__ import annotations

import secrets
import time
from gettext import gettext as _

from chatapp.bench.caller import BenchError, Caller
from chatapp.bench.callers import close_all, join_all, listen_until, open_callers
from chatapp.bench.text import NUMBERS
from chatapp.bench.ways import Address
from chatapp.irc.line import Line

_CAPS = ("batch", "message-tags", "server-time", "draft/chathistory")
#: How many messages to ask for where the server names no limit.
_PAGE = 1000
_MOST_PAGES = 100_000


class _Page:
    """Gathers one answer: the messages between ``BATCH +id chathistory`` and ``BATCH -id``."""

    def __init__(self) -> None:
        self.is_whole = False
        self.refusal = ""
        self.first_msgid = ""
        self.keys: list[int] = []
        self.lines = 0
        self._batch = ""

    def hear(self, line: Line) -> None:
        match line.command, line.param(0):
            case "FAIL", "CHATHISTORY":
                self.refusal = " ".join(line.params)
                self.is_whole = True
            case "BATCH", begun if begun.startswith("+") and line.param(1) == "chathistory":
                self._batch = begun[1:]
            case "BATCH", ended if self._batch and ended == f"-{self._batch}":
                self.is_whole = True
            case "PRIVMSG", _ if self._batch and line.tags.get("batch") == self._batch:
                self.lines += 1
                self.first_msgid = self.first_msgid or line.tags.get("msgid", "")
                self.keys += [int(key) for key in NUMBERS.findall(line.param(1).encode())]


def read_history(address: Address, room: str, seconds: float = 120) -> list[int]:
    """The keys of all measured messages in the history of ``room``, oldest first.

    Raises:
        BenchError: The server has no history, refuses, or needs more than ``seconds``.
    """
    until = time.monotonic() + seconds
    limit = _PAGE
    (caller,) = open_callers(address, [f"h{secrets.token_hex(4)}"], _CAPS)
    try:
        if "draft/chathistory" not in caller.caps:
            raise BenchError(_("the server has no draft/chathistory"))
        join_all([caller], room)
        limit = min(_PAGE, int(caller.isupport.get("CHATHISTORY", "")) or _PAGE)
        pages: list[list[int]] = []
        page = _ask(caller, f"CHATHISTORY LATEST {room} * {limit}", until)
        while page.lines:
            pages.append(page.keys)
            if len(pages) > _MOST_PAGES:
                raise BenchError(_("the history of {room} does not end").format(room=room))
            page = _ask(caller, f"CHATHISTORY BEFORE {room} msgid={page.first_msgid} {limit}", until)
    finally:
        close_all([caller])
    return [key for keys in reversed(pages) for key in keys]


def _ask(caller: Caller, request: str, until: float) -> _Page:
    page = _Page()
    caller.on_line = page.hear
    caller.say(request)
    listen_until(caller, lambda: page.is_whole, until, request)
    if page.refusal:
        words = _("{request} was refused: {reason}")
        raise BenchError(words.format(request=request, reason=page.refusal))
    return page
