"""Links: what can be clicked, what cannot, and that a click goes where the words say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.screen.links import LONGEST, find_links


def found(text):
    return [(text[link.start : link.end], link.url) for link in find_links(text)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=f#g",
        "HTTPS://Example.org/",
        "https://[2001:db8::1]:443/x",
        "https://example.org/a%20b",
        "mailto:ana@example.org",
        "mailto:ana@example.org?subject=tea",
        "http://localhost:12345/",
    ],
)
def test_an_address_is_its_own_target(url):
    assert found(f"see {url} now") == [(url, url)]
    assert found(url) == [(url, url)]


def test_letters_in_the_path_are_escaped_and_stay_what_one_reads():
    assert found("https://example.org/chá?q=ção") == [
        ("https://example.org/chá?q=ção", "https://example.org/ch%C3%A1?q=%C3%A7%C3%A3o")
    ]


@pytest.mark.parametrize(
    "text, words",
    [
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b).", "https://example.org/a_(b)"),
        ("https://example.org/a, and", "https://example.org/a"),
        ("what? https://example.org/a?!", "https://example.org/a"),
        ("<https://example.org/a>", "https://example.org/a"),
        ('"https://example.org/a"', "https://example.org/a"),
        ("[https://example.org/a]", "https://example.org/a"),
        ("**https://example.org/a**", "https://example.org/a"),
    ],
)
def test_the_sentence_around_it_is_no_part_of_it(text, words):
    assert found(text) == [(words, words)]


def test_several_in_one_line():
    assert [words for words, _url in found("http://a.example http://b.example, mailto:c@d.example")] == [
        "http://a.example",
        "http://b.example",
        "mailto:c@d.example",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/html,hello",
        "ssh://example.org",
        "xhttps://example.org",
        "view-source:https",
        "https://",
        "https:///path",
        "mailto:",
        "mailto:nobody",
        "example.org",
    ],
)
def test_other_schemes_are_text(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://bank.example@evil.example/",
        "https://bank.example:x@evil.example/",
        "https://аpple.com/",  # a Cyrillic letter
        "https://bank.example\u202egpj.exe",
        "https://bank.example/\u200bpath",
        "https://example.org/\u05d0\u05d1\u05d2",
        "https://example.org/\x1b]8;;http://evil.example",
        "https://example.org/\x9d8",
        "https://bank。example/",
        "https://exa\u0301mple.org/",
        "https://-example.org/",
        "https://example.org:123456789/",
        "https://example.org/" + "a" * LONGEST,
        "https://example.org/" + "ç" * (LONGEST // 3),
    ],
)
def test_what_looks_like_another_address_is_text(text):
    assert found(text) == []


def test_a_control_ends_an_address_or_undoes_it():
    assert found("https://example.org/\x07rest") == []
    assert found("https://example.org/a\nhttps://example.org/b") == [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org/b", "https://example.org/b"),
    ]


@given(st.text() | st.text().map("https://example.org/{}".format) | st.text().map("https://{}/".format))
def test_whatever_is_said_an_address_holds_nothing_that_a_terminal_obeys(text):
    for start, end, url in find_links(text):
        assert url.isascii() and url.isprintable() and " " not in url and ";" not in url.partition(":")[0]
        assert url.lower().startswith(("http://", "https://", "mailto:"))
        assert 0 <= start < end <= len(text)
