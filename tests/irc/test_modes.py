"""Mode strings: what is read, what is written, and that both agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.modes import ModeChange, ModeKind, ModeKinds, format_modes, parse_modes

KINDS = ModeKinds(lists="beI", always="k", when_set="l", flags="imnst", prefixes="ov")
USER_KINDS = ModeKinds(flags="iowB")
READ = {
    "nothing": ([], []),
    "empty": ([""], []),
    "signs alone": (["+-+"], []),
    "flags": (["+nt-i"], ["+n", "+t", "-i"]),
    "no sign": (["nt"], ["+n", "+t"]),
    "prefixes": (["+o-v", "alice", "bob"], ["+o alice", "-v bob"]),
    "list with a mask": (["+b", "*!*@h"], ["+b *!*@h"]),
    "list query": (["+b"], ["+b"]),
    "list query without a sign": (["b"], ["+b"]),
    "two queries": (["+be"], ["+b", "+e"]),
    "limit": (["+l-l", "5"], ["+l 5", "-l"]),
    "limit taken away with a word": (["-l", "5"], ["-l"]),
    "limit below nothing": (["+l", "-5"], ["+l -5"]),
    "key": (["+k-k", "a", "a"], ["+k a", "-k a"]),
    "mixed": (["+nkl-o+v", "key", "9", "ana", "bob"], ["+n", "+k key", "+l 9", "-o ana", "+v bob"]),
    "second mode string": (["+o", "alice", "-v", "bob"], ["+o alice", "-v bob"]),
    "flags, then words nobody asked for": (["+n", "alice", "+t"], ["+n", "+t"]),
    "missing nick": (["+oo", "alice"], ["+o alice", "+o"]),
    "unknown": (["+nXé", "alice"], ["+n", "+X", "+é"]),
    "first word is empty": (["", "n"], []),
}


def said(change):
    sign = "+" if change.adding else "-"
    return f"{sign}{change.letter}" + ("" if change.param is None else f" {change.param}")


@pytest.mark.parametrize(("params", "changes"), READ.values(), ids=READ)
def test_modes_are_read(params, changes):
    assert [said(change) for change in parse_modes(params, KINDS)] == changes


@pytest.mark.parametrize(
    ("params", "kind", "query", "unknown"),
    [
        (["+b"], ModeKind.LIST, True, False),
        (["-b"], ModeKind.LIST, True, False),
        (["+b", "x"], ModeKind.LIST, False, False),
        (["+k"], ModeKind.ALWAYS, False, False),
        (["-k"], ModeKind.ALWAYS, False, False),
        (["+l"], ModeKind.WHEN_SET, False, False),
        (["-l"], ModeKind.WHEN_SET, False, False),
        (["-o"], ModeKind.PREFIX, False, False),
        (["+o", "ana"], ModeKind.PREFIX, False, False),
        (["+n"], ModeKind.FLAG, False, False),
        (["+X"], ModeKind.UNKNOWN, False, True),
    ],
)
def test_a_change_says_what_it_is(params, kind, query, unknown):
    (change,) = parse_modes(params, KINDS)
    assert change.kind is kind
    assert (change.is_query, change.is_unknown) == (query, unknown)


def test_user_modes_take_no_parameters():
    assert [said(change) for change in parse_modes(["+iw-B", "ana"], USER_KINDS)] == ["+i", "+w", "-B"]


def test_signs_are_written_only_where_they_change():
    changes = parse_modes(["+o+v-b-n+t", "alice", "bob", "*!*@h"], KINDS)
    assert format_modes(changes) == ["+ov-bn+t", "alice", "bob", "*!*@h"]
    assert format_modes([]) == []


@st.composite
def changes(draw):
    letter = draw(st.sampled_from("beIklimnstovX"))
    adding = draw(st.booleans())
    kind = KINDS.kind_of(letter)
    takes = kind not in (ModeKind.FLAG, ModeKind.UNKNOWN) and (adding or kind is not ModeKind.WHEN_SET)
    param = draw(st.text("ab+-*!@0", min_size=1)) if takes else None
    return ModeChange(adding, letter, param, kind)


@given(st.lists(changes()), st.lists(st.sampled_from("beI"), max_size=2))
def test_what_is_written_reads_the_same(several, queries):
    several += [ModeChange(True, letter, None, ModeKind.LIST) for letter in queries]
    assert parse_modes(format_modes(several), KINDS) == several


@given(st.lists(st.text()))
def test_any_words_are_read(words):
    for change in parse_modes(words, KINDS):
        assert change.letter not in "+-"
        assert change.param is None or change.param in words
