"""What cannot be kept is not said: whoever tries is told why, and nobody hears it."""

from __future__ import annotations

from dialogue import Table


def test_nothing_is_said_that_could_not_be_kept():
    table = Table()
    ana, bob = table.sit("ana", "echo-message"), table.sit("bob")
    table.room("#tea", ana, bob)
    table.world.mute_reason = "The disk is full"

    assert ana.asks("PRIVMSG #tea,bob :hello") == [
        ":chatapp 404 ana #tea :The disk is full",
        ":chatapp 404 ana bob :The disk is full",
    ]
    assert ana.asks("NOTICE bob :hello") == []
    assert bob.hears() == []

    table.world.mute_reason = ""
    ana.say("PRIVMSG bob :hello")

    assert bob.hears() == [":ana!ana@127.0.0.1 PRIVMSG bob :hello"]


def test_people_come_and_go_on_a_full_disk_and_nothing_of_it_wants_to_be_kept():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana)
    table.world.mute_reason = "The disk is full"
    kept = len(table.store.kept)

    assert bob.asks("JOIN #tea")[0] == ":bob!bob@127.0.0.1 JOIN #tea"
    assert ana.asks("MODE #tea +i") == [":chatapp 404 ana #tea :The disk is full"]
    assert ana.asks("TOPIC #tea :news") == [":chatapp 404 ana #tea :The disk is full"]
    bob.say("NICK bert", "PART #tea", "JOIN #tea")
    ana.say("KICK #tea bert", "QUIT")

    changes = table.store.kept[kept:]
    assert [change for change in changes if change.messages or change.channels] == []
