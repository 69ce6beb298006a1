"""Being let in, being called, being checked on, going."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.settings import LimitSettings, ServerSettings, Settings, UserSettings
from chatapp.core.world import ENTRIES
from chatapp.irc.names import visible_host

WRONG_PASSWORD = [
    ":chatapp 464 ana :The password is wrong or missing",
    "ERROR :Closing link: The password is wrong or missing",
]
TAKEN = ":chatapp 433 {} ana :The nick is in use"


def codes(lines):
    return [line.split(" ")[1] for line in lines]


def is_in(person):
    return person.session.user is not None


def locked():
    return Table(Settings(server=ServerSettings(password="sesam")))


# NICK and USER


@pytest.mark.parametrize("lines", [("NICK ana", "USER a 0 * :Ana"), ("USER a 0 * :Ana", "NICK ana")])
def test_nick_and_user_in_either_order_let_one_in(lines):
    newcomer = Table().visit()
    first, second = lines

    assert newcomer.asks(first) == []
    assert codes(newcomer.asks(second))[0] == "001"
    assert newcomer.session.user.source == "ana!a@127.0.0.1"


def test_nothing_but_registration_is_open_before_it():
    newcomer = Table().visit()

    assert newcomer.asks("JOIN #tea") == [":chatapp 451 * :You have not registered"]
    assert newcomer.asks("NICK ana", "PRIVMSG ana :hi") == [":chatapp 451 ana :You have not registered"]
    assert newcomer.asks("FOO") == [":chatapp 421 ana FOO :Unknown command"]


def test_pass_and_user_are_refused_later():
    ana = Table().sit("ana")

    assert ana.asks("PASS x", "USER a 0 * :A") == [":chatapp 462 ana :You are already registered"] * 2


@pytest.mark.parametrize("line", ["USER", "USER a", "USER a 0 *", "USER a * * :", "USER a * * :  "])
def test_user_needs_a_name_and_a_realname(line):
    assert Table().visit().asks(line) == [":chatapp 461 * USER :Not enough parameters"]


def test_user_says_461_with_the_nick_once_it_is_known():
    newcomer = Table().visit()
    newcomer.say("NICK ana")

    assert newcomer.asks("USER a * * :") == [":chatapp 461 ana USER :Not enough parameters"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [("😀", "user"), ("João", "Joao"), ("a!b@c", "abc"), ("x" * 40, "x" * 20), ("*", "user")],
)
def test_a_user_name_that_cannot_be_is_made_one_at_once(given, shown):
    newcomer = Table().visit()
    newcomer.say("NICK ana", f"USER {given} 0 * :Ana")

    assert newcomer.session.user.source == f"ana!{shown}@127.0.0.1"


def test_a_realname_is_cut_between_characters():
    newcomer = Table(Settings(limits=LimitSettings(realname_length=4))).visit()
    newcomer.say("NICK ana", "USER a 0 * :ação")

    assert newcomer.session.user.realname == "aç"


def test_what_is_said_last_of_oneself_counts():
    newcomer = Table().visit()
    newcomer.say("NICK ana", "NICK bob", "USER b 0 * :B")

    assert newcomer.session.user.nick == "bob"


def test_a_nick_that_cannot_be_one_is_refused_and_a_valid_one_completes():
    newcomer = Table().visit()

    assert newcomer.asks("NICK *") == [":chatapp 432 * * :This cannot be a nick"]
    assert newcomer.asks("USER a 0 * :Ana") == []
    assert codes(newcomer.asks("NICK ana"))[0] == "001"


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_an_empty_nick_is_none(line):
    newcomer = Table().visit()

    assert newcomer.asks(line, "USER a 0 * :A") == [":chatapp 431 * :No nick given"]
    assert not is_in(newcomer)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("#tea", "#tea"), ("a b", "*"), (":::", "*"), ("1ana", "1ana"), ("@ana", "@ana"), ("x" * 33, "x" * 33)],
)
def test_odd_nicks_are_named_in_the_refusal_as_far_as_they_can_be(given, shown):
    assert Table().sit("ana").asks(f"NICK :{given}") == [f":chatapp 432 ana {shown} :This cannot be a nick"]


# Two who want one nick


def test_a_nick_in_use_is_refused_at_once_and_case_does_not_matter():
    table = Table()
    table.sit("ana")
    newcomer = table.visit()

    assert newcomer.asks("NICK ANA") == [":chatapp 433 * ANA :The nick is in use"]
    assert newcomer.asks("USER a 0 * :A") == []


def test_of_two_strangers_with_one_nick_exactly_one_gets_in():
    table = Table()
    first, second = table.visit(), table.visit()
    assert first.asks("NICK ana") == second.asks("NICK ana") == []

    assert codes(second.asks("USER b 0 * :B"))[0] == "001"
    assert first.asks("USER a 0 * :A") == [TAKEN.format("*")]
    assert codes(first.asks("NICK bob"))[0] == "001"


def test_a_nick_taken_between_nick_and_cap_end_is_refused_at_the_end():
    table = Table()
    slow = table.visit()
    slow.say("CAP LS 302", "NICK ana", "USER a 0 * :A")
    slow.hears()
    ana = table.sit("ana")

    assert slow.asks("CAP END") == [TAKEN.format("*")]
    assert table.world.users["ana"] is ana.session.user
    assert slow.asks("CAP END") == []
    assert codes(slow.asks("NICK bia"))[0] == "001"


def test_who_only_said_a_nick_does_not_hold_it():
    table = Table()
    visitor = table.visit()
    visitor.say("NICK ana", "QUIT")

    assert is_in(table.sit("ANA"))


# PASS


def test_the_right_password_opens():
    newcomer = locked().visit()

    assert codes(newcomer.asks("PASS sesam", "NICK ana", "USER a 0 * :A"))[0] == "001"


@pytest.mark.parametrize("lines", [("PASS sesamo",), ("PASS :",), ("PASS sésame",), ()])
def test_a_wrong_or_missing_password_ends_it(lines):
    table = locked()
    newcomer = table.visit()

    assert newcomer.asks(*lines, "NICK ana", "USER a 0 * :A") == WRONG_PASSWORD
    assert newcomer.closed
    assert not is_in(newcomer)
    assert not table.world.users


def test_a_password_after_nick_and_user_is_too_late():
    newcomer = locked().visit()

    assert newcomer.asks("NICK ana", "USER a 0 * :A") == WRONG_PASSWORD
    assert newcomer.closed


def test_a_password_is_asked_for_also_at_cap_end_and_with_a_label():
    newcomer = locked().visit()
    newcomer.say("CAP REQ :labeled-response batch", "NICK ana", "USER a 0 * :A")

    assert newcomer.asks("@label=x CAP END") == [f"@label=x {WRONG_PASSWORD[0]}", WRONG_PASSWORD[1]]


def test_pass_needs_a_password():
    assert Table().visit().asks("PASS") == [":chatapp 461 * PASS :Not enough parameters"]


# NICK later


def test_a_new_nick_is_told_once_to_oneself_and_to_all_one_meets():
    table = Table()
    ana, bob, eve = table.sit("ana"), table.sit("bob"), table.sit("eve")
    table.room("#tea", ana, bob)
    table.room("#milk", ana, bob)

    assert ana.asks("NICK Bia") == [":ana!ana@127.0.0.1 NICK Bia"]
    assert bob.hears() == [":ana!ana@127.0.0.1 NICK Bia"]
    assert eve.hears() == []
    assert ana.session.user.source == "Bia!ana@127.0.0.1"


def test_a_new_nick_with_a_label_comes_from_the_old_one():
    table = Table()
    ana = table.sit("ana", "labeled-response batch")
    table.room("#tea", ana)

    assert ana.asks("@label=1 NICK bia") == ["@label=1 :ana!ana@127.0.0.1 NICK bia"]


def test_the_same_nick_says_nothing_to_anyone():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks("NICK ana") == []
    assert bob.hears() == []


def test_another_case_of_the_own_nick_is_told_and_leaves_no_trace_in_whowas():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks("NICK Ana") == bob.hears() == [":ana!ana@127.0.0.1 NICK Ana"]
    assert ana.asks("WHOWAS ana")[0] == ":chatapp 406 Ana ana :There was no such nick"


@pytest.mark.parametrize("wanted", ["bob", "BOB"])
def test_a_taken_nick_is_one_line_and_one_keeps_ones_own(wanted):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks(f"NICK {wanted}") == [f":chatapp 433 ana {wanted} :The nick is in use"]
    assert bob.asks("PRIVMSG ana :still you?") == []
    assert ana.hears() == [":bob!bob@127.0.0.1 PRIVMSG ana :still you?"]


def test_a_nick_is_free_as_soon_as_it_is_given_up_or_left_in_any_case():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    ana.say("NICK bia")
    assert bob.asks("NICK ANA") == [":bob!bob@127.0.0.1 NICK ANA"]

    bob.say("QUIT")
    assert is_in(table.sit("aNa"))


def test_names_of_any_script_are_nicks_and_compared_folded():
    table = Table()
    table.sit("João")

    assert table.visit().asks("NICK JOÃO") == [":chatapp 433 * JOÃO :The nick is in use"]


# Silence, and what comes of settings


def test_who_has_come_in_hears_nothing_that_they_did_not_ask_for():
    table = Table()
    ana = table.sit("ana")

    bob = table.sit("bob")
    bob.leaves()

    assert ana.hears() == []


def test_default_modes_are_told_at_the_end_of_the_welcome():
    newcomer = Table(Settings(users=UserSettings(default_modes="i"))).visit()

    assert newcomer.asks("NICK ana", "USER a 0 * :A")[-1] == ":chatapp MODE ana +i"


def test_too_many_lines_before_registration_end_it():
    newcomer = Table(Settings(limits=LimitSettings(registration_lines=2))).visit()

    assert newcomer.asks("PONG", "PONG", "PONG") == [
        "ERROR :Closing link: Too much was said before registration"
    ]
    assert newcomer.closed


def test_the_house_is_told_who_comes_and_goes():
    table = Table()
    ana = table.sit("ana", address="10.0.0.7")
    ana.say("QUIT :bye")

    assert table.reports == ["ana came in from 10.0.0.7", "ana left: Quit: bye"]


def test_an_address_that_begins_with_a_colon_is_written_so_that_it_can_stand_in_a_line():
    assert [visible_host(a) for a in ("::1", "10.0.0.1", "fe80::1")] == ["0::1", "10.0.0.1", "fe80::1"]
    ana = Table().sit("ana", address="::1")
    assert ana.session.user.source == "ana!ana@0::1"


def test_the_house_reads_no_reason_where_none_was_given():
    table = Table()
    table.sit("ana", address="10.0.0.7").say("QUIT")

    assert table.reports[-1] == "ana left"


def enters(table, password, nick, address):
    newcomer = table.visit(address)
    return codes(newcomer.asks(f"PASS {password}", f"NICK {nick}", "USER a 0 * :A"))[0] == "001"


def test_who_guesses_the_servers_password_too_often_waits_a_minute():
    table = locked()
    for number in range(ENTRIES):
        assert not enters(table, f"guess{number}", "eve", "192.0.2.1")
    newcomer = table.visit("192.0.2.1")
    words = "Too many wrong passwords from your address; try again in a minute"
    assert newcomer.asks("PASS sesam", "NICK eve", "USER a 0 * :A") == [
        f":chatapp 464 eve :{words}",
        f"ERROR :Closing link: {words}",
    ]

    assert enters(table, "sesam", "ana", "192.0.2.2")
    table.later(60)
    assert enters(table, "sesam", "eve", "192.0.2.1")


def test_who_gives_none_or_is_on_this_machine_is_not_counted():
    table = locked()
    for _ in range(ENTRIES + 1):
        table.visit("192.0.2.1").say("NICK eve", "USER a 0 * :A")
        assert not enters(table, "guess", "eve", "127.0.0.1")
    assert enters(table, "sesam", "eve", "192.0.2.1")
    assert enters(table, "sesam", "bob", "127.0.0.1")


def test_an_account_is_no_way_to_guess_it_either():
    table = locked()
    for number in range(ENTRIES):
        table.visit("192.0.2.1").say(f"PASS guess{number}", "NICK eve", "REGISTER * * secret")
    assert not enters(table, "sesam", "eve", "192.0.2.1")


def test_the_servers_password_is_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(one, other):
        compared.append({one, other})
        return one == other

    monkeypatch.setattr("chatapp.commands.login.hmac.compare_digest", compare)
    assert enters(locked(), "sesam", "ana", "192.0.2.1")
    assert not enters(locked(), "sesum", "ana", "192.0.2.1")
    assert compared == [{b"sesam"}, {b"sesam", b"sesum"}]
