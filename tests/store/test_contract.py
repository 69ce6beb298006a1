"""The contract of `contract.py`, asked of every store there is; and all of them against each other."""

from __future__ import annotations

import asyncio

import pytest
from memory_store import MemoryStore
from store.contract import StoreContract, few, stories, tell
from store.modern_contract import ModernContract

from chatapp.store.open import open_store


def run_on_sqlite(path, story, *more):
    async def main():
        store = await open_store(path, "normal")
        try:
            return await story(store.history, store, *more)
        finally:
            await store.close()

    return asyncio.run(main())


def run_without_a_loop(coroutine):
    """Nothing in the fake ever waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waited")


class TestFile(StoreContract, ModernContract):
    @pytest.fixture
    def run(self, tmp_path):
        return lambda story, on_a_loop=True: run_on_sqlite(tmp_path / "data", story)


class TestMemory(StoreContract, ModernContract):
    @pytest.fixture
    def run(self):
        return lambda story, on_a_loop=True: run_on_sqlite(None, story)


class TestFake(StoreContract, ModernContract):
    @pytest.fixture
    def run(self):
        def run(story, on_a_loop=False):
            store = MemoryStore()
            return (asyncio.run if on_a_loop else run_without_a_loop)(story(store, store))

        return run


@pytest.mark.slow
@few
@stories
def test_sqlite_and_the_fake_tell_the_same_story(ticks, asked):
    store = MemoryStore()
    assert run_on_sqlite(None, tell, ticks, asked) == run_without_a_loop(tell(store, store, ticks, asked))


@pytest.mark.slow
@few
@stories
def test_the_file_and_the_fake_tell_the_same_story(tmp_path_factory, ticks, asked):
    store = MemoryStore()
    path = tmp_path_factory.mktemp("data")
    assert run_on_sqlite(path, tell, ticks, asked) == run_without_a_loop(tell(store, store, ticks, asked))
