"""Searching: by the server where it can, else here; always the newest first, and never without an answer."""

from __future__ import annotations

import asyncio
import io
import itertools

import pytest
from client.fake_server import FakeServer, Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.inspector.recorder import Recorder
from chatapp.client.screen.linear import LinearScreen
from chatapp.client.search import MOST, PATIENCE, Query, parse_query


def talking(server=None):
    talk = Talk(server or ModernServer(), rooms=("#lobby", "#tea"))
    talk.connect()
    for room, nick, text in (
        ("#lobby", "bob", "olá coração"),
        ("#tea", "bob", "green tea"),
        ("#tea", "carla", "black tea"),
        ("#lobby", "Ana", "no Tea for me"),
    ):
        talk.server.other_says(room, text, nick)
    talk.settle()
    return talk


def found(talk):
    return talk.model.focus.found


def texts(talk):
    return [(entry.place, entry.text) for entry in found(talk).entries]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("green tea", Query("green tea")),
        ("from:bob tea in:#tea", Query("tea", "bob", "#tea")),
        ("de:ana em:#chá", Query("", "ana", "#chá")),
        ("http://x from: :)", Query("http://x from: :)")),
    ],
)
def test_a_query_is_words_and_whose_and_where(text, query):
    assert parse_query(text) == query


def test_the_server_is_asked_and_the_newest_stand_first():
    talk = talking()
    talk.session.submit("/search tea from:bob in:#tea")
    (line,) = talk.session.take_lines()
    assert line.partition(" ")[2] == "SEARCH text=tea;from=bob;in=#tea;limit=100"
    assert found(talk).is_waiting
    talk.server.hear(line)
    talk.settle()
    assert texts(talk) == [("#tea", "green tea")]
    talk.types("/search tea in:#tea")
    assert texts(talk) == [("#tea", "black tea"), ("#tea", "green tea")]
    assert (found(talk).is_local, found(talk).is_waiting) == (False, False)


def test_blanks_and_signs_are_escaped():
    talk = talking()
    talk.session.submit("/search a;b = c\\d")
    (line,) = talk.session.take_lines()
    assert line.partition(" ")[2] == r"SEARCH text=a\:b\s=\sc\\d;limit=100"


@pytest.mark.parametrize("words", ["coracao", "CORAÇÃO", "olá cora"])
def test_elsewhere_what_is_loaded_is_looked_through(words):
    talk = talking(FakeServer())
    talk.types(f"/search {words}")
    assert texts(talk) == [("#lobby", "olá coração")]
    assert found(talk).is_local


def test_here_too_the_newest_stand_first_and_deleted_ones_are_gone():
    talk = talking(FakeServer())
    talk.types("/search tea")
    assert [text for _place, text in texts(talk)] == ["no Tea for me", "black tea", "green tea"]
    green = next(entry for entry in talk.room("#tea").entries if entry.text == "green tea")
    talk.hears(f":op!o@h REDACT #tea {green.msgid}")
    talk.types("/search tea from:bob")
    assert texts(talk) == []


def test_offline_one_searches_here():
    talk = talking()
    talk.cut()
    talk.types("/search black")
    assert texts(talk) == [("#tea", "black tea")]
    assert found(talk).is_local


@pytest.mark.parametrize("end", ["refused", "silent", "cut"])
def test_a_server_that_does_not_answer_is_not_waited_for(end):
    talk = talking()
    talk.session.submit("/search black")
    (line,) = talk.session.take_lines()
    label = line.partition(" ")[0]
    if end == "refused":
        talk.hears(f"{label} :chat FAIL SEARCH INTERNAL_ERROR :Out of order")
        assert found(talk).words == "Out of order"
    elif end == "silent":
        assert talk.session.due() <= talk.clock() + PATIENCE
        talk.clock.now += PATIENCE
        talk.session.tick()
    else:
        talk.cut()
    assert (found(talk).is_waiting, found(talk).is_local) == (False, True)
    assert texts(talk) == [("#tea", "black tea")]


def test_an_answer_to_an_older_question_is_passed_over():
    talk = talking()
    talk.session.submit("/search black")
    (first,) = talk.session.take_lines()
    talk.session.submit("/search green")
    talk.server.hear(first)
    talk.settle()
    assert texts(talk) == [("#tea", "green tea")]


def test_so_it_is_where_the_server_knows_no_labels():
    talk = talking(ModernServer(caps=MODERN.replace("labeled-response ", "")))
    talk.session.submit("/search black")
    (first,) = talk.session.take_lines()
    talk.session.submit("/search green")
    (second,) = talk.session.take_lines()
    talk.server.hear(first)
    talk.settle()
    assert found(talk).is_waiting
    talk.server.hear(second)
    talk.settle()
    assert texts(talk) == [("#tea", "green tea")]


def test_an_answer_is_shown_though_the_room_where_one_asked_is_closed():
    talk = talking()
    talk.session.submit("/search black")
    talk.session.submit("/close")
    talk.settle()
    assert not found(talk).is_waiting
    assert texts(talk) == [("#tea", "black tea")]


def test_an_answer_that_nobody_asked_for_opens_nothing():
    talk = talking()
    talk.hears("BATCH +x soju.im/search", "@batch=x;msgid=q :a!b@c PRIVMSG #tea :hi", "BATCH -x")
    assert found(talk) is None
    assert all(entry.msgid != "q" for entry in talk.room("#tea").entries)


def test_private_messages_are_named_by_the_other_person():
    talk = talking()
    talk.session.submit("/search hi")
    label = talk.session.take_lines()[0].partition(" ")[0]
    talk.hears(
        f"{label} BATCH +x soju.im/search",
        "@batch=x;msgid=q1 :bob!b@c PRIVMSG Ana :hi",
        "@batch=x;msgid=q2 :Ana!b@c PRIVMSG carla :hi",
        "BATCH -x",
    )
    assert [place for place, _text in texts(talk)] == ["carla", "bob"]


def test_results_are_bounded():
    talk = talking(FakeServer())
    for number in range(300):
        talk.server.other_says("#tea", f"more tea {number}")
    talk.settle()
    talk.types("/search tea")
    assert len(found(talk).entries) == MOST
    assert found(talk).entries[0].text == "more tea 299"


def test_what_is_too_long_is_said():
    talk = talking(ModernServer(caps=MODERN))
    talk.types("/search " + "palavra " * 80)
    assert found(talk) is None
    assert talk.notes("#lobby" if talk.model.current.name == "#lobby" else "#tea")[-1].startswith(
        "That is too much"
    )


def test_without_a_screen_the_results_are_lines():
    talk = talking()
    paper = io.StringIO()

    async def run():
        source = io.BytesIO(b"/search tea in:#tea\n/search nothing\n")
        recorder = Recorder(lambda: 0.0)
        ticks = itertools.count(0.0, 0.1)
        screen = LinearScreen(talk.model, talk.session, recorder, lambda: next(ticks), source, paper)
        serving = asyncio.ensure_future(screen.run())
        while not serving.done():
            talk.settle()
            await asyncio.sleep(0)
        await serving

    asyncio.run(run())
    text = paper.getvalue()
    assert "2 messages with tea in:#tea." in text
    results = text.partition("2 messages with")[2]
    assert results.index(", #tea, carla: black tea") < results.index(", #tea, bob: green tea")
    assert "no message with nothing." in text
    assert "Nothing was found." in text
    assert found(talk) is None


def test_what_was_found_in_a_room_is_in_it_also_under_its_new_name():
    talk = talking()
    talk.types("/search black")
    talk.hears(":bob!b@c RENAME #tea #hall")
    assert texts(talk) == [("#hall", "black tea")]
