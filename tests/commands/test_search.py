"""Finding what was said: what one finds is what one may read, and nothing else (soju.im/search)."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings, Settings
from chatapp.core.stamp import time_of

CAPS = "batch soju.im/search"


def talk(caps=CAPS):
    """Ana and Bob in #tea and Eve in #else have said a few things, a second apart."""
    table = Table()
    ana, bob, eve = (table.sit(nick, caps) for nick in ("ana", "bob", "eve"))
    table.room("#tea", ana, bob)
    table.room("#else", eve)
    for at, (who, line) in enumerate(
        [
            (ana, "PRIVMSG #tea :meu coração"),
            (bob, "NOTICE #tea :que coração?"),
            (ana, "PRIVMSG #tea :o chá 🍵"),
            (eve, "PRIVMSG #else :coração secreto"),
            (ana, "PRIVMSG bob :coração partido"),
            (bob, "PRIVMSG eve :sem coração"),
        ]
    ):
        table.time = NEW_YEAR + at * 1_000_000
        who.say(line)
    table.later(60)
    return table, ana, bob, eve


def found(person, asked):
    """The texts within the one batch that answers."""
    opening, *lines, closing = person.asks(f"SEARCH {asked}")
    batch = opening.split(" ")[2][1:]
    assert opening == f":chatapp BATCH +{batch} soju.im/search"
    assert closing == f":chatapp BATCH -{batch}"
    assert all(line.startswith(f"@batch={batch} :") for line in lines)
    return [line.split(" ", 4)[4].removeprefix(":") for line in lines]


def at(second):
    return time_of(NEW_YEAR + second * 1_000_000)


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ("text=coracao", ["meu coração", "que coração?", "coração partido"]),
        ("text=CORAÇÃO", ["meu coração", "que coração?", "coração partido"]),
        ("text=cor;in=#tea", ["meu coração", "que coração?"]),
        ("text=cor;in=#TEA;from=BOB", ["que coração?"]),
        ("in=bob", ["coração partido"]),
        ("in=BOB;text=partido\\scoração", ["coração partido"]),
        (":text=coracao partido", ["coração partido"]),
        ("from=ana", ["meu coração", "o chá 🍵", "coração partido"]),
        ("from=ana;limit=2", ["o chá 🍵", "coração partido"]),
        (f"from=ana;limit=1;after={at(1)}", ["o chá 🍵"]),
        (f"in=#tea;after={at(1)}", ["que coração?", "o chá 🍵"]),
        (f"in=#tea;before={at(1)}", ["meu coração", "que coração?"]),
        (f"in=#tea;after={at(1)};before={at(1)}", ["que coração?"]),
        ("text=🍵", ["o chá 🍵"]),
        ("text=nothing", []),
        ("text=secreto", []),
        ("text=sem", []),
        ("in=eve", []),
        ("in=nobody-ever", []),
    ],
)
def test_one_finds(asked, texts):
    _, ana, _bob, _eve = talk()

    assert found(ana, asked) == texts


def test_what_is_found_is_told_as_it_was_heard():
    table, ana, bob, _eve = talk(caps=CAPS + " server-time message-tags")
    bob.hears()
    table.time = NEW_YEAR + 100_000_000
    ana.say("@+draft/reply=abc PRIVMSG #tea :tell me")
    (heard,) = bob.hears()

    _opening, line, _closing = bob.asks("SEARCH text=tell")
    assert line.partition(";")[2] == heard[1:]


def test_without_batch_the_lines_come_without_a_frame():
    _, ana, _bob, _eve = talk(caps="")

    assert [line.rpartition(":")[2] for line in ana.asks("SEARCH text=coracao;in=#tea")] == [
        "meu coração",
        "que coração?",
    ]


def test_the_whole_answer_has_the_label():
    _, ana, _bob, _eve = talk(caps=CAPS + " labeled-response")

    opening, *_, closing = ana.asks("@label=1 SEARCH text=coracao")
    assert opening.startswith("@label=1 :chatapp BATCH +")
    assert "label" not in closing


@pytest.mark.parametrize("target", ["#else", "#none", "#", "a,b", ""])
def test_where_one_may_not_read_all_answers_are_the_same(target):
    _, ana, _bob, _eve = talk()

    assert ana.asks(f"SEARCH in={target};text=x") == [
        ":chatapp FAIL SEARCH INVALID_PARAMS in :There is no history there that you may read"
    ]


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ("colour=red", "colour"),
        ("text=x;limit=0", "limit"),
        ("text=x;limit=many", "limit"),
        ("after=yesterday", "after"),
        ("before=timestamp=2026-01-01T00:00:00.000Z", "before"),
    ],
)
def test_what_cannot_be_asked(asked, about):
    _, ana, _bob, _eve = talk()

    (line,) = ana.asks(f"SEARCH {asked}")
    assert line.startswith(f":chatapp FAIL SEARCH INVALID_PARAMS {about} :")


def test_who_has_left_finds_nothing_there():
    _, _ana, bob, _eve = talk()
    bob.say("PART #tea")

    assert found(bob, "text=coracao") == ["coração partido", "sem coração"]


def test_who_is_thrown_out_while_it_is_read_finds_nothing_there():
    table, ana, bob, _eve = talk()
    real = table.store.search

    async def slow(search):
        if "#tea" in search.conversations:
            ana.say("KICK #tea bob")
        return await real(search)

    table.store.search = slow
    bob.hears()
    bob.say("SEARCH text=coracao")
    lines = [line for line in bob.hears() if "PRIVMSG" in line or "NOTICE" in line]
    assert [line.rpartition(":")[2] for line in lines] == ["coração partido", "sem coração"]


def test_what_only_operators_heard_only_operators_find():
    _, ana, bob, _eve = talk()
    ana.say("PRIVMSG @#tea :hush coração")

    assert found(ana, "text=hush") == ["hush coração"]
    assert found(bob, "text=hush") == []


def test_what_was_taken_back_is_not_found():
    _, ana, _bob, _eve = talk(caps=CAPS + " message-tags echo-message")
    (echo,) = ana.asks("PRIVMSG #tea :unsaid")
    msgid = echo.partition("msgid=")[2].partition(" ")[0]
    ana.say(f"REDACT #tea {msgid}")

    assert not any("unsaid" in line for line in ana.asks("SEARCH text=unsaid"))


def test_a_search_that_takes_too_long():
    table, ana, _bob, _eve = talk()

    async def slow(search):
        raise StoreError("interrupted")

    table.store.search = slow
    assert ana.asks("SEARCH text=x") == [
        ":chatapp FAIL SEARCH INTERNAL_ERROR :The search took too long, or failed; longer words help"
    ]


def test_without_history_there_is_nothing_to_find():
    table = Table(Settings(history=HistorySettings(enabled=False)))
    ana = table.sit("ana")

    assert ana.asks("CAP REQ soju.im/search") == [":chatapp CAP ana NAK :soju.im/search"]
    assert ana.asks("SEARCH text=x") == [":chatapp FAIL SEARCH INTERNAL_ERROR :Nothing is kept here"]
