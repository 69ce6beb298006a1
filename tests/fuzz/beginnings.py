"""Bytes for what reads the beginning of a connection: detection, headers of proxies, HTTP, telnet."""

from __future__ import annotations

from fuzz.target import Target, pieces
from fuzz.words_of_irc import WORDS

from chatapp.irc.framing import BODY_BYTES
from chatapp.listeners.detect import HEAD_BYTES, PROXY_V2, Protocol, may_be_cut, recognise
from chatapp.listeners.proxy import V2_BYTES, BadHeader, Header, read_header
from chatapp.listeners.telnet import Terminal
from chatapp.listeners.upgrade import REQUEST_BYTES, Answer, answer_to
from chatapp.listeners.webirc import read_introduction

#: What the recognisers are asked about while it arrives: the longest that any of them waits for, and more.
_LONGEST = 2 * REQUEST_BYTES


def detection(data: bytes) -> None:
    """What is once known stays known, however much comes behind it, and nothing waits for ever."""
    text, known = data[1 : 2 * HEAD_BYTES], Protocol.MORE
    for size in range(len(text) + 1):
        now = recognise(text[:size])
        assert known is Protocol.MORE or now is known, text[:size]
        known = now
        may_be_cut(text[:size])
    assert known is not Protocol.MORE or len(text) < HEAD_BYTES
    line = text.lstrip(b"\r\n").partition(b"\n")[0].upper()
    if line.startswith((b"GET ", b"POST ", b"PUT ")) and text[:9].strip(b"\r\n"):
        assert known is Protocol.HTTP


def introductions(data: bytes) -> None:
    """The header of a proxy and the line of a gateway: the same however cut, and of bounded length."""
    text = data[1 : V2_BYTES + 200]
    _by_and_by(text, read_header, V2_BYTES + 16)
    _by_and_by(text, lambda head: read_introduction(head, "secret"), BODY_BYTES + 1)


def _by_and_by(text: bytes, read, most: int) -> None:
    verdict: Header | str | None = None
    for size in [*range(min(len(text), 150)), *range(150, len(text), 61), len(text)]:
        try:
            now = read(text[:size])
        except BadHeader as why:
            now = str(why)
        assert verdict is None or now == verdict or isinstance(verdict, str), text[:size]
        assert now is not None or size <= most, "it waits for more than it may"
        verdict = now if verdict is None else verdict
        if isinstance(now, Header):
            assert now.size <= size


def upgrades(data: bytes) -> None:
    """A request for a WebSocket: an answer in HTTP, in bounded time, and no other origin comes in."""
    text, head = data[1:_LONGEST], b""
    answer: Answer | None = None
    for piece, _silence in pieces(data[:1] + text):
        head += piece
        answer = answer_to(head, ("https://chat.example",))
        if answer is not None:
            break
    assert answer is not None or len(head) <= REQUEST_BYTES + 8 or not head.strip(b"\r\n")
    if answer is None:
        return
    assert answer.data.startswith(b"HTTP/1.1 ")
    if answer.socket is not None:
        assert answer.data.startswith(b"HTTP/1.1 101 ")
        assert answer.headers.get_all("Origin")[:1] in ([], ["https://chat.example"], ["http://127.0.0.1"])


def telnet(data: bytes) -> None:
    """However it is cut, a terminal's text is the same, and what is answered is little."""
    whole, cut, text = Terminal(), Terminal(), b""
    for piece, _silence in pieces(data):
        text += cut.feed(piece)
    assert whole.feed(data[1:]) == text
    assert len(cut.refusals) <= 1600
    assert cut.refusals == whole.refusals
    assert b"\r" not in text


_HTTP = """
    GET|/|HTTP/1.1 Host:|127.0.0.1 Host:|localhost Upgrade:|websocket Connection:|Upgrade
    Sec-WebSocket-Version:|13 Sec-WebSocket-Key:|dGhlIHNhbXBsZSBub25jZQ==
    Sec-WebSocket-Protocol:|text.ircv3.net,|binary.ircv3.net
    Sec-WebSocket-Extensions:|permessage-deflate Origin:|https://chat.example Origin:|http://127.0.0.1
    Origin:|null X-Forwarded-For:|10.0.0.1 X-Forwarded-Proto:|https POST|/|HTTP/1.0 Content-Length:|99999
    Transfer-Encoding:|chunked
"""
HTTP_WORDS = tuple(word.replace("|", " ").encode() + b"\r\n" for word in _HTTP.split())
PROXY_WORDS = (
    *(
        b"PROXY",
        b"TCP4",
        b"TCP6",
        b"UNKNOWN",
        b"192.0.2.1",
        b"2001:db8::1",
        b"::ffff:1.2.3.4",
        b"56324",
        b"443",
    ),
    *(
        PROXY_V2,
        PROXY_V2 + b"\x21\x11\x00\x0c",
        PROXY_V2 + b"\x20\x00\x00\x00",
        b"\x21\x21\x00\x24",
        b"\xff\xff",
    ),
    *(b"WEBIRC", b"secret", b"gateway", b"host", b":secure"),
)
TELNET_WORDS = (
    b"\xff\xfd\x03",
    b"\xff\xfb\x1f",
    b"\xff\xfa\x18\x00VT\xff\xf0",
    b"\xff\xff",
    b"\xff\xf4",
    b"\r\0",
)


TARGETS = (
    Target(
        "detect", detection, (*WORDS, *HTTP_WORDS, *PROXY_WORDS, b"\x16\x03\x01", b"SSH-2.0-x", b"STARTTLS")
    ),
    Target("proxy", introductions, PROXY_WORDS),
    Target("upgrade", upgrades, HTTP_WORDS),
    Target("telnet", telnet, (*TELNET_WORDS, b"ana", "olá".encode(), b"/join #r", b"\x08")),
)
