"""AUTHENTICATE: PLAIN and SCRAM-SHA-256, whole and broken, before coming in and later."""

from __future__ import annotations

import pytest
from commands.account_scenes import (
    ABORTED,
    FAILED,
    LOGGED_IN,
    SUCCESS,
    decoded,
    have,
    inside,
    plain,
    scram,
    sit_logged_in,
    visitor,
)
from dialogue import Table

from chatapp.irc.scram import ScramClient


def test_plain():
    _, who = visitor()

    assert who.asks("CAP REQ :sasl") == [":chatapp CAP * ACK :sasl"]
    assert who.asks("AUTHENTICATE PLAIN") == [":chatapp AUTHENTICATE +"]
    assert who.asks("AUTHENTICATE YW5hAGFuYQBzZWNyZXQ=") == [LOGGED_IN, SUCCESS]


def test_the_mechanisms_are_told_to_302():
    _, who = visitor()

    told = " ".join(line.partition(" :")[2] for line in who.asks("CAP LS 302")).split()
    assert "sasl=PLAIN,SCRAM-SHA-256" in told


def test_the_account_is_called_as_it_was_registered():
    _, who = visitor()

    assert who.asks(*plain("aNA"))[1:] == [LOGGED_IN, SUCCESS]


def test_the_mask_tells_what_is_known_so_far():
    _, who = visitor()
    who.say("CAP REQ :sasl", "NICK bob", "USER b 0 * :Bob")

    assert who.asks(*plain("Ana"))[1] == (
        ":chatapp 900 bob bob!b@127.0.0.1 Ana :You are now logged in as Ana"
    )


@pytest.mark.parametrize(
    ("authzid", "name", "password"),
    [
        ("", "Ana", "wrong"),
        ("", "Bob", "secret"),
        ("Bob", "Ana", "secret"),
        ("", "", "secret"),
        ("", "Ana", ""),
    ],
)
def test_what_is_wrong_is_refused_with_904_and_may_be_tried_again(authzid, name, password):
    _, who = visitor()

    _, answer = who.asks(*plain(name, password, authzid))
    assert answer.startswith(":chatapp 904 * :")
    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_the_same_name_twice_is_one_name():
    _, who = visitor()

    assert who.asks(*plain("Ana", authzid="Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_a_name_that_nobody_has_is_worked_on_like_any_other():
    table, who = visitor()

    assert who.asks(*plain("Eve", "guess"))[1:] == [FAILED]
    assert table.proofs.derived == ["guess"]


@pytest.mark.parametrize("password", ["pão de queijo com café", "p" * 592, "é" * 512])
def test_passwords_of_any_script_and_length(password):
    table = Table()
    have(table, "Ana", password)

    assert table.visit().asks(*plain("Ana", password))[-2:] == [LOGGED_IN, SUCCESS]


@pytest.mark.parametrize("size", [300, 600])
def test_a_response_of_whole_chunks_ends_with_a_plus(size):
    table = Table()
    password = "p" * (size - len("\0Ana\0"))
    have(table, "Ana", password)
    who = table.visit()
    lines = plain("Ana", password)
    assert lines[-1] == "AUTHENTICATE +"

    assert who.asks(*lines[:-1]) == [":chatapp AUTHENTICATE +"]
    assert who.asks(lines[-1]) == [LOGGED_IN, SUCCESS]


def test_a_chunk_longer_than_400_is_told_so():
    _, who = visitor()
    who.say("AUTHENTICATE PLAIN")

    assert who.asks("AUTHENTICATE " + "A" * 401) == [
        ":chatapp 905 * :A part of the login has at most 400 letters"
    ]
    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_a_flood_of_chunks_is_cut_off_with_904_first():
    _, who = visitor()
    who.say("AUTHENTICATE PLAIN")
    who.hears()
    for _number in range(1000):
        who.say("AUTHENTICATE " + "A" * 400)
        if who.closed:
            break

    heard = who.hears()
    assert heard[0] == ":chatapp 904 * :The response is too long"
    assert heard[-1] == "ERROR :Closing link: Too much was said before registration"


def test_an_unknown_mechanism_is_answered_with_those_there_are():
    _, who = visitor()

    assert who.asks("AUTHENTICATE TELEPATHY") == [
        ":chatapp 908 * PLAIN,SCRAM-SHA-256 :are the ways to log in",
        ":chatapp 904 * :There is no such way to log in",
    ]


def test_a_mechanism_that_is_turned_off_is_unknown():
    _, who = visitor(sasl_mechanisms=("SCRAM-SHA-256",))

    assert who.asks("AUTHENTICATE PLAIN")[0] == ":chatapp 908 * SCRAM-SHA-256 :are the ways to log in"
    assert any("sasl=SCRAM-SHA-256" in line for line in who.asks("CAP LS 302"))


def test_where_no_way_is_offered_there_is_none():
    _, who = visitor(sasl_mechanisms=())

    assert "sasl" not in "".join(who.asks("CAP LS 302"))
    assert who.asks("AUTHENTICATE PLAIN") == [":chatapp 904 * :There is no such way to log in"]


@pytest.mark.parametrize("lines", [["AUTHENTICATE PLAIN", "AUTHENTICATE *"], ["AUTHENTICATE *"]])
def test_a_login_can_be_broken_off(lines):
    _, who = visitor()

    assert who.asks(*lines)[-1] == ABORTED
    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_what_is_not_base64_fails_and_may_be_tried_again():
    _, who = visitor()

    assert who.asks("AUTHENTICATE PLAIN", "AUTHENTICATE !!!")[1:] == [
        ":chatapp 904 * :The response is not base64"
    ]
    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_nick_and_user_in_between_do_not_disturb():
    _, who = visitor()
    mechanism, response = plain("Ana")

    assert who.asks("CAP REQ :sasl", mechanism, "NICK ana", "USER a 0 * :A")[-1] == ":chatapp AUTHENTICATE +"
    assert who.asks(response)[1].startswith(":chatapp 903 ana ")


def test_cap_end_in_between_breaks_it_off_and_lets_in():
    _, who = visitor()
    who.say("CAP REQ :sasl", "NICK bob", "USER b 0 * :B", "AUTHENTICATE PLAIN")

    first, second, *_ = who.asks("CAP END")
    assert first == ":chatapp 906 bob :The login was broken off"
    assert second.startswith(":chatapp 001 bob ")
    assert who.session.user.account == ""


def test_without_the_capability_it_works_and_disturbs_nothing():
    _, who = visitor()

    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]
    assert who.asks("NICK ana", "USER a 0 * :A")[0].startswith(":chatapp 001 ana ")
    assert who.session.user.account == "Ana"


def test_after_coming_in():
    table, who = visitor()
    who.say("NICK bob", "USER b 0 * :B")

    assert who.asks(*plain("Ana")) == [
        ":chatapp AUTHENTICATE +",
        ":chatapp 900 bob bob!b@127.0.0.1 Ana :You are now logged in as Ana",
        ":chatapp 903 bob :The login has succeeded",
    ]
    assert table.world.users["bob"].account == "Ana"


def test_to_another_account_without_logging_out():
    table, _ = visitor()
    have(table, "Bob")
    ana = inside(sit_logged_in(table, "Ana"))

    assert ana.asks(*plain("Bob")) == [
        ":chatapp AUTHENTICATE +",
        ":chatapp 900 Ana Ana!u@127.0.0.1 Bob :You are now logged in as Bob",
        ":chatapp 903 Ana :The login has succeeded",
    ]


def test_not_to_another_account_while_others_share_the_nick():
    table, _ = visitor()
    have(table, "Bob")
    ana = inside(sit_logged_in(table, "Ana"))
    inside(sit_logged_in(table, "Ana"))

    assert ana.asks(*plain("Bob"))[1:] == [
        ":chatapp 904 Ana :Other connections share your nick, and their account;"
        " leave them, or log in on a new one"
    ]
    assert ana.session.user.account == "Ana"


# SCRAM


def test_scram():
    _, who = visitor()
    client = ScramClient("ana", "secret", "clientnonce")

    assert scram(who, client) == [LOGGED_IN, SUCCESS]
    assert client.is_proven


def test_scram_asks_for_enough_rounds():
    _, who = visitor()
    (challenge,) = scram(who, ScramClient("Ana", "secret", "clientnonce"), until=1)

    assert int(decoded(challenge).partition("i=")[2]) >= 4096


@pytest.mark.parametrize("name", ["Ana", "Eve"])
def test_scram_with_a_wrong_password_or_name_fails_at_the_proof(name):
    _, who = visitor()

    assert scram(who, ScramClient(name, "guess", "clientnonce"), until=2) == [
        ":chatapp 904 * :The password is wrong"
    ]
    assert scram(who, ScramClient("Ana", "secret", "clientnonce")) == [LOGGED_IN, SUCCESS]


def test_a_made_up_salt_is_always_the_same():
    table, _ = visitor()
    salts = set()
    for number in range(3):
        (challenge,) = scram(table.visit(), ScramClient("Eve", "guess", f"nonce{number}x"), until=1)
        salts.add(decoded(challenge).split(",")[1])

    assert len(salts) == 1


def test_scram_that_is_no_scram():
    _, who = visitor()

    assert who.asks("AUTHENTICATE SCRAM-SHA-256", "AUTHENTICATE eHg=")[1:] == [
        ":chatapp 904 * :Channel binding is not offered here"
    ]


def test_scram_to_an_account_that_has_just_gone():
    table, who = visitor()
    client = ScramClient("Ana", "secret", "clientnonce")
    final = scram(who, client, until=2)
    table.world.accounts.remove(table.world.accounts.find("Ana"))
    client.answer(decoded(final[0]).encode())

    assert who.asks("AUTHENTICATE +") == [":chatapp 904 * :The account is gone, or has another password"]
