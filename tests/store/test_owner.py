"""The owner's code: one at a time, good once, and never in the file."""

from __future__ import annotations

import asyncio
import re

import pytest

from chatapp.store.open import open_store


def keep_in(place, story):
    async def run():
        store = await open_store(place)
        try:
            return await story(store.owner)
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture(params=["disk", "memory"])
def place(request, tmp_path):
    return tmp_path / "data" if request.param == "disk" else None


def test_the_first_start_gives_a_code_that_is_good_once(place):
    async def story(owner):
        code = await owner.first()
        assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code)
        assert await owner.first() == ""
        assert not await owner.claim("AAAA-AAAA-AAAA-AAAA")
        assert await owner.claim(code)
        assert not await owner.claim(code)

    keep_in(place, story)


def test_of_two_claims_at_once_one_succeeds(place):
    async def story(owner):
        code = await owner.first()
        return await asyncio.gather(owner.claim(code), owner.claim(code))

    assert sorted(keep_in(place, story)) == [False, True]


@pytest.mark.parametrize("spelling", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code}"])
def test_it_may_be_typed_as_people_type(place, spelling):
    async def story(owner):
        assert await owner.claim(spelling(await owner.first()))

    keep_in(place, story)


@pytest.mark.parametrize("wrong", ["", "ç", "\U0001f600", "?" * 16, "A" * 5000])
def test_anything_else_is_wrong(place, wrong):
    async def story(owner):
        await owner.first()
        assert not await owner.claim(wrong)

    keep_in(place, story)


def test_without_a_code_nothing_is_right(place):
    async def story(owner):
        assert not await owner.claim("")

    keep_in(place, story)


def test_a_new_code_ends_the_one_before(place):
    async def story(owner):
        first = await owner.first()
        second = await owner.renew()
        assert not await owner.claim(first)
        assert await owner.claim(second)
        assert await owner.claim(await owner.renew())

    keep_in(place, story)


def test_a_restart_remembers_that_it_was_claimed(tmp_path):
    code = keep_in(tmp_path, lambda owner: owner.first())
    assert keep_in(tmp_path, lambda owner: owner.first()) == ""
    assert keep_in(tmp_path, lambda owner: owner.claim(code))
    assert not keep_in(tmp_path, lambda owner: owner.claim(code))


def test_the_code_itself_is_not_kept(tmp_path):
    code = keep_in(tmp_path, lambda owner: owner.first())

    assert code.replace("-", "").encode() not in (tmp_path / "chat.db").read_bytes()
    assert code.encode() not in (tmp_path / "chat.db").read_bytes()
