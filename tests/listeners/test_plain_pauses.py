"""Programs that pause are answered soon, and keys that come one by one are not cut into messages."""

from __future__ import annotations

import pytest
from listeners.house import on_every_loop, run
from listeners.plain_house import come, plain_house, said

from chatapp.listeners.pauses import Pauses
from chatapp.listeners.plain import decode

PAUSE = 0.2


def waits(*pieces):
    """What is waited for after each of ``pieces``; an empty one ends a message."""
    pauses = Pauses()
    found = []
    for piece in pieces:
        if piece:
            found.append(pauses.after(piece.encode(), PAUSE))
        else:
            pauses.end()
    return found


def test_words_of_a_program_end_after_the_usual_pause():
    assert waits("olá", "", "tudo bem?") == [PAUSE, PAUSE]
    assert waits("ol", "á!") == [PAUSE, PAUSE]


def test_a_single_character_may_be_a_message_or_the_first_key():
    assert waits("é", "", "b", "", "c") == [1.0, 1.0, 1.0]


def test_keys_may_take_their_time_and_so_may_those_of_the_next_message():
    assert waits("a", "b", "ç", "", "d") == [1.0, 30.0, 30.0, 30.0]


def test_a_program_that_is_cut_after_its_first_byte_is_none():
    assert waits("o", "lá", "", "o") == [1.0, PAUSE, 1.0]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Anb\x08a", "Ana"),
        (b"Anbc\x7f\x7fa", "Ana"),
        (b"\x08\x08Ana", "Ana"),
        (b"ab\x08\x08\x08c", "c"),
        (b"\xef\xbb\xbfAna", "Ana"),
        ("olç\x08á".encode(), "olá"),
        (b"\x08", ""),
    ],
)
def test_what_was_deleted_while_typing_is_gone(raw, text):
    assert decode(raw) == text


@on_every_loop
def test_a_terminal_that_sends_each_key(loop_factory):
    async def story():
        async with plain_house(pause_ms=30_000) as house:
            bruno = await come(house, "Bruno")
            ana = await house.call()
            for word in ("Anb\x08a\r\n", "olá\r\n"):
                for key in word:
                    await ana.send(key.encode())
                    await bruno.say("/names")  # somebody else's question and answer take their time
                    await bruno.until("Here in")
            await ana.until("Here in")
            assert await said(ana) == "<Ana> olá"

    run(story, loop_factory)
