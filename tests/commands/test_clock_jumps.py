"""A clock that is set back or far ahead: the order holds, and nobody waits longer or is cut off sooner."""

from __future__ import annotations

import pytest
from dialogue import Table, run

from chatapp.core.ports import Span
from chatapp.core.settings import LimitSettings, Settings
from chatapp.server.timers import look_after

HOUR, DAY = 3600, 86400
CAPS = "message-tags server-time echo-message batch draft/chathistory"
JUMPS = pytest.mark.parametrize("jump", [-HOUR, DAY])


class Clocks(Table):
    """Time goes on by `later`; `is_set` is what somebody does to the system's clock."""

    def __init__(self, settings=None):
        self.ahead = 0
        super().__init__(settings)
        self.world.steady = lambda: (self.time - self.ahead) // 1_000_000

    def is_set(self, seconds):
        self.ahead += seconds * 1_000_000
        self.later(seconds)


def tags_of(line):
    return dict(tag.split("=") for tag in line[1:].partition(" ")[0].split(";") if "=" in tag)


@JUMPS
def test_order_times_and_ids_go_on_rising(jump):
    table = Clocks()
    ana, bob = table.sit("ana", CAPS), table.sit("bob", CAPS)
    table.room("#tea", ana, bob)
    said = []
    for number, seconds in enumerate((jump, 1, -jump, 1, jump)):
        ana.say(f"PRIVMSG #tea :{number}")
        said += bob.hears()
        table.is_set(seconds)

    ids = [tags_of(line)["msgid"] for line in said]
    times = [tags_of(line)["time"] for line in said]
    assert len(set(ids)) == 5
    assert times == sorted(times)
    kept = run(table.store.read(Span("#tea")))
    assert [message.body.rpartition(":")[2] for message in kept] == ["0", "1", "2", "3", "4"]
    assert len({message.stamp for message in kept}) == 5


@JUMPS
def test_history_asked_for_by_a_time_that_was_told_finds_its_place(jump):
    table = Clocks()
    ana = table.sit("ana", CAPS)
    table.room("#tea", ana)
    told = []
    for number in range(6):
        told += [tags_of(line)["time"] for line in ana.asks(f"PRIVMSG #tea :{number}")]
        table.later(1)
        if number == 2:
            table.is_set(jump)

    for number, time in enumerate(told):
        heard = ana.asks(f"CHATHISTORY AFTER #tea timestamp={time} 10")
        later = [line.rpartition(":")[2] for line in heard if " PRIVMSG " in line]
        assert later == [str(each) for each in range(6) if told[each] > time], number


@JUMPS
def test_nobody_is_cut_off_by_it_and_who_is_silent_is_asked_as_ever(jump):
    table = Clocks(
        Settings(limits=LimitSettings(ping_interval=120, ping_timeout=60, registration_timeout=30))
    )
    stranger, ana = table.visit(), table.sit("ana")
    table.later(10)
    table.is_set(jump)
    look_after(table.world)
    table.tick()
    assert not stranger.closed
    assert ana.hears() == []

    table.later(110)
    look_after(table.world)
    table.tick()
    assert stranger.closed
    assert ana.hears() == ["PING :chatapp"]

    table.is_set(jump)
    ana.session.heard = table.world.steady()  # her PONG
    table.later(60)
    look_after(table.world)
    table.tick()
    assert not ana.closed


@JUMPS
def test_slow_mode_waits_for_as_long_as_it_says(jump):
    table = Clocks()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +W 30")
    table.is_set(DAY)
    bob.asks("PRIVMSG #tea :one")
    table.is_set(-DAY)
    table.is_set(jump)

    assert "slow mode; speak again in 30 s" in bob.asks("PRIVMSG #tea :two")[0]
    table.later(30)
    assert bob.asks("PRIVMSG #tea :two") == []


@JUMPS
def test_wrong_guesses_count_for_as_long_as_they_say(jump):
    table = Clocks()
    guesses = table.world.guesses
    for _ in range(5):
        guesses.missed("203.0.113.9", table.world.steady())
    table.is_set(jump)
    assert not guesses.may_guess("203.0.113.9", table.world.steady())
    table.later(HOUR)
    assert guesses.may_guess("203.0.113.9", table.world.steady())


def test_a_ban_with_an_end_goes_by_the_clock_on_the_wall():
    """It ends at a moment, also over a restart; so who sets the clock moves that moment."""
    table = Clocks()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +b t:60:bob!*@*")
    assert " 404 " in bob.asks("PRIVMSG #tea :hello")[0]

    table.is_set(2 * HOUR)
    look_after(table.world)
    assert bob.asks("PRIVMSG #tea :hello") == [":chatapp MODE #tea -b t:60:bob!*@*"]


@JUMPS
def test_the_server_has_been_up_for_as_long_as_it_has(jump):
    table = Clocks()
    ana = table.sit("ana")
    table.later(HOUR)
    table.is_set(jump)
    assert any("Server up 0 days 1:00:00" in line for line in ana.asks("STATS u"))
