"""Which protocol a caller speaks: every case whole, cut anywhere, and with rubbish after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.listeners.detect import HEAD_BYTES, Protocol, may_be_cut, recognise

CASES = [
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", Protocol.TLS),
    (b"SSH-2.0-OpenSSH_9.6\r\n", Protocol.SSH),
    (b"PROXY TCP4 192.0.2.1 192.0.2.2 5000 12345\r\n", Protocol.PROXY),
    (b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c", Protocol.PROXY),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", Protocol.HTTP),
    (b"get / http/1.0\r\n\r\n", Protocol.HTTP),
    (b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", Protocol.HTTP),
    (b"POST /x HTTP/1.1\r\n\r\nNICK mallory\r\nUSER m 0 * :m\r\n", Protocol.HTTP),
    (b"OPTIONS * HTTP/1.1\r\n", Protocol.HTTP),
    (b"CONNECT localhost:6667 HTTP/1.1\r\n", Protocol.HTTP),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Protocol.HTTP),
    (b"CAP LS 302\r\n", Protocol.IRC),
    (b"NICK ana\r\n", Protocol.IRC),
    (b"nick ana\n", Protocol.IRC),
    (b"\r\n\r\nNICK ana\r\n", Protocol.IRC),
    (b"PASS secret\r\n", Protocol.IRC),
    (b"USER ana 0 * :Ana\r\n", Protocol.IRC),
    (b"QUIT\r\n", Protocol.IRC),
    (b"PING x\r\n", Protocol.IRC),
    (b"@label=1 CAP LS\r\n", Protocol.IRC),
    (b":ana NICK ana\r\n", Protocol.IRC),
    (b"@a=b;c  :x   NICK ana\r\n", Protocol.IRC),
    ("olá, tudo bem?\r\n".encode(), Protocol.PLAIN),
    (b"NICKNAME\r\n", Protocol.PLAIN),
    (b"\x00\x01\x02\n", Protocol.PLAIN),
    (b"SSH is a protocol\n", Protocol.PLAIN),
    (b"x" * HEAD_BYTES, Protocol.PLAIN),
    (b"@a=" + b"x" * HEAD_BYTES + b" CAP LS\r\n", Protocol.PLAIN),
    (b"\r\n" * (HEAD_BYTES // 2) + b"NICK ana\r\n", Protocol.PLAIN),
]
VERBS = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH", b"PRI"]

every_case = pytest.mark.parametrize(
    ("text", "protocol"), CASES, ids=[f"{number}-{name.name}" for number, (_, name) in enumerate(CASES)]
)


def decisions(text):
    """What is decided while ``text`` comes byte by byte, as often as it is not MORE."""
    found = (recognise(text[:end]) for end in range(len(text) + 1))
    return [protocol for protocol in found if protocol is not Protocol.MORE]


@every_case
def test_whole(text, protocol):
    assert recognise(text) is protocol


@every_case
def test_byte_by_byte_nothing_else_is_decided_on_the_way(text, protocol):
    assert set(decisions(text)) == {protocol}


@every_case
@given(rubbish=st.binary(max_size=600))
def test_what_follows_changes_nothing(text, protocol, rubbish):
    assert recognise(text + rubbish) is protocol


def test_nothing_yet_may_become_anything():
    assert recognise(b"") is Protocol.MORE


@pytest.mark.parametrize("blanks", [b"\r\n", b"\n\n", b"\r\n\r\n\r\n", b"\r\n" * 20])
def test_empty_lines_alone_are_no_protocol(blanks):
    assert recognise(blanks) is Protocol.MORE


def test_there_is_an_end_to_empty_lines():
    assert recognise(b"\n" * HEAD_BYTES) is Protocol.PLAIN


def test_a_command_is_one_only_when_its_word_is_over():
    assert recognise(b"NICK") is Protocol.MORE
    assert recognise(b"NICK ") is Protocol.IRC


def test_so_much_without_a_line_is_plain_and_not_a_byte_less():
    assert recognise(b"a" * (HEAD_BYTES - 1)) is Protocol.MORE
    assert recognise(b"a" * HEAD_BYTES) is Protocol.PLAIN


any_case = st.sampled_from(VERBS).flatmap(
    lambda verb: st.sampled_from([verb, verb.lower(), verb.title(), verb[:1].lower() + verb[1:]])
)


@given(blanks=st.text("\r\n", max_size=12), verb=any_case, rest=st.binary(max_size=700))
def test_a_verb_of_http_never_becomes_chat_whatever_follows_or_precedes(blanks, verb, rest):
    text = blanks.encode() + verb + b" " + rest

    assert set(decisions(text)) == {Protocol.HTTP}


@given(
    verb=any_case,
    rest=st.sampled_from([b"", b" ", b"\t", b"\r\n", b"\n", b"\0"]),
    lines=st.lists(st.sampled_from([b"NICK x\r\n", b"USER x 0 * :x\r\n", b"PRIVMSG #a :hi\r\n", b"\r\n"])),
)
def test_a_verb_of_http_never_becomes_irc_also_without_a_blank(verb, rest, lines):
    assert Protocol.IRC not in decisions(verb + rest + b"".join(lines))


@given(st.binary(max_size=700))
def test_a_decision_is_final(text):
    found = decisions(text)

    assert len(set(found)) <= 1
    if b"\n" in text.lstrip(b"\r\n") or len(text) >= HEAD_BYTES + 20:
        assert found


@pytest.mark.parametrize(
    "head",
    [b"", b"\x16", b"SS", b"P", b"PROX", b"\r\n\r\n\0", b"G", b"get", b"\r\nPOS", b"N", b"nick", b"CAP"],
)
def test_what_the_network_may_have_cut_is_waited_for(head):
    assert recognise(head) is Protocol.MORE
    assert may_be_cut(head)


@pytest.mark.parametrize("head", [b"@label=1", b"@a=b CA", b":ana NI"])
def test_tags_and_a_source_may_be_cut_anywhere(head):
    assert recognise(head) is Protocol.MORE
    assert may_be_cut(head)


@pytest.mark.parametrize("head", ["Ana", "olá", "hello there", "Nicolas", "GETULIO", "\xe9", "\xff\xfb\x18"])
def test_a_word_of_ones_own_is_not_waited_for(head):
    assert recognise(head.encode("latin-1")) is Protocol.MORE
    assert not may_be_cut(head.encode("latin-1"))
