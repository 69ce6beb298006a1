"""REGISTER and VERIFY: who gets an account, and who is told why not."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, plain, sit_logged_in, table_with
from dialogue import Table

from chatapp.commands.login import drop_account
from chatapp.core.settings import AccountSettings, ServerSettings, Settings

SUCCESS = ":chatapp REGISTER SUCCESS Ana :The account is yours, and you are logged in"


def knocking(nick="Ana", **options):
    table = table_with(**options)
    who = table.visit()
    who.say("CAP LS 302", f"NICK {nick}")
    who.hears()
    return table, who


def test_a_nick_becomes_an_account():
    table = Table()
    ana = table.sit("Ana")

    assert ana.asks("REGISTER * * secret") == [
        SUCCESS,
        ":chatapp 900 Ana Ana!ana@127.0.0.1 Ana :You are now logged in as Ana",
    ]
    assert table.store.held_accounts["ana"].name == "Ana"
    assert b"secret" not in repr(table.store.held_accounts).encode()
    assert table.visit().asks(*plain("ana"))[2].startswith(":chatapp 903")


def test_the_name_may_be_said_in_any_case_and_is_spelled_as_the_nick():
    ana = Table().sit("Ana")

    assert ana.asks("REGISTER aNA * secret")[0] == SUCCESS


def test_before_coming_in():
    _, who = knocking()

    assert who.asks("REGISTER * * secret") == [
        SUCCESS,
        ":chatapp 900 Ana Ana!*@127.0.0.1 Ana :You are now logged in as Ana",
    ]
    assert who.asks("USER a 0 * :A", "CAP END")[0].startswith(":chatapp 001 Ana ")
    assert who.session.user.account == "Ana"


def fail(who, line="REGISTER * * secret"):
    (answer,) = who.asks(line)
    return answer.removeprefix(":chatapp FAIL REGISTER ").partition(" :")[0]


def test_not_before_coming_in_where_that_is_not_allowed():
    _, who = knocking(registration_before_connect=False)

    assert fail(who) == "COMPLETE_CONNECTION_REQUIRED *"
    assert fail(who, "REGISTER ana * secret") == "COMPLETE_CONNECTION_REQUIRED ana"


def test_not_before_coming_in_without_the_servers_password():
    table = Table(Settings(server=ServerSettings(password="open")))
    who = table.visit()
    who.say("NICK Ana")

    assert fail(who) == "COMPLETE_CONNECTION_REQUIRED *"
    assert who.asks("PASS open", "REGISTER * * secret")[0] == SUCCESS


def test_not_where_operators_alone_make_accounts():
    assert fail(table_with(registration=False).sit("Ana")) == "DISALLOWED *"


def test_not_where_others_can_read_along():
    assert fail(Table().sit("Ana", address="192.0.2.1")) == "INSECURE_CONNECTION *"


def test_not_without_a_nick():
    assert fail(Table().visit()) == "NEED_NICK *"


def test_not_under_another_name():
    assert fail(Table().sit("Ana"), "REGISTER Bob * secret") == "ACCOUNT_NAME_MUST_BE_NICK Bob"


def test_under_another_name_where_that_is_allowed():
    table = table_with(registration_custom_name=True)
    ana = table.sit("Ana")
    table.sit("Bob")

    assert fail(ana, "REGISTER Bob * secret") == "ACCOUNT_EXISTS Bob"
    assert fail(ana, "REGISTER b!b * secret") == "BAD_ACCOUNT_NAME b!b"
    assert ana.asks("REGISTER Eve * secret")[1].split(" ")[4] == "Eve"


def test_not_twice():
    table = Table()
    ana = table.sit("Ana")
    ana.say("REGISTER * * secret")

    ana.hears()
    assert fail(ana) == "ALREADY_AUTHENTICATED Ana"


def test_not_a_second_time_under_one_name():
    table = table_with(nick_ownership="optional")
    have(table, "Ana")

    assert fail(table.sit("aNa")) == "ACCOUNT_EXISTS aNa"


def test_not_out_from_under_the_one_who_uses_the_name():
    table = Table()
    table.sit("Ana")
    who = table.visit()
    who.say("CAP LS 302", "NICK ana")
    who.hears()

    assert fail(who) == "ACCOUNT_EXISTS ana"
    late = table.visit()
    assert " 433 " in late.asks("NICK ana")[0]
    assert fail(late) == "ACCOUNT_EXISTS ana"


@pytest.mark.parametrize(
    "nick", ["nickserv", "ChanServ", "chatapp", "operator", "Ni\u0441kServ", "\u0441hatapp"]
)
def test_not_as_the_server_or_its_services(nick):
    _, who = knocking(nick)

    assert fail(who) == f"BAD_ACCOUNT_NAME {nick}"


def test_an_address_where_one_is_needed():
    ana = table_with(registration_requires_email=True).sit("Ana")

    assert fail(ana) == "INVALID_EMAIL Ana"
    assert fail(ana, "REGISTER * ana.example.org secret") == "INVALID_EMAIL Ana"
    assert fail(ana, "REGISTER * ana\x1b]0;@example.org secret") == "INVALID_EMAIL Ana"
    assert ana.asks("REGISTER * ana@example.org secret")[0] == SUCCESS
    assert ana.table.store.held_accounts["ana"].email == "ana@example.org"


@pytest.mark.parametrize("password", ["", "   ", "p" * 401])
def test_a_password_that_can_be_none(password):
    ana = table_with(password_max_bytes=400).sit("Ana")

    assert fail(ana, f"REGISTER * * :{password}") == "UNACCEPTABLE_PASSWORD Ana"


def test_too_many_at_once_are_asked_to_come_again():
    table = Table()
    ana = table.sit("Ana")
    table.proofs.is_busy = True

    assert fail(ana) == "TEMPORARILY_UNAVAILABLE Ana"


def test_the_faster_of_two_gets_it():
    table = table_with(registration_custom_name=True)
    ana, bob = table.sit("Ana"), table.sit("Bob")

    async def slow(password):
        have(table, "Eve")
        return await type(table.proofs).create(table.proofs, password)

    table.proofs.create = slow
    assert fail(ana, "REGISTER Eve * secret") == "ACCOUNT_EXISTS Eve"
    assert bob.session.user.account == ""


def test_where_there_are_no_proofs_there_are_no_accounts():
    table = Table()
    table.world.proofs = None

    assert fail(table.sit("Ana")) == "DISALLOWED Ana"


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({}, "=before-connect"),
        ({"registration_before_connect": False}, ""),
        (
            {"registration_requires_email": True, "registration_custom_name": True},
            "=before-connect,email-required,custom-account-name",
        ),
    ],
)
def test_what_the_capability_tells(options, value):
    told = " ".join(line.partition(" :")[2] for line in table_with(**options).visit().asks("CAP LS 302"))

    assert f"draft/account-registration{value}" in told.split()


def test_the_capability_goes_with_registration():
    assert "account-registration" not in "".join(table_with(registration=False).visit().asks("CAP LS 302"))


def test_nothing_waits_to_be_verified():
    assert Table().sit("Ana").asks("VERIFY Ana 1234") == [
        ":chatapp FAIL VERIFY INVALID_CODE Ana :No account here waits to be verified"
    ]


def test_too_little_is_told_with_461():
    assert Table().sit("Ana").asks("REGISTER * secret")[0].startswith(":chatapp 461 Ana REGISTER ")


# Who hears of it


def test_those_who_share_a_room_and_ask_for_it_hear_of_a_login():
    table = Table()
    have(table, "Ana")
    ana, bob, eve = table.sit("Ana_"), table.sit("bob", "account-notify"), table.sit("eve", "account-notify")
    table.room("#tea", ana, bob)

    ana.say(*plain("Ana"))
    assert bob.hears() == [":Ana_!ana_@127.0.0.1 ACCOUNT Ana"]
    assert eve.hears() == []
    assert ana.session.user.nick == "Ana_"


def test_from_then_on_what_they_say_bears_the_account():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", "account-tag extended-join")
    ana.say("REGISTER * * secret")
    table.room("#tea", bob, ana)
    bob.hears()

    ana.say("PRIVMSG bob :hi")
    assert bob.hears() == ["@account=ana :ana!ana@127.0.0.1 PRIVMSG bob :hi"]
    ana.say("PART #tea", "JOIN #tea")
    assert bob.hears()[1] == "@account=ana :ana!ana@127.0.0.1 JOIN #tea ana :ana"


def test_whois_and_who_tell_of_the_account():
    table = Table()
    have(table, "Ana")
    inside(sit_logged_in(table, "Ana"))
    bob = table.sit("bob")

    told = bob.asks("WHOIS Ana")
    assert ":chatapp 330 bob Ana Ana :is logged in as" in told
    assert ":chatapp 307 bob Ana :is the holder of this nick" in told
    assert bob.asks("WHO Ana %na")[0] == ":chatapp 354 bob Ana Ana"


# Whose a nick is


def test_nobody_else_takes_the_name_of_an_account():
    table = Table()
    have(table, "Ana")
    bob = table.sit("bob")

    taken = "ana :This nick is registered; log in to use it"
    assert bob.asks("NICK ana") == [f":chatapp 433 bob {taken}"]
    assert table.visit().asks("NICK ana") == [f":chatapp 433 * {taken}"]
    late = table.visit()
    assert late.asks("CAP LS 302", "NICK ana", "USER a 0 * :A", "CAP END")[-1] == f":chatapp 433 * {taken}"
    assert late.asks("NICK bia")[0].startswith(":chatapp 001 bia ")


def test_anybody_may_where_that_is_configured():
    table = table_with(nick_ownership="optional")
    have(table, "Ana")
    guest = table.sit("ana")

    owner = sit_logged_in(table, "Ana")
    assert " 433 " in owner.hears()[-1]
    assert table.world.users["ana"] is guest.session.user


def test_the_owner_takes_the_nick():
    table = Table()
    have(table, "Ana")
    bob = table.sit("bob")
    bob.say(*plain("Ana"))
    bob.hears()

    assert bob.asks("NICK Ana") == [":bob!bob@127.0.0.1 NICK Ana"]


def test_a_guest_who_sits_on_it_gives_way():
    table = Table()
    guest, bob = table.sit("Ana"), table.sit("bob")
    table.room("#tea", guest, bob)
    have(table, "Ana")

    owner = inside(sit_logged_in(table, "Ana"))

    assert owner.session.user.nick == "Ana"
    assert guest.hears() == [
        ":Ana!ana@127.0.0.1 NICK Ana_",
        ":chatapp NOTICE Ana_ :Ana is registered, and its owner has come: you are Ana_ now",
    ]
    assert bob.hears() == [":Ana!ana@127.0.0.1 NICK Ana_"]
    assert guest.asks("PRIVMSG Ana :who are you?") == []
    assert owner.hears() == [":Ana_!ana@127.0.0.1 PRIVMSG Ana :who are you?"]


@pytest.mark.parametrize(
    ("nick", "why"),
    [
        ("NickServ", "a service"),
        ("chanserv", "a service"),
        ("Ni\u0441kServ", "a service"),
        ("irc.example", "the server"),
    ],
)
def test_nobody_takes_the_names_of_the_house(nick, why):
    table = Table(Settings(server=ServerSettings(name="irc.example"), accounts=AccountSettings()))
    bob = table.sit("bob")

    (line,) = bob.asks(f"NICK {nick}")
    assert line.split(" ")[1] in ("432", "433")
    if "." not in nick:
        assert line.endswith(f"This is the name of {why}")


# Direct messages


def test_a_conversation_is_the_accounts_and_not_the_nicks():
    table = table_with(nick_ownership="optional")
    bob, guest = table.sit("bob"), table.sit("ana", "batch")
    bob.say("PRIVMSG ana :to the guest")
    guest.say("QUIT")
    ana = table.sit("ana", "batch")
    ana.say("REGISTER * * secret")
    bob.say("PRIVMSG ana :to the account")
    ana.hears()

    def past(who):
        _, *inner, _ = who.asks("CHATHISTORY LATEST bob * 9")
        return [line.rpartition(":")[2] for line in inner]

    assert past(ana) == ["to the account"]
    ana.say("QUIT")
    again = inside(sit_logged_in(table, "ana", caps="batch"))
    assert past(again) == ["to the account"]
    ever = "timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z"
    targets = again.asks(f"CHATHISTORY TARGETS {ever} 9")
    assert [line.split(" ")[4] for line in targets[1:-1]] == ["bob"]
    stranger = table.sit("ana2", "batch")
    assert past(stranger) == []


def test_who_hangs_up_while_the_password_is_worked_on_leaves_nobody_behind():
    table = table_with(always_on="mandatory")
    ana = table.sit("Ana")

    async def slow(password):
        ana.leaves()
        return await type(table.proofs).create(table.proofs, password)

    table.proofs.create = slow
    ana.say("REGISTER * * secret")

    assert table.world.users == {}
    account = table.world.accounts.find("Ana")
    assert (account.user, ana.session.user.stays) == (None, False)


def test_who_has_logged_in_to_an_account_that_goes_does_not_get_the_next_of_its_name():
    table = Table()
    account = have(table, "Ana")
    waiting = table.visit()
    waiting.say("CAP REQ :sasl", *plain("Ana"), "NICK other", "USER u 0 * :r")
    drop_account(table.world, account)
    have(table, "Ana", "another password")

    waiting.say("CAP END")

    assert waiting.session.user.account == ""
