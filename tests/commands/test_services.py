"""NickServ and ChanServ: what can be asked of them, and how they answer."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, plain, sit_logged_in, table_with
from dialogue import Table

from chatapp.core.settings import AccountSettings, ChannelSettings, ServiceSettings, Settings

NICKSERV = ":NickServ!NickServ@chatapp NOTICE"
CHANSERV = ":ChanServ!ChanServ@chatapp NOTICE"


def words(lines):
    """What a service answered; all of it must be its answer."""
    assert all(" NOTICE " in line and "Serv!" in line for line in lines), lines
    return [line.partition(" :")[2] for line in lines]


def with_ana(**options):
    table = table_with(**options)
    have(table, "Ana")
    return table, inside(sit_logged_in(table, "Ana"))


# How one speaks to them


@pytest.mark.parametrize(
    "line",
    ["NS INFO", "ns info", "NICKSERV INFO", "PRIVMSG NickServ :INFO", "PRIVMSG nickserv info", "NS :info"],
)
def test_old_habits_all_work(line):
    _, ana = with_ana()

    heard = ana.asks(line)
    assert heard[0] == f"{NICKSERV} Ana :Account Ana, registered 2026-01-01 00:00:00 UTC"


def test_help_lists_what_there_is():
    _, ana = with_ana()

    assert words(ana.asks("NS HELP"))[0].startswith("NickServ looks after accounts")
    assert words(ana.asks("NS help identify")) == ["IDENTIFY [account] <password>", "Logs you in."]
    listed = words(ana.asks("PRIVMSG CHANSERV :HELP"))
    assert [line.split()[0] for line in listed[1:-1]] == ["REGISTER", "INFO", "SET", "OP", "DROP"]


def test_what_is_not_understood_is_said():
    _, ana = with_ana()

    assert words(ana.asks("NS DANCE")) == ["There is no DANCE here. NickServ HELP lists what there is"]
    assert words(ana.asks("CS INFO")) == ["It is used so: INFO <channel>"]
    assert ana.asks("NS") == [":chatapp 412 Ana :No text to send"]
    assert ana.asks("NOTICE NickServ :INFO") == []


def test_an_answer_bears_the_label():
    _, ana = with_ana()
    ana.say("CAP REQ :labeled-response batch")

    (answer,) = (line for line in ana.asks("@label=7 NS DANCE"))
    assert answer.startswith(("@label=7 :chatapp CAP", f"@label=7 {NICKSERV}"))


def test_they_can_be_turned_off():
    table = Table(Settings(services=ServiceSettings(nickserv=False, chanserv=False)))
    ana = table.sit("ana")

    assert ana.asks("NS INFO") == [":chatapp 401 ana NickServ :No such nick or channel"]
    assert ana.asks("PRIVMSG ChanServ :HELP") == [":chatapp 401 ana ChanServ :No such nick or channel"]


def test_nobody_hears_or_keeps_what_is_said_to_them():
    table, ana = with_ana()
    bob = table.sit("bob")
    table.room("#tea", ana, bob)

    ana.say("PRIVMSG NickServ :IDENTIFY Ana secret")

    assert bob.hears() == []
    assert b"secret" not in repr(table.store.kept).encode()


# NickServ


def test_register_and_identify():
    table = Table()
    ana = table.sit("Ana")

    assert ana.asks("NS REGISTER secret ana@example.org") == [
        ":chatapp 900 Ana Ana!ana@127.0.0.1 Ana :You are now logged in as Ana",
        f"{NICKSERV} Ana :The account Ana is yours, and you are logged in",
    ]
    assert words(ana.asks("NS REGISTER secret")) == ["You are logged in as Ana already"]
    assert ana.asks("NS LOGOUT") == [
        ":chatapp 901 Ana Ana!ana@127.0.0.1 :You are logged out",
        f"{NICKSERV} Ana :You are logged out",
    ]
    assert words(ana.asks("NS LOGOUT")) == ["You are not logged in"]
    assert words(ana.asks("NS IDENTIFY wrong")) == ["The name or the password is wrong"]
    assert words(ana.asks("NS IDENTIFY secret")[1:]) == ["You are logged in as Ana"]
    bob = table.sit("bob")
    assert words(bob.asks("NS IDENTIFY ana secret")[1:]) == ["You are logged in as Ana"]


def test_nobody_is_logged_out_by_another_connection():
    table, ana = with_ana()
    two = inside(sit_logged_in(table, "Ana"))

    assert words(ana.asks("NS LOGOUT")) == ["Other connections share your nick; QUIT ends this one alone"]
    assert two.session.user.account == "Ana"


def test_who_hangs_up_while_the_password_is_worked_on_is_told_nothing():
    table, ana = with_ana()

    async def slow(password, salt, iterations, check):
        ana.leaves()
        return await type(table.proofs).derive(table.proofs, password, salt, iterations)

    table.proofs.derive = slow

    assert ana.asks("NS IDENTIFY secret") == []


def test_no_password_where_others_can_read_along():
    table, _ = with_ana()
    bob = table.sit("bob", address="192.0.2.1")
    why = ["Passwords are for encrypted connections only: connect with TLS"]

    assert words(bob.asks("NS IDENTIFY Ana secret")) == why
    assert words(bob.asks("NS REGISTER secret")) == why
    bob.session.user.set_mode("o", True)
    assert words(bob.asks("NS SAREGISTER Eve secret")) == why


def test_info_tells_strangers_less():
    table, ana = with_ana()
    ana.say("JOIN #tea", "CS REGISTER #tea")
    ana.hears()
    bob = table.sit("bob")

    assert words(ana.asks("NS INFO"))[1:] == [
        "E-mail: none", "MULTICLIENT: on", "ALWAYS-ON: off", "Channels: #tea",
    ]  # fmt: skip
    assert len(words(bob.asks("NS INFO ana"))) == 1
    assert words(bob.asks("NS INFO zoe")) == ["There is no account zoe"]
    assert words(bob.asks("NS INFO")) == ["You are not logged in"]


def test_multiclient_is_a_choice():
    table, ana = with_ana()

    assert words(ana.asks("NS SET MULTICLIENT OFF")) == ["MULTICLIENT is off"]
    assert " 433 " in sit_logged_in(table, "Ana").hears()[-1]
    assert table.store.held_accounts["ana"].multiclient is False
    assert words(ana.asks("NS SET multiclient on")) == ["MULTICLIENT is on"]
    inside(sit_logged_in(table, "Ana"))
    assert words(ana.asks("NS SET MULTICLIENT DEFAULT")) == ["MULTICLIENT is on"]
    assert words(ana.asks("NS SET MULTICLIENT perhaps")) == ["It is ON, OFF or DEFAULT"]
    assert words(ana.asks("NS SET COLOUR on"))[0].startswith("There is MULTICLIENT and ALWAYS-ON")


@pytest.mark.parametrize("setting", ["disabled", "mandatory"])
def test_always_on_is_no_choice_where_the_server_has_made_it(setting):
    _, ana = with_ana(always_on=setting)

    assert words(ana.asks("NS SET ALWAYS-ON TRUE")) == ["This server leaves no choice there"]


def test_a_password_is_changed_with_the_one_before():
    table, ana = with_ana()

    assert words(ana.asks("NS PASSWD wrong better")) == ["The name or the password is wrong"]
    assert words(ana.asks("NS PASSWD secret better")) == ["The password is changed"]
    assert table.visit().asks(*plain("Ana", "secret"))[1].startswith(":chatapp 904")
    assert table.visit().asks(*plain("Ana", "better"))[2].startswith(":chatapp 903")
    assert table.restarted().visit().asks(*plain("Ana", "better"))[2].startswith(":chatapp 903")


def test_too_many_at_once_are_asked_to_come_again():
    table, ana = with_ana()

    async def busy(password):
        table.proofs.is_busy = True
        return await table.proofs.derive(password, b"", 1)

    table.proofs.create = busy
    assert words(ana.asks("NS PASSWD secret better"))[0].startswith("Too many are logging in")


def test_an_account_is_given_up():
    table, ana = with_ana()
    ana.say("JOIN #tea", "CS REGISTER #tea")
    ana.hears()

    assert ana.asks("NS DROP secret") == [
        ":chatapp 901 Ana Ana!u@127.0.0.1 :You are logged out",
        f"{NICKSERV} Ana :The account Ana is no more",
    ]
    assert (ana.session.user.account, table.store.held_accounts) == ("", {})
    assert words(ana.asks("CS INFO #tea"))[1] == "It is not registered"
    assert table.visit().asks(*plain("Ana"))[1].startswith(":chatapp 904")


def test_an_operator_makes_accounts_for_others():
    table = Table(Settings(accounts=AccountSettings(registration=False)))
    ana = table.sit("ana")

    assert words(ana.asks("NS SAREGISTER Bob secret")) == ["Only an operator of the server may do this"]
    ana.session.user.set_mode("o", True)
    assert words(ana.asks("NS SAREGISTER Bob secret")) == ["The account Bob is made"]
    assert words(ana.asks("NS SAREGISTER bob secret")) == ["This name is registered already"]
    assert table.visit().asks(*plain("Bob"))[2].startswith(":chatapp 903")
    assert ana.session.user.account == ""


# ChanServ


def founded(**options):
    """Ana's registered #tea, with her and Bob in it."""
    table, ana = with_ana(**options)
    bob = table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("CS REGISTER #tea")
    for person in (ana, bob):
        person.hears()
    return table, ana, bob


def names(person, room="#tea"):
    return sorted(person.asks(f"NAMES {room}")[0].rpartition(":")[2].split())


def test_an_operator_makes_a_channel_theirs():
    table, ana = with_ana()
    bob = table.sit("bob")
    table.room("#tea", ana, bob)

    heard = ana.asks("PRIVMSG ChanServ :register #tea")
    assert heard[0] == ":Ana!u@127.0.0.1 MODE #tea +q Ana"
    assert words(heard[1:])[0].startswith("#tea is yours now")
    assert bob.hears() == [":Ana!u@127.0.0.1 MODE #tea +q Ana"]
    assert table.store.states["#tea"].founder == "Ana"


def test_not_without_an_account_or_standing_or_twice():
    table, ana, bob = founded()
    have(table, "Bob")

    assert words(ana.asks("CS REGISTER #tea")) == ["#tea is registered already"]
    bob.say("JOIN #own")
    bob.hears()
    assert words(bob.asks("CS REGISTER #own")) == ["A channel belongs to an account: log in first"]
    bob.say(*plain("Bob"), "MODE #own -o bob")
    bob.hears()
    assert words(bob.asks("CS REGISTER #own")) == ["You are not an operator of #own"]
    assert words(bob.asks("CS REGISTER #none")) == ["There is no channel #none"]


def test_not_where_channels_are_not_registered():
    table = Table(Settings(channels=ChannelSettings(registration=False)))
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    ana.say("JOIN #tea")
    ana.hears()

    assert words(ana.asks("CS REGISTER #tea")) == ["Channels are not registered on this server"]


def test_the_founder_is_that_on_coming_in_and_nobody_else_is_anything():
    _, ana, bob = founded()
    for person in (ana, bob):
        person.say("PART #tea")
        person.hears()

    bob.say("JOIN #tea")
    assert names(bob) == ["bob"]
    ana.say("JOIN #tea")

    assert ana.hears()[1] == ":chatapp 353 Ana = #tea :bob ~Ana"
    assert bob.hears() == [":Ana!u@127.0.0.1 JOIN #tea", ":chatapp MODE #tea +q Ana"]


def test_after_a_restart_all_is_there_and_the_founder_gets_in():
    table, ana, bob = founded()
    ana.say("TOPIC #tea :leaves", "MODE #tea +ib eve!*@*")

    again = table.restarted()
    bob, ana = again.sit("bob"), inside(sit_logged_in(again, "Ana"))

    assert bob.asks("JOIN #tea")[0].startswith(":chatapp 473 ")
    heard = ana.asks("JOIN #tea")
    assert heard[1] == ":chatapp 332 Ana #tea :leaves"
    assert heard[-2] == ":chatapp 353 Ana = #tea :~Ana"
    assert "eve!*@*" in ana.asks("MODE #tea b")[0]


@pytest.mark.parametrize("closed", ["+i", "+k key", "+l 1", "+b *!*@*"])
def test_the_founder_is_never_locked_out(closed):
    _, ana, bob = founded()
    ana.say("PART #tea")
    bob.session.user.set_mode("o", True)
    bob.say(f"MODE #tea {closed}")
    ana.hears()

    assert ana.asks("JOIN #tea")[0] == ":Ana!u@127.0.0.1 JOIN #tea"


def test_info():
    table, ana, bob = founded()
    assert words(bob.asks("CS INFO #TEA")) == ["#tea, since 2026-01-01 00:00:00 UTC", "Founder: Ana"]
    ana.say("MODE #tea +s")

    assert words(table.sit("eve").asks("CS INFO #tea")) == ["There is no channel #tea"]


def test_a_channel_is_handed_on():
    table, ana, bob = founded()
    have(table, "Bob")
    bob.say(*plain("Bob"))
    bob.hears()

    assert words(bob.asks("CS SET #tea FOUNDER Bob")) == ["Only the founder of #tea may do this"]
    assert words(ana.asks("CS SET #tea FOUNDER Zoe")) == ["There is no account Zoe"]
    assert words(ana.asks("CS SET #tea TOPIC x"))[0].startswith("There is FOUNDER to set")
    heard = ana.asks("CS SET #tea FOUNDER bob")
    assert heard[:2] == [":Ana!u@127.0.0.1 MODE #tea -q+o Ana Ana", ":Ana!u@127.0.0.1 MODE #tea +q bob"]
    assert table.store.states["#tea"].founder == "Bob"


def test_a_channel_is_given_up():
    table, ana, _ = founded()

    heard = ana.asks("CS DROP #tea")
    assert heard[0] == ":Ana!u@127.0.0.1 MODE #tea -q+o Ana Ana"
    assert words(heard[1:]) == ["#tea is nobody's any more"]
    assert table.store.states.get("#tea") is None or table.store.states["#tea"].founder == ""


def test_who_logs_in_late_is_given_back_what_is_theirs():
    table, ana, bob = founded()
    ana.say("QUIT")
    late = table.sit("late")
    late.say("JOIN #tea")
    late.say(*plain("Ana"))
    late.hears()

    assert late.asks("CS OP #tea")[0] == ":late!late@127.0.0.1 MODE #tea +q late"
    assert words(late.asks("CS OP #tea")) == ["late is that already"]
    assert late.asks("CS OP #tea bob")[0] == ":late!late@127.0.0.1 MODE #tea +o bob"
    assert words(bob.asks("CS OP #tea bob")) == ["Only the founder of #tea may do this"]
    assert words(late.asks("CS OP #tea zoe"))[0] == "No such nick or channel"


@pytest.mark.parametrize("line", ["CS DROP #tea", "NS DROP secret"])
def test_an_empty_channel_that_is_nobodys_any_more_ends(line):
    table, ana, bob = founded()
    for person in (ana, bob):
        person.say("PART #tea")
    assert "#tea" in table.world.channels

    ana.say(line)

    assert table.world.channels == table.store.states == {}
