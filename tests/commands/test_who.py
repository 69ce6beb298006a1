"""Who is in a channel, who has a nick, whom a mask finds."""

from __future__ import annotations

import pytest
from dialogue import Table

ALL_FIELDS = "tcuihsnfdlaor"


def row(nick, channel="*", flags="H", asker="ana"):
    """The 352 about someone who sat down at the table as ``nick``."""
    name = nick.lower()
    return f":chatapp 352 {asker} {channel} {name} 127.0.0.1 chatapp {nick} {flags} :0 {nick}"


def end(asked, asker="ana"):
    return f":chatapp 315 {asker} {asked} :End of WHO list"


def make_operator(person):
    person.session.user.set_mode("o", True)


# A channel


def test_every_member_is_told_with_their_prefix():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("Bob")
    table.room("#tea", ana, bob)

    assert ana.asks("WHO #tea") == [row("ana", "#tea", "H@"), row("Bob", "#tea"), end("#tea")]


def test_the_channel_is_spelled_as_it_is_and_the_end_as_it_was_asked():
    table = Table()
    ana = table.sit("ana")
    table.room("#Chá", ana)

    assert ana.asks("WHO #CHÁ") == [row("ana", "#Chá", "H@"), end("#CHÁ")]


@pytest.mark.parametrize("asked", ["#nowhere", "#", "#*", "#te?", "#a,#b", "ghost", "ana,bob", "*ghost*"])
def test_of_nobody_only_the_end_is_told(asked):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks(f"WHO {asked}") == [end(asked)]


def test_all_prefixes_show_with_multi_prefix_and_the_highest_without():
    table = Table()
    ana, bob = table.sit("ana", "multi-prefix"), table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +v ana")

    assert ana.asks("WHO #tea")[0] == row("ana", "#tea", "H@+")
    assert bob.asks("WHO #tea")[0] == row("ana", "#tea", "H@", asker="bob")


def test_flags_show_absence_then_operator_then_prefix_and_all_at_once():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", bob, ana)

    bob.say("AWAY :at lunch")
    assert ana.asks("WHO #tea")[0] == row("bob", "#tea", "G@")
    make_operator(bob)
    assert ana.asks("WHO #tea")[0] == row("bob", "#tea", "G*@")
    bob.say("AWAY", "MODE #tea -o bob")
    assert ana.asks("WHO #tea")[0] == row("bob", "#tea", "H*")
    bob.session.user.set_mode("o", False)
    assert ana.asks("WHO #tea")[0] == row("bob", "#tea", "H")


def test_a_room_that_is_remembered_but_empty_has_nobody():
    table = Table()
    ana = table.sit("ana")
    ana.say("JOIN #tea", "PRIVMSG #tea :hi", "PART #tea")

    assert ana.asks("WHO #tea") == [end("#tea")]


def test_two_hundred_members_are_all_told_once_and_in_order():
    table = Table()
    people = [table.sit(f"guest{n}") for n in range(200)]
    for person in people:
        person.say("JOIN #hall")
    asker = people[-1]

    *told, last = asker.asks("WHO #hall")

    assert last == end("#hall", asker="guest199")
    assert [line.split(" ")[7] for line in told] == [f"guest{n}" for n in range(200)]
    assert all(len(line) <= 510 for line in told)


# A nick


@pytest.mark.parametrize("asked", ["Bob", "bob", "BOB"])
def test_a_nick_is_found_in_any_case(asked):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("Bob")

    assert ana.asks(f"WHO {asked}") == [row("Bob"), end(asked)]


def test_a_nick_beyond_ascii_is_found_by_its_mapping():
    table = Table()
    ana = table.sit("ana")
    visitor = table.visit()
    visitor.say("NICK João", "USER joao 0 * :João da Silva")

    assert ana.asks("WHO JOÃO") == [
        ":chatapp 352 ana * joao 127.0.0.1 chatapp João H :0 João da Silva",
        end("JOÃO"),
    ]


# by nick or mask there is either no channel and no prefix, or both


@pytest.mark.parametrize("asked", ["bob", "b*", "*", "?ob", "0"])
def test_by_nick_or_mask_no_channel_and_no_prefix_is_shown_though_one_is_shared(asked):
    table = Table()
    ana, bob = table.sit("ana", "multi-prefix"), table.sit("bob")
    table.room("#tea", bob, ana)

    assert row("bob", "*", "H") in ana.asks(f"WHO {asked}")


@pytest.mark.parametrize("asked", ["bob", "b*"])
def test_the_same_holds_in_the_fields_of_whox(asked):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", bob, ana)

    assert ana.asks(f"WHO {asked} %cnf") == [":chatapp 354 ana * bob H", end(asked)]


# A mask


@pytest.mark.parametrize(
    "mask",
    ["b?b", "B*", "*!bob@*", "bob!*@*", "*@10.1.2.3", "10.1.*", "*.1.2.3", "*do?Café*"],
)
def test_a_mask_is_matched_with_nick_user_host_source_and_realname(mask):
    table = Table()
    ana = table.sit("ana")
    bob = table.visit("10.1.2.3")
    bob.say("NICK Bob", "USER bob 0 * :Bob do Café")

    assert ana.asks(f"WHO {mask}") == [
        ":chatapp 352 ana * bob 10.1.2.3 chatapp Bob H :0 Bob do Café",
        end(mask),
    ]


@pytest.mark.parametrize(
    ("asked", "shown"), [("WHO *", "*"), ("WHO", "*"), ("WHO :", "*"), ("WHO 0", "0"), ("WHO **", "**")]
)
def test_everyone_visible_is_found_once_however_many_channels_they_are_in(asked, shown):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    table.room("#coffee", ana, bob)

    assert ana.asks(asked) == [row("ana"), row("bob"), end(shown)]


def test_a_mask_does_not_find_the_name_of_the_server():
    ana = Table().sit("ana")

    assert ana.asks("WHO chata*") == [end("chata*")]


@pytest.mark.parametrize(
    ("asked", "shown"), [(":two words*", "*"), ("ç" * 230, "ç" * 230), ("*?" * 200, "*?" * 200), (": ", "*")]
)
def test_a_strange_mask_is_answered_with_the_end(asked, shown):
    ana = Table().sit("ana")

    assert ana.asks(f"WHO {asked}") == [end(shown)]


def test_the_flag_o_asks_for_server_operators_only():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    make_operator(bob)

    assert ana.asks("WHO * o") == [row("bob", flags="H*"), end("*")]
    assert ana.asks("WHO #tea o%nf") == [":chatapp 354 ana bob H*", end("#tea")]
    assert ana.asks("WHO ana o") == [end("ana")]


# What +i and +s hide


def test_a_mask_leaves_out_the_invisible_unless_a_channel_is_shared():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.say("MODE bob +i")
    assert ana.asks("WHO *") == [row("ana"), end("*")]
    assert ana.asks("WHO b*") == [end("b*")]

    table.room("#tea", ana, bob)

    assert ana.asks("WHO b*") == [row("bob"), end("b*")]


def test_the_invisible_find_themselves_and_answer_to_their_exact_nick():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.say("MODE bob +i")

    assert bob.asks("WHO b*") == [row("bob", asker="bob"), end("b*", asker="bob")]
    assert ana.asks("WHO BOB") == [row("bob"), end("BOB")]


def test_a_stranger_does_not_see_the_invisible_in_a_channel_and_a_member_does():
    table = Table()
    ana, bob, carol = table.sit("ana"), table.sit("bob"), table.sit("carol")
    table.room("#tea", bob, carol)
    bob.say("MODE bob +i")

    assert ana.asks("WHO #tea") == [row("carol", "#tea"), end("#tea")]
    assert carol.asks("WHO #tea")[0] == row("bob", "#tea", "H@", asker="carol")


def test_a_secret_channel_is_to_strangers_as_if_it_were_not():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", bob)
    bob.say("MODE #tea +s")

    assert ana.asks("WHO #tea") == [end("#tea")]
    assert ana.asks("WHO #tea %cn") == [end("#tea")]
    assert bob.asks("WHO #tea") == [row("bob", "#tea", "H@", asker="bob"), end("#tea", asker="bob")]


# WHOX


def test_the_fields_come_in_the_order_of_the_specification_whatever_was_asked():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    table.later(5)
    told = [":chatapp 354 ana 123 #tea ana 127.0.0.1 127.0.0.1 chatapp ana H@ 0 5 0 n/a ana"]
    told.append(":chatapp 354 ana 123 #tea bob 255.255.255.255 127.0.0.1 chatapp bob H 0 5 0 n/a bob")

    assert ana.asks(f"WHO #tea %{ALL_FIELDS},123") == [*told, end("#tea")]
    assert ana.asks(f"WHO #tea %{ALL_FIELDS[::-1]},123") == [*told, end("#tea")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("t", "0"),
        ("c", "*"),
        ("u", "bob"),
        ("i", "255.255.255.255"),
        ("h", "127.0.0.1"),
        ("s", "chatapp"),
        ("n", "Bob"),
        ("f", "H"),
        ("d", "0"),
        ("l", "0"),
        ("a", "0"),
        ("o", "n/a"),
        ("r", "Bob"),
    ],
)
def test_each_field_alone_is_answered_alone(field, value):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("Bob")

    assert ana.asks(f"WHO bob %{field}") == [f":chatapp 354 ana {value}", end("bob")]


def test_a_realname_of_several_words_stands_last_and_without_hops():
    table = Table()
    ana = table.sit("ana")
    ana.say("SETNAME :Ana Maria")

    assert ana.asks("WHO ana %nr") == [":chatapp 354 ana ana :Ana Maria", end("ana")]
    assert ana.asks("WHO ana %r") == [":chatapp 354 ana :Ana Maria", end("ana")]


@pytest.mark.parametrize(
    ("asked", "token"),
    [
        ("7", "7"),
        ("042", "042"),
        ("999", "999"),
        ("1000", "0"),
        ("", "0"),
        ("x", "0"),
        ("٣", "0"),
        ("-1", "0"),
    ],
)
def test_the_token_is_echoed_if_it_is_one(asked, token):
    ana = Table().sit("ana")

    assert ana.asks(f"WHO ana %tn,{asked}") == [f":chatapp 354 ana {token} ana", end("ana")]


def test_without_a_comma_there_is_no_token():
    ana = Table().sit("ana")

    assert ana.asks("WHO ana %nt") == [":chatapp 354 ana 0 ana", end("ana")]


@pytest.mark.parametrize("fields", ["%", "%,1", "%xyz", "nuh", "%ção"])
def test_where_no_field_is_asked_for_the_plain_answer_comes(fields):
    ana = Table().sit("ana")

    expected = [":chatapp 354 ana n/a", end("ana")] if "o" in fields else [row("ana"), end("ana")]
    assert ana.asks(f"WHO ana {fields}") == expected


def test_the_account_of_who_is_logged_in_is_shown():
    ana = Table().sit("ana")
    ana.session.user.account = "Ana"

    assert ana.asks("WHO ana %na") == [":chatapp 354 ana ana Ana", end("ana")]


def test_idle_time_counts_from_the_last_thing_said():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.later(100)
    bob.say("PRIVMSG bob :me")
    table.later(7)

    assert ana.asks("WHO bob %l") == [":chatapp 354 ana 7", end("bob")]
    table.later(-60)
    assert ana.asks("WHO bob %l") == [":chatapp 354 ana 0", end("bob")]


def test_only_oneself_and_server_operators_see_an_address():
    table = Table()
    ana, bob = table.sit("ana", address="::1"), table.sit("bob", address="10.1.2.3")

    assert ana.asks("WHO * %i")[:2] == [":chatapp 354 ana 0::1", ":chatapp 354 ana 255.255.255.255"]
    make_operator(bob)
    assert bob.asks("WHO * %i")[:2] == [":chatapp 354 bob 0::1", ":chatapp 354 bob 10.1.2.3"]


def test_whox_is_announced():
    visitor = Table().visit()
    visitor.say("NICK ana", "USER ana 0 * :Ana")

    tokens = [word for line in visitor.hears() if " 005 " in line for word in line.split(" ")]
    assert "WHOX" in tokens


# Labels


def test_a_labelled_who_is_one_batch():
    table = Table()
    ana, bob = table.sit("ana", "labeled-response batch"), table.sit("bob")
    table.room("#tea", ana, bob)

    first, *told, last = ana.asks("@label=x WHO #tea")

    batch = first.split("+")[1].split(" ")[0]
    assert first == f"@label=x :chatapp BATCH +{batch} labeled-response"
    assert told == [
        f"@batch={batch} {line}" for line in (row("ana", "#tea", "H@"), row("bob", "#tea"), end("#tea"))
    ]
    assert last == f":chatapp BATCH -{batch}"


def test_a_labelled_who_of_nobody_is_one_labelled_line():
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x WHO ghost") == [f"@label=x {end('ghost')}"]
