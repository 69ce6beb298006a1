"""Names and texts are values: SQL in them, and the signs of a search, say nothing to the database."""

from __future__ import annotations

import asyncio

import pytest

from chatapp.core.message import Message
from chatapp.core.ports import Changes, ChannelState, Kept, Search, Span, StoreError
from chatapp.store.open import open_store

SPELLS = [
    "'; DROP TABLE messages; --",
    '" OR 1=1 --',
    "%' OR '1'='1",
    "?1 :a @b $c",
    "NEAR(a b) AND * ^ col:x -y",
    '"unclosed',
]


def with_store(story):
    async def main():
        store = await open_store(None, "normal")
        try:
            return await story(store)
        finally:
            await store.close()

    return asyncio.run(main())


@pytest.mark.parametrize("spell", SPELLS)
def test_what_looks_like_sql_is_kept_as_it_is(spell):
    room = "#" + spell.replace(" ", "").replace(",", "")
    state = ChannelState(room, 5, spell, f"{spell}!a@b", 6, "nt", key=spell)
    message = Message(1, "PRIVMSG", f":ana!ana@localhost PRIVMSG #tea :{spell}")
    other = Message(2, "PRIVMSG", ":ana!ana@localhost PRIVMSG #tea :nothing of the kind")

    async def story(store):
        await store.history.keep(Changes([Kept(room, message), Kept("#tea", other)], {room: state}))
        await store.history.keep(Changes(metadata={(room, "url"): spell}, markers={("ana", room): 1}))
        said = await store.history.read(Span(room)), await store.history.read(Span("#tea"))
        return said, await store.channels(), await store.metadata()

    said, channels, metadata = with_store(story)
    assert said == ([message], [other])
    assert channels == {room: state}
    assert metadata == {(room, "url"): spell}


@pytest.mark.parametrize("spell", SPELLS)
def test_a_search_for_it_finds_its_words_or_nothing(spell):
    message = Message(1, "PRIVMSG", f":ana!ana@localhost PRIVMSG #tea :well {spell} well")
    secret = Message(2, "PRIVMSG", f":eve!eve@localhost PRIVMSG #secret :{spell}")

    async def story(store):
        await store.history.keep(Changes([Kept("#tea", message), Kept("#secret", secret)]))
        try:
            return await store.history.search(Search(["#tea"], tuple(spell.split())))
        except StoreError as why:
            return why

    found = with_store(story)
    assert isinstance(found, list)
    assert [kept.message for kept in found] in ([message], [])
