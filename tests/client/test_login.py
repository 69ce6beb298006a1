"""Logging in: which way, where, and what a wrong password leads to."""

from __future__ import annotations

import base64

import pytest
from client.fake_server import FakeServer
from client.sasl_server import ANA, SaslServer, Visitor

from chatapp.client.inspector.secrecy import secret_of
from chatapp.client.login import Credentials
from chatapp.client.model import ConnectionState
from chatapp.irc.line import parse_line

FAR = "AUTHENTICATE"


def test_scram_is_taken_where_there_is_a_choice():
    talk = Visitor().connect()
    assert "AUTHENTICATE SCRAM-SHA-256" in talk.server.heard
    assert "AUTHENTICATE PLAIN" not in talk.server.heard
    assert talk.account == "ana"
    assert "You are logged in as ana." in talk.notes()


def test_one_is_logged_in_before_one_comes_in():
    heard = Visitor().connect().server.heard
    ends = heard.index("CAP END")
    assert max(at for at, text in enumerate(heard) if text.startswith("AUTHENTICATE")) < ends
    assert heard.count("CAP END") == 1


def test_plain_is_taken_where_there_is_nothing_better():
    talk = Visitor(SaslServer("PLAIN")).connect()
    proof = base64.b64encode(b"ana\0ana\0s3gredo").decode()
    assert talk.server.heard.count(f"AUTHENTICATE {proof}") == 1
    assert talk.account == "ana"


def test_the_account_is_the_nick_where_none_is_set():
    talk = Visitor(credentials=Credentials("", "s3gredo"), nick="ana").connect()
    assert talk.account == "ana"


@pytest.mark.parametrize("mechanisms", ["PLAIN", "PLAIN,SCRAM-SHA-256"])
def test_nothing_of_a_password_goes_where_others_can_read_along(mechanisms):
    talk = Visitor(SaslServer(mechanisms), is_private=False).connect()
    assert [text for text in talk.server.heard if "AUTHENTICATE" in text] == []
    assert talk.model.state is ConnectionState.ONLINE
    assert "not encrypted" in talk.complaints()[0]


def test_a_wrong_password_is_told_and_one_comes_in_as_a_guest():
    talk = Visitor(credentials=Credentials("ana", "wrong")).connect()
    assert talk.model.state is ConnectionState.ONLINE
    assert talk.account == ""
    assert "/login" in talk.complaints()[0]
    assert len(talk.complaints()) == 1


def test_a_wrong_password_is_not_tried_again_with_each_connection():
    talk = Visitor(credentials=Credentials("ana", "wrong")).connect()
    for _time in range(3):
        talk.cut()
        talk.connect()
    assert talk.server.tries == 1


def test_a_right_password_is_used_again_though_it_was_refused_once():
    talk = Visitor(SaslServer("PLAIN")).connect()
    talk.cut()
    talk.server.answer = lambda _response: talk.server.end(False)
    talk.connect()
    assert talk.account == ""
    del talk.server.answer
    talk.cut()
    talk.connect()
    assert talk.account == "ana"


def test_a_server_that_does_not_know_the_password_itself_is_not_believed():
    server = SaslServer()
    server.knows_password = False
    talk = Visitor(server).connect()
    assert "AUTHENTICATE *" in server.heard
    assert talk.account == ""
    assert talk.model.state is ConnectionState.ONLINE


def test_a_server_that_says_yes_too_early_is_not_believed():
    server = SaslServer()
    server.answer = lambda _response: server.say("903 Ana :The login has succeeded")
    talk = Visitor(server).connect()
    assert "without showing" in talk.complaints()[0]
    assert talk.model.state is ConnectionState.ONLINE


@pytest.mark.parametrize(
    ("wish", "offered", "taken"),
    [
        ("plain", "PLAIN,SCRAM-SHA-256", "PLAIN"),
        ("scram-sha-256", "PLAIN,SCRAM-SHA-256", "SCRAM-SHA-256"),
        ("auto", "EXTERNAL,PLAIN", "PLAIN"),
        ("scram-sha-256", "PLAIN", ""),
        ("auto", "ECDSA-NIST256P-CHALLENGE", ""),
        ("off", "PLAIN", ""),
    ],
)
def test_which_way_is_taken(wish, offered, taken):
    talk = Visitor(SaslServer(offered), Credentials("ana", "s3gredo", wish)).connect()
    begun = [text for text in talk.server.heard if text in (f"{FAR} PLAIN", f"{FAR} SCRAM-SHA-256")]
    assert begun == ([f"{FAR} {taken}"] if taken else [])
    assert talk.model.state is ConnectionState.ONLINE


def test_a_certificate_is_shown_where_the_server_takes_it():
    credentials = Credentials("ana", "", has_certificate=True)
    talk = Visitor(SaslServer("PLAIN,EXTERNAL"), credentials).connect()
    assert "AUTHENTICATE EXTERNAL" in talk.server.heard
    assert talk.account == "ana"


def test_who_has_a_certificate_that_the_server_does_not_know_comes_in_by_the_password():
    server = SaslServer("PLAIN,EXTERNAL")
    server.knows_certificate = False
    talk = Visitor(server, Credentials("ana", "s3gredo", has_certificate=True)).connect()
    assert [text for text in server.heard if text in (f"{FAR} PLAIN", f"{FAR} EXTERNAL")] == [
        f"{FAR} EXTERNAL",
        f"{FAR} PLAIN",
    ]
    assert (talk.account, talk.complaints()) == ("ana", [])
    talk.cut()
    talk.connect()
    assert server.heard.count(f"{FAR} EXTERNAL") == 1
    talk.types("/login wrong")
    assert len(talk.complaints()) == 0
    assert any("You are still logged in as ana" in note for note in talk.notes("#lobby"))
    assert server.heard.count(f"{FAR} EXTERNAL") == 2


@pytest.mark.parametrize("credentials", [("ana", "", "auto"), ("ana", "s3gredo", "external")])
def test_a_certificate_that_is_not_taken_is_told_so(credentials):
    server = SaslServer("PLAIN,EXTERNAL")
    server.knows_certificate = False
    talk = Visitor(server, Credentials(*credentials, has_certificate=True)).connect()
    assert server.tries == 1
    assert "the server does not take your certificate (The login has failed)" in talk.complaints()[0]
    assert talk.model.state is ConnectionState.ONLINE


def test_without_credentials_nobody_is_asked():
    assert Visitor(credentials=Credentials()).connect().server.tries == 0


def test_a_server_without_accounts_is_told():
    talk = Visitor(FakeServer()).connect()
    assert "knows no accounts" in talk.complaints()[0]


def test_login_while_one_is_there():
    talk = Visitor(credentials=Credentials("ana", "wrong")).connect()
    talk.types("/login s3gredo")
    assert talk.account == "ana"


def test_the_name_that_is_the_account_s_is_taken_once_it_is_one_s_own():
    server = SaslServer(taken=frozenset({"Ana"}))
    talk = Visitor(server, Credentials("ana", "wrong")).connect()
    assert talk.model.nick == "Ana_"
    server.taken = frozenset()
    talk.types("/login s3gredo")
    assert talk.model.nick == "Ana"


def test_login_before_one_is_there():
    talk = Visitor(credentials=Credentials())
    talk.session.submit("/login ana s3gredo")
    talk.connect()
    assert talk.account == "ana"


def test_register_makes_the_nick_an_account_and_the_next_connection_logs_in_to_it():
    talk = Visitor(credentials=Credentials(), nick="ana").connect()
    talk.session.submit("/register ana@example.org s3gredo")
    assert talk.session.take_lines()[0].endswith("REGISTER * ana@example.org s3gredo")
    talk.hears(":chat REGISTER SUCCESS ana :The account is yours")
    assert "The account ana is yours." in talk.notes("#lobby")
    talk.cut()
    talk.connect()
    assert talk.account == "ana"


def test_a_password_may_have_blanks_and_an_address_is_not_needed():
    talk = Visitor(credentials=Credentials()).connect()
    talk.session.submit("/register correct horse battery")
    assert talk.session.take_lines()[0].endswith("REGISTER * * :correct horse battery")


def test_a_code_is_given_back():
    talk = Visitor(credentials=Credentials()).connect()
    talk.types("/verify 1234")
    assert "No account waits" in talk.notes("#lobby")[-1]
    talk.hears(":chat REGISTER VERIFICATION_REQUIRED ana :Look into your mail")
    talk.session.submit("/verify 1234")
    assert talk.session.take_lines()[0].endswith("VERIFY ana 1234")


def test_an_account_is_not_registered_where_others_can_read_along():
    talk = Visitor(credentials=Credentials(), is_private=False).connect()
    talk.types("/register s3gredo")
    assert not any("REGISTER" in text for text in talk.server.heard)
    assert "not encrypted" in talk.notes("#lobby")[-1]


def test_nothing_of_it_is_seen_in_the_inspector_or_in_a_report_of_a_failure():
    talk = Visitor().connect()
    for text in talk.server.heard:
        if text.startswith("AUTHENTICATE") and text.split()[1] not in ("SCRAM-SHA-256", "+"):
            assert secret_of(text.encode(), is_sent=True) is not None
    assert secret_of(b"@label=c1 REGISTER * * s3gredo", is_sent=True) is not None
    assert "s3gredo" not in repr(ANA)


@pytest.mark.parametrize(
    "line",
    [
        ":chat AUTHENTICATE",
        ":chat AUTHENTICATE +",
        ":chat AUTHENTICATE !!!",
        ":chat 903",
        ":chat 904",
        ":chat 900",
        ":chat 908 Ana PLAIN :are the ways to log in",
        ":chat REGISTER",
        ":chat REGISTER SUCCESS",
        ":chat 901 Ana",
    ],
)
def test_what_nobody_asked_for_does_no_harm(line):
    talk = Visitor(credentials=Credentials()).connect()
    talk.hears(line)
    assert talk.model.state is ConnectionState.ONLINE


def test_who_logs_in_later_is_told_where_they_asked():
    talk = Visitor(credentials=Credentials()).connect()
    talk.types("/login ana s3gredo")
    assert talk.notes("#lobby")[-1] == "You are logged in as ana."
    talk.types("/login ana s3gredo")
    assert talk.notes("#lobby")[-2:] == ["You are logged in as ana."] * 2


def test_a_wrong_password_later_leaves_one_who_one_is():
    talk = Visitor().connect()
    talk.types("/login ana wrong")
    assert talk.account == "ana"
    assert talk.notes("#lobby")[-1].startswith("You are still logged in as ana: ")


def test_the_reason_is_told_in_words_of_ours_where_they_are_known():
    talk = Visitor(credentials=Credentials("ana", "wrong"))
    talk.server.end = lambda is_right: talk.server.say("904 * :The password is wrong")
    talk.connect()
    (told,) = talk.complaints()
    assert told.startswith("Not logged in as ana: The name or the password is wrong. /login ")


def test_who_logs_in_later_shares_the_name_with_their_other_device():
    talk = Visitor(credentials=Credentials()).connect()
    talk.types("/nick Ana_")
    talk.server.taken = {"Ana"}
    talk.types("/login ana s3gredo")
    talk.types("/nick Ana")
    assert talk.server.heard[-1] == "QUIT"
    talk.hears("ERROR :Closing link: bye")

    talk.server.taken = set()
    talk.cut()
    talk.connect()

    assert talk.model.nick == "Ana"
    assert talk.account == "ana"
    told = talk.notes("#lobby")
    assert told[-2].endswith("coming in once more, to share the name.")
    assert told[-1] == "Connected again."
    assert not [note for note in [*told, *talk.notes()] if "lost" in note or "bye" in note]


def test_nobody_comes_in_anew_where_what_is_said_meanwhile_is_lost():
    server = SaslServer()
    server.caps = "sasl=PLAIN labeled-response batch"
    talk = Visitor(server, nick="carla").connect()
    server.taken = {"ana"}
    talk.types("/nick ana")
    assert "QUIT" not in server.heard
    assert talk.notes("#lobby")[-1] == "The name ana is taken"


@pytest.mark.parametrize("is_there", [True, False], ids=["online", "coming in"])
def test_who_corrects_a_password_before_the_answer_to_the_first_is_logged_in(is_there):
    visitor = Visitor(credentials=Credentials() if is_there else Credentials("ana", "wrong"))
    visitor.open()
    if is_there:
        visitor.settle()
        visitor.session.submit("/login ana wrong")
    else:
        while not visitor.session.login.is_under_way:
            for text in visitor.session.take_lines():
                visitor.server.hear(text)
            for text in list(visitor.server.out):
                visitor.server.out.remove(text)
                visitor.session.hear(parse_line(text))
    visitor.session.submit("/login ana s3gredo")

    visitor.settle()

    assert visitor.account == "ana"
    assert visitor.complaints() == []
