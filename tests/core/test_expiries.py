"""Which masks end when, and that those taken out leave nothing behind."""

from __future__ import annotations

import pytest

from chatapp.core.channel import Channel
from chatapp.core.expiries import Expiries
from chatapp.core.ports import ChannelState, ListEntry
from chatapp.irc.names import fold_unicode


def room():
    return Channel(ChannelState("#tea", 0), fold_unicode, "nt", has_history=False)


def put(expiries, channel, mask, now):
    entry = ListEntry(mask, "ana", now)
    channel.lists["b"].add(entry)
    expiries.watch(channel, "b", entry)


def test_what_ends_is_told_once_and_in_order():
    expiries, channel = Expiries(), room()
    for minutes in (3, 1, 2):
        put(expiries, channel, f"t:{minutes}:p{minutes}!*@*", 0)
    put(expiries, channel, "for-ever!*@*", 0)

    assert list(expiries.due(59)) == []
    assert [mask for *_, mask in expiries.due(120)] == ["t:1:p1!*@*", "t:2:p2!*@*"]
    assert [mask for *_, mask in expiries.due(9999)] == ["t:3:p3!*@*"]
    assert list(expiries.due(10**10)) == []


def test_setting_and_taking_the_same_mask_for_ever_costs_no_memory():
    expiries, channel = Expiries(), room()
    put(expiries, channel, "t:10:stays!*@*", 0)
    for second in range(5000):
        put(expiries, channel, "t:5000000:eve!*@*", second)
        channel.lists["b"].take("t:5000000:eve!*@*")

    assert len(expiries._waiting) <= 2048
    assert [mask for *_, mask in expiries.due(600)] == ["t:10:stays!*@*"]


@pytest.mark.slow
def test_those_that_are_there_are_all_remembered():
    expiries, channel = Expiries(), room()
    for number in range(3000):
        put(expiries, channel, f"t:1:p{number}!*@*", number)

    assert len(list(expiries.due(10**6))) == 3000
