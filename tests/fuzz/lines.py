"""Bytes for what is shared by both sides: lines, their framing, texts, datagrams, logins."""

from __future__ import annotations

from contextlib import suppress

from fuzz.target import Target, pieces
from fuzz.words_of_irc import WORDS

from chatapp.core.masks import complete, parse_mask
from chatapp.irc.batch import Batches
from chatapp.irc.framing import BODY_BYTES, LONGEST_LINE, LineBuffer, is_oversized
from chatapp.irc.isupport import ISupport
from chatapp.irc.line import MalformedLine, UnsafeLine, format_line, parse_line
from chatapp.irc.modes import ModeKinds, format_modes, parse_modes
from chatapp.irc.sasl import Chunks, SaslError, read_external, read_plain
from chatapp.irc.scram import ScramClient, ScramServer, derive
from chatapp.irc.text import cut_bytes, parse_ctcp, parse_formatting, split_message, strip_formatting
from chatapp.irc.visible import visible

_LIMIT = 600
_KINDS = ModeKinds("beI", "k", "l", "imnst", "qaohv")
_VERIFIER = derive("secret", b"salt", 4096)


def one_line(data: bytes) -> None:
    """What is read as a line is written as the same line, or cannot be written."""
    text = data[1:].decode("utf-8", "replace")
    try:
        line = parse_line(text)
    except MalformedLine:
        return
    try:
        again = parse_line(format_line(line))
    except UnsafeLine:
        return
    assert (again.command, again.params, again.source, dict(again.tags)) == (
        line.command,
        line.params,
        line.source,
        dict(line.tags),
    )
    assert not set("\r\n\0") & set(format_line(line))


def framing(data: bytes) -> None:
    """However it is cut, the same lines come out, and no more is held than the limit."""
    text, buffer, found = data[1:], LineBuffer(_LIMIT), []
    for piece, _silence in pieces(data):
        found += buffer.feed(piece)
        assert len(buffer.pending) <= _LIMIT
    expected = []
    *whole, rest = text.split(b"\n")
    for raw in whole:
        if len(raw) > _LIMIT:
            break
        expected += [raw.rstrip(b"\r")] if raw.rstrip(b"\r") else []
    else:
        whole = []
    assert found == expected
    assert buffer.overflowed == bool(whole or len(rest) > _LIMIT)
    assert all(is_oversized(line) or len(line.partition(b" ")[2]) <= BODY_BYTES for line in found)


def texts(data: bytes) -> None:
    """Whatever a text is, it is cut, shown and taken apart without harm."""
    text = data[1:2000].decode("utf-8", "replace")
    shown = visible(text)
    assert not any(char < " " or "\x7f" <= char <= "\x9f" or "\u202a" <= char <= "\u202e" for char in shown)
    for limit in (4, 5, 40, 400):
        parts = split_message(text, limit)
        assert "".join(parts) == text
        assert all(0 < len(part.encode()) <= limit for part in parts)
        assert text.startswith(cut_bytes(text, limit))
    assert "".join(span.text for span in parse_formatting(text)) == strip_formatting(text)
    parse_ctcp(text)
    words = text.split()
    changes = parse_modes(words, _KINDS)
    assert len(format_modes(changes)) <= 1 + sum(change.param is not None for change in changes)
    with suppress(ValueError):
        parse_mask(complete(text, "b")).fits(text, text)
    _ask(words)


def _ask(words: list[str]) -> None:
    """A server has said ``words`` of itself: each question has an answer."""
    said = ISupport()
    said.hear(["me", *words, "are supported"])
    said.fold("#A"), said.prefixes, said.chanmodes, said.targmax, said.msgreftypes, said.chathistory
    for word in words[:9]:
        said.is_channel(word), said.split_prefix(word), said.split_statusmsg(word)


def batches(data: bytes) -> None:
    """A server's batches, whatever it opens and closes."""
    gathering = Batches()
    for raw in LineBuffer(LONGEST_LINE).feed(data[1:]):
        with suppress(MalformedLine):
            gathering.hear(parse_line(raw.decode("utf-8", "replace")))


def logins(data: bytes) -> None:
    """What `AUTHENTICATE` carries, for both sides of each way to log in."""
    gathered = Chunks()
    for raw in data[1:].split(b"\n"):
        with suppress(SaslError):
            gathered.add(raw.decode("utf-8", "replace"))
    message, _, more = data[1:].partition(b"\n")
    for read in (read_plain, read_external):
        with suppress(SaslError):
            read(message)
    server = ScramServer("nonce")
    with suppress(SaslError):
        server.begin(message)
        server.challenge(_VERIFIER)
        assert server.finish(more) == b"", "it was let in"
    client = ScramClient("ana", "secret", "n" * 18)
    with suppress(SaslError):
        client.answer(b"")
        if b"i=" not in message:  # honest rounds of hashing take their time
            client.answer(message)
            client.answer(more)
    assert not client.is_proven


TARGETS = (
    Target("line", one_line, WORDS),
    Target("framing", framing, (*WORDS, b"\r\n", b"\n\n", b"x" * 599, b"x" * 601)),
    Target(
        "text",
        texts,
        (*WORDS, b"\x02", b"\x0304,05", b"\x0f", b"PREFIX=(ov)@+", b"CHANTYPES=", b"TARGMAX=a:1"),
    ),
    Target("batch", batches, (*WORDS, b"BATCH +1 chathistory #r", b"BATCH -1", b"@batch=1 PRIVMSG #r x")),
    Target(
        "login",
        logins,
        (b"n,,n=ana,r=abc", b"c=biws,r=", b",p=", b"=2C", b"AGFuYQBzZWNyZXQ=", b"+", b"A" * 400),
    ),
)
