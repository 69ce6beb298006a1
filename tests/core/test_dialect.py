"""Dialects: how one message reads to those who negotiated this or that."""

from __future__ import annotations

import pytest

from chatapp.core.dialect import crlf, dialect_of
from chatapp.core.message import Message
from chatapp.core.stamp import msgid_of

STAMP = 1_767_225_600_000_000
TIME = "time=2026-01-01T00:00:00.000Z"
MSGID = f"msgid={msgid_of(STAMP)}"
SAID = Message(STAMP, "PRIVMSG", ":a PRIVMSG #b :ç", "acc", "+x=1;+y")


@pytest.mark.parametrize(
    ("caps", "tags"),
    [
        ((), ""),
        (("batch", "labeled-response", "echo-message", "multi-prefix"), ""),
        (("server-time",), TIME),
        (("message-tags",), f"{MSGID};+x=1;+y"),
        (("account-tag",), "account=acc"),
        (("server-time", "message-tags"), f"{TIME};{MSGID};+x=1;+y"),
        (("server-time", "account-tag"), f"{TIME};account=acc"),
        (("message-tags", "account-tag"), f"{MSGID};+x=1;+y;account=acc"),
        (("server-time", "message-tags", "account-tag"), f"{TIME};{MSGID};+x=1;+y;account=acc"),
    ],
)
@pytest.mark.parametrize("more", ["", "label=l", "batch=b1"])
def test_tags_are_exactly_those_negotiated(caps, tags, more):
    told = ";".join(filter(None, (more, tags)))
    begin = f"@{told} " if told else ""

    assert dialect_of(frozenset(caps)).encode(SAID, more) == f"{begin}:a PRIVMSG #b :ç\r\n".encode()


def test_who_has_no_account_has_no_tag():
    nobody = Message(STAMP, "PRIVMSG", "x")

    assert dialect_of(frozenset({"account-tag"})).encode(nobody) == b"x\r\n"
    assert dialect_of(frozenset({"message-tags"})).encode(nobody) == f"@{MSGID} x\r\n".encode()


def test_a_join_is_extended_for_those_who_asked_where_it_can_be():
    join = Message(STAMP, "JOIN", "plain", extended="extended")
    replayed = Message(STAMP, "JOIN", "plain")
    extended = dialect_of(frozenset({"extended-join"}))

    assert dialect_of(frozenset()).encode(join) == b"plain\r\n"
    assert extended.encode(join) == b"extended\r\n"
    assert extended.encode(replayed) == b"plain\r\n"


@pytest.mark.parametrize(
    ("command", "cap"), [("AWAY", "away-notify"), ("SETNAME", "setname"), ("TAGMSG", "message-tags")]
)
def test_some_commands_are_for_those_who_asked(command, cap):
    message = Message(STAMP, command, "body")
    deaf, hearing = dialect_of(frozenset({"server-time"})), dialect_of(frozenset({cap}))

    assert deaf.encode(message) == b""
    assert not deaf.hears(command)
    assert hearing.encode(message).endswith(b"body\r\n")
    assert hearing.hears(command)
    assert deaf.hears("PRIVMSG")


def test_those_who_hear_alike_share_a_dialect():
    assert (
        dialect_of(frozenset({"echo-message"})) is dialect_of(frozenset({"batch"})) is dialect_of(frozenset())
    )
    assert dialect_of(frozenset({"server-time"})) is not dialect_of(frozenset())


def test_a_wrapping_makes_another_dialect():
    def framed(tags, body):
        return f"<{tags}|{body}>".encode()

    dialect = dialect_of(frozenset({"server-time"}), framed)

    assert dialect is not dialect_of(frozenset({"server-time"}))
    assert dialect is dialect_of(frozenset({"server-time", "batch"}), framed)
    assert dialect.encode(SAID) == f"<{TIME}|{SAID.body}>".encode()


def test_a_line_ends_with_cr_lf():
    assert crlf("", "x") == b"x\r\n"
    assert crlf("a=b", "x") == b"@a=b x\r\n"
