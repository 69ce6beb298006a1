"""That someone writes: told to those who listen, kept nowhere, and not too often (IRCv3 typing)."""

from __future__ import annotations

from commands.scenes import two
from dialogue import run

from chatapp.core.ports import Span


def told(person):
    return [line.partition("+typing=")[2].split(" ")[0] for line in person.hears() if "+typing=" in line]


def test_it_is_told_and_not_kept():
    table, ana, bob = two("message-tags")
    ana.say("@+typing=active TAGMSG #tea", "@+typing=active TAGMSG bob")

    assert told(bob) == ["active", "active"]
    kept = [
        run(table.store.read(Span(key, events=True))) for key in ("#tea", f"{ana.session.user.owner} bob")
    ]
    assert not any(message.command == "TAGMSG" for messages in kept for message in messages)


def test_the_same_within_a_second_is_told_once():
    table, ana, bob = two("message-tags")
    ana.say(*["@+typing=active TAGMSG #tea"] * 3)
    assert told(bob) == ["active"]
    table.later(1)
    ana.say("@+typing=active TAGMSG #tea")

    assert told(bob) == ["active"]


def test_what_is_new_is_told_at_once():
    _, ana, bob = two("message-tags")
    ana.say("@+typing=active TAGMSG #tea", "@+typing=done TAGMSG #tea", "@+typing=active TAGMSG #tea")

    assert told(bob) == ["active", "done", "active"]


def test_with_another_tag_it_is_a_message_of_its_own():
    _, ana, bob = two("message-tags")
    ana.say(*["@+typing=active;+draft/react=x TAGMSG #tea"] * 2)

    assert len(bob.hears()) == 2


def test_each_connection_counts_for_itself():
    _, ana, bob = two("message-tags")
    ana.say("@+typing=active TAGMSG #tea")
    bob.hears()
    bob.say("@+typing=active TAGMSG #tea")

    assert told(ana) == ["active"]


def test_what_is_passed_over_is_acknowledged():
    _, ana, _bob = two("message-tags labeled-response batch")
    ana.say("@label=1;+typing=active TAGMSG #tea")

    assert ana.asks("@label=2;+typing=active TAGMSG #tea") == ["@label=2 :chatapp ACK"]
