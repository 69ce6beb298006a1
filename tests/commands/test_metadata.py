"""What people and channels tell of themselves, who may say it and who is told (draft/metadata-3, -2)."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, plain, sit_logged_in, table_with
from commands.scenes import METADATA_CAPS as CAPS
from commands.scenes import framed as batch
from commands.scenes import two_telling as two
from dialogue import Table

from chatapp.core.settings import MetadataSettings, Settings

# Asking and setting


@pytest.mark.parametrize("target", ["*", "ana", "ANA"])
def test_a_value_is_set_and_got(target):
    _, ana, bob = two()

    assert ana.asks(f"METADATA {target} SET url :https://example.org/ 🍵") == [
        ":chatapp 761 ana ana url * :https://example.org/ 🍵"
    ]
    assert batch(bob.asks("METADATA Ana GET url"), "ana") == ["761 bob ana url * :https://example.org/ 🍵"]
    assert bob.hears() == []


def test_get_answers_each_key_in_the_order_asked():
    _, ana, _bob = two()
    ana.say("METADATA * SET b :2", "METADATA * SET a :1")

    assert batch(ana.asks("METADATA * GET a none b"), "ana") == [
        "761 ana ana a * :1",
        "766 ana ana none :There is no value",
        "761 ana ana b * :2",
    ]


def test_list_tells_all_and_of_nothing_nothing():
    _, ana, bob = two()
    assert batch(bob.asks("METADATA ana LIST"), "ana") == []
    ana.say("METADATA * SET b :2", "METADATA * SET a :1")

    assert batch(bob.asks("METADATA ana LIST"), "ana") == ["761 bob ana b * :2", "761 bob ana a * :1"]


@pytest.mark.parametrize("line", ["METADATA * SET url", "METADATA * SET url :"])
def test_without_a_value_it_is_taken_away(line):
    _, ana, _bob = two()
    ana.say("METADATA * SET url :x")

    assert ana.asks(line) == [":chatapp 766 ana ana url :There is no value"]
    assert ana.asks(line) == [":chatapp 766 ana ana url :There is no value"]
    assert batch(ana.asks("METADATA * LIST"), "ana") == []


def test_clear_names_every_key():
    _, ana, _bob = two()
    ana.say("METADATA * SET b :2", "METADATA * SET a :1")

    assert batch(ana.asks("METADATA * CLEAR"), "ana") == [
        "766 ana ana b :There is no value",
        "766 ana ana a :There is no value",
    ]
    assert batch(ana.asks("METADATA * CLEAR"), "ana") == []


def test_operators_set_what_a_channel_tells():
    _, ana, bob = two()

    assert ana.asks("METADATA #Tea SET url :x") == [":chatapp 761 ana #tea url * :x"]
    assert batch(bob.asks("METADATA #tea LIST"), "#tea") == ["761 bob #tea url * :x"]


@pytest.mark.parametrize("target", ["ana", "#tea"])
@pytest.mark.parametrize(("asked", "key"), [("SET url :y", "url"), ("SET url", "url"), ("CLEAR", "*")])
def test_what_is_not_ones_own_one_does_not_set(target, asked, key):
    _, ana, bob = two()
    ana.say(f"METADATA {target} SET url :x", "METADATA * SUB url")
    ana.hears()

    assert bob.asks(f"METADATA {target} {asked}") == [
        f":chatapp FAIL METADATA KEY_NO_PERMISSION {target} {key} :That is not yours to say"
    ]
    assert ana.hears() == []
    assert batch(ana.asks(f"METADATA {target} GET url"), target) == [f"761 ana {target} url * :x"]


@pytest.mark.parametrize("target", ["nobody", "#none", "not,a,nick"])
@pytest.mark.parametrize("subcommand", ["GET url", "LIST", "SET url :x", "CLEAR", "SYNC"])
def test_of_what_there_is_not(target, subcommand):
    _, ana, _bob = two()

    assert ana.asks(f"METADATA {target} {subcommand}") == [
        f":chatapp FAIL METADATA INVALID_TARGET {target} :There is nobody, and no channel, of that name"
    ]


@pytest.mark.parametrize("modes", ["+s", "+i", "+k key", "+b eve!*@*"])
@pytest.mark.parametrize("subcommand", ["GET url", "LIST", "SYNC"])
def test_a_closed_channel_tells_strangers_nothing(modes, subcommand):
    table, ana, bob = two()
    eve = table.sit("eve", CAPS)
    ana.say("METADATA #tea SET url :secret")
    eve.say("METADATA * SUB url")
    assert "secret" in "".join(eve.asks(f"METADATA #tea {subcommand}"))
    ana.say(f"MODE #tea {modes}")

    assert eve.asks(f"METADATA #tea {subcommand}") == [
        ":chatapp FAIL METADATA INVALID_TARGET #tea :There is nobody, and no channel, of that name"
    ]
    bob.say("METADATA * SUB url")
    assert "secret" in "".join(bob.asks(f"METADATA #tea {subcommand}"))


@pytest.mark.parametrize("key", ["URL", "a b", "ação", "a:b", "", "k" * 33])
def test_what_is_no_key(key):
    _, ana, _bob = two()
    shown = key if key and " " not in key else "*"
    words = "A key is of a-z 0-9 _ . / -"
    fail = f"FAIL METADATA INVALID_KEY {shown} :{words}"

    if shown != "*":
        assert ana.asks(f"METADATA * SET {key} :x") == [f":chatapp {fail}"]
        assert batch(ana.asks(f"METADATA * GET {key}"), "ana") == [fail]
        assert (
            ana.asks(f"METADATA * SUB {key}") == ana.asks(f"METADATA * UNSUB {key}") == [f":chatapp {fail}"]
        )
    else:
        assert ana.asks(f"METADATA * SET :{key}") == [f":chatapp {fail}"]


@pytest.mark.parametrize("value", ["x" * 351, "ç" * 176, "x" * 480, "🍵" * 110])
def test_a_value_that_is_too_long(value):
    _, ana, _bob = two()

    assert ana.asks(f"METADATA * SET url :{value}") == [
        ":chatapp FAIL METADATA INVALID_VALUE url :A value has at most 350 bytes"
    ]
    assert batch(ana.asks("METADATA * LIST"), "ana") == []


def test_a_value_is_only_as_long_as_fits_in_a_line_to_anyone():
    table = Table()
    name = "#" + "c" * 63
    ana = table.sit("n" * 32, CAPS)
    ana.say(f"JOIN {name}", f"METADATA * SUB {'k' * 32}")

    assert ana.asks(f"METADATA {name} SET {'k' * 32} :{'v' * 350}")[0].endswith("v" * 350)
    ana.say(f"METADATA {name} SET {'k' * 32} :{'ç' * 175}")
    assert all(len(line.encode()) <= 510 for line in ana.asks(f"METADATA {name} SYNC"))


def test_there_are_only_so_many_keys():
    _, ana, _bob = two(settings=Settings(metadata=MetadataSettings(max_keys=2)))
    ana.say("METADATA * SET a :1", "METADATA * SET b :2")

    assert ana.asks("METADATA * SET c :3") == [
        ":chatapp FAIL METADATA LIMIT_REACHED ana :There are 2 keys already"
    ]
    assert ana.asks("METADATA * SET b :3") == [":chatapp 761 ana ana b * :3"]


def test_a_strange_subcommand():
    _, ana, _bob = two()

    (line,) = ana.asks("METADATA * FROB x")
    assert line.startswith(":chatapp FAIL METADATA INVALID_SUBCOMMAND FROB :There are GET, LIST, ")


def test_whois_shows_each_value_once():
    _, ana, bob = two()
    ana.say("METADATA * SET url :x y")

    assert [line for line in bob.asks("WHOIS ana") if " 760 " in line] == [":chatapp 760 bob ana url * :x y"]


# Before one is let in


def test_a_newcomer_tells_of_themselves_before_they_are_let_in():
    table = Table()
    ana = table.visit()
    ana.say(f"CAP REQ :{CAPS}")
    assert ana.asks("METADATA * SET url :x") == [":chatapp 761 * * url * :x"]
    ana.say("NICK ana")
    assert ana.asks("METADATA * SET other :y", "METADATA * SET other") == [
        ":chatapp 761 ana ana other * :y",
        ":chatapp 766 ana ana other :There is no value",
    ]
    assert ana.asks("METADATA * SUB url") == [":chatapp 770 ana url"]

    burst = ana.asks("USER ana 0 * :Ana", "CAP END")
    assert batch(burst[-3:], "ana") == ["761 ana ana url * :x"]
    assert batch(ana.asks("METADATA * LIST"), "ana") == ["761 ana ana url * :x"]


def test_of_others_a_newcomer_asks_nothing():
    table, _ana, _bob = two()
    eve = table.visit()

    (line,) = eve.asks("METADATA ana LIST")
    assert line.startswith(":chatapp FAIL METADATA INVALID_TARGET ana :")


def test_where_newcomers_must_wait():
    table = Table(Settings(metadata=MetadataSettings(before_connect=False)))
    eve = table.visit()

    assert eve.asks("METADATA * SET url :x") == [":chatapp 451 * :You have not registered"]
    assert "before-connect" not in "".join(
        word for line in eve.asks("CAP LS 302") for word in line.split(" ") if "metadata" in word
    )


def test_who_does_not_know_it_is_told_nothing_at_the_welcome():
    person = Table().visit()

    assert not any("BATCH" in line for line in person.asks("NICK ana", "USER ana 0 * :Ana"))


def test_where_there_is_none():
    _, ana, _bob = two(caps="batch", settings=Settings(metadata=MetadataSettings(enabled=False)))

    assert ana.asks("METADATA * LIST") == [":chatapp 421 ana METADATA :Unknown command"]
    assert ana.asks("CAP REQ draft/metadata-3") == [":chatapp CAP ana NAK :draft/metadata-3"]


# What lasts


def test_what_a_guest_tells_ends_with_them():
    table, ana, bob = two()
    ana.say("METADATA * SET url :x")
    ana.leaves()

    assert table.store.held_metadata == {}
    table.sit("ana", CAPS)
    assert batch(bob.asks("METADATA ana LIST"), "ana") == []


def test_what_accounts_and_channels_tell_is_kept():
    table, ana, _bob = two()
    ana.session.user.account, ana.session.user.owner = "Ana", "~ana"
    ana.say(
        "METADATA * SET url :x", "METADATA #tea SET a :1", "METADATA #tea SET b :2", "METADATA #tea SET a"
    )

    assert table.store.held_metadata == {("~ana", "url"): "x", ("#tea", "b"): "2"}


def test_a_channel_that_ends_tells_nothing_any_more():
    table, ana, bob = two()
    ana.say("METADATA #tea SET url :x")
    for person in (ana, bob):
        person.say("PART #tea")

    assert table.store.held_metadata == {}
    ana.say("JOIN #tea")
    assert batch(ana.asks("METADATA #tea LIST")[-2:], "#tea") == []


def test_on_a_full_disk_it_is_told_all_the_same_and_not_kept():
    table, ana, _bob = two()
    ana.session.user.account = "Ana"
    table.world.mute_reason = "full"

    assert ana.asks("METADATA * SET url :x") == [":chatapp 761 ana ana url * :x"]
    assert table.store.held_metadata == {}


def test_the_answer_is_labelled_as_a_whole():
    _, ana, _bob = two(caps=CAPS + " labeled-response")
    ana.say("METADATA * SET url :x")

    opening, inner, _closing = ana.asks("@label=1 METADATA * GET url")
    assert opening.startswith("@label=1 :chatapp BATCH +")
    assert inner.startswith("@batch=")


def test_what_an_account_tells_is_there_after_a_restart():
    table = table_with()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana", caps=CAPS))
    ana.say("METADATA * SET url :x")
    table = table.restarted()

    burst = sit_logged_in(table, "Ana", caps=CAPS).hears()
    assert batch(burst[-3:], "Ana") == ["761 Ana Ana url * :x"]


def test_what_one_told_as_a_guest_ones_account_tells():
    table = table_with()
    account = have(table, "Ana")
    table.world.metadata.put(account.owner, "url", "of the account")
    ana = table.sit("Ana2", CAPS + " sasl")
    ana.say("METADATA * SET url :of the guest", "METADATA * SET other :y", *plain("Ana"))

    told = [line.partition(" 761 ")[2] for line in ana.asks("METADATA * LIST") if " 761 " in line]
    assert sorted(told) == ["Ana2 Ana2 other * :y", "Ana2 Ana2 url * :of the account"]
    assert table.store.held_metadata[account.owner, "other"] == "y"
