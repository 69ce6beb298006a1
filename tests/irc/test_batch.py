"""Batches: gathered as trees, whatever the nesting; nothing lost and nothing held for ever."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.batch import Batch, Batches, batch_ids
from chatapp.irc.line import Line, parse_line


def hear(*texts, batches=None):
    """What comes out, line by line; ``None`` left out."""
    batches = batches or Batches()
    return [out for text in texts if (out := batches.hear(parse_line(text))) is not None]


def texts(out):
    """A tree as nested lists of last parameters."""
    return [texts(child) for child in out.children] if isinstance(out, Batch) else out.params[-1]


def test_a_line_in_no_batch_passes():
    line = parse_line("PRIVMSG #tea hi")
    assert Batches().hear(line) is line


def test_a_batch_is_given_when_it_closes():
    batches = Batches()
    assert (
        hear("@label=7 :chat BATCH +1 chathistory #tea", "@batch=1 :ana PRIVMSG #tea a", batches=batches)
        == []
    )
    assert hear("@batch=1 :ana PRIVMSG #tea b", batches=batches) == []
    (batch,) = hear("BATCH -1", batches=batches)
    assert (batch.kind, batch.params, batch.source) == ("chathistory", ["#tea"], "chat")
    assert batch.tags == {"label": "7"}
    assert batch.is_whole
    assert texts(batch) == ["a", "b"]


def test_batches_nest_and_come_out_as_one_tree():
    (batch,) = hear(
        "BATCH +a outer",
        "@batch=a X 1",
        "@batch=a BATCH +b inner",
        "@batch=b X 2",
        "@batch=a X 3",
        "@batch=b X 4",
        "BATCH -b",
        "@batch=a X 5",
        "BATCH -a",
    )
    assert texts(batch) == ["1", ["2", "4"], "3", "5"]
    assert [line.params[0] for line in batch.lines()] == ["1", "2", "4", "3", "5"]


def test_batches_side_by_side_and_lines_between_them():
    out = hear("BATCH +a x", "BATCH +b y", "@batch=b X 1", "X 2", "@batch=a X 3", "BATCH -b", "BATCH -a")
    assert [texts(each) for each in out] == ["2", ["1"], ["3"]]


def test_closing_a_batch_closes_those_within():
    out = hear("BATCH +a x", "@batch=a BATCH +b y", "@batch=b X 1", "BATCH -a", "@batch=b X 2", "BATCH -b")
    assert [texts(each) for each in out] == [[["1"]], "2"]


def test_closing_an_inner_batch_closes_those_within():
    out = hear(
        "BATCH +a x",
        "@batch=a BATCH +b y",
        "@batch=b BATCH +c z",
        "BATCH -b",
        "@batch=c X 1",
        "@batch=a X 2",
        "BATCH -a",
    )
    assert [texts(each) for each in out] == ["1", [[[]], "2"]]


def test_an_id_can_be_used_again():
    out = hear("BATCH +a x", "BATCH -a", "BATCH +a x", "@batch=a X 1", "BATCH -a")
    assert [texts(each) for each in out] == [[], ["1"]]


@pytest.mark.parametrize(
    "text", ["BATCH", "BATCH :", "BATCH a", "BATCH + x", "BATCH -", "BATCH -unknown", "BATCH +a"]
)
def test_nonsense_gives_nothing(text):
    assert hear(text) == []


def test_an_id_that_is_open_is_not_opened_again():
    (batch,) = hear("BATCH +a x", "@batch=a X 1", "BATCH +a y", "@batch=a X 2", "BATCH -a")
    assert (batch.kind, texts(batch)) == ("x", ["1", "2"])


def test_a_line_of_an_unknown_batch_passes():
    (line,) = hear("@batch=zzz X 1")
    assert line.params == ["1"]


def test_too_many_open_batches_are_not_opened_and_their_lines_pass():
    batches = Batches(max_open=2)
    out = hear(
        "BATCH +a x", "BATCH +b x", "BATCH +c x", "@batch=c X 1", "BATCH -c", "BATCH -a", batches=batches
    )
    assert [texts(each) for each in out] == ["1", []]


def test_too_many_lines_are_given_out_early():
    out = hear(
        "BATCH +a x", "@batch=a X 1", "@batch=a X 2", "@batch=a X 3", "BATCH -a", batches=Batches(max_lines=2)
    )
    assert [texts(each) for each in out] == [["1", "2"], "3"]
    assert not out[0].is_whole


def test_what_was_given_out_counts_no_more():
    batches = Batches(max_lines=3)
    for _ in range(5):
        (batch,) = hear("BATCH +a x", "@batch=a X 1", "@batch=a X 2", "BATCH -a", batches=batches)
        assert batch.is_whole


def depth(out):
    return 1 + max(map(depth, out.children), default=0) if isinstance(out, Batch) else 0


ids = st.sampled_from("abcde")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("open"), ids, st.none() | ids),
        st.tuples(st.just("close"), ids, st.none()),
        st.tuples(st.just("say"), st.none(), st.none() | ids),
    )
)


@given(steps, st.integers(1, 4), st.integers(1, 8))
def test_whatever_a_peer_does_every_line_comes_out_once(steps, max_open, max_lines):
    batches = Batches(max_open, max_lines)
    said, out = [], []
    for step, id, parent in steps:
        tags = {"batch": parent} if parent else {}
        if step == "say":
            said.append(str(len(said)))
            got = batches.hear(Line("X", [said[-1]], None, tags))
        else:
            got = batches.hear(Line("BATCH", ["+" + id, "x"] if step == "open" else ["-" + id], None, tags))
        out += [got] if got is not None else []
    ends = (batches.hear(Line("BATCH", ["-" + id])) for id in "abcde")
    out += [end for end in ends if end is not None]

    came = [line.params[0] for each in out for line in (each.lines() if isinstance(each, Batch) else [each])]
    assert sorted(came) == sorted(said)
    assert all(depth(each) <= max_open for each in out)


def test_ids_are_words_that_differ_and_are_the_same_in_every_run():
    ids = list(islice(batch_ids(), 1000))
    assert len(set(ids)) == 1000
    assert all(id.isascii() and id.isalnum() for id in ids)
    assert ids == list(islice(batch_ids(), 1000))
