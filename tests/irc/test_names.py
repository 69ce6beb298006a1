"""Names: which are valid, which are the same, which match."""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.confusables import skeleton
from chatapp.irc.names import (
    FOLDS,
    complete_mask,
    fold_ascii,
    fold_rfc1459,
    fold_unicode,
    is_channel,
    is_channel_name,
    is_nick,
    matches,
    source,
    user_name_from,
)

NICKS = [
    "ana",
    "João",
    "Zé-2",
    "[w]`^{x}|\\_",
    "مريم",
    "สมชาย",
    "नीलम",
    "李雷",
    "Ирина",
    "Ωmega",
    "한글",
    "Đặng",
    "a" * 32,
]
NOT_NICKS = {
    "empty": "",
    "too long": "a" * 33,
    "too long in bytes": "ã" * 17,
    "begins with a digit": "2ana",
    "begins with an Arabic digit": "٣ana",
    "begins with a hyphen": "-ana",
    "begins with a mark": "\u0301ana",
    "blank": "a b",
    "no-break blank": "a\u00a0b",
    "channel": "#ana",
    "source": "ana!a@h",
    "mask": "an*",
    "question": "an?",
    "list": "ana,bob",
    "colon": ":ana",
    "prefix": "@ana",
    "dollar": "$ana",
    "dot": "chat.example",
    "slash": "a/b",
    "emoji": "ana👋",
    "control": "a\x02na",
    "line end": "ana\n",
    "right to left override": "a\u202ena",
    "zero width blank": "a\u200bna",
    "zero width joiner": "a\u200dna",
    "Hangul filler": "ana\u3164",
    "half-width Hangul filler": "ana\uffa0",
    "grapheme joiner": "a\u034fna",
    "emoji selector": "ana\ufe0f",
    "ideographic variant": "漢\U000e0100",
    "tag letter": "ana\U000e0061",
    "lone surrogate": "a\ud800",
    "noncharacter": "a\uffff",
    "full-width mark that folds to !": "ana！",
    "full-width at that folds to @": "ana＠",
    "what folds to a blank": "ana\u00b4",
    "fraction that folds to a slash": "a½",
}
CHANNELS = [
    "#tea",
    "#ajuda-física",
    "#c++",
    "#شاي",
    "#ชา",
    "#👋🏽",
    "#❤️",
    "#1",
    "##",
    "#a.b/c",
    "#(x)",
    "#" + "a" * 63,
]
NOT_CHANNELS = {
    "empty": "",
    "no name": "#",
    "no prefix": "tea",
    "other prefix": "&tea",
    "too long": "#" + "a" * 64,
    "too long in bytes": "#" + "ã" * 32,
    "blank": "#a b",
    "list": "#a,b",
    "BEL": "#a\x07b",
    "mask": "#a*",
    "source": "#a!b",
    "colon": "#a:b",
    "control": "#a\x1bb",
    "C1": "#a\x9bb",
    "no-break blank": "#a\u00a0b",
    "line separator": "#a\u2028b",
    "override": "#a\u202eb",
    "zero width": "#a\u200b",
    "filler": "#a\u3164",
    "lone surrogate": "#\udfff",
    "full-width comma that folds to a comma": "#a，b",
    "accent that folds to a blank": "#a\u00b4b",
}
SAME = [
    ("Ana", "aNA"),
    ("JOÃO", "joão"),
    ("Joa\u0303o", "João"),
    ("STRASSE", "straße"),
    ("Ａｎａ", "ana"),
    ("ﬁ", "FI"),
    ("ΣΑΣ", "σας"),
]


@pytest.mark.parametrize("nick", NICKS)
def test_a_nick_is_letters_of_any_script(nick):
    assert is_nick(nick, 32)


@pytest.mark.parametrize("nick", NOT_NICKS.values(), ids=NOT_NICKS)
def test_what_is_no_nick(nick):
    assert not is_nick(nick, 32)


@pytest.mark.parametrize("casemapping", ["ascii", "rfc1459"])
def test_the_old_mappings_know_ascii_only(casemapping):
    assert is_nick("ana", 32, casemapping)
    assert not is_nick("joão", 32, casemapping)
    assert is_channel("#tea", 64, casemapping)
    assert not is_channel("#chá", 64, casemapping)


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_is_anything_visible(name):
    assert is_channel(name, 64)
    assert is_channel_name(name)


@pytest.mark.parametrize("name", NOT_CHANNELS.values(), ids=NOT_CHANNELS)
def test_what_is_no_channel(name):
    assert not is_channel(name, 64)


@given(st.text())
def test_any_text_can_be_asked_about(text):
    assert not is_nick(text, 0)
    assert not is_channel(text, 0)
    assert is_nick(text, 1000) <= ("," not in text and "!" not in text and " " not in text)
    assert is_channel("#" + text, 1000) <= ("," not in text and " " not in text)


@given(st.text())
def test_a_folded_nick_is_a_nick_still(text):
    assert is_nick(text, 1000) <= is_nick(fold_unicode(text), 10_000)


@pytest.mark.parametrize("fold", FOLDS.values(), ids=FOLDS)
@given(text=st.text())
def test_folding_twice_is_folding_once(fold, text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_are_the_same(one, other):
    assert fold_unicode(one) == fold_unicode(other)


def test_how_an_emoji_is_drawn_tells_no_channels_apart():
    assert fold_unicode("#❤️") == fold_unicode("#❤")


def test_the_old_mappings_fold_ascii_only():
    assert fold_ascii("ANA[Ã]") == "ana[Ã]"
    assert fold_rfc1459("ANA[]\\~Ã") == "ana{}|^Ã"
    assert fold_unicode("ANA[]~") == "ana[]~"


@pytest.mark.parametrize(
    ("mask", "whole"),
    [
        ("ana", "ana!*@*"),
        ("*@host", "*!*@host"),
        ("ana!a", "ana!a@*"),
        ("a@h", "*!a@h"),
        ("!a@h", "*!a@h"),
        ("a!b@c", "a!b@c"),
        ("", "*!*@*"),
        ("@", "*!*@*"),
        ("!", "*!*@*"),
        ("a!@", "a!*@*"),
    ],
)
def test_a_mask_is_completed(mask, whole):
    assert complete_mask(mask) == whole
    assert complete_mask(whole) == whole


@given(st.text("ab*?"), st.text("ab*?"))
def test_globs_match_as_the_expression_they_stand_for(mask, text):
    slow = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in mask)
    assert matches(mask, text) == (re.fullmatch(slow, text, re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("mask", "text", "expected"),
    [
        ("*!*@*.example", "ana!a@host.example", True),
        ("*!*@*.example", "ana!a@host.example.org", False),
        ("a?a!*@*", "ana!a@h", True),
        ("[a]*", "[a]bc", True),
        ("[a]*", "abc", False),
        ("*", "", True),
        ("?", "", False),
        ("", "", True),
    ],
)
def test_masks(mask, text, expected):
    assert matches(mask, text) is expected


class Counted(str):
    """Text that counts how often one looks at its characters."""

    looks = 0

    def __getitem__(self, key):
        self.looks += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("mask", ["*a" * 50 + "b", "*" * 100 + "b", "a*" * 50 + "b", "*?" * 50 + "b"])
def test_a_hostile_mask_takes_no_more_than_its_share_of_steps(mask):
    text = Counted("a" * 400)
    assert not matches(mask, text)
    assert text.looks <= len(mask) * (len(text) + 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [("ana", "ana"), ("João", "Joao"), ("a b@c", "abc"), ("李雷", "user"), ("", "user"), ("\ud800", "user")],
)
def test_a_user_name_is_made_of_any_text(text, name):
    assert user_name_from(text) == name


@given(st.text())
def test_what_is_made_is_a_user_name(text):
    name = user_name_from(text)
    assert name.isascii()
    assert name.isprintable()
    assert name
    assert set(" !@~:*?").isdisjoint(name)


def test_names_at_the_edges():
    assert source("ana", "a", "host") == "ana!a@host"
    assert not is_channel_name("ana")
    assert not is_channel_name("")


@pytest.mark.slow
@pytest.mark.parametrize("remember", [fold_unicode, skeleton])
def test_what_is_remembered_of_names_stays_small_whoever_makes_them_up(remember):
    tracemalloc.start()
    try:
        for number in range(40_000):
            remember(f"{number}{'x' * 300}")
        held, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        remember.cache_clear()
    assert held < 8 * 2**20
