"""Where a line meets its handler: what is known, what is missing, and what goes wrong."""

from __future__ import annotations

import logging

import pytest
from dialogue import Table, run

from chatapp.commands.context import as_word
from chatapp.commands.table import COMMANDS, Command, command, disconnect, dispatch, refuse_line
from chatapp.core.errors import Disconnect, Failed, Refused
from chatapp.core.settings import ServerSettings, Settings
from chatapp.irc.line import Line, parse_line
from chatapp.irc.numerics import ERR_INPUTTOOLONG, ERR_NOSUCHNICK

WRONG = ":chatapp 400 ana OOPS :Something went wrong in the server; it has been noted"


@pytest.fixture
def oops(monkeypatch):
    """Let a command OOPS do ``handler``."""

    def be(handler):
        monkeypatch.setitem(COMMANDS, "OOPS", Command(handler, 0, False))

    return be


def test_the_table_holds_every_command_in_capitals():
    assert {"CAP", "JOIN", "LIST", "MODE", "PRIVMSG", "CHATHISTORY", "WHO", "HELP"} <= set(COMMANDS)
    assert all(name.isupper() and name.isascii() for name in COMMANDS)


def test_only_registration_is_open_to_strangers():
    assert {name for name, entry in COMMANDS.items() if entry.before_registration} == {
        "AUTHENTICATE", "AWAY", "CAP", "ISUPPORT", "METADATA", "NICK", "PASS", "PING", "PONG", "QUIT",
        "REGISTER", "USER", "VERIFY",
    }  # fmt: skip


def test_a_command_is_entered_under_all_its_names(monkeypatch):
    monkeypatch.setattr("chatapp.commands.table.COMMANDS", table := {})

    @command("ONE", "TWO", params=3)
    def handler(ctx, line):
        """Nothing."""

    assert table == {name: Command(handler, 3, False) for name in ("ONE", "TWO")}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("FOO bar", "FOO"),
        ("foo", "FOO"),
        ("ıson", "ıson"),
        ("привет", "привет"),
        ("@x FOO", "FOO"),
        ("F\x01O", "F\x01O"),
    ],
)
def test_an_unknown_command_is_named(line, shown):
    assert Table().sit("ana").asks(line) == [f":chatapp 421 ana {shown} :Unknown command"]


def test_a_long_unknown_command_is_cut_so_that_its_words_stand():
    (line,) = Table().sit("ana").asks("ç" * 250)

    assert len(line.encode()) <= 510
    assert line.startswith(f":chatapp 421 ana {'ç' * 230}")
    assert line.endswith(" :Unknown command")


def test_lines_of_the_server_fit_whatever_its_name():
    table = Table(Settings(server=ServerSettings(name="s" * 63)))
    ana = table.sit("ç" * 16)

    for line in (
        "ç" * 250,
        f"JOIN {'x' * 500}",
        f"NAMES {'x,' * 250}",
        f"CHATHISTORY LATEST {'é' * 200} * 5",
    ):
        (answer,) = ana.asks(line)
        assert len(answer.encode()) <= 510
    (answer,) = ana.asks(f"WHOIS {'x' * 490}")[:1]
    assert answer.endswith(" :No such nick or channel")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "*"),
        (":x", "*"),
        ("a b", "*"),
        (" ", "*"),
        ("a\nb", "*"),
        ("\0", "*"),
        ("a\r", "*"),
        ("x:y", "x:y"),
        ("é", "é"),
        ("*", "*"),
    ],
)
def test_what_cannot_stand_in_the_middle_of_a_line_is_a_star(text, word):
    assert as_word(text) == word


@pytest.mark.parametrize(
    ("problem", "answer"),
    [
        (Refused(ERR_NOSUCHNICK, "", ":x", "a b"), ":chatapp 401 ana * * * :No such nick or channel"),
        (Refused(ERR_NOSUCHNICK, "x", text="Who?"), ":chatapp 401 ana x :Who?"),
        (Failed("OOPS", "BAD", "", "a b", text="No."), ":chatapp FAIL OOPS BAD * * :No."),
    ],
)
def test_refusals_are_told_however_odd_what_they_are_about(oops, problem, answer):
    def handler(ctx, line):
        raise problem

    async def slow_handler(ctx, line):
        raise problem

    for kind in (handler, slow_handler):
        oops(kind)
        ana = Table().sit("ana")
        assert ana.asks("OOPS") == [answer]
        assert not ana.closed


def test_a_disconnect_ends_it_also_from_a_coroutine(oops):
    async def handler(ctx, line):
        raise Disconnect("enough")

    oops(handler)
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x OOPS") == ["ERROR :Closing link: enough"]
    assert ana.closed


@pytest.mark.parametrize("line", ["PASS s3cret", "OWNER s3cret", "JOIN #tea s3cret", "MODE #tea +k s3cret"])
def test_a_mistake_shows_nobodys_secrets_in_the_log(line, monkeypatch, caplog):
    def handler(ctx, line):
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, line.split(" ")[0], Command(handler, 0, False))

    Table().sit("ana").say(line)

    assert "from ana failed" in caplog.text
    assert "s3cret" not in caplog.text


def test_anything_else_is_noted_answered_and_survived(oops, caplog):
    def handler(ctx, line):
        raise ZeroDivisionError("secret detail")

    oops(handler)
    ana = Table().sit("ana")

    with caplog.at_level(logging.ERROR):
        assert ana.asks("OOPS a b") == [WRONG]

    (record,) = caplog.records
    assert record.exc_info[0] is ZeroDivisionError
    assert "OOPS from ana" in record.getMessage()
    assert ana.asks("PING 1") == [":chatapp PONG chatapp :1"]


def test_the_same_in_a_coroutine_with_a_label(oops, caplog):
    async def handler(ctx, line):
        raise ZeroDivisionError

    oops(handler)
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x OOPS") == [f"@label=x {WRONG}"]
    assert len(caplog.records) == 1


def test_only_what_waits_is_given_back_to_wait_for():
    table = Table()
    ana = table.sit("ana")

    assert dispatch(table.world, ana.session, parse_line("PING 1")) is None
    answer = dispatch(table.world, ana.session, parse_line("CHATHISTORY LATEST #x * 1"))
    assert answer is not None
    assert ana.hears() == []
    run(answer)
    table.tick()
    assert len(ana.hears()) == 2


def test_a_line_that_a_listener_refuses_is_answered_with_its_label():
    table = Table()
    ana = table.sit("ana", "labeled-response batch")

    refuse_line(table.world, ana.session, parse_line("@label=x PRIVMSG"), Refused(ERR_INPUTTOOLONG))
    refuse_line(table.world, ana.session, Line("*", []), Failed("*", "INVALID_UTF8", text="No."))
    table.tick()

    assert ana.hears() == [
        "@label=x :chatapp 417 ana :The line is too long; nothing of it was sent",
        ":chatapp FAIL * INVALID_UTF8 :No.",
    ]


def test_a_stranger_whose_line_is_refused_is_a_star():
    table = Table()
    visitor = table.visit()

    refuse_line(table.world, visitor.session, Line("*", []), Refused(ERR_INPUTTOOLONG))
    table.tick()

    assert visitor.hears() == [":chatapp 417 * :The line is too long; nothing of it was sent"]


def test_a_session_is_ended_once():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    disconnect(table.world, ana.session, "Ping timeout: 60 seconds")
    disconnect(table.world, ana.session, "again")
    table.tick()

    assert ana.hears() == ["ERROR :Closing link: Ping timeout: 60 seconds"]
    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Ping timeout: 60 seconds"]


def test_a_long_reason_to_quit_is_cut_for_all():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    (error,) = ana.asks(f"QUIT :{'ç' * 252}")

    (quit_line,) = bob.hears()
    assert 508 < len(error.encode()) <= 510
    assert 508 < len(quit_line.encode()) <= 510
