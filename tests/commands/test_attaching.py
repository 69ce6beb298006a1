"""Several connections, one nick: what the second hears on coming in, and what each hears of the others."""

from __future__ import annotations

from commands.account_scenes import have, inside, plain, sit_logged_in, table_with
from dialogue import Table
from instant_proofs import verifier_of

TAGS = "message-tags"


def shared(caps="", **options):
    """Ana with one connection, Bob with her in #tea, and her account."""
    table = table_with(**options)
    have(table, "Ana")
    bob = table.sit("bob", caps)
    one = inside(sit_logged_in(table, "Ana", caps=caps))
    table.room("#tea", bob, one)
    return table, bob, one


def both(caps="", **options):
    table, bob, one = shared(caps, **options)
    two = inside(sit_logged_in(table, "Ana", caps=caps))
    assert (bob.hears(), one.hears()) == ([], [])
    return table, bob, one, two


def test_the_second_is_told_where_they_are():
    table, bob, one = shared()
    bob.say("TOPIC #tea :leaves")
    for person in (bob, one):
        person.hears()

    two = sit_logged_in(table, "Ana")

    told = [line for line in two.hears() if line.split(" ")[1] not in "002 003 004 005 251 252 253 254 255"]
    assert told[0].startswith(":chatapp 001 Ana ")
    assert told[-6:] == [
        ":chatapp 422 Ana :There is no message of the day",
        ":Ana!u@127.0.0.1 JOIN #tea",
        ":chatapp 332 Ana #tea :leaves",
        f":chatapp 333 Ana #tea bob!bob@127.0.0.1 {table.world.began}",
        ":chatapp 353 Ana = #tea :@bob Ana",
        ":chatapp 366 Ana #tea :End of NAMES list",
    ]
    assert (bob.hears(), one.hears()) == ([], [])
    assert table.world.user("Ana").sessions == [one.session, two.session]


def test_under_another_nick_they_are_somebody_else():
    table, _bob, one = shared()

    other = inside(sit_logged_in(table, "Ana", nick="Ana_phone"))

    assert other.session.user is not one.session.user
    assert other.session.user.account == "Ana"


def test_a_shared_nick_need_not_be_the_accounts_name():
    table = Table()
    have(table, "Ana")
    one = inside(sit_logged_in(table, "Ana", nick="teapot"))

    two = inside(sit_logged_in(table, "Ana", nick="TEAPOT"))

    assert two.session.user is one.session.user


def test_what_is_said_in_a_room_reaches_both_with_one_id():
    _, bob, one, two = both(TAGS)

    bob.say("PRIVMSG #tea :hello")

    heard = one.hears()
    assert heard == two.hears()
    assert "msgid=" in heard[0]


def test_a_direct_message_reaches_both_with_one_id():
    _, bob, one, two = both(TAGS)

    bob.say("@+x=1 PRIVMSG Ana :hello", "@+y=2 TAGMSG Ana")

    heard = one.hears()
    assert heard == two.hears()
    assert [line.split(" ")[2:] for line in heard] == [["PRIVMSG", "Ana", ":hello"], ["TAGMSG", "Ana"]]


def test_what_one_says_the_other_sees():
    _, bob, one, two = both(TAGS)

    one.say("PRIVMSG #tea :to all", "PRIVMSG bob :to you", "@+x=1 TAGMSG bob", "NOTICE bob :note")

    seen = two.hears()
    assert [line.split(" ", 3)[2:] for line in seen] == [
        ["PRIVMSG", "#tea :to all"],
        ["PRIVMSG", "bob :to you"],
        ["TAGMSG", "bob"],
        ["NOTICE", "bob :note"],
    ]
    assert seen == bob.hears()
    assert one.hears() == []


def test_what_one_says_to_themselves_comes_once_to_each():
    _, _, one, two = both()

    one.say("PRIVMSG Ana :note to self")

    assert one.hears() == two.hears() == [":Ana!u@127.0.0.1 PRIVMSG Ana :note to self"]


def test_what_one_joins_the_other_is_in():
    _table, _, one, two = both()

    one.say("JOIN #new")

    expected = [
        ":Ana!u@127.0.0.1 JOIN #new",
        ":chatapp 353 Ana = #new :@Ana",
        ":chatapp 366 Ana #new :End of NAMES list",
    ]
    assert one.hears() == two.hears() == expected
    one.say("PART #new :bye")
    assert one.hears() == two.hears() == [":Ana!u@127.0.0.1 PART #new bye"]


def test_a_new_nick_is_told_to_both():
    _, bob, one, two = both()

    one.say("NICK Bia")

    assert one.hears() == two.hears() == bob.hears() == [":Ana!u@127.0.0.1 NICK Bia"]


def test_nobody_sees_one_of_several_quit():
    _, bob, one, two = both()

    one.say("QUIT :one out")

    assert one.hears() == ["ERROR :Closing link: Quit: one out"]
    assert (bob.hears(), two.hears()) == ([], [])
    two.say("QUIT :two out")
    assert bob.hears() == [":Ana!u@127.0.0.1 QUIT :Quit: two out"]


def test_they_are_away_when_all_are():
    table, bob, one, two = both("away-notify")
    ana = table.world.user("Ana")

    assert one.asks("AWAY :lunch") == [":chatapp 306 Ana :You have been marked as being away"]
    assert (ana.away, bob.hears(), two.hears()) == ("", [], [])
    two.say("AWAY :walk")
    assert (ana.away, bob.hears()) == ("walk", [":Ana!u@127.0.0.1 AWAY :walk"])
    one.say("AWAY")
    assert (ana.away, bob.hears()) == ("", [":Ana!u@127.0.0.1 AWAY"])


def test_who_is_left_may_be_the_one_who_is_away():
    table, bob, one, two = both("away-notify")
    one.say("AWAY :lunch")

    two.say("QUIT")

    assert bob.hears() == [":Ana!u@127.0.0.1 AWAY :lunch"]
    inside(sit_logged_in(table, "Ana"))
    assert bob.hears() == [":Ana!u@127.0.0.1 AWAY"]


def test_whoever_wants_one_connection_has_one():
    table, _bob, one = shared(multiclient=False)

    late = sit_logged_in(table, "Ana")

    assert late.hears() == [
        ":chatapp 433 * Ana :You are connected already, and your account allows one connection"
    ]
    one.say("QUIT")
    assert late.asks("NICK Ana")[0].startswith(":chatapp 001 Ana ")


def test_a_choice_of_ones_own_counts_more_than_the_setting():
    table, _, one = shared(multiclient=False)
    table.world.accounts.find("Ana").multiclient = True

    assert inside(sit_logged_in(table, "Ana")).session.user is one.session.user


def test_a_late_login_attaches_at_the_next_nick():
    """Who asked for the nick before logging in, and was refused, may ask again."""
    table, _, one = shared()
    late = table.visit()
    assert " 433 " in late.asks("NICK Ana")[0]
    late.say("AUTHENTICATE PLAIN", "AUTHENTICATE AEFuYQBzZWNyZXQ=", "USER u 0 * :r")
    late.hears()

    assert late.asks("NICK Ana")[0].startswith(":chatapp 001 Ana ")
    assert late.session.user is one.session.user


def test_capabilities_are_each_connections_own():
    table, bob, one = shared()
    two = inside(sit_logged_in(table, "Ana", caps="server-time"))

    bob.say("PRIVMSG #tea :hello")

    assert one.hears() == [":bob!bob@127.0.0.1 PRIVMSG #tea :hello"]
    assert two.hears()[0].startswith("@time=")


def test_the_servers_own_console_is_an_operator_by_any_door():
    table, _bob, one = shared()
    late = table.visit()
    late.session.registration.modes = "o"
    late.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE AEFuYQBzZWNyZXQ=")
    late.say("NICK Ana", "USER u 0 * :r", "CAP END")

    assert one.session.user.is_operator


def test_the_join_that_one_is_told_is_the_one_that_all_have_heard():
    table, _bob, one = shared(TAGS)
    one.say("JOIN #new")
    joined = one.hears()[0]

    two = sit_logged_in(table, "Ana", caps=TAGS)
    assert joined in two.hears()
    one.say("NICK Bia")
    three = sit_logged_in(table, "Ana", nick="Bia", caps=TAGS)
    (again,) = (line for line in three.hears() if line.endswith(" JOIN #new"))
    assert again.split(" ")[0] != joined.split(" ")[0]


def test_who_share_a_nick_whose_account_has_gone_can_make_it_anew():
    _table, _bob, one, two = both()
    one.say("NS DROP secret")
    one.hears()

    assert one.asks("REGISTER * * better")[0].startswith(":chatapp REGISTER SUCCESS Ana ")
    assert two.session.user.account == "Ana"


def test_one_who_makes_an_account_while_the_other_logs_in_is_told_so():
    table, _bob, one, two = both()
    one.say("NS DROP secret")
    have(table, "Eve")

    async def slow(password):
        two.say(*plain("Eve"))
        return verifier_of(password)

    table.proofs.create = slow
    one.hears()
    assert one.asks("REGISTER * * better")[-1].startswith(
        ":chatapp FAIL REGISTER ALREADY_AUTHENTICATED Ana :Other connections share your nick"
    )
    assert one.session.user.account == "Eve"
