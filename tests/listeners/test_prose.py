"""Lines as prose: what a person with nc reads, without numbers or anything that moves their cursor."""

from __future__ import annotations

import re
import time

import pytest
from catalogues import speaking
from dialogue import NEW_YEAR
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.dialect import dialect_of
from chatapp.core.message import Message
from chatapp.core.multiline import add_lines
from chatapp.irc import caps, numerics
from chatapp.irc.line import UnsafeLine, format_body
from chatapp.irc.numerics import Numeric
from chatapp.irc.refusals import DISK_GOES_ON
from chatapp.listeners.prose import prose_of, row_of
from chatapp.listeners.sentences import SENTENCES, SILENT

NUMERICS = {name: value for name, value in vars(numerics).items() if isinstance(value, Numeric)}
#: These are put together where they are told, not in the table.
BY_HAND = {"322", "353", "372"}
NOON = "time=2026-01-01T12:00:00.000Z"


@pytest.fixture(autouse=True)
def server_in_greenwich(monkeypatch):
    monkeypatch.setenv("TZ", "UTC0")
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (":Ana!a@h PRIVMSG #lobby :olá", "12:00 <Ana> olá"),
        (":chatapp 332 Ana #tea :99999999999999999999", "-- The topic of #tea is: 99999999999999999999"),
        (":chatapp 301 Ana Bruno :99999999999999999", "-- Bruno is away: 99999999999999999"),
        (":Ana!a@h PRIVMSG #LOBBY :olá", "12:00 <Ana> olá"),
        (":Ana!a@h PRIVMSG #tea :olá", "12:00 #tea <Ana> olá"),
        (":Ana!a@h PRIVMSG @#tea :psst", "12:00 (operators of #tea only) <Ana> psst"),
        (":Ana!a@h PRIVMSG Bruno :olá", "12:00 (private, to Bruno) <Ana> olá"),
        (":Ana!a@h PRIVMSG #lobby :\x01ACTION waves\x01", "12:00 * Ana waves"),
        (":Ana!a@h PRIVMSG #tea :\x01ACTION waves\x01", "12:00 #tea * Ana waves"),
        (":Ana!a@h PRIVMSG Bruno :\x01VERSION\x01", ""),
        (":Ana!a@h NOTICE #lobby :done", "12:00 -Ana- done"),
        (":chatapp NOTICE Bruno :take care", "-- take care"),
        (":Ana!a@h PRIVMSG #lobby :\x02bold\x0f and \x0304red", "12:00 <Ana> bold and red"),
        (":Bruno!b@h JOIN #lobby", "-- Bruno came in"),
        (":Bruno!b@h JOIN #tea", "-- Bruno came into #tea"),
        (":Bruno!b@h PART #lobby", "-- Bruno went out"),
        (":Bruno!b@h PART #tea :lunch", "-- Bruno went out of #tea: lunch"),
        (":Bruno!b@h QUIT :Quit: lunch", "-- Bruno left: lunch"),
        (":Bruno!b@h QUIT :Connection lost", "-- Bruno left"),
        (":Ana!a@h KICK #tea Bruno :too loud", "-- Ana put Bruno out of #tea: too loud"),
        (":Ana!a@h NICK Bea", "-- Ana is now called Bea"),
        (":Ana!a@h TOPIC #tea :all about tea", "-- Ana set the topic of #tea: all about tea"),
        (":Ana!a@h TOPIC #tea :", "-- Ana took the topic of #tea away"),
        (":Ana!a@h MODE #tea +ov Bruno Caio", "-- Ana changed how #tea is set: +ov Bruno Caio"),
        (":chatapp MODE Ana +i", ""),
        (
            ":chatapp 404 Ana #tea :Cannot send to channel",
            "-- You may not speak in #tea: you are not in it, or it is closed to you",
        ),
        (
            ":chatapp 404 Ana #tea :Cannot send to channel (+b): you are muted",
            "-- You are muted in #tea: you can read, and not speak",
        ),
        (
            ":chatapp 464 Ana :This is not the owner's code, or it has been used",
            "-- This is not the owner code, or it has been used already",
        ),
        (
            ":chatapp 301 Ana Bea :Cannot send to channel (+b): you are muted",
            "-- Bea is away: Cannot send to channel (+b): you are muted",
        ),
        (":chatapp 404 Ana #tea :The disk is full", "-- The disk is full"),
        (":Ana!a@h INVITE Bruno #tea", "-- Ana invites you to #tea: /join #tea"),
        (":chatapp BATCH +1 chathistory #tea", "-- What was said in #tea before:"),
        (":chatapp BATCH -1", "-- That was before; now:"),
        ("FAIL CHATHISTORY INVALID_TARGET #x :There is none", "-- That did not work: There is none"),
        ("ERROR :Closing link: Quit", "-- Goodbye!"),
        ("ERROR :Closing link: Too slow", "-- The connection ends: Too slow"),
        (":chatapp 001 Ana :Welcome to all", "-- Welcome, Ana! "),
        (":chatapp 353 Ana = #tea :@Ana Bruno", "-- Here in #tea: @Ana, Bruno"),
        (":chatapp 322 Ana #tea 1 :all about tea", "-- #tea: 1 person: all about tea"),
        (":chatapp 322 Ana #tea 2 :", "-- #tea: 2 people"),
        (":chatapp 372 Ana :- be kind", "-- be kind"),
        (":chatapp 332 Ana #tea :all about tea", "-- The topic of #tea is: all about tea"),
        (":chatapp 333 Ana #tea Bruno!b@h 1767268800", "-- Bruno set it on 2026-01-01 12:00"),
        (":chatapp 401 Ana Zoe :No such nick", "-- There is nobody called Zoe here"),
        (":chatapp 475 Ana #tea :Cannot join", "-- #tea is locked; with its key it opens: /join #tea KEY"),
        (":chatapp 005 Ana WHOX :are supported by this server", ""),
        (":chatapp 999 Ana :New in this version", "-- New in this version"),
        ("PING :chatapp", ""),
        (":chatapp PONG chatapp :x", ""),
    ],
)
def test_as_a_person_reads_it(line, row):
    said = row_of(NOON, line, "#lobby")

    assert said.startswith(row) if row.endswith("! ") else said == row


def test_what_was_said_before_has_its_date():
    line = ":Ana!a@h PRIVMSG #lobby :olá"

    assert row_of(f"batch=1;{NOON}", line, "#lobby") == "2026-01-01 12:00 <Ana> olá"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be changed here")
def test_the_clock_is_that_on_the_servers_wall(monkeypatch):
    monkeypatch.setenv("TZ", "BRT3")
    time.tzset()
    other_noon = NOON.replace("12:00", "12:01")  # what is known of a minute is not asked again

    assert row_of(other_noon, ":Ana!a@h PRIVMSG #lobby :olá", "#lobby") == "09:01 <Ana> olá"


def test_without_a_time_nothing_stands_in_its_place():
    assert row_of("", ":Ana!a@h PRIVMSG #lobby :olá", "#lobby") == "<Ana> olá"


def test_what_the_server_tells_everybody_is_in_its_own_language(tmp_path):
    with speaking("pt_BR", tmp_path):
        told = row_of("", f":chatapp NOTICE Ana :{DISK_GOES_ON}")
        assert told == "-- O disco do servidor voltou a gravar o que se diz"
        assert row_of("", ":chatapp NOTICE Ana :Hello") == "-- Hello"


@pytest.mark.parametrize("name", NUMERICS)
def test_every_numeric_is_a_sentence_or_silent_on_purpose(name):
    code = NUMERICS[name].code

    assert (code in SENTENCES) + (code in SILENT) + (code in BY_HAND) == 1
    if code in SENTENCES:
        row = row_of("", f":chatapp {code} Ana #a b!b@h 1767268800 :words", "#lobby")
        assert re.fullmatch(r"-- .*\w.*", row)
        assert code not in row
        assert "{" not in row


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_lacks_nothing_but_its_parts_where_the_reply_is_short(code):
    assert row_of("", f":chatapp {code} Ana").startswith("-- ")


def test_all_of_a_room_share_one_function():
    assert prose_of("#lobby") is prose_of("#lobby")
    assert prose_of("#lobby") is not prose_of("#tea")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("\x07\x08", "␇␈"),
        ("a\u202eb", "ab"),
        ("\x9b31m", "\ufffd31m"),
        ("a\tb", "a    b"),
    ],
)
def test_nothing_attacks_the_terminal(text, shown):
    data = prose_of("#lobby")(NOON, f":Ana!a@h PRIVMSG #lobby :{text}")

    assert data.decode() == f"12:00 <Ana> {shown}\r\n"


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(st.sampled_from(["PRIVMSG", "NOTICE", "TOPIC", "PART"]), texts)
def test_whatever_is_said_is_one_row_of_visible_text(command, text):
    try:
        body = format_body("Ana!a@h", command, ["#lobby", text])
    except UnsafeLine:
        return
    data = prose_of("#lobby")(NOON, body)

    if data:
        row = data.decode().removesuffix("\r\n")
        assert row.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f]", row)


@given(st.sampled_from([*SENTENCES, "353", "372"]), st.lists(texts, max_size=5))
def test_no_part_of_a_reply_breaks_its_sentence(code, words):
    about = [re.sub(r"[\s:\0]", "", word) or "*" for word in words]
    try:
        body = format_body("chatapp", code, ["Ana", *about, "{0} {nick} %s"])
    except UnsafeLine:
        return

    assert prose_of("#lobby")("", body).count(b"\n") <= 1


def test_a_message_of_several_lines_is_told_line_by_line():
    body = add_lines(":Ana!a@h PRIVMSG #tea :um", [" dois", " ", ">e meio"])
    dialect = dialect_of(frozenset({caps.SERVER_TIME}), prose_of("#tea"))

    told = dialect.encode(Message(NEW_YEAR + 12 * 3_600_000_000, "PRIVMSG", body))
    assert told.decode().split("\r\n") == ["12:00 <Ana> um", "12:00 <Ana> dois", "12:00 <Ana> e meio", ""]
