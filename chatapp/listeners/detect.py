"""Which protocol a caller speaks, told from the first bytes.

The rules, in order:

- ``16 03`` begins TLS; ``SSH-`` begins SSH; ``PROXY `` or the signature of version 2 the PROXY protocol.
- A method of HTTP and a blank is HTTP, whatever follows: no such line may ever be read as chat.
- A first line that begins with a command that IRC clients begin with, after tags or a source if it likes, is
  IRC.
- Anything else that is a whole line, or more bytes than any of these needs, is plain text.
- Until one of these is certain, more bytes are needed. When none come for a moment, it is plain text, too: a
  program with a bare socket ends its messages so. Only what may be cut in the middle of the first word of
  another protocol is waited for longer (see `may_be_cut`).
"""

from __future__ import annotations

import re
from enum import Enum, auto

#: When nothing was recognised in so many bytes, it is plain text.
HEAD_BYTES = 512

#: What version 2 of the PROXY protocol begins with.
PROXY_V2 = b"\r\n\r\n\x00\r\nQUIT\n"
_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x16\x03", "TLS"),
    (b"SSH-", "SSH"),
    (b"PROXY ", "PROXY"),
    (PROXY_V2, "PROXY"),
)
_HTTP_METHODS = (
    b"GET",
    b"HEAD",
    b"POST",
    b"PUT",
    b"DELETE",
    b"CONNECT",
    b"OPTIONS",
    b"TRACE",
    b"PATCH",
    b"PRI",
)
_IRC_COMMANDS = (
    b"CAP NICK USER PASS AUTHENTICATE PING PONG QUIT WEBIRC STARTTLS REGISTER VERIFY METADATA JOIN MODE "
    b"PRIVMSG NOTICE TAGMSG BATCH ERROR"
).split()
_IRC = re.compile(
    rb"(?:@[^ \r\n]+ +)?(?::[^ \r\n]+ +)?(?:" + b"|".join(_IRC_COMMANDS) + rb")[ \r\n]", re.IGNORECASE
)


class Protocol(Enum):
    """What a caller speaks; ``MORE`` while it could still be more than one thing."""

    MORE = auto()
    IRC = auto()
    PLAIN = auto()
    HTTP = auto()
    TLS = auto()
    SSH = auto()
    PROXY = auto()


#: What a listener may speak with those who chat; browsers come to WebSocket by way of HTTP.
SPOKEN = frozenset({Protocol.IRC, Protocol.PLAIN, Protocol.HTTP})


def recognise(head: bytes) -> Protocol:
    """What ``head``, all that came so far, begins."""
    for prefix, name in _PREFIXES:
        if head.startswith(prefix):
            return Protocol[name]
        if prefix.startswith(head):
            return Protocol.MORE
    line = head[:HEAD_BYTES].lstrip(b"\r\n")  # the same however much came at once
    method, blank, _ = line[:8].partition(b" ")
    if blank and method.upper() in _HTTP_METHODS:
        return Protocol.HTTP
    if _IRC.match(line):
        return Protocol.IRC
    return Protocol.PLAIN if b"\n" in line or len(head) >= HEAD_BYTES else Protocol.MORE


def may_be_cut(head: bytes) -> bool:
    """Whether ``head``, of which `recognise` wants more, may be a piece of another protocol's first word."""
    if any(prefix.startswith(head) for prefix, _name in _PREFIXES):
        return True
    line = head.lstrip(b"\r\n")
    if line[:1] in (b"@", b":"):
        return True
    return any(word.startswith(line.upper()) for word in (*_HTTP_METHODS, *_IRC_COMMANDS))
