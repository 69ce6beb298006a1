"""The operator's side of the conversation: one window for all, the question before the end, the powers."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest
from client.fake_server import FakeServer, Talk

from chatapp.client.console_session import ANSWER_WITHIN, ConsoleSession
from chatapp.client.model import Model
from chatapp.client.outcome import Outcome
from chatapp.client.screen.completion import candidates
from chatapp.client.screen.picture import prompt_of


class Power(NamedTuple):
    name: str
    help: str
    run: object


async def figures():
    return ["one", "two"]


class Console(Talk):
    """The operator ``boss``, who watches ``room``."""

    def __init__(self, room="#lobby"):
        super().__init__(FakeServer())
        self.model = Model("boss", "chat")
        self.session = ConsoleSession(self.model, "boss", room, [Power("stats", "show figures", figures)])
        self.session.now = self.clock

    @property
    def window(self):
        """What stands in the one window: where, who and what."""
        return [f"{e.place} <{e.nick}> {e.text}".strip() for e in self.model.server.entries if e.nick]


@pytest.fixture
def console():
    return Console().connect()


def sent(console):
    return [line.split(" ", 1)[1] if line[0] == "@" else line for line in console.server.heard]


def test_the_one_window_is_shown_first_and_speaks_to_the_room(console):
    assert console.model.current is console.model.server
    assert prompt_of(console.model) == "[#lobby] "

    console.types("hello, all")

    assert "PRIVMSG #lobby :hello, all" in sent(console)
    assert console.texts() == ["hello, all"]
    assert console.window[-1] == "#lobby <boss> hello, all"


def test_it_shows_what_others_say_in_the_rooms_and_to_oneself(console):
    console.hears(
        ":ana!a@h PRIVMSG #lobby :hi",
        ":ana!a@h PRIVMSG boss :psst",
        ":bruno!b@h JOIN #lobby",
        ":bruno!b@h NICK bia",
        ":ana!a@h TOPIC #lobby :tea",
    )

    assert console.window[-5:] == [
        "#lobby <ana> hi",
        "(to you) <ana> psst",
        "#lobby <bruno> bruno joined",
        "<bruno> bruno is now bia",
        "#lobby <ana> ana set the topic: tea",
    ]
    assert console.texts() == ["hi"]
    assert console.texts("ana") == ["psst"]


def test_what_was_seen_there_is_not_unread_elsewhere(console):
    console.hears(":ana!a@h PRIVMSG #lobby :boss, hi")
    assert console.room().unread == console.room().mentions == 0

    console.model.switch_to(console.model.buffer_named("ana"))
    console.model.switch_to(console.room())
    console.hears(":ana!a@h PRIVMSG boss :psst")
    assert console.room("ana").unread == 1


def test_old_messages_are_in_the_room_and_not_in_the_window():
    server = FakeServer()
    console = Console()
    console.server = server
    server.other_says("#lobby", "long ago")
    console.connect()

    assert "long ago" in console.texts()
    assert not any("long ago" in line for line in console.window)


def test_watch_enters_a_room_and_speaks_there_while_the_window_stays(console):
    console.types("/watch tea")

    assert console.room("#tea").joined
    assert console.model.current is console.model.server
    assert prompt_of(console.model) == "[#tea] "
    console.types("more tea?")
    assert "PRIVMSG #tea :more tea?" in sent(console)


def test_words_go_to_the_room_that_was_looked_at_last(console):
    console.types("/watch #tea")
    console.model.switch_to(console.room("#lobby"))
    console.model.switch_to(console.model.server)
    assert console.model.target is console.room("#lobby")

    console.model.close(console.room("#lobby"))
    assert console.model.target is console.model.server
    console.types("anybody?")
    assert "Nobody hears" in console.notes()[-1]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/say ana hi there", "PRIVMSG ana :hi there"),
        ("/say #lobby hi there", "PRIVMSG #lobby :hi there"),
        ("/say #new hi there", "PRIVMSG #new :hi there"),
        ("/msg ana hi there", "PRIVMSG ana :hi there"),
        ("/kick ana noise", "KICK #lobby ana noise"),
        ("/topic tea", "TOPIC #lobby tea"),
        ("/who", "WHO *"),
        ("/me waves", "PRIVMSG #lobby :\x01ACTION waves\x01"),
        ("/kill ana", "KILL ana"),
    ],
)
def test_commands_work_from_the_one_window(console, typed, line):
    console.types(typed)

    assert line in sent(console)
    assert console.model.current is console.model.server


@pytest.mark.parametrize("typed", ["/say a,b hi", "/watch #a,#b", "/say :x y", "/watch", "/say ana"])
def test_what_makes_no_sense_is_answered_with_the_usage(console, typed):
    before = len(sent(console))
    console.types(typed)

    assert sent(console)[before:] == []
    assert console.notes()[-1].startswith("Usage: ")


@pytest.mark.parametrize("typed", ["sair", "exit", " QUIT ", "/quit", "/q", "/stop", "/exit bye"])
@pytest.mark.parametrize(
    ("answer", "outcome"), [("y", Outcome.QUIT), ("Sim", Outcome.QUIT), ("n", Outcome.NOTHING)]
)
def test_to_stop_the_server_takes_a_yes(console, typed, answer, outcome):
    assert console.session.submit(typed) is Outcome.NOTHING
    assert console.notes()[-1].startswith("Stop the server?")

    assert console.session.submit(answer) is outcome
    assert not any(line.startswith("PRIVMSG") for line in sent(console))


def test_anything_else_is_said_and_closes_the_question(console):
    console.types("sair")
    console.types("good morning")
    assert console.session.submit("y") is Outcome.NOTHING
    console.settle()

    assert console.texts() == ["good morning", "y"]


def test_the_question_does_not_wait_for_ever(console):
    console.types("sair")
    console.clock.now += ANSWER_WITHIN + 1

    assert console.session.submit("y") is Outcome.NOTHING


def test_a_power_answers_where_it_was_asked(console):
    async def story():
        console.session.submit("/stats")
        await asyncio.gather(*console.session._tasks)

    asyncio.run(story())

    assert console.notes()[-2:] == ["one", "two"]


def test_help_and_completion_know_the_commands_of_the_console(console):
    console.types("/help")
    assert any(words.startswith("/stats") for words in console.notes())
    assert sum(words.startswith("/stop") for words in console.notes()) == 1
    assert not any(words.startswith("/quit") for words in console.notes())

    found = candidates(console.model, "/s", console.session.commands)
    assert {"/stats ", "/stop ", "/say "} <= {each.text for each in found}
    console.hears(":ana!a@h JOIN #lobby")
    assert [each.text for each in candidates(console.model, "/kick a", console.session.commands)] == ["ana "]


def test_the_server_need_not_present_itself(console):
    before = len(console.notes())
    console.hears(":chat 251 boss :There are 1 users", ":chat 265 boss 1 1 :Current local users 1")

    assert len(console.notes()) == before


def test_what_the_server_answers_reads_as_its_words(console):
    conversations = list(console.model.buffers)
    console.hears(":boss NOTICE boss :eve!*@* is banned no more")

    assert console.notes()[-1] == "eve!*@* is banned no more"
    assert list(console.model.buffers) == conversations


def test_without_a_room_there_is_nobody_to_speak_to():
    console = Console(room="").connect()

    console.types("hello?")

    assert prompt_of(console.model).startswith("[chat")
    assert "Nobody hears" in console.notes()[-1]


def test_what_is_answered_or_deleted_in_the_window_is_so_in_its_room(console):
    console.server.other_says("#lobby", "spam", "eve")
    console.settle()
    assert console.window[-1] == "#lobby <eve> spam"
    msgid = console.room().entries[-1].msgid

    console.session.submit("/reply no")
    assert console.session.take_lines()[0].endswith(f"+draft/reply={msgid} PRIVMSG #lobby no")
    console.session.submit("/react x")
    assert f"+draft/reply={msgid};+draft/react=x TAGMSG #lobby" in console.session.take_lines()[0]
    console.hears(f":boss!b@h REDACT #lobby {msgid} :rules")
    assert console.model.server.known(msgid).deletion.reason == "rules"
    assert console.room().known(msgid).text == ""


def test_what_was_said_to_oneself_alone_has_no_room_in_the_window(console):
    console.hears("@msgid=q1 :ana!a@h PRIVMSG boss :psst")
    console.types("/react x")
    assert console.model.server.entries[-1].text == "This works in a room or a private conversation."
