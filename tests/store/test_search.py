"""What the contract does not say of searching: the index follows in steps, and nobody searches for ever."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace

import pytest
from store.contract import said

from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept, Redaction, Renamed, Search, Span, StoreError
from chatapp.store import search, search_index
from chatapp.store.database import READERS
from chatapp.store.open import open_store
from chatapp.store.pruning import Bounds


def run(story, path=None):
    async def main():
        store = await open_store(path, "normal")
        try:
            return await story(store.history)
        finally:
            await store.close()

    return asyncio.run(main())


def talk(count, first=1, key="#tea"):
    return Changes([Kept(key, said(stamp, f"tea {stamp}")) for stamp in range(first, first + count)])


def found(kept):
    return [each.message.stamp for each in kept]


def test_the_index_is_brought_up_to_date_in_steps(monkeypatch):
    monkeypatch.setattr(search_index, "STEP", 3)

    async def story(history):
        await history.keep(talk(10))
        await history.keep(talk(5, first=100, key="#else"))
        return found(await history.search(Search(["#tea", "#else"], ("tea",))))

    assert run(story) == [*range(1, 11), *range(100, 105)]


def test_where_the_index_is_survives_a_restart(tmp_path):
    async def first(history):
        await history.keep(talk(3))
        await history.search(Search(["#tea"], ("tea",)))
        await history.keep(talk(3, first=4))

    async def second(history):
        return found(await history.search(Search(["#tea"], ("tea",))))

    run(first, tmp_path)
    assert run(second, tmp_path) == [1, 2, 3, 4, 5, 6]
    with sqlite3.connect(tmp_path / "chat.db") as database:
        rows = database.execute("SELECT first, last FROM search_cursor").fetchall()
    database.close()
    assert rows == [(1, 6)]


def test_a_database_from_before_the_index_is_searched_like_any_other(tmp_path):
    async def story(history):
        await history.keep(talk(3))

    run(story, tmp_path)
    with sqlite3.connect(tmp_path / "chat.db") as database:
        database.execute("DELETE FROM search_cursor")
    database.close()

    async def again(history):
        return found(await history.search(Search(["#tea"], ("tea",))))

    assert run(again, tmp_path) == [1, 2, 3]


def test_a_search_that_takes_too_long_ends_and_others_go_on(monkeypatch):
    async def story(history):
        await history.keep(talk(3000))
        monkeypatch.setattr(search, "MOST_SECONDS", -1.0)
        monkeypatch.setattr(search, "_INSTRUCTIONS", 1)
        with pytest.raises(StoreError):
            await history.search(Search(["#tea"], ("tea",)))
        monkeypatch.undo()
        return len(await history.search(Search(["#tea"], ("tea",), limit=5000)))

    assert run(story) == 3000


def test_who_reads_does_not_wait_for_all_who_search(tmp_path):
    ended = threading.Event()

    async def story(history):
        await history.keep(talk(1))
        slow = Search(["#tea"], (), lambda nick: ended.wait(60))
        searching = [asyncio.create_task(history.search(slow)) for _ in range(2 * READERS)]
        try:
            async with asyncio.timeout(60):
                # Some of these come before the searches have taken their threads, the last after it.
                return [len(await history.read(Span("#tea"))) for _ in range(100)]
        finally:
            ended.set()
            await asyncio.gather(*searching)

    assert run(story, tmp_path) == [1] * 100


def test_no_search_looks_at_everything(monkeypatch):
    monkeypatch.setattr(search, "MOST_LOOKED_AT", 10)

    async def story(history):
        await history.keep(talk(100))
        await history.keep(Changes([Kept("#tea", Message(101, "PRIVMSG", ":eve!e@h PRIVMSG #tea :hm"))]))
        await history.keep(talk(5, first=102))
        nobody = found(await history.search(Search(["#tea"], (), "nobody".__eq__)))
        return nobody, found(await history.search(Search(["#tea"], (), "eve".__eq__)))

    assert run(story) == ([], [101])


def test_the_index_is_sound_after_all_that_can_happen_to_it():
    check = "INSERT INTO search_index (search_index) VALUES ('integrity-check')"

    async def story(history):
        await history.keep(talk(60))
        await history.keep(Changes([Kept(key, said(100, "tea for two")) for key in ("~1 bob", "~2 ana")]))
        await history.search(Search(["#tea", "~1 bob"], ("tea",)))
        await history.search(Search(["~2 ana"], ("tea",)))
        await history.keep(Changes(redactions=[Redaction(stamp, ("#tea",)) for stamp in range(10, 20)]))
        await history.keep(Changes(redactions=[Redaction(100, ("~1 bob",), ("ana", "bob"))]))
        await history.keep(Changes(renames=[Renamed("#tea", "#new")]))
        await history.prune(Bounds(channel_messages=30))
        await history.finish()
        await history._database.write(lambda connection: connection.execute(check).fetchall())
        return found(await history.search(Search(["#new", "~2 ana"], ("tea",))))

    assert run(story) == list(range(31, 61))


def test_of_a_message_taken_back_no_word_is_left_though_both_sides_had_it_entered():
    def words(connection):
        connection.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search_index, row)")
        return [term for (term,) in connection.execute("SELECT term FROM temp.word")]

    async def story(history):
        await history.keep(Changes([Kept(key, said(1, "tea for two")) for key in ("~1 bob", "~2 ana")]))
        await history.keep(Changes([Kept("~1 bob", said(2, "only"))]))
        for key in ("~1 bob", "~2 ana"):
            await history.search(Search([key], ("tea",)))
        await history.keep(Changes(redactions=[Redaction(1, ("~1 bob",), ("ana", "bob"))]))
        return await history._database.write(words)

    assert run(story) == ["aaaaaaonly"]


def test_the_newest_are_found_without_a_look_at_what_is_older(monkeypatch):
    asked = []
    phrase = search.phrase
    monkeypatch.setattr(search, "phrase", lambda code, word: asked.append(code) or phrase(code, word))
    monkeypatch.setattr(search_index, "STEP", 10)
    monkeypatch.setattr(search_index, "PART", 10)

    async def story(history):
        await history.keep(talk(30))
        await history.keep(talk(10, first=100, key="#else"))
        await history.keep(talk(5, first=200))
        both = Search(["#tea", "#else"], ("tea",))
        await history.search(both)
        asked.clear()
        newest = found(await history.search(replace(both, limit=12)))
        parts_for_newest = len(asked)
        asked.clear()
        oldest = found(await history.search(replace(both, limit=12, newest=False)))
        return newest, parts_for_newest, oldest, len(asked), found(await history.search(both))

    newest, parts_for_newest, oldest, parts_for_oldest, everything = run(story)
    assert (newest, parts_for_newest) == ([*range(103, 110), *range(200, 205)], 2)
    assert (oldest, parts_for_oldest) == ([*range(1, 13)], 2)
    assert everything == [*range(1, 31), *range(100, 110), *range(200, 205)]


def test_no_older_messages_are_entered_than_are_needed(monkeypatch):
    monkeypatch.setattr(search_index, "STEP", 10)
    monkeypatch.setattr(search_index, "PART", 15)
    first = "SELECT first FROM search_cursor"

    async def story(history):
        def depth():
            return history._database.read(lambda connection: connection.execute(first).fetchone()[0])

        await history.keep(talk(100))
        tea = Search(["#tea"], ("tea",), limit=5)
        asked = [
            tea,
            replace(tea, limit=15),
            replace(tea, words=("tea", "61"), limit=1),
            replace(tea, after=80, limit=50),
            replace(tea, newest=False),
        ]
        depths = []
        for each in asked:
            depths.append((found(await history.search(each)), await depth()))
        await history.keep(talk(10, first=101))
        return depths, found(await history.search(replace(tea, limit=200)))

    depths, everything = run(story)
    assert depths == [
        ([96, 97, 98, 99, 100], 91),
        ([*range(86, 101)], 81),
        ([61], 51),
        ([*range(80, 101)], 51),
        ([1, 2, 3, 4, 5], 1),
    ]
    assert everything == [*range(1, 111)]


def test_two_rooms_that_become_one_are_searched_in_their_new_order(monkeypatch):
    monkeypatch.setattr(search_index, "PART", 2)

    async def story(history):
        await history.keep(talk(4, first=10))
        await history.keep(talk(4, first=1, key="#else"))
        await history.keep(talk(4, first=20, key="#else"))
        await history.search(Search(["#else"], ("tea",)))
        await history.keep(talk(2, first=30))
        await history.keep(Changes(renames=[Renamed("#tea", "#else")]))
        return found(await history.search(Search(["#else"], ("tea",))))

    assert run(story) == [1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cora\u0063\u0327a\u0303o", "coraçao"),
        ("coração", "corac\u0327"),
        ("snake_case", "case"),
        ("it's", "it's"),
        ("o'clock-tower", "clock-t"),
        ("½ litre", "½"),
        ("你好", "你"),
        ("\u0915\u093f", "\u0915\u093f"),
    ],
)
def test_words_are_the_same_in_the_index_and_in_the_question(text, word):
    async def story(history):
        await history.keep(Changes([Kept("#tea", said(1, text)), Kept("#tea", said(2, "else"))]))
        return found(await history.search(Search(["#tea"], (word,))))

    assert run(story) == [1]
