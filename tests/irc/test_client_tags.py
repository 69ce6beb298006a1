"""Client-only tags: which a server passes on, and what a message answers."""

from __future__ import annotations

import pytest

from chatapp.irc.client_tags import NONCE, REACT, TYPING, is_allowed, nonce_of, reply_of
from chatapp.irc.isupport import ISupport
from chatapp.irc.line import parse_line


@pytest.mark.parametrize(
    ("denied", "passes"),
    [
        ("", {REACT, TYPING}),
        ("*", set()),
        ("*,-typing", {TYPING}),
        ("typing", {REACT}),
        ("draft/react,typing", set()),
    ],
)
def test_what_a_server_passes_on(denied, passes):
    isupport = ISupport()
    isupport.hear(["ana", f"CLIENTTAGDENY={denied}", "are supported"])

    assert {tag for tag in (REACT, TYPING) if is_allowed(isupport, tag)} == passes


@pytest.mark.parametrize("name", ["+reply", "+draft/reply"])
def test_what_a_message_answers(name):
    assert reply_of(parse_line(f"@{name}=abc :ana PRIVMSG #tea :yes")) == "abc"


@pytest.mark.parametrize("tag", ["+reply=", "+reply", "+reply=a\\sb", "+reply=\x07", f"+reply={'a' * 257}"])
def test_what_can_be_no_id_is_no_answer(tag):
    assert reply_of(parse_line(f"@{tag} :ana PRIVMSG #tea :yes")) == ""


@pytest.mark.parametrize(("word", "known"), [("5f0c1ab2", "5f0c1ab2"), ("a" * 16, "a" * 16), ("a" * 17, "")])
def test_a_word_of_a_message_is_short(word, known):
    """Whoever speaks may send kilobytes of it, and every listener would keep them."""
    assert nonce_of(parse_line(f"@{NONCE}={word} :ana PRIVMSG #tea :yes")) == known
