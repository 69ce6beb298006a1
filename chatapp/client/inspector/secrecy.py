"""What of a line must not be shown: passwords, keys of rooms, proofs of who one is.

In doubt more is hidden than needed: from where a secret may begin to the end of the line.
"""

from __future__ import annotations

import re

from chatapp.client.inspector.anatomy import Field, body_of, command_of, dissect, params_of

#: Commands of whose parameters nothing is shown.
_SECRET = re.compile("PASS|AUTHENTICATE|OPER|REGISTER|VERIFY|WEBIRC|IDENTIFY|LOGIN|OWNER|CHALLENGE")
#: Words that may stand after AUTHENTICATE in the clear: how one proves oneself, not the proof.
_MECHANISMS = frozenset(
    b"+ * PLAIN EXTERNAL ANONYMOUS OAUTHBEARER ECDSA-NIST256P-CHALLENGE "
    b"SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512".split()
)
#: Those who look after names and rooms where the server does not, and the commands that stand for them.
_SERVICES = frozenset(
    b"nickserv chanserv authserv operserv userserv saslserv memoserv hostserv botserv".split()
)
_SERVICE_COMMANDS = re.compile("(?:NICK|CHAN|AUTH|OPER|USER|SASL)SERV|NS|CS|AS|OS|US")
#: What one says to them; a password can follow, but is not among these.
_SERVICE_WORDS = frozenset(
    b"identify id login logout auth register verify confirm ghost recover release regain set setpass passwd "
    b"group drop help info status resetpass sendpass enforce cert hello".split()
)
_SAID = frozenset({"PRIVMSG", "NOTICE"})
#: Enough to tell at a glance that a line is harmless, as nearly all are.
_GLANCE = re.compile(rb"(?:@[^ ]*)? *(?::[^ ]* *)?([^ ]+) *:?([^ ]*)")
_MODES = {"MODE": 1, "324": 2}


def secret_of(line: bytes, is_sent: bool) -> tuple[int, int] | None:
    """Where in ``line`` a secret stands, or ``None``."""
    glance = _GLANCE.match(line)
    if glance is not None and glance[1] in (b"PRIVMSG", b"NOTICE") and not _is_service(glance[2]):
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
    if _SECRET.fullmatch(command):
        is_harmless = command == "AUTHENTICATE" and body[first:] in _MECHANISMS
        return -1 if is_harmless else first
    if _SERVICE_COMMANDS.fullmatch(command):
        return _after_service_word(body, first)
    if command in _SAID and _is_service(body[first:].split(b" ", 1)[0]):
        text = params[1].start if len(params) > 1 else _after_word(body, first)
        return _after_service_word(body, text) if text >= 0 else -1
    if command == "JOIN" and is_sent:
        return _after_word(body, first)
    modes = params[_MODES.get(command, len(params)) :]
    words = [body[field.start : field.end] for field in modes]
    if any(b"k" in word for at, word in enumerate(words) if at == 0 or word[:1] in (b"+", b"-")):
        return _after_word(body, modes[0].start)
    return -1


def _is_service(targets: bytes) -> bool:
    """Whether one of ``targets`` looks after names: by its own name, or addressed at a server."""
    return any(
        name.lower() in _SERVICES or (b"@" in name[1:] and b"#" not in name) for name in targets.split(b",")
    )


def _after_service_word(body: bytes, start: int) -> int:
    word = body[start:].split(b" ", 1)[0]
    return _after_word(body, start) if word.lower() in _SERVICE_WORDS else start


def _after_word(body: bytes, start: int) -> int:
    """Where what follows the word at ``start`` begins."""
    blank = body.find(b" ", start)
    return -1 if blank < 0 else blank + 1
