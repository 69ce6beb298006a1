"""What is typed, as the lines it means; and that nothing else becomes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, format_body
from chatapp.listeners.typed import COMMANDS, Advice, Misused, Speaker, understand

ANA = Speaker("Ana!ana@127.0.0.1", "#tea")
NOWHERE = Speaker("Ana!ana@127.0.0.1", "")


def said(text, speaker=ANA):
    return [(line.command, *line.params) for line in understand(text, speaker)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("olá", ("PRIVMSG", "#tea", "olá")),
        ("  indented", ("PRIVMSG", "#tea", "  indented")),
        ("//x", ("PRIVMSG", "#tea", "/x")),
        ("NICK x", ("PRIVMSG", "#tea", "NICK x")),
        ("QUIT :bye", ("PRIVMSG", "#tea", "QUIT :bye")),
        (":Bruno!b@h PRIVMSG #tea :forged", ("PRIVMSG", "#tea", ":Bruno!b@h PRIVMSG #tea :forged")),
        ("say exit to leave", ("PRIVMSG", "#tea", "say exit to leave")),
        ("/me waves at all", ("PRIVMSG", "#tea", "\x01ACTION waves at all\x01")),
        ("/msg Bruno olá, tudo bem?", ("PRIVMSG", "Bruno", "olá, tudo bem?")),
        ("/join #chá", ("JOIN", "#chá")),
        ("/join chá segredo", ("JOIN", "#chá", "segredo")),
        ("/JOIN chá", ("JOIN", "#chá")),
        ("/part", ("PART", "#tea")),
        ("/part to eat", ("PART", "#tea", "to eat")),
        ("/part #milk", ("PART", "#milk")),
        ("/part #milk too white", ("PART", "#milk", "too white")),
        ("/names", ("NAMES", "#tea")),
        ("/names milk", ("NAMES", "#milk")),
        ("/topic", ("TOPIC", "#tea")),
        ("/topic all about tea", ("TOPIC", "#tea", "all about tea")),
        ("/history", ("CHATHISTORY", "LATEST", "#tea", "*", "20")),
        ("/history 5", ("CHATHISTORY", "LATEST", "#tea", "*", "5")),
        ("/nick Bea", ("NICK", "Bea")),
        ("/nick Bea Maria", ("NICK", "Bea Maria")),
        ("/away", ("AWAY",)),
        ("/away at lunch", ("AWAY", "at lunch")),
        ("/list", ("LIST",)),
        ("/quit", ("QUIT",)),
        ("/sair até amanhã", ("QUIT", "até amanhã")),
        ("sair", ("QUIT",)),
        (" Exit ", ("QUIT",)),
        ("QUIT", ("QUIT",)),
    ],
)
def test_what_it_means(text, line):
    assert said(text) == [line]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/jion tea", "There is no /jion; did you mean /join? //jion would say it in the room"),
        ("/CAP LS", "There is no /CAP; /help lists what there is"),
        ("/", "There is no /; /help lists what there is"),
        ("/join", "It is used so: /join ROOM [KEY]"),
        ("/msg Bruno", "It is used so: /msg NAME TEXT"),
        ("/me", "It is used so: /me TEXT"),
        ("/nick  ", "It is used so: /nick NAME"),
        ("/history many", "How many messages? A number from 1: /history 50"),
        ("/history 0", "How many messages? A number from 1: /history 50"),
        ("/help jion", "There is no /jion; did you mean /join? //jion would say it in the room"),
        ("a\0b", "A message cannot hold the byte 0; nothing of it was sent"),
        ("/msg a \0", "A message cannot hold the byte 0; nothing of it was sent"),
    ],
)
def test_what_means_nothing_is_told_why(text, words):
    with pytest.raises(Misused) as told:
        understand(text, ANA)

    assert str(told.value) == words


@pytest.mark.parametrize("text", ["olá", "/me waves", "/part", "/names", "/topic x", "/history"])
def test_in_no_room_one_is_told_how_to_enter_one(text):
    with pytest.raises(Misused, match="You are in no room"):
        understand(text, NOWHERE)


def test_help_names_every_command_and_explains_each():
    with pytest.raises(Advice) as all_of_it:
        understand("/help", ANA)
    for command, row in zip(COMMANDS, all_of_it.value.rows, strict=False):
        assert row.startswith(f"/{command.name}")
        with pytest.raises(Advice) as one:
            understand(f"/help {command.name}", ANA)
        assert one.value.rows == [row]
    assert "//word" in all_of_it.value.rows[-1]


def test_nobody_asks_the_programs_of_others_from_here():
    assert said("\x01VERSION\x01") == [("PRIVMSG", "#tea", "␁VERSION␁")]
    assert said("/me \x01 waves") == [("PRIVMSG", "#tea", "\x01ACTION ␁ waves\x01")]


@pytest.mark.parametrize("before", ["", "/me ", "/msg Bruno "])
def test_a_long_message_goes_in_several_lines_in_order(before):
    words = " ".join(f"palavra-{number}-é" for number in range(300))

    lines = understand(before + words, ANA)

    parts = [line.params[1].removeprefix("\x01ACTION ").removesuffix("\x01") for line in lines]
    assert "".join(parts) == words
    assert len(lines) > 8
    for line in lines:
        assert len(format_body(ANA.source, line.command, line.params, True).encode()) <= BODY_BYTES - 2


@given(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), min_size=1, max_size=700))
def test_whatever_is_typed_becomes_lines_of_the_table_or_words(text):
    try:
        lines = understand(text, ANA)
    except (Misused, Advice):
        return
    allowed = {"PRIVMSG", "JOIN", "PART", "NAMES", "TOPIC", "CHATHISTORY", "NICK", "AWAY", "LIST", "QUIT"}
    for line in lines:
        assert isinstance(line, Line)
        assert line.command in allowed
        assert not set("\r\n\0") & set("".join(line.params))
