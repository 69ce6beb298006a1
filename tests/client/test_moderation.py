"""Putting someone out, keeping them out, keeping them quiet: what a person types and the server hears."""

from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.buffer import EntryKind, Member


@pytest.fixture
def talk():
    talk = Talk().connect()
    talk.session.login.is_private = True
    talk.room().members["bob"] = Member("bob")
    talk.hears(":chat 005 ana EXTBAN=,amt CHANMODES=beI,k,Wfl,imnst :are supported by this server")
    talk.server.heard.clear()
    return talk


def sent(talk):
    """What the server heard, without labels."""
    return [line.split(" ", 1)[1] if line[0] == "@" else line for line in talk.server.heard]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("/kick bob too loud", ["KICK #lobby bob :too loud"]),
        ("/ban bob too loud", ["MODE #lobby +b bob!*@*", "KICK #lobby bob :too loud"]),
        ("/ban BOB", ["MODE #lobby +b BOB!*@*", "KICK #lobby BOB"]),
        ("/ban nobody", ["MODE #lobby +b nobody!*@*"]),
        ("/ban a:bob", ["MODE #lobby +b a:bob"]),
        ("/ban bob 2h too loud", ["MODE #lobby +b t:120:bob!*@*", "KICK #lobby bob :too loud"]),
        ("/ban bob 1d", ["MODE #lobby +b t:1440:bob!*@*", "KICK #lobby bob"]),
        ("/ban bob 2hours", ["MODE #lobby +b bob!*@*", "KICK #lobby bob 2hours"]),
        ("/mute bob 30m", ["MODE #lobby +b t:30:m:bob!*@*"]),
        ("/slow 30", ["MODE #lobby +W 30"]),
        ("/slow 0", ["MODE #lobby -W"]),
        ("/knock #tea", ["KNOCK #tea"]),
        ("/oper root sesame", ["OPER root sesame"]),
        ("/kline 1d *@10.0.0.7 be quiet", ["KLINE 1d *@10.0.0.7 :be quiet"]),
        ("/kline", ["KLINE"]),
        ("/unkline a:eve", ["UNKLINE a:eve"]),
        ("/audit 50", ["AUDIT 50"]),
        ("/wallops the server rests", ["WALLOPS :the server rests"]),
        ("/ban *!*@10.0.0.7", ["MODE #lobby +b *!*@10.0.0.7"]),
        ("/unban bob", ["MODE #lobby -b bob!*@*"]),
        ("/bans", ["MODE #lobby b"]),
        ("/mute bob", ["MODE #lobby +b m:bob!*@*"]),
        ("/unmute bob", ["MODE #lobby -b m:bob!*@*"]),
        ("/kill bob spam again", ["KILL bob :spam again"]),
        ("/owner ABCD-EFGH", ["OWNER ABCD-EFGH"]),
        ("/who bob", ["WHO bob"]),
        ("/who", ["WHO #lobby"]),
    ],
)
def test_a_command_becomes_lines(talk, typed, lines):
    talk.types(typed)

    assert sent(talk) == lines


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/unban bob", "Nobody is banned here as bob!*@*; /bans shows who is."),
        ("/unmute bob", "Nobody is muted here as bob!*@*; /bans shows who is."),
    ],
)
def test_what_lifts_nothing_is_told(talk, typed, words):
    before = talk.notes("#lobby")
    for answers in (["ACK"], [":ana!a@h MODE #lobby -b bob!*@*"]):
        talk.types(typed)
        label = talk.server.heard.pop().split(" ", 1)[0]
        for answer in answers:
            talk.hears(f"{label} {answer if answer[0] == ':' else ':chat ' + answer}")

    assert [note for note in talk.notes("#lobby") if note not in before] == [words]


def test_an_operators_password_is_not_sent_where_others_can_read_it(talk):
    talk.session.login.is_private = False

    talk.types("/oper root sesame")

    assert sent(talk) == []
    assert "not encrypted" in talk.notes("#lobby")[-1]


@pytest.mark.parametrize(
    ("prefixes", "lines"),
    [
        ("@", ["MODE #lobby -o+b bob m:bob!*@*"]),
        ("@+", ["MODE #lobby -ov+b bob bob m:bob!*@*"]),
        ("+", ["MODE #lobby -v+b bob m:bob!*@*"]),
    ],
)
def test_who_may_always_speak_loses_that_when_muted(talk, prefixes, lines):
    talk.room().members["bob"] = Member("bob", prefixes)

    talk.types("/mute Bob")

    assert sent(talk) == [line.replace("bob", "Bob") for line in lines]


def test_who_bans_an_address_hears_that_it_puts_nobody_out(talk):
    talk.types("/ban *!*@10.0.0.7")

    assert "/kick NAME" in talk.notes("#lobby")[-1]


@pytest.mark.parametrize("typed", ["/kick :x", "/ban :x", "/mute :x", "/kill :x", "/owner :x", "/unban :x"])
def test_what_cannot_be_a_word_is_not_sent(talk, typed):
    talk.types(typed)

    assert sent(talk) == []
    assert talk.room().entries[-1].kind is EntryKind.ERROR


def test_a_server_without_mutes_is_not_asked_for_one():
    talk = Talk().connect()
    talk.server.heard.clear()

    talk.types("/mute bob")

    assert talk.server.heard == []
    assert "cannot mute" in talk.notes("#lobby")[-1]


def test_who_is_answered_in_words(talk):
    talk.types("/who bob")
    talk.hears(":chat 352 ana * bob 10.0.0.7 chat bob H* :0 Bob", ":chat 315 ana bob :End of WHO list")

    assert any("bob (bob@10.0.0.7)" in entry.text for entry in talk.room().entries)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("216 ana K eve!*@* root!r@h 0 :spam", "eve!*@* is kept away, by root!r@h: spam"),
        ("335 ana bob :is a bot", "bob is a program"),
        ("379 ana bob :is using modes +i", "bob is using modes +i"),
        (
            "710 ana #lobby bob!b@h :asks to be let in",
            "bob!b@h asks to be let into #lobby; /invite lets them in",
        ),
        (
            "711 ana #tea :Your knock was heard",
            "Those who look after #tea know that you would like to come in",
        ),
    ],
)
def test_what_comes_of_it_is_told_in_words(talk, line, text):
    talk.hears(f":chat {line}")

    assert text in [entry.text for buffer in talk.model.buffers for entry in buffer.entries]


def test_a_room_gets_another_name_and_keeps_what_it_has():
    talk = Talk().connect()
    talk.server.other_says("#lobby", "hello")
    talk.settle()
    room = talk.room()
    talk.session.submit("/rename hall more room")
    assert talk.session.take_lines()[0].partition(" ")[2] == "RENAME #lobby #hall :more room"
    talk.hears(":bob!b@c RENAME #lobby #hall :more room")
    assert talk.model.find("#hall") is room
    assert talk.model.find("#lobby") is None
    assert room.entries[-1].text == "bob gave the room the name #hall (more room)"
    talk.session.submit("hi")
    assert talk.session.take_lines()[0].partition(" ")[2] == "PRIVMSG #hall hi"


def test_a_name_that_is_open_already_is_not_taken_twice():
    talk = Talk(rooms=("#lobby", "#tea")).connect()
    talk.hears(":bob!b@c RENAME #lobby #tea", ":bob!b@c RENAME #nowhere #else", ":bob!b@c RENAME #lobby")
    assert talk.room("#lobby") is not talk.room("#tea")


def test_who_is_kept_out_or_quiet_is_told_in_words():
    talk = Talk().connect()
    talk.hears(
        ":s 367 Ana #lobby t:5:m:eve!*@* bob!b@h 1700000000",
        ":s 367 Ana #lobby ~q:x bob!b@h 1700000000",
        ":s 368 Ana #lobby :End",
    )
    assert talk.notes("#lobby")[-2:] == ["bob muted eve for 5 minutes", "bob set the mode +b ~q:x"]
