"""Forgetting what is too old or too much."""

from __future__ import annotations

import asyncio

import pytest
from store.contract import said, stamps

from chatapp.core.ports import Changes, Kept, Search, Span
from chatapp.store import pruning
from chatapp.store.open import open_store
from chatapp.store.pruning import Bounds


def run(story):
    async def main():
        store = await open_store(None)
        try:
            return await story(store.history)
        finally:
            await store.close()

    return asyncio.run(main())


def talk(key, count, text="tea"):
    return [Kept(key, said(stamp, text)) for stamp in range(1, count + 1)]


@pytest.mark.parametrize(
    ("bounds", "channel", "direct"),
    [
        (Bounds(), [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        (Bounds(channel_messages=2), [4, 5], [1, 2, 3, 4, 5]),
        (Bounds(direct_messages=1), [1, 2, 3, 4, 5], [5]),
        (Bounds(since=3), [3, 4, 5], [3, 4, 5]),
        (Bounds(channel_messages=4, since=4), [4, 5], [4, 5]),
        (Bounds(channel_messages=9, direct_messages=9), [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        (Bounds(since=9), [], []),
    ],
)
def test_what_lies_beyond_the_bounds_is_forgotten(bounds, channel, direct):
    async def story(history):
        await history.keep(Changes([*talk("#tea", 5), *talk("~1 bob", 5)]))
        count = await history.prune(bounds)
        return count, [stamps(await history.read(Span(key))) for key in ("#tea", "~1 bob")]

    assert run(story) == (10 - len(channel) - len(direct), [channel, direct])


def test_it_goes_in_steps_through_all_conversations(monkeypatch):
    monkeypatch.setattr(pruning, "STEP", 3)
    monkeypatch.setattr(pruning, "_CONVERSATIONS", 2)
    keys = [f"#{number}" for number in range(5)]

    async def story(history):
        await history.keep(Changes([kept for key in keys for kept in talk(key, 10)]))
        count = await history.prune(Bounds(channel_messages=1))
        return count, [stamps(await history.read(Span(key))) for key in keys]

    assert run(story) == (45, [[10]] * 5)


def test_what_is_forgotten_is_not_found():
    async def story(history):
        await history.keep(Changes(talk("#tea", 5)))
        before = len(await history.search(Search(["#tea"], ("tea",))))
        await history.prune(Bounds(channel_messages=2))
        return before, [kept.message.stamp for kept in await history.search(Search(["#tea"], ("tea",)))]

    assert run(story) == (5, [4, 5])


def test_what_one_of_two_has_no_more_the_other_still_finds():
    async def story(history):
        await history.keep(Changes([*talk("~1 bob", 3), *talk("~2 ana", 1)]))
        for key in ("~1 bob", "~2 ana"):
            await history.search(Search([key], ("tea",)))
        await history.prune(Bounds(direct_messages=1))
        return [
            [kept.message.stamp for kept in await history.search(Search([key], ("tea",)))]
            for key in ("~1 bob", "~2 ana")
        ]

    assert run(story) == [[3], [1]]


def test_a_conversation_of_two_that_is_forgotten_whole_is_none_and_may_begin_anew():
    async def story(history):
        await history.keep(Changes(talk("~1 bob", 3)))
        await history.search(Search(["~1 bob"], ("tea",)))
        await history.prune(Bounds(since=100))
        none = await history.conversations_of("~1")
        await history.keep(Changes([Kept("~1 bob", said(200))]))
        return none, await history.conversations_of("~1"), stamps(await history.read(Span("~1 bob")))

    assert run(story) == ([], ["bob"], [200])
