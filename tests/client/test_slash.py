from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.buffer import BufferKind, EntryKind
from chatapp.client.command import usage
from chatapp.client.outcome import Outcome
from chatapp.client.slash import COMMANDS, find


@pytest.fixture
def talk() -> Talk:
    talk = Talk().connect()
    talk.server.heard.clear()
    return talk


def sent(talk: Talk) -> list[str]:
    """What the server heard, without labels."""
    return [line.split(" ", 1)[1] if line[0] == "@" else line for line in talk.server.heard]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/join tea", "JOIN #tea"),
        ("/j #tea secret", "JOIN #tea secret"),
        ("/msg bob olá, tudo bem?", "PRIVMSG bob :olá, tudo bem?"),
        ("/me waves", "PRIVMSG #lobby :\x01ACTION waves\x01"),
        ("//shrug", "PRIVMSG #lobby /shrug"),
        ("/nick Aninha", "NICK Aninha"),
        ("/topic tea and more", "TOPIC #lobby :tea and more"),
        ("/topic", "TOPIC #lobby"),
        ("/names", "NAMES #lobby"),
        ("/away gone fishing", "AWAY :gone fishing"),
        ("/away", "AWAY"),
        ("/whois bob", "WHOIS bob"),
        ("/list", "LIST"),
        ("/invite bob", "INVITE bob #lobby"),
        ("/kick bob too much noise", "KICK #lobby bob :too much noise"),
        ("/mode +o bob", "MODE #lobby +o bob"),
        ("/mode #tea", "MODE #tea"),
        ("/part", "PART #lobby"),
        ("/part see you", "PART #lobby :see you"),
        ("/quote VERSION", "VERSION"),
        ("/JOIN #Tea", "JOIN #Tea"),
    ],
)
def test_a_command_becomes_a_line(talk, typed, line):
    talk.types(typed)

    assert line in sent(talk)


def test_join_opens_the_room_and_shows_it(talk):
    talk.types("/join #tea,#coffee")

    assert talk.model.current is talk.room("#coffee")
    assert talk.room("#tea").joined


def test_query_opens_a_conversation_and_msg_does_not_show_it(talk):
    talk.types("/msg bob hi")
    assert talk.model.current is talk.room("#lobby")

    talk.types("/query bob")

    assert talk.model.current is talk.room("bob")
    assert talk.room("bob").kind is BufferKind.DIRECT


def test_part_closes_the_room(talk):
    talk.types("/part")

    assert talk.model.find("#lobby") is None
    assert talk.model.current is talk.model.server


def test_an_unknown_command_names_the_nearest(talk):
    talk.types("/jion #tea")

    last = talk.room().entries[-1]
    assert last.kind is EntryKind.ERROR
    assert last.text == "There is no /jion. Did you mean /join?"
    assert sent(talk) == []


def test_wrong_use_shows_the_usage(talk):
    talk.types("/msg bob")

    assert talk.notes("#lobby")[-1] == "Usage: /msg NAME TEXT (say something to one person)"


@pytest.mark.parametrize(
    "typed", ["/join #a :b", "/query a,b", "/msg :bob hi", "/nick :x", "/kick :bob why", "/quote :only"]
)
def test_what_would_break_a_line_is_refused(talk, typed):
    talk.types(typed)

    assert sent(talk) == []
    assert "Usage" in talk.notes("#lobby")[-1]


def test_commands_that_need_the_server_say_so_offline(talk):
    talk.cut()

    talk.session.submit("/whois bob")

    assert talk.notes("#lobby")[-1] == "Not connected: /whois needs the server."


@pytest.mark.parametrize("typed", ["sair", "exit", " QUIT ", "/quit", "/q", "/quit see you"])
def test_farewells(talk, typed):
    assert talk.session.submit(typed) is Outcome.QUIT
    assert talk.session.take_lines()[-1].startswith("QUIT")


def test_a_farewell_within_a_sentence_is_a_message(talk):
    talk.types("sair daqui")

    assert talk.texts() == ["sair daqui"]


def test_speaking_in_the_servers_window_is_explained(talk):
    talk.model.switch_to(talk.model.server)

    talk.types("hello?")

    assert talk.model.server.entries[-1].kind is EntryKind.ERROR


def test_help_lists_every_command(talk):
    talk.types("/help")

    shown = "\n".join(talk.notes("#lobby"))
    assert all(usage(command) in shown and command.help in shown for command in COMMANDS)


def test_help_of_one_command_names_its_aliases(talk):
    talk.types("/help /j")

    assert talk.notes("#lobby")[-2:] == ["/join ROOM [KEY]: enter a room", "Also: /j"]


def test_names_lists_who_is_here(talk):
    talk.types("/names")
    talk.hears(":s 353 Ana = #lobby :Ana!a@b @bob!b@c", ":s 366 Ana #lobby :End")

    assert talk.notes("#lobby")[-1] == "In #lobby: Ana @bob"


def test_clear_empties_and_history_brings_it_back(talk):
    talk.types("keep me")
    talk.types("/clear")
    assert talk.texts() == []

    talk.types("/history")

    assert talk.texts() == ["keep me"]


def test_nick_before_the_connection_is_the_nick_we_come_with():
    talk = Talk()
    talk.session.submit("/nick Bia")

    talk.connect()

    assert talk.model.nick == "Bia"
    assert "NICK Bia" in talk.server.heard


def test_closing_with_something_unsent_asks_once(talk):
    talk.cut()
    talk.session.submit("later")
    talk.session.submit("/close")
    assert talk.model.find("#lobby") is not None

    talk.session.submit("/close")

    assert talk.model.find("#lobby") is None
    talk.connect()
    assert talk.server.texts("#lobby") == []


def test_names_of_commands_are_unique():
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]

    assert len(set(names)) == len(names)
    assert all(find(name) is not None for name in names)


def test_a_warning_is_given_again_after_something_was_said():
    talk = Talk()
    talk.session.submit("later")
    assert talk.session.submit("/quit") is Outcome.NOTHING

    talk.session.submit("//slash")

    assert talk.session.submit("/quit") is Outcome.NOTHING
    assert talk.session.submit("/quit") is Outcome.QUIT


def test_what_a_room_tells_who_comes_in_is_no_answer_to_a_question_about_another():
    talk = Talk().connect()
    talk.types("hello")
    talk.session.submit("/topic")
    talk.session.submit("/names")
    talk.hears(
        ":Ana!a@b JOIN #tea",
        ":s 332 Ana #tea :green",
        ":s 353 Ana = #tea :Ana eve",
        ":s 366 Ana #tea :End",
    )
    assert talk.notes("#tea") == []
    before = len(talk.notes("#lobby"))

    talk.hears(":s 331 Ana #lobby :No topic", ":s 353 Ana = #lobby :Ana @bob", ":s 366 Ana #lobby :End")

    assert talk.notes("#lobby")[before:] == ["#lobby has no topic.", "In #lobby: Ana @bob"]
