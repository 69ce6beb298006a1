"""SQLite and the fake tell the same story of what is taken back, renamed, marked and searched for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_store import MemoryStore
from store.contract import said
from store.test_contract import run_on_sqlite, run_without_a_loop

from chatapp.core.ports import Changes, Kept, Redaction, Renamed, Search, Span

CHANNELS = ["#a", "#b", "#c"]
PAIRS = ["~1 ana", "~2 bob", "~3 ana"]
WORDS = ["chá", "Cha", "chapéu", "o", "🍵", "coração!", "a-b", '"', "OR"]

channels, pairs, words = (st.sampled_from(each) for each in (CHANNELS, PAIRS, WORDS))
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
stamps = st.integers(1, 40)
#: Of a direct message both copies go, always.
redactions = st.builds(Redaction, stamps, st.lists(channels, max_size=2).map(tuple)) | st.builds(
    Redaction, stamps, pairs.map(lambda key: (key,)), st.just(("ana", "bob"))
)
renames = st.builds(Renamed, channels, channels).filter(lambda renamed: renamed.old != renamed.new)
markers = st.dictionaries(st.tuples(st.sampled_from(["~1", "~2"]), channels), st.none() | stamps, max_size=2)
metadata = st.dictionaries(st.tuples(channels, st.sampled_from(["x", "y"])), st.none() | words, max_size=2)
ticks = st.builds(
    lambda spoken, renames, redactions, markers, metadata: (spoken, renames, redactions, markers, metadata),
    st.lists(st.tuples(st.lists(channels | pairs, min_size=1, max_size=2, unique=True), texts), max_size=5),
    st.lists(renames, max_size=1),
    st.lists(redactions, max_size=2),
    markers,
    metadata,
)
searches = st.builds(
    Search,
    st.lists(channels | pairs, max_size=3, unique=True),
    st.lists(words, max_size=2).map(tuple),
    st.none(),
    st.none() | stamps,
    st.none() | stamps,
    st.integers(1, 5),
    st.booleans(),
)


async def tell(history, store, story):
    """Everything that can be seen after each tick; a new stamp for each message, as the server gives them."""
    seen, stamp = [], 0
    for (spoken, renames, redactions, markers, metadata), search in story:
        kept = []
        for keys, text in spoken:
            stamp += 1
            direct = [
                key for key in keys if key in PAIRS
            ]  # one thing said is in one channel, or with two people
            kept += [Kept(key, said(stamp, text)) for key in direct or keys[:1]]
        await history.keep(
            Changes(kept, renames=renames, redactions=redactions, markers=markers, metadata=metadata)
        )
        found = await history.search(search)
        assert {each.conversation for each in found} <= set(search.conversations)
        seen.append([each.message.stamp for each in found])
        seen.append([[m.stamp for m in await history.read(Span(key))] for key in CHANNELS + PAIRS])
    return seen, await store.markers(), await store.metadata()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ticks, searches), max_size=8))
def test_sqlite_and_the_fake_agree(story):
    store = MemoryStore()
    expected = run_without_a_loop(tell(store, store, story))
    assert run_on_sqlite(None, tell, story) == expected
