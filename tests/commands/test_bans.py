"""KLINE and what it keeps out, and everything that ends by itself: dialogues."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.commands.bans import lift_expired, parse_duration
from chatapp.commands.context import Context
from chatapp.commands.login import NotProven, log_in
from chatapp.core.account import Account
from chatapp.core.ports import AccountState, ServerBan
from chatapp.irc.line import parse_line
from chatapp.irc.scram import Verifier

SECONDS = NEW_YEAR // 1_000_000
ROOT = "root!root@192.0.2.1"


@pytest.fixture
def table():
    return Table()


def operator(table):
    person = table.sit("root", address="192.0.2.1")
    person.session.user.set_mode("o", True)
    return person


def knocks(table, nick="eve", address="203.0.113.7", account=""):
    """Someone tries to come in; give back what they heard last."""
    person = table.visit(address)
    person.session.registration.account = account
    person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    return person.hears()


def pass_time(table, seconds):
    table.later(seconds)
    lift_expired(table.world)
    table.tick()


# KLINE


def test_a_ban_ends_connections_at_once_and_keeps_out(table):
    root, ana, eve = operator(table), table.sit("ana"), table.sit("eve", address="203.0.113.7")
    table.room("#tea", ana, eve)

    assert root.asks("KLINE 203.0.113.0/24 :spam") == [
        ":chatapp NOTICE root :203.0.113.0/24 is banned for good; connections that ended: 1"
    ]
    why = "You are banned from this server: spam"
    assert eve.hears() == [f"ERROR :Closing link: {why}"]
    assert eve.closed
    assert ana.hears() == [f":eve!eve@203.0.113.7 QUIT :{why}"]
    assert knocks(table) == [f":chatapp 465 * :{why}", f"ERROR :Closing link: {why}"]
    assert knocks(table, "dora", "203.0.114.7")[0].split(" ")[1] == "001"


@pytest.mark.parametrize(
    ("mask", "nick", "address", "account", "is_out"),
    [
        ("203.0.113.7", "eve", "203.0.113.7", "", True),
        ("203.0.113.7", "eve", "203.0.113.8", "", False),
        ("2001:db8::/32", "eve", "2001:db8:7::1", "", True),
        ("203.0.113.0/24", "eve", "::ffff:203.0.113.9", "", True),
        ("203.0.113.0/24", "eve", "localhost", "", False),
        ("EVE!*@*", "eve", "203.0.113.7", "", True),
        ("eve", "eve2", "203.0.113.7", "", False),
        ("*!*@203.0.*", "eve", "203.0.113.7", "", True),
        ("*@203.0.113.0/24", "eve", "203.0.113.7", "", True),
        ("eve!*@203.0.113.0/24", "dora", "203.0.113.7", "", False),
        ("*!~eve@*", "eve", "203.0.113.7", "", True),
        ("a:eve", "dora", "203.0.113.7", "Eve", True),
        ("a:eve", "eve", "203.0.113.7", "", False),
    ],
)
def test_whom_a_ban_keeps_out(table, mask, nick, address, account, is_out):
    root = operator(table)
    root.say(f"KLINE {mask}")
    assert root.hears()[-1].split(" ")[1] == "NOTICE"

    answer = knocks(table, nick, address, account)

    assert answer[0].split(" ")[1] == ("465" if is_out else "001")


def test_one_who_has_not_come_in_yet_is_struck_by_their_address(table):
    root, visitor = operator(table), table.visit("203.0.113.7")
    other = table.visit("203.0.114.7")

    root.say("KLINE 203.0.113.7")

    assert visitor.closed
    assert not other.closed


@pytest.mark.parametrize("mask", ["203.0.113.0/24", "*!*@203.0.113.*"])
def test_a_banned_address_gets_no_further_than_its_first_line(table, mask):
    operator(table).say(f"KLINE {mask}")

    for line in ("CAP LS 302", "PING x", "REGISTER eve * secret"):
        visitor = table.visit("203.0.113.7")
        assert visitor.asks(line)[0] == ":chatapp 465 * :You are banned from this server"
        assert visitor.closed


def test_an_operator_does_not_ban_themselves(table):
    root = operator(table)

    for mask in ("192.0.2.0/24", "*", "*!*@*", "root"):
        (answer,) = root.asks(f"KLINE {mask}")
        assert answer.startswith(":chatapp FAIL KLINE MATCHES_YOURSELF ")
    assert len(table.world.bans) == 0


@pytest.mark.parametrize("mask", [":", ":a b", ":,x", "a:", f"x{'y' * 200}"])
def test_what_is_no_mask_bans_nobody(table, mask):
    root = operator(table)

    assert root.asks(f"KLINE {mask}")[0].startswith(":chatapp FAIL KLINE INVALID_MASK ")
    assert len(table.world.bans) == 0


def test_bans_are_listed_and_lifted(table):
    root = operator(table)
    root.say("KLINE 1h eve :spam", "KLINE a:Bad")
    root.hears()

    listed = [
        f":chatapp 216 root K eve!*@* {ROOT} {SECONDS + 3600} :spam",
        f":chatapp 216 root K a:Bad {ROOT} 0 :No reason given",
        ":chatapp 219 root k :End of STATS report",
    ]
    assert root.asks("KLINE") == root.asks("STATS k") == listed
    assert root.asks("UNKLINE EVE") == [":chatapp NOTICE root :eve!*@* is banned no more"]
    assert root.asks("UNKLINE eve") == [":chatapp FAIL UNKLINE NO_SUCH_BAN eve :There is no such ban"]
    assert knocks(table)[0].split(" ")[1] == "001"
    assert [ban.mask for ban in table.store.held_bans.values()] == ["a:Bad"]


def test_a_ban_of_the_same_mask_takes_its_place(table):
    root = operator(table)
    root.say("KLINE 1h eve", "KLINE Eve :for good")
    root.hears()

    assert root.asks("KLINE")[:-1] == [f":chatapp 216 root K Eve!*@* {ROOT} 0 :for good"]


def test_bans_end_and_what_is_left_survives_a_restart(table):
    root = operator(table)
    root.say("KLINE 30s eve", "KLINE 2m dora")
    pass_time(table, 29)
    assert knocks(table)[0].split(" ")[1] == "465"

    pass_time(table, 1)

    assert knocks(table)[0].split(" ")[1] == "001"
    assert "The ban of eve!*@* is over" in table.reports
    assert list(table.store.held_bans.values()) == [ServerBan("dora!*@*", ROOT, "", SECONDS, SECONDS + 120)]
    later = Table(store=table.store)
    later.later(60)
    for ban in table.store.held_bans.values():
        later.world.bans.add(ban)
    assert knocks(later, "dora")[0].split(" ")[1] == "465"
    pass_time(later, 60)
    assert knocks(later, "dora")[0].split(" ")[1] == "001"


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 5400), ("45s", 45), ("2h", 7200), ("1d12h", 129_600), ("1w", 604_800)]
)
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1y", "-1", "1h2", "1.5h", "٣"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(text)


def test_who_is_banned_by_account_cannot_log_in(table):
    root, eve = operator(table), table.sit("eve")
    root.say("KLINE a:eve")
    account = Account(AccountState("Eve", 0, Verifier(b"", 1, b"", b""), "owner"), "eve")

    with pytest.raises(NotProven, match="banned"):
        log_in(Context(table.world, eve.session, parse_line("X")), account)


def test_who_stays_without_a_connection_is_gone_too(table):
    root, ana, eve = operator(table), table.sit("ana"), table.sit("eve")
    account = table.world.accounts.add(AccountState("eve", 0, Verifier(b"", 1, b"", b""), "owner"))
    user = eve.session.user
    user.account, user.stays, account.user = "eve", True, user
    table.room("#tea", ana, eve)
    eve.say("QUIT")
    assert table.world.users["eve"] is user
    ana.hears()

    root.say("KLINE a:eve :spam")

    assert ana.hears()[-1] == ":eve!eve@127.0.0.1 QUIT :You are banned from this server: spam"
    assert "eve" not in table.world.users
    assert account.state().presence is None


# Masks of channels


def room(table, *masks, letter="b"):
    """Ana, operator of #tea, and Eve in it."""
    ana, eve = table.sit("ana"), table.sit("eve")
    table.room("#tea", ana, eve)
    for mask in masks:
        ana.say(f"MODE #tea +{letter} {mask}")
    ana.hears()
    eve.hears()
    return ana, eve


def speaks(person):
    return person.asks("PRIVMSG #tea :hi") == []


def test_a_mask_with_a_time_goes_by_a_line_of_the_servers(table):
    ana, eve = room(table, "t:60:eve!*@*")
    assert not speaks(eve)
    assert ana.asks("MODE #tea b")[0] == f":chatapp 367 ana #tea t:60:eve!*@* ana!ana@127.0.0.1 {SECONDS}"

    pass_time(table, 3599)
    assert eve.hears() == []
    pass_time(table, 1)

    assert eve.hears() == ana.hears() == [":chatapp MODE #tea -b t:60:eve!*@*"]
    assert speaks(eve)
    assert table.world.channels["#tea"].lists["b"] == []


def test_it_goes_after_a_restart_too_though_the_server_was_away_at_that_moment(table):
    room(table, "t:1:m:eve!*@*", "t:600:bob", "carla")
    later = Table(store=table.store, rooms=table.store.states.values())
    dora = later.sit("dora")
    dora.asks("JOIN #tea")

    pass_time(later, 300)

    assert dora.hears() == [":chatapp MODE #tea -b t:1:m:eve!*@*"]
    assert [entry.mask for entry in later.store.states["#tea"].lists["b"]] == ["t:600:bob!*@*", "carla!*@*"]
    pass_time(later, 36_000)
    assert dora.hears() == [":chatapp MODE #tea -b t:600:bob!*@*"]


def test_one_that_was_taken_out_or_set_anew_is_not_told_of_early(table):
    ana, _ = room(table, "t:1:eve")
    ana.asks("MODE #tea -b t:1:eve")
    pass_time(table, 30)
    ana.asks("MODE #tea +b t:1:eve")

    pass_time(table, 30)
    assert ana.hears() == []
    pass_time(table, 30)
    assert ana.hears() == [":chatapp MODE #tea -b t:1:eve!*@*"]


def test_a_room_that_ended_is_told_nothing(table):
    ana, eve = room(table, "t:1:eve")
    for person in (ana, eve):
        person.say("PART #tea")
    del table.world.channels["#tea"]

    pass_time(table, 60)

    assert table.store.states["#tea"].lists  # what ended elsewhere is not written anew


def test_the_line_is_in_the_events_of_history(table):
    ana, _ = room(table, "t:1:eve")
    pass_time(table, 60)

    assert any(
        "MODE #tea -b t:1" in line
        for line in ana.asks("CAP REQ draft/event-playback", "CHATHISTORY LATEST #tea * 5")
    )


@pytest.mark.parametrize("letter", ["b", "e", "I"])
@pytest.mark.parametrize(
    "mask", ["t:0:eve", "t::eve", "t:x:eve", "t:99999999:eve", "t:60:", "a:", "x:eve", "~a:eve"]
)
def test_what_cannot_be_a_mask_is_refused(table, letter, mask):
    ana, _ = room(table)

    assert ana.asks(f"MODE #tea +{letter} {mask}") == [
        f":chatapp 696 ana #tea {letter} {mask} :This is not a value for that mode"
    ]


def test_nobody_is_let_in_mute(table):
    ana, _ = room(table)

    assert ana.asks("MODE #tea +I m:eve")[0].split(" ")[1] == "696"


# Accounts in masks


@pytest.mark.parametrize(("mask", "account", "is_out"), [
    ("a:Bad", "bad", True), ("a:bad", "", False), ("a:*", "anyone", True), ("a:*", "", False),
    ("a:eve", "other", False), ("A:EVE", "eve", True),
])  # fmt: skip
def test_a_ban_by_account_is_never_by_nick(table, mask, account, is_out):
    ana, eve = room(table)
    eve.session.user.account = account
    assert ana.asks(f"MODE #tea +b {mask}") == [f":ana!ana@127.0.0.1 MODE #tea +b {mask}"]
    eve.hears()

    assert speaks(eve) is not is_out
    eve.say("PART #tea")
    assert eve.asks("JOIN #tea")[0].split(" ")[1] == ("474" if is_out else "JOIN")
    ana.hears()
    assert ana.asks(f"MODE #tea -b {mask.swapcase()}") == [f":ana!ana@127.0.0.1 MODE #tea -b {mask}"]


def test_an_exception_by_account_lets_them_in_and_speak(table):
    ana, eve = room(table, "*!*@*")
    eve.session.user.account = "Eve"
    assert not speaks(eve)

    ana.asks("MODE #tea +e a:eve")

    assert speaks(eve)


def test_who_is_excepted_by_account_needs_no_invitation(table):
    ana, _ = room(table)
    ana.say("MODE #tea +iI a:dora")
    dora = table.sit("dora")
    assert dora.asks("JOIN #tea")[0].split(" ")[1] == "473"

    dora.session.user.account = "Dora"

    assert dora.asks("JOIN #tea")[0].split(" ")[1] == "JOIN"


def test_a_mute_may_be_by_account(table):
    _, eve = room(table, "m:a:eve")
    assert speaks(eve)

    eve.session.user.account = "eve"

    assert eve.asks("PRIVMSG #tea :x")[0].endswith("you are muted")


def test_who_lifts_a_ban_need_not_know_for_how_long_it_was_set(table):
    ana, eve = room(table, "t:60:eve", "eve", "t:5:m:eve", "t:60:evelyn")

    assert ana.asks("MODE #tea -b EVE") == [":ana!ana@127.0.0.1 MODE #tea -bb t:60:eve!*@* eve!*@*"]
    assert ana.asks("MODE #tea -b m:eve") == [":ana!ana@127.0.0.1 MODE #tea -b t:5:m:eve!*@*"]
    assert ana.asks("MODE #tea -b t:5:evelyn") == []
    eve.hears()
    assert speaks(eve)
