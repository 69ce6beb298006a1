"""What was not sent is kept for each server, also for one that was left and taken on again."""

from __future__ import annotations

from client.test_networks import HOME, WORK, House
from client.test_unsent import Timer

from chatapp.client.keeping import Keepers


def test_a_server_that_was_left_does_not_write_over_what_it_has_when_one_is_back(tmp_path):
    house, timer = House(HOME, WORK), Timer()
    with Keepers(tmp_path, timer) as keepers:
        for network in house.networks:
            keepers.watch(network)
        house.go(3)
        house.session.submit("/join #x")
        house.session.submit("first")  # goes out as soon as one is in
        timer.pass_by()
        left = house.networks.find("work")
        house.cut(left)
        house.networks.forget(left)

        keepers.watch(house.networks.add(WORK))
        back = house.networks.find("work")
        back.session.say(back.model.buffers[1], "second")
        timer.pass_by()

    with Keepers(tmp_path, timer) as keepers:
        again = House(HOME)
        back = again.networks.add(WORK)
        keepers.watch(back)
        kept = [entry.text for buffer in back.model.buffers for entry in buffer.entries if entry.own]
    assert sorted(kept) == ["first", "second"]
