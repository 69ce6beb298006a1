"""What operators of the server may, and how one becomes one: dialogues."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.guesses import ADDRESSES, MOST, WINDOW, Guesses


def operator(table, nick="root", caps=""):
    person = table.sit(nick, caps)
    person.session.user.set_mode("o", True)
    return person


@pytest.fixture
def table():
    return Table()


# From outside a channel


def test_an_operator_kicks_from_a_channel_without_being_in_it(table):
    root, ana, bruno = operator(table), table.sit("ana"), table.sit("bruno")
    table.room("#tea", ana, bruno)

    assert root.asks("KICK #tea bruno :enough") == [":root!root@127.0.0.1 KICK #tea bruno :enough"]
    assert ana.hears() == [":root!root@127.0.0.1 KICK #tea bruno :enough"]
    assert bruno.hears() == [":root!root@127.0.0.1 KICK #tea bruno :enough"]
    assert bruno.asks("PRIVMSG #tea hi")[0].startswith(":chatapp 404 ")


def test_an_operator_sets_topic_and_modes_from_outside(table):
    root, ana = operator(table), table.sit("ana")
    table.room("#tea", ana)

    root.say("TOPIC #tea :Assam", "MODE #tea +m", "MODE #tea +v ana", "MODE #tea -o ana")

    source = ":root!root@127.0.0.1"
    assert ana.hears() == [
        f"{source} TOPIC #tea :Assam",
        f"{source} MODE #tea +m",
        f"{source} MODE #tea +v ana",
        f"{source} MODE #tea -o ana",
    ]


@pytest.mark.parametrize("line", ["KICK #tea ana", "TOPIC #tea :x", "MODE #tea +m", "MODE #tea +b x"])
def test_others_may_not(table, line):
    ana, eve = table.sit("ana"), table.sit("eve")
    table.room("#tea", ana)

    (answer,) = eve.asks(line)

    assert answer.split(" ")[1] in ("442", "482")
    assert ana.hears() == []


def test_who_gives_the_mode_up_may_no_more(table):
    root, ana = operator(table), table.sit("ana")
    table.room("#tea", ana)

    root.say("MODE root -o")

    assert root.asks("MODE #tea +m")[0].startswith(":chatapp 482 root #tea ")
    assert root.asks("MODE root +o") == []
    assert not root.session.user.is_operator


def test_nobody_comes_in_with_the_mode_by_saying_so(table):
    eve = table.visit()
    eve.say("NICK eve", "USER eve 8 * :+o", "MODE eve +o")

    assert not eve.session.user.is_operator


def test_an_operator_speaks_where_others_may_not(table):
    root, ana, eve = operator(table), table.sit("ana"), table.sit("eve")
    table.room("#tea", ana)
    ana.asks("MODE #tea +m", "MODE #tea +b *!*@*")

    root.say("PRIVMSG #tea :quiet, please")
    eve.say("PRIVMSG #tea :no")

    assert ana.hears() == [":root!root@127.0.0.1 PRIVMSG #tea :quiet, please"]
    assert eve.hears()[0].startswith(":chatapp 404 eve #tea ")


def test_an_operator_comes_into_a_closed_channel_as_others_do(table):
    root, ana = operator(table), table.sit("ana")
    table.room("#tea", ana)
    ana.say("MODE #tea +k key")

    assert root.asks("JOIN #tea")[0].startswith(":chatapp 475 root #tea ")


def test_an_operator_sees_what_is_hidden_but_not_what_was_said(table):
    root, ana = operator(table), table.sit("ana")
    table.room("#tea", ana)
    ana.asks("MODE #tea +s", "MODE ana +i", "PRIVMSG #tea secret")

    assert [line.split(" ")[3] for line in root.asks("LIST")[:-1]] == ["#tea"]
    assert root.asks("NAMES #tea")[0] == ":chatapp 353 root @ #tea :@ana"
    assert len(root.asks("WHO an*")) == 2
    (answer,) = root.asks("CHATHISTORY LATEST #tea * 5")
    assert answer.startswith(":chatapp FAIL CHATHISTORY INVALID_TARGET LATEST #tea ")


def test_an_operator_is_shown_as_one(table):
    operator(table)
    ana = table.sit("ana")

    assert ana.asks("WHO root")[0].split(" ")[8] == "H*"
    assert ":chatapp 313 ana root :is a server operator" in ana.asks("WHOIS root")
    assert ana.asks("USERHOST root") == [":chatapp 302 ana :root*=+root@127.0.0.1"]


@pytest.mark.parametrize("nick", ["chatapp", "ChatApp"])
def test_the_name_of_the_server_is_for_operators(table, nick):
    root, eve = operator(table), table.visit()

    eve.say(f"NICK {nick}", "USER eve 0 * :eve", "NICK eve")
    assert eve.hears()[0] == f":chatapp 433 * {nick} :This is the name of the server"
    assert eve.asks(f"NICK {nick}") == [f":chatapp 433 eve {nick} :This is the name of the server"]
    assert root.asks(f"NICK {nick}") == [f":root!root@127.0.0.1 NICK {nick}"]


# KILL


def test_kill_ends_a_connection_and_says_who_and_why(table):
    root, ana, bruno = operator(table), table.sit("ana"), table.sit("bruno")
    table.room("#tea", ana, bruno)

    assert root.asks("KILL bruno :spam") == []

    assert bruno.closed
    assert bruno.hears() == ["ERROR :Closing link: Killed by root: spam"]
    assert ana.hears() == [":bruno!bruno@127.0.0.1 QUIT :Killed by root: spam"]
    assert "bruno was put out by root" in table.reports


def test_kill_needs_no_reason(table):
    root, bruno = operator(table), table.sit("bruno")

    root.say("KILL bruno")

    assert bruno.hears() == ["ERROR :Closing link: Killed by root"]


def test_an_operator_may_end_their_own_connection(table):
    root = operator(table)

    assert root.asks("KILL root") == ["ERROR :Closing link: Killed by root"]
    assert root.closed


def test_kill_is_not_for_everyone(table):
    ana, bruno = table.sit("ana"), table.sit("bruno")

    for victim in ("bruno", "ana", "nobody"):
        assert ana.asks(f"KILL {victim} :x") == [
            ":chatapp 481 ana :Only an operator of the server may do this"
        ]
    assert not ana.closed
    assert not bruno.closed


def test_kill_of_nobody(table):
    root = operator(table)

    assert root.asks("KILL nobody") == [":chatapp 401 root nobody :No such nick or channel"]
    assert root.asks("KILL") == [":chatapp 461 root KILL :Not enough parameters"]


# Mute


def muted(table, mask="m:eve!*@*"):
    ana, eve = table.sit("ana"), table.sit("eve")
    table.room("#tea", ana, eve)
    ana.asks(f"MODE #tea +b {mask}")
    eve.hears()
    return ana, eve


@pytest.mark.parametrize("mask", ["m:eve!*@*", "M:EVE", "m:eve", "m:*@127.0.0.1", "m:*!*@127.*"])
def test_the_muted_come_in_and_do_not_speak(table, mask):
    ana, eve = muted(table, mask)

    assert eve.asks("PRIVMSG #tea hi") == [
        ":chatapp 404 eve #tea :Cannot send to channel (+b): you are muted"
    ]
    assert ana.hears() == []
    eve.say("PART #tea")
    assert eve.asks("JOIN #tea")[0] == ":eve!eve@127.0.0.1 JOIN #tea"


@pytest.mark.parametrize(
    "line", ["MODE #tea +v eve", "MODE #tea +e m:eve!*@*", "MODE #tea +e eve!*@*", "MODE #tea -b M:EVE!*@*"]
)
def test_a_voice_an_exception_or_the_end_of_it_lets_them_speak(table, line):
    ana, eve = muted(table)

    ana.say(line)
    ana.hears()
    eve.say("PRIVMSG #tea hi")

    assert ana.hears() == [":eve!eve@127.0.0.1 PRIVMSG #tea :hi"]


def test_an_exception_from_being_muted_is_none_from_a_ban(table):
    ana, eve = muted(table, "eve!*@*")
    ana.say("MODE #tea +e m:eve!*@*")
    eve.hears()

    assert "you are banned" in eve.asks("PRIVMSG #tea hi")[0]


def test_a_mute_is_listed_as_it_was_given_and_taken_away_in_any_case(table):
    ana, _eve = muted(table, "m:eve!*@*")

    assert ana.asks("MODE #tea b")[0].split(" ")[4] == "m:eve!*@*"
    assert ana.asks("MODE #tea -b M:Eve!*@*") == [":ana!ana@127.0.0.1 MODE #tea -b m:eve!*@*"]
    assert ana.asks("MODE #tea +b m:") == [":chatapp 696 ana #tea b m: :This is not a value for that mode"]


# OWNER


class Owned(Table):
    """A server whose owner's code is ``s3cret``, good once."""

    def __init__(self):
        super().__init__()
        self.codes = {"s3cret"}

        async def claim(code):
            found = code in self.codes
            self.codes.discard(code)
            return found

        self.world.claim = claim


def test_the_code_makes_an_operator_once():
    table = Owned()
    ana, eve = table.sit("ana"), table.sit("eve")

    assert ana.asks("OWNER s3cret") == [
        ":chatapp 381 ana :You are an operator of this server now",
        ":ana!ana@127.0.0.1 MODE ana +o",
    ]
    assert ana.session.user.is_operator

    assert eve.asks("OWNER s3cret") == [":chatapp 464 eve :This is not the owner's code, or it has been used"]
    assert not eve.session.user.is_operator
    assert table.reports[-2:] == [
        "ana has become an owner of this server",
        "A wrong owner code came from 127.0.0.1",
    ]


def test_guessing_ends_soon():
    table = Owned()
    eve = table.sit("eve", address="192.0.2.1")
    for number in range(MOST):
        eve.say(f"OWNER {number}")

    assert eve.asks("OWNER s3cret") == [":chatapp 464 eve :Too many wrong codes; try again in an hour"]
    ana = table.sit("ana", address="192.0.2.2")
    ana.say("OWNER wrong", "OWNER s3cret")
    assert ana.session.user.is_operator


def test_a_whole_household_has_no_more_tries_than_one_of_its_addresses():
    table = Owned()
    for number in range(MOST):
        table.sit(f"eve{number}", address=f"2001:db8:1:2::{number}").say(f"OWNER {number}")

    eve = table.sit("eve", address="2001:db8:1:2:ffff::1")
    assert eve.asks("OWNER s3cret") == [":chatapp 464 eve :Too many wrong codes; try again in an hour"]
    ana = table.sit("ana", address="2001:db8:1:3::1")
    ana.say("OWNER s3cret")
    assert ana.session.user.is_operator


def test_an_hour_later_there_are_new_tries():
    table = Owned()
    eve = table.sit("eve")
    for number in range(MOST + 3):
        eve.say(f"OWNER {number}")

    table.later(WINDOW)
    eve.say("OWNER s3cret")

    assert eve.session.user.is_operator


def test_without_a_code_nobody_becomes_the_owner(table):
    eve = table.sit("eve")

    assert eve.asks("OWNER x")[0].startswith(":chatapp 464 eve ")
    assert eve.asks("OWNER") == [":chatapp 461 eve OWNER :Not enough parameters"]


def test_wrong_guesses_of_many_addresses_cost_a_bounded_amount_of_memory():
    guesses = Guesses()
    for number in range(ADDRESSES + 5):
        guesses.missed(str(number), 0)

    assert len(guesses._missed) == ADDRESSES
    guesses.forget("7")
    assert guesses.may_guess("7", 0)
