"""What of a line must not be shown: passwords, keys of rooms, proofs of who one is.

In doubt more is hidden than needed: from where a secret may begin to the end of the line.
"""

from __future__ import annotations

import re

from chatapp.client.inspector.anatomy import Field, body_of, command_of, dissect, params_of
from chatapp.irc.secrecy import (
    MECHANISMS,
    MODES,
    SAID,
    SECRET,
    SERVICE_COMMANDS,
    SERVICE_WORDS,
    is_service,
    sets_key,
)

#: Enough to tell at a glance that a line is harmless, as nearly all are.
_GLANCE = re.compile(rb"(?:@[^ ]*)? *(?::[^ ]* *)?([^ ]+) *:?([^ ]*)")


def secret_of(line: bytes, is_sent: bool) -> tuple[int, int] | None:
    """Where in ``line`` a secret stands, or ``None``."""
    glance = _GLANCE.match(line)
    if glance is not None and glance[1] in (b"PRIVMSG", b"NOTICE") and not is_service(_text(glance[2])):
        return None
    body = body_of(line)
    fields = dissect(line)
    start = _begin(body, command_of(line, fields), params_of(fields), is_sent)
    return (start, len(body)) if 0 <= start < len(body) else None


def masked(line: bytes, secret: tuple[int, int]) -> bytes:
    """``line`` with stars in place of ``secret``; it is as long as before."""
    start, end = secret
    return line[:start] + b"*" * (end - start) + line[end:]


def _begin(body: bytes, command: str, params: list[Field], is_sent: bool) -> int:
    """The place from which on nothing may be shown, -1 for none."""
    if not params:
        return -1
    first = params[0].start
    if SECRET.fullmatch(command):
        is_harmless = command == "AUTHENTICATE" and _text(body[first:]) in MECHANISMS
        return -1 if is_harmless else first
    if SERVICE_COMMANDS.fullmatch(command):
        return _after_service_word(body, first)
    if command in SAID and is_service(_text(body[first:].split(b" ", 1)[0])):
        text = params[1].start if len(params) > 1 else _after_word(body, first)
        return _after_service_word(body, text) if text >= 0 else -1
    if command == "JOIN" and is_sent:
        return _after_word(body, first)
    modes = params[MODES.get(command, len(params)) :]
    if sets_key([_text(body[field.start : field.end]) for field in modes]):
        return _after_word(body, modes[0].start)
    return -1


def _after_service_word(body: bytes, start: int) -> int:
    word = body[start:].split(b" ", 1)[0]
    return _after_word(body, start) if _text(word).lower() in SERVICE_WORDS else start


def _after_word(body: bytes, start: int) -> int:
    """Where what follows the word at ``start`` begins."""
    blank = body.find(b" ", start)
    return -1 if blank < 0 else blank + 1


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
