"""What people and the operator are told of a disk that is full, faulty or slow, and when it is over."""

from __future__ import annotations

import pytest
from catalogues import speaking
from commands.account_scenes import have, inside, sit_logged_in, table_with
from dialogue import Table, run

from chatapp.core.ports import Span, StoreError
from chatapp.core.settings import LimitSettings, Settings
from chatapp.irc.refusals import DISK_FULL
from chatapp.server.disk import AGAIN, BEHIND, CALM, LONG, Disk
from chatapp.server.timers import forgive, look_after

OUT = ":chatapp NOTICE {} :The server's disk does not take what is said. It waits, and nothing is lost"
OVER = ":chatapp NOTICE {} :The server's disk takes what is said again"


class Heart:
    """A pump as `Disk` sees it: for how long it has waited, and why."""

    waited = 0.0
    fault = outage = None

    def kept_waiting(self, now):
        return self.waited


@pytest.fixture
def people():
    return Table(Settings(limits=LimitSettings(ping_interval=120, ping_timeout=60)))


@pytest.fixture
def heart():
    return Heart()


@pytest.fixture
def disk(people, heart):
    return Disk(people.world, heart, lambda: True)


def logged(caplog):
    return [record.getMessage() for record in caplog.records]


def test_all_people_are_told_once_also_who_comes_later_and_when_it_is_over(people, heart, disk, caplog):
    ana, stranger = people.sit("ana"), people.visit()
    heart.outage = StoreError("/data/chat.db: the disk is full")
    disk.look(1.0)
    disk.look(2.0)
    bob = people.sit("bob")
    disk.look(3.0)
    assert ana.hears() == [OUT.format("ana")]
    assert bob.hears() == [OUT.format("bob")]
    assert stranger.hears() == []

    heart.outage = None
    bob.leaves()
    disk.look(3.0 + CALM - 0.1)
    assert ana.hears() == []
    disk.look(3.0 + CALM)
    disk.look(4.0 + CALM)
    assert ana.hears() == [OVER.format("ana")]
    assert bob.hears() == []
    assert logged(caplog) == [
        "Nothing can be kept, so nobody hears anything until it can be: /data/chat.db: the disk is full",
        "The disk keeps what is said again",
    ]


def test_while_it_lasts_clients_are_given_signs_of_life(people, heart, disk):
    ana, bob = people.sit("ana"), people.sit("bob")
    bob.session.is_plain = True  # a person types there, and no program answers
    heart.outage = StoreError("the disk is full")
    for second in range(1, 92):
        disk.look(float(second))
    assert ana.hears() == [OUT.format("ana"), *3 * ["PING :chatapp"]]
    assert bob.hears() == [OUT.format("bob")]


def test_a_second_outage_is_told_like_the_first(people, heart, disk):
    ana = people.sit("ana")
    for moment in (1.0, 31.0):
        heart.outage = StoreError("again")
        disk.look(moment)
        heart.outage = None
        disk.look(moment + CALM)
    assert ana.hears() == 2 * [OUT.format("ana"), OVER.format("ana")]


def test_a_disk_that_hangs_is_told_of_as_well(people, heart, disk):
    ana = people.sit("ana")
    heart.waited = LONG - 0.1
    disk.look(1.0)
    assert ana.hears() == []
    heart.waited = LONG
    disk.look(2.0)
    assert ana.hears() == [OUT.format("ana")]


def test_one_long_wait_after_the_other_is_told_of_once(people, heart, disk):
    ana = people.sit("ana")
    for moment, waited in ((1.0, LONG), (2.0, 0.1), (3.0, BEHIND), (7.0, 0.1), (8.0 - 0.1, 0.1)):
        heart.waited = waited
        disk.look(moment)
    assert ana.hears() == [OUT.format("ana")]
    disk.look(8.0)
    assert ana.hears() == [OVER.format("ana")]


def test_a_slow_disk_is_in_the_log_with_figures_and_not_again_and_again(people, heart, disk, caplog):
    ana = people.sit("ana")
    people.delivery.keep(people.world.scribe.act(ana.session.user, "PRIVMSG", "#tea", "hello"), "#tea")
    for moment, waited in ((1.0, 0.2), (2.0, 1.5), (3.0, 2.5), (4.0, 0.0), (5.0, 3.5)):
        heart.waited = waited
        disk.look(moment)
    assert logged(caplog) == ["The disk is slow: 1.5 s for one tick so far, and 1 more messages wait"]

    heart.waited = 0.0
    disk.look(5.0 + AGAIN - 0.1)
    assert len(logged(caplog)) == 1
    disk.look(5.0 + AGAIN)
    assert logged(caplog)[1:] == ["The disk is fast again; the longest that it took was 3.5 s"]
    disk.look(5.0 + 2 * AGAIN)
    assert len(logged(caplog)) == 2
    assert ana.hears() == []


def test_a_disk_with_a_fault_is_not_called_slow(heart, disk, caplog):
    heart.waited, heart.fault = 1.5, StoreError("the disk reports a fault")
    disk.look(1.0)
    assert logged(caplog) == []


def test_a_disk_that_stays_slow_is_told_once_a_while(people, heart, disk, caplog):
    heart.waited = BEHIND
    for second in range(int(2 * AGAIN) + 1):
        disk.look(float(second))
    assert len(logged(caplog)) == 3


def test_the_house_is_behind_while_one_tick_takes_long(heart, disk):
    heart.waited = BEHIND - 0.1
    assert not disk.is_behind(0.0)
    heart.waited = BEHIND
    assert disk.is_behind(0.0)


def test_a_disk_that_is_not_there_any_more_lets_nothing_be_said(people, heart, caplog):
    gone = [True]

    def has_room():
        if gone[0]:
            raise FileNotFoundError(2, "No such file or directory")
        return True

    disk, ana = Disk(people.world, heart, has_room), people.sit("ana")
    people.room("#tea", ana)
    disk.look(1.0)
    reason = "The server's disk cannot be reached: nothing can be said for now"
    assert ana.asks("PRIVMSG #tea :hello") == [f":chatapp 404 ana #tea :{reason}"]

    gone[0] = False
    disk.look(2.0)
    ana.say("PRIVMSG #tea :hello again")
    (*_, kept) = run(people.store.read(Span("#tea")))
    assert kept.body.endswith(":hello again")
    assert logged(caplog) == [reason, "The disk has room again"]


def test_that_nothing_can_be_said_is_on_the_wire_in_words_that_every_client_knows(
    people, heart, caplog, tmp_path
):
    """The log is in the language of whoever runs the server."""
    ana = people.sit("ana")
    heart.waited = LONG
    with speaking("pt_BR", tmp_path):
        Disk(people.world, heart, lambda: False).look(1.0)

    assert people.world.mute_reason == DISK_FULL
    assert ana.hears() == [OUT.format("ana")]
    assert logged(caplog) == ["O disco do servidor está cheio: por enquanto não dá para dizer nada"]


def test_where_people_are_is_kept_once_there_is_room_again(heart):
    has_room = [True]
    people = table_with(always_on="mandatory")
    disk = Disk(people.world, heart, lambda: has_room[0])
    have(people, "Ana")
    ana = inside(sit_logged_in(people, "Ana"))
    has_room[0] = False
    disk.look(1.0)
    ana.say("JOIN #tea")
    has_room[0] = True
    disk.look(2.0)
    people.tick()
    assert people.store.held_accounts["ana"].presence.rooms[0][0] == "#tea"


def test_nobody_is_cut_off_for_what_they_could_neither_hear_nor_say(people):
    ana = people.sit("ana")
    people.later(120)
    look_after(people.world)
    people.later(600)  # the disk hangs, and nobody is looked after

    forgive(people.world)
    look_after(people.world)
    people.tick()
    assert not ana.closed

    people.later(180)
    look_after(people.world)
    people.later(60)
    look_after(people.world)
    people.tick()
    assert ana.closed
