"""Of what was taken back nothing is left in the files."""

from __future__ import annotations

import asyncio

import pytest
from store.contract import said

from chatapp.core.ports import Changes, Kept, Redaction, Search
from chatapp.store.open import open_store

SECRET = "zanzibar"


async def story(path, is_searched):
    store = await open_store(path, "normal")
    try:
        for stamp in range(1, 400):
            text = f"the password is {SECRET}" if stamp == 200 else f"hello number {stamp}"
            await store.history.keep(Changes([Kept("#tea", said(stamp, text))]))
            if is_searched and stamp % 10 == 0:  # each time another piece of the index is made
                await store.history.search(Search(["#tea"], (SECRET,)))
        await store.history.keep(Changes(redactions=[Redaction(200, ("#tea",))]))
        return await store.history.search(Search(["#tea"], (SECRET,)))
    finally:
        await store.close()


@pytest.mark.slow
@pytest.mark.parametrize("is_searched", [False, True])
def test_what_was_taken_back_is_not_on_the_disk(tmp_path, is_searched):
    assert asyncio.run(story(tmp_path, is_searched)) == []

    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"hello number 399" in data for data in files)
    assert not any(SECRET.encode() in data for data in files)
