"""How far one has read: told, noted, never back, the same for all one's connections (draft/read-marker)."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, plain, sit_logged_in, table_with
from dialogue import Table

from chatapp.core.markers import MOST, Markers
from chatapp.core.stamp import time_of

AT_NOON = "timestamp=2026-01-01T12:00:00.123Z"
LATER = "timestamp=2026-01-02T12:00:00.000Z"


def alone(caps="draft/read-marker"):
    table = Table()
    ana = table.sit("ana", caps)
    return table, ana


def twice(table, ana, caps="draft/read-marker"):
    """Another connection of Ana's, as one with an account has."""
    other = table.visit()
    ana.session.user.attach(other.session)
    other.session.negotiate(frozenset(caps.split()))
    return other


@pytest.mark.parametrize("target", ["#tea", "bob", "#never-was", "ana"])
def test_of_what_was_never_read_there_is_a_star(target):
    _, ana = alone()

    assert ana.asks(f"MARKREAD {target}") == [f":chatapp MARKREAD {target} *"]


def test_it_is_noted_and_told():
    _, ana = alone()

    assert ana.asks(f"MARKREAD bob {AT_NOON}") == [f":chatapp MARKREAD bob {AT_NOON}"]
    assert ana.asks("MARKREAD BOB") == [f":chatapp MARKREAD BOB {AT_NOON}"]


def test_it_never_goes_back():
    _, ana = alone()
    ana.say(f"MARKREAD #tea {LATER}")

    assert ana.asks(f"MARKREAD #tea {AT_NOON}") == [f":chatapp MARKREAD #tea {LATER}"]
    assert ana.asks(f"MARKREAD #tea {LATER}") == [f":chatapp MARKREAD #tea {LATER}"]


def test_what_is_finer_than_a_millisecond_is_not_told():
    _, ana = alone()

    told = ana.asks("MARKREAD #tea timestamp=2026-01-01T12:00:00.123456Z")
    assert told == [f":chatapp MARKREAD #tea {AT_NOON}"]


def test_after_a_join_it_comes_before_the_names():
    table, ana = alone()
    table.room("#tea", table.sit("bob"))
    table.world.channels["#tea"].topic = "chá"

    codes = [line.split(" ")[1] for line in ana.asks("JOIN #tea")]
    assert codes == ["JOIN", "332", "333", "MARKREAD", "353", "366"]


def test_the_value_survives_part_and_join():
    _, ana = alone()
    assert ":chatapp MARKREAD #Tea *" in ana.asks("JOIN #Tea")
    ana.say(f"MARKREAD #tea {AT_NOON}", "PART #tea")

    assert f":chatapp MARKREAD #Tea {AT_NOON}" in ana.asks("JOIN #Tea")
    assert ana.asks("MARKREAD #TEA") == [f":chatapp MARKREAD #Tea {AT_NOON}"]


def test_without_the_capability_a_join_tells_nothing_of_it():
    _, ana = alone(caps="")

    assert [line.split(" ")[1] for line in ana.asks("JOIN #tea")] == ["JOIN", "353", "366"]
    assert ana.asks(f"MARKREAD #tea {AT_NOON}") == [f":chatapp MARKREAD #tea {AT_NOON}"]


def test_the_others_of_ones_connections_are_told_what_is_news():
    table, ana = alone()
    knows, does_not = twice(table, ana), twice(table, ana, caps="batch")

    ana.say(f"MARKREAD bob {LATER}", f"MARKREAD bob {AT_NOON}", "MARKREAD bob")
    assert knows.hears() == [f":chatapp MARKREAD bob {LATER}"]
    assert does_not.hears() == []
    assert knows.asks("MARKREAD bob") == [f":chatapp MARKREAD bob {LATER}"]


def test_nobody_else_is_told():
    table, ana = alone()
    bob = table.sit("bob", "draft/read-marker")
    table.room("#tea", ana, bob)
    ana.say(f"MARKREAD #tea {AT_NOON}", f"MARKREAD bob {AT_NOON}")

    assert bob.hears() == []
    assert bob.asks("MARKREAD #tea", "MARKREAD ana") == [
        ":chatapp MARKREAD #tea *",
        ":chatapp MARKREAD ana *",
    ]


def test_a_guests_are_not_kept_and_end_with_them():
    table, ana = alone()
    ana.say(f"MARKREAD #tea {AT_NOON}")
    ana.leaves()

    assert table.store.held_markers == {}
    assert table.sit("ana").asks("MARKREAD #tea") == [":chatapp MARKREAD #tea *"]


def test_those_of_an_account_are_kept():
    table, ana = alone()
    user = ana.session.user
    user.account, user.owner = "Ana", "~ana"
    ana.say(f"MARKREAD #Tea {AT_NOON}", f"MARKREAD #Tea {LATER}")
    ana.leaves()

    ((place, stamp),) = table.store.held_markers.items()
    assert place == ("~ana", "#tea")
    again = Table()
    again.world.markers.remember({place: stamp})
    person = again.sit("ana", "draft/read-marker")
    person.session.user.owner = "~ana"
    assert person.asks("MARKREAD #tea") == [f":chatapp MARKREAD #tea {LATER}"]


def test_while_nothing_can_be_kept_it_is_noted_all_the_same():
    table, ana = alone()
    ana.session.user.account = "Ana"
    table.world.mute_reason = "full"

    assert ana.asks(f"MARKREAD bob {AT_NOON}") == [f":chatapp MARKREAD bob {AT_NOON}"]
    assert table.store.held_markers == {}


def test_what_could_not_be_kept_is_given_to_be_kept_once_as_it_is_then():
    table, ana = alone()
    user = ana.session.user
    user.account, user.owner = "Ana", "~ana"
    table.world.mute_reason = "full"
    ana.say(f"MARKREAD bob {AT_NOON}", f"MARKREAD #old {AT_NOON}", f"MARKREAD bob {LATER}")
    table.world.markers.advance("~eve", "bob", 1)
    table.world.markers.put_off("~eve", "bob")
    table.world.markers.move("#old", "#new")
    table.world.markers.forget("~eve")

    put_off = table.world.markers.take_put_off()

    assert {place: time_of(stamp) for place, stamp in put_off.items()} == {
        ("~ana", "bob"): LATER.partition("=")[2],
        ("~ana", "#new"): AT_NOON.partition("=")[2],
    }
    assert table.world.markers.take_put_off() == {}


@pytest.mark.parametrize("line", ["MARKREAD"])
def test_of_nothing(line):
    _, ana = alone()

    assert ana.asks(line) == [":chatapp FAIL MARKREAD NEED_MORE_PARAMS :What have you read?"]


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("*", "*"),
        ("2026-01-01T12:00:00.123Z", "2026-01-01T12:00:00.123Z"),
        ("timestamp=yesterday", "timestamp=yesterday"),
        ("timestamp=1969-12-31T23:59:59.000Z", "timestamp=1969-12-31T23:59:59.000Z"),
        ("timestamp=2026-13-01T12:00:00.123Z", "timestamp=2026-13-01T12:00:00.123Z"),
        (":", "*"),
        (":a b", "*"),
    ],
)
def test_what_is_no_time(time, shown):
    _, ana = alone()

    assert ana.asks(f"MARKREAD #tea {time}") == [
        f":chatapp FAIL MARKREAD INVALID_PARAMS {shown} :A time is timestamp=YYYY-MM-DDThh:mm:ss.sssZ"
    ]
    assert ana.asks("MARKREAD #tea") == [":chatapp MARKREAD #tea *"]


@pytest.mark.parametrize("target", [":", ":a b", "a,b", "#", "*"])
def test_what_is_no_target(target):
    _, ana = alone()

    (line,) = ana.asks(f"MARKREAD {target}")
    assert line.startswith(":chatapp FAIL MARKREAD INVALID_PARAMS ")


def test_of_too_many_the_one_read_longest_ago_is_forgotten():
    markers = Markers()
    for number in range(MOST):
        markers.advance("~1", f"#{number}", number + 10)
    assert markers.overflow("~1") == ""
    markers.advance("~1", "#more", 5)

    assert markers.overflow("~1") == "#more"
    markers.advance("~1", "#more", 50)
    assert markers.overflow("~1") == "#0"
    assert (markers.find("~1", "#0"), markers.find("~1", "#1")) == (None, 11)


def test_without_implicit_names_a_join_brings_none():
    _, ana = alone(caps="no-implicit-names")

    assert [line.split(" ")[1] for line in ana.asks("JOIN #tea")] == ["JOIN"]
    assert [line.split(" ")[1] for line in ana.asks("NAMES #tea")] == ["353", "366"]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_who_comes_back_to_their_channels_is_told_of_each_once(is_restarted):
    table = table_with(always_on="mandatory")
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))
    table.room("#tea", ana)
    table.room("#milk", ana)
    ana.say(f"MARKREAD #tea {AT_NOON}")
    ana.leaves()
    if is_restarted:
        table = table.restarted()

    burst = sit_logged_in(table, "Ana", caps="draft/read-marker").hears()
    told = [line.split(" ", 1)[1] for line in burst if line.split(" ")[1] in ("JOIN", "MARKREAD")]
    assert told == [
        "JOIN #tea", f"MARKREAD #tea {AT_NOON}", "JOIN #milk", "MARKREAD #milk *",
    ]  # fmt: skip


def test_a_second_connection_is_told_too():
    table = table_with()
    have(table, "Ana")
    first = inside(sit_logged_in(table, "Ana", caps="draft/read-marker"))
    table.room("#tea", first)
    second = sit_logged_in(table, "Ana", caps="draft/read-marker")
    assert ":chatapp MARKREAD #tea *" in second.hears()
    second.say(f"MARKREAD #tea {AT_NOON}")

    assert first.hears() == [f":chatapp MARKREAD #tea {AT_NOON}"]


def test_of_too_many_the_oldest_is_not_kept_any_more(monkeypatch):
    monkeypatch.setattr("chatapp.core.markers.MOST", 1)
    table, ana = alone()
    ana.session.user.account, owner = "Ana", ana.session.user.owner
    ana.say(f"MARKREAD #old {AT_NOON}", f"MARKREAD #new {LATER}")

    assert list(table.store.held_markers) == [(owner, "#new")]


def test_others_markers_stay_where_a_channel_is_renamed():
    markers = Markers()
    markers.remember({("~1", "#a"): 5, ("~2", "#b"): 6})
    markers.move("#a", "#c")

    assert (markers.find("~1", "#c"), markers.find("~1", "#a"), markers.find("~2", "#b")) == (5, None, 6)


def test_who_logs_in_has_the_markers_of_their_account():
    table = table_with()
    account = have(table, "Ana")
    table.world.markers.advance(account.owner, "#tea", 1_767_268_800_123_000)
    ana = table.sit("Ana2", "draft/read-marker sasl")
    guest = ana.session.user.owner
    ana.say(f"MARKREAD #tea {LATER}", *plain("Ana"))

    assert ana.asks("MARKREAD #tea") == [f":chatapp MARKREAD #tea {AT_NOON}"]
    assert table.world.markers.find(guest, "#tea") is None
