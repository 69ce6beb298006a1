"""All that may be known of someone who is here, or was."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.settings import LimitSettings, ServerSettings, Settings

#: When everyone at the table sat down.
SIGNED_ON = NEW_YEAR // 1_000_000
END = ":chatapp 318 ana bob :End of WHOIS list"


def codes(lines):
    return [line.split(" ")[1] for line in lines]


# WHOIS


def test_a_stranger_is_told_of_in_five_lines():
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("Bob", address="10.1.2.3")

    assert ana.asks("WHOIS bob") == [
        ":chatapp 311 ana Bob bob 10.1.2.3 * :Bob",
        ":chatapp 312 ana Bob chatapp :a chatapp server",
        f":chatapp 317 ana Bob 0 {SIGNED_ON} :seconds idle, signon time",
        END,
    ]


@pytest.mark.parametrize(
    "asked", ["bob", "chatapp bob", "bob bob", "elsewhere bob", "ana bob", "bob :", "* bob", "x :bob"]
)
def test_a_server_or_a_nick_may_stand_before_the_nick(asked):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")

    told = ana.asks(f"WHOIS {asked}")

    assert told[0] == ":chatapp 311 ana bob bob 127.0.0.1 * :bob"
    assert told[-1] == END


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("ghost", "ghost"),
        ("ghost ghost", "ghost"),
        ("#tea", "#tea"),
        ("*", "*"),
        ("bob,ana", "bob,ana"),
        (":a b", "*"),
        (": ", "*"),
        ("ç" * 200, "ç" * 200),
    ],
)
def test_of_nobody_there_is_401_and_then_the_end(asked, shown):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")

    assert ana.asks(f"WHOIS {asked}") == [
        f":chatapp 401 ana {shown} :No such nick or channel",
        f":chatapp 318 ana {shown} :End of WHOIS list",
    ]


@pytest.mark.parametrize("asked", ["WHOIS", "WHOIS :"])
def test_whois_needs_a_nick(asked):
    assert Table().sit("ana").asks(asked) == [":chatapp 431 ana :No nick given"]


# only these numerics may appear


def test_whois_says_nothing_but_what_every_client_knows():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    bob.say("AWAY :at lunch", "MODE bob +i")
    ana.session.user.set_mode("o", True)
    bob.session.user.set_mode("o", True)
    bob.session.user.account = "Bob"

    assert codes(ana.asks("WHOIS bob")) == [
        "311", "319", "312", "301", "313", "307", "330", "379", "338", "317", "318",
    ]  # fmt: skip


def test_without_an_account_whois_names_none():
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")

    assert not {"307", "330", "301", "313", "319", "338"} & set(codes(ana.asks("WHOIS bob")))


def test_the_account_is_told_once_in_four_parameters():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.session.user.account = "Roberto"

    told = ana.asks("WHOIS bob")

    assert told.count(":chatapp 330 ana bob Roberto :is logged in as") == 1
    assert codes(told).count("330") == 1


def test_an_operator_and_the_absent_are_told_as_such():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.session.user.set_mode("o", True)
    bob.say("AWAY :no almoço")

    told = ana.asks("WHOIS bob")

    assert ":chatapp 313 ana bob :is a server operator" in told
    assert told.count(":chatapp 301 ana bob :no almoço") == 1


def test_the_address_is_shown_to_oneself_and_to_operators():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", address="::1")
    line = "bob bob@0::1 0::1 :is actually using host"
    assert "338" not in codes(ana.asks("WHOIS bob"))

    assert f":chatapp 338 bob {line}" in bob.asks("WHOIS bob")
    ana.session.user.set_mode("o", True)
    assert f":chatapp 338 ana {line}" in ana.asks("WHOIS bob")


def test_idle_time_counts_from_the_last_thing_said_and_never_backwards():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.later(100)
    bob.say("PRIVMSG ana :hi")
    table.later(7)
    line = f"{SIGNED_ON} :seconds idle, signon time"

    assert f":chatapp 317 ana bob 7 {line}" in ana.asks("WHOIS bob")
    table.later(-50)
    assert f":chatapp 317 ana bob 0 {line}" in ana.asks("WHOIS bob")


def test_a_server_without_a_description_gives_its_name():
    ana = Table(Settings(server=ServerSettings(description=""))).sit("ana")

    assert ":chatapp 312 ana ana chatapp :chatapp" in ana.asks("WHOIS ana")


# The channels of WHOIS


def test_channels_stand_with_their_prefixes_and_one_blank_between():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", bob)
    table.room("#coffee", ana, bob)

    assert ":chatapp 319 ana bob :@#tea #coffee" in ana.asks("WHOIS bob")


def test_all_prefixes_show_with_multi_prefix_and_the_highest_without():
    table = Table()
    ana, bob = table.sit("ana", "multi-prefix"), table.sit("bob")
    table.room("#tea", bob)
    bob.say("MODE #tea +v bob")

    assert ":chatapp 319 ana bob :@+#tea" in ana.asks("WHOIS bob")
    assert ":chatapp 319 bob bob :@#tea" in bob.asks("WHOIS bob")


def test_many_channels_take_several_lines_that_fit():
    table = Table()
    ana = table.sit("ana")
    names = [f"#{'canção' * 7}{n}" for n in range(20)]
    for name in names:
        ana.say(f"JOIN {name}")

    told = [line for line in ana.asks("WHOIS ana") if " 319 " in line]

    assert len(told) > 1
    assert all(len(line.encode()) <= 510 for line in told)
    listed = " ".join(line.removeprefix(":chatapp 319 ana ana :") for line in told)
    assert listed.split(" ") == [f"@{name}" for name in names]


def test_a_secret_channel_shows_to_its_members_only():
    table = Table()
    ana, bob, carol = table.sit("ana"), table.sit("bob"), table.sit("carol")
    table.room("#tea", bob)
    table.room("#den", bob, carol)
    bob.say("MODE #den +s")

    assert ":chatapp 319 ana bob :@#tea" in ana.asks("WHOIS bob")
    assert ":chatapp 319 carol bob :@#tea @#den" in carol.asks("WHOIS bob")
    assert ":chatapp 319 bob bob :@#tea @#den" in bob.asks("WHOIS bob")


def test_who_is_only_in_secret_channels_seems_to_be_in_none():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#den", bob)
    bob.say("MODE #den +s")

    assert "319" not in codes(ana.asks("WHOIS bob"))


def test_the_channels_of_the_invisible_show_only_to_those_who_share_one():
    table = Table()
    ana, bob, carol = table.sit("ana"), table.sit("bob"), table.sit("carol")
    table.room("#tea", bob, carol)
    bob.say("MODE bob +i")

    assert codes(ana.asks("WHOIS bob")) == ["311", "312", "317", "318"]
    assert ":chatapp 319 carol bob :@#tea" in carol.asks("WHOIS bob")
    assert ":chatapp 319 bob bob :@#tea" in bob.asks("WHOIS bob")


def test_a_labelled_whois_is_one_batch():
    table = Table()
    ana, _bob = table.sit("ana", "labeled-response batch"), table.sit("bob")

    first, *told, last = ana.asks("@label=x WHOIS bob")

    batch = first.split("+")[1].split(" ")[0]
    assert first == f"@label=x :chatapp BATCH +{batch} labeled-response"
    assert all(line.startswith(f"@batch={batch} :chatapp 3") for line in told)
    assert len(told) == 4
    assert last == f":chatapp BATCH -{batch}"


# WHOWAS


def was(nick, time="00:00:00", realname=None):
    return [
        f":chatapp 314 ana {nick} {nick.lower()} 127.0.0.1 * :{realname or nick}",
        f":chatapp 312 ana {nick} chatapp :2026-01-01 {time} UTC",
    ]


def end(asked):
    return f":chatapp 369 ana {asked} :End of WHOWAS"


def generations(table, count):
    """People who came as bob and went, an hour apart."""
    for n in range(count):
        bob = table.sit("bob")
        bob.say(f"SETNAME :Bob {n}", "QUIT")
        table.later(3600)


def test_who_quits_is_remembered_at_once_in_any_case():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("Bob")

    bob.say("QUIT")

    assert ana.asks("WHOWAS BOB") == [*was("Bob"), end("BOB")]


def test_who_changes_nick_is_remembered_by_the_old_one():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    bob.say("NICK rob")

    assert ana.asks("WHOWAS bob") == [*was("bob"), end("bob")]


def test_the_latest_comes_first():
    table = Table()
    ana = table.sit("ana")
    generations(table, 3)

    assert ana.asks("WHOWAS bob") == [
        *was("bob", "02:00:00", "Bob 2"),
        *was("bob", "01:00:00", "Bob 1"),
        *was("bob", "00:00:00", "Bob 0"),
        end("bob"),
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("9" * 30, 3),
        ("0", 3),
        ("-1", 3),
        ("-99", 3),
        ("x", 3),
        (":", 3),
        ("²", 3),
    ],
)
def test_a_count_limits_and_none_or_less_means_all(count, told):
    table = Table()
    ana = table.sit("ana")
    generations(table, 3)

    assert codes(ana.asks(f"WHOWAS bob {count}")) == ["314", "312"] * told + ["369"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("ghost", "ghost"), ("bob", "bob"), ("*", "*"), ("b*", "b*"), (":a b", "*"), ("ç" * 200, "ç" * 200)],
)
def test_of_someone_who_never_was_there_is_406_and_then_the_end(asked, shown):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")

    assert ana.asks(f"WHOWAS {asked}") == [f":chatapp 406 ana {shown} :There was no such nick", end(shown)]


@pytest.mark.parametrize("asked", ["WHOWAS", "WHOWAS :"])
def test_whowas_needs_a_nick(asked):
    assert Table().sit("ana").asks(asked) == [":chatapp 431 ana :No nick given"]


def test_only_so_many_are_remembered():
    table = Table(Settings(limits=LimitSettings(whowas_entries=2)))
    ana = table.sit("ana")
    generations(table, 3)

    assert codes(ana.asks("WHOWAS bob")) == ["314", "312", "314", "312", "369"]


def test_a_labelled_whowas_is_one_batch():
    table = Table()
    ana, bob = table.sit("ana", "labeled-response batch"), table.sit("bob")
    bob.say("QUIT")

    first, *told, last = ana.asks("@label=x WHOWAS bob")

    assert first.startswith("@label=x :chatapp BATCH +")
    assert [line.split(" ")[2] for line in told] == ["314", "312", "369"]
    assert last.startswith(":chatapp BATCH -")


def test_who_is_encrypted_on_all_their_connections_is_told_of_as_such():
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")
    secure = ":chatapp 671 ana bob :is using a secure connection"

    assert secure not in ana.asks("WHOIS bob")
    table.world.users["bob"].sessions[0].is_secure = True
    assert secure in ana.asks("WHOIS bob")
