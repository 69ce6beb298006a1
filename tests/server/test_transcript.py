"""How an export reads: every kind of message, for people and for programs."""

from __future__ import annotations

import json
import time

import pytest

from chatapp.core.message import Message
from chatapp.core.stamp import msgid_of, parse_time
from chatapp.server.transcript import as_json, as_text, entry_of

AT = parse_time("2026-11-20T12:05:09.123Z")
#: What somebody said before.
TEA = Message(AT - 60_000_000, "PRIVMSG", ":Bruno!b@10.0.0.7 PRIVMSG #tea :Who wants tea?", "bruno")
#: With its tags, as the store has them.
REPLY = f"+draft/reply={TEA.id}"


def message(body, tags="", account="ana", extended=""):
    return Message(AT, body.split()[1], body, account, tags, extended)


def find(stamp):
    return TEA if stamp == TEA.stamp else None


def read(body, tags=""):
    """What people read of the line ``body``, without the time."""
    entry = entry_of(message(f":Ana!a@10.0.0.9 {body}", tags))
    row = as_text(entry, "#tea", find, in_utc=True) if entry else ""
    return row.removeprefix("2026-11-20 12:05:09Z ")


def told(body, tags="", **other):
    """What programs read of it, without what is the same in all of them."""
    entry = entry_of(message(f":Ana!a@10.0.0.9 {body}", tags, **other))
    found = json.loads(as_json(entry, "#tea"))
    assert found.pop("time") == "2026-11-20T12:05:09.123Z"
    assert found.pop("msgid") == msgid_of(AT)
    assert (found.pop("room"), found.pop("nick"), found.pop("account", "")) == ("#tea", "Ana", "ana")
    return found


@pytest.mark.parametrize(
    ("body", "tags", "row"),
    [
        ("PRIVMSG #tea :Yes, please", "", "<Ana> Yes, please"),
        ("NOTICE #tea :The kettle is on", "", "-Ana- The kettle is on"),
        ("PRIVMSG #tea :\x01ACTION pours\x01", "", "* Ana pours"),
        ("PRIVMSG #tea :\x01VERSION\x01", "", ""),
        ("PRIVMSG #tea :one\n two\n> and a half\n three", "", "<Ana> one\n    two and a half\n    three"),
        ("PRIVMSG #tea :\x02bold\x02 \x0304red", "", "<Ana> bold red"),
        ("PRIVMSG #tea :\x1b[2Jgone\u202e", "", "<Ana> ␛[2Jgone"),
        ("PRIVMSG #tea :I do", REPLY, "<Ana> (answers Bruno: Who wants tea?) I do"),
        ("PRIVMSG #tea :I do", "+draft/reply=none", "<Ana> (answers a message that is gone) I do"),
        ("PRIVMSG #tea :I do", "+draft/reply=!", "<Ana> (answers a message that is gone) I do"),
        ("TAGMSG #tea", f"{REPLY};+draft/react=👍", "-- Ana reacts with 👍: Bruno: Who wants tea?"),
        ("TAGMSG #tea", f"{REPLY};+draft/unreact=👍", "-- Ana takes back 👍: Bruno: Who wants tea?"),
        ("TAGMSG #tea", "+typing=active", ""),
        ("TAGMSG #tea", "+draft/react=👍", ""),
        ("JOIN #tea", "", "-- Ana came in"),
        ("PART #tea :bye", "", "-- Ana went out: bye"),
        ("QUIT :Quit: later", "", "-- Ana left: later"),
        ("KICK #tea bruno :no tea", "", "-- Ana put bruno out of #tea: no tea"),
        ("NICK :Anna", "", "-- Ana is now called Anna"),
        ("TOPIC #tea :green\x1b", "", "-- Ana set the topic of #tea: green␛"),
        ("MODE #tea +o bruno", "", "-- Ana changed how #tea is set: +o bruno"),
        ("REDACT #tea abc :oops", "", ""),
    ],
)
def test_what_people_read(body, tags, row):
    assert read(body, tags) == row


@pytest.mark.parametrize(
    ("body", "tags", "found"),
    [
        ("PRIVMSG #tea :olá", "", {"kind": "message", "text": "olá"}),
        ("NOTICE #tea :x", "", {"kind": "notice", "text": "x"}),
        ("PRIVMSG #tea :\x01ACTION pours\x01", "", {"kind": "action", "text": "pours"}),
        ("PRIVMSG #tea :one\n two", "", {"kind": "message", "text": "one\ntwo"}),
        ("PRIVMSG #tea :\x1b[2J\x02", "", {"kind": "message", "text": "\x1b[2J\x02"}),
        ("PRIVMSG #tea :I do", REPLY, {"kind": "message", "text": "I do", "reply_to": TEA.id}),
        (
            "TAGMSG #tea",
            f"{REPLY};+draft/react=👍",
            {"kind": "reaction", "text": "👍", "reply_to": TEA.id},
        ),
        (
            "TAGMSG #tea",
            f"{REPLY};+draft/unreact=👍",
            {"kind": "unreaction", "text": "👍", "reply_to": TEA.id},
        ),
        ("JOIN #tea", "", {"kind": "join", "params": ["#tea"]}),
        ("REDACT #tea abc :oops", "", {"kind": "redact", "params": ["#tea", "abc", "oops"]}),
    ],
)
def test_what_programs_read(body, tags, found):
    assert told(body, tags) == found


def test_what_a_join_tells_besides_is_no_part_of_it():
    assert told("JOIN #tea", extended=":Ana!a@10.0.0.9 JOIN #tea ana :Ana of the tea") == {
        "kind": "join",
        "params": ["#tea"],
    }


def test_json_is_one_line_of_ascii_and_has_no_address():
    row = as_json(entry_of(message(":Ana!a@10.0.0.9 PRIVMSG #tea :chá\n ☕\u2028")), "#tea")
    assert row.isascii() and "\n" not in row and "10.0.0.9" not in row


def test_who_has_no_account_is_told_without_one():
    assert "account" not in json.loads(
        as_json(entry_of(message(":a!b@c PRIVMSG #tea :x", account="")), "#tea")
    )


def test_an_answer_repeats_the_beginning_of_a_long_message():
    long = Message(7, "PRIVMSG", ":Bruno!b@h PRIVMSG #tea :" + "word " * 30 + "\n more")
    entry = entry_of(message(":Ana!a@h PRIVMSG #tea :yes", "+reply=7"))
    row = as_text(entry, "#tea", lambda stamp: long if stamp == 7 else None, in_utc=True)
    assert row.endswith("<Ana> (answers Bruno: word word word word word word word word…) yes")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's time zone cannot be changed here")
def test_the_time_is_that_of_the_machine_unless_utc_is_wanted(monkeypatch):
    entry = entry_of(message(":Ana!a@h PRIVMSG #tea :yes"))
    monkeypatch.setenv("TZ", "America/Sao_Paulo")
    time.tzset()
    try:
        assert as_text(entry, "#tea", find, in_utc=False) == "2026-11-20 09:05:09 <Ana> yes"
        assert as_text(entry, "#tea", find, in_utc=True) == "2026-11-20 12:05:09Z <Ana> yes"
    finally:
        monkeypatch.undo()
        time.tzset()
