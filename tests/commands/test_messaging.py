"""PRIVMSG, NOTICE, TAGMSG: who hears what, and what is kept."""

from __future__ import annotations

import pytest
from commands.scenes import NOT_IN_IT, cannot, kept, two
from dialogue import Table

from chatapp.core.settings import HistorySettings, LimitSettings, Settings

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"


# To a channel, to a person


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_a_channel_hears_and_the_speaker_does_not(verb):
    _, ana, bob = two()

    assert ana.asks(f"{verb} #TEA :olá  ☕ ") == []
    assert bob.hears() == [f":{ANA} {verb} #tea :olá  ☕ "]


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_a_person_hears_alone(verb):
    table, ana, bob = two()
    eve = table.sit("eve")

    assert ana.asks(f"{verb} BOB :psst") == []
    assert bob.hears() == [f":{ANA} {verb} bob :psst"]
    assert eve.hears() == []


def test_several_targets_hear_each_once():
    table, ana, bob = two()
    eve = table.sit("eve")

    assert ana.asks("PRIVMSG #tea,bob,eve :hi") == []
    assert bob.hears() == [f":{ANA} PRIVMSG #tea :hi", f":{ANA} PRIVMSG bob :hi"]
    assert eve.hears() == [f":{ANA} PRIVMSG eve :hi"]


def test_too_many_targets_are_refused_and_nobody_hears():
    _, ana, bob = two()

    assert ana.asks("PRIVMSG bob,bob,bob,bob,bob :hi") == [
        ":chatapp 407 ana bob,bob,bob,bob,bob :Too many targets"
    ]
    assert bob.hears() == []


def test_a_message_to_oneself_comes_once_without_echo_and_twice_with():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", "echo-message")

    assert ana.asks("PRIVMSG ana :hi") == [f":{ANA} PRIVMSG ana :hi"]
    assert bob.asks("PRIVMSG bob :hi") == [f":{BOB} PRIVMSG bob :hi"] * 2


def test_a_message_to_oneself_is_kept_once():
    table = Table()
    ana = table.sit("ana")
    ana.say("PRIVMSG ana :note")

    assert [body for _, body in kept(table)] == [f":{ANA} PRIVMSG ana :note"]


# What cannot be said


@pytest.mark.parametrize("verb", ["PRIVMSG", "TAGMSG"])
def test_to_nobody_there_is_401_and_to_no_channel_403(verb):
    ana = Table().sit("ana", "message-tags")

    assert ana.asks(f"{verb} ghost :x") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert ana.asks(f"{verb} #ghost :x") == [":chatapp 403 ana #ghost :No such channel"]
    assert ana.asks(f"{verb} @#ghost :x") == [":chatapp 403 ana #ghost :No such channel"]


@pytest.mark.parametrize(
    ("target", "shown"),
    [(",", "*"), (":a b", "*"), ("@", "@"), ("*", "*"), ("#", None), ("é" * 100, "é" * 100)],
)
def test_odd_targets_are_named_as_far_as_they_can_be(target, shown):
    text = "" if target.startswith(":") else " :x"
    ana = Table().sit("ana", "message-tags")
    answers = set(ana.asks(f"{'TAGMSG' if not text else 'PRIVMSG'} {target}{text}"))

    if shown is None:
        assert answers == {":chatapp 403 ana # :No such channel"}
    else:
        assert answers == {f":chatapp 401 ana {shown} :No such nick or channel"}


@pytest.mark.parametrize("line", ["PRIVMSG #tea", "PRIVMSG #tea :"])
def test_an_empty_text_is_412_and_relayed_to_nobody(line):
    _, ana, bob = two()

    assert ana.asks(line) == [":chatapp 412 ana :No text to send"]
    assert bob.hears() == []


@pytest.mark.parametrize("verb", ["PRIVMSG", "TAGMSG"])
def test_without_a_target_there_is_411(verb):
    assert Table().sit("ana").asks(verb) == [":chatapp 411 ana :No recipient given"]


# NOTICE never causes an error reply


@pytest.mark.parametrize(
    "line",
    [
        "NOTICE",
        "NOTICE #tea",
        "NOTICE #tea :",
        "NOTICE ghost :x",
        "NOTICE #ghost :x",
        "NOTICE #closed :x",
        "NOTICE ghost,#ghost,ghost,ghost,ghost,ghost :x",
        f"NOTICE bob :{'x' * 480}",
    ],
)
def test_a_notice_is_never_answered_with_an_error(line):
    table, ana, bob = two()
    table.room("#closed", bob)

    assert ana.asks(line) == []
    assert bob.hears() == []


def test_a_notice_passes_over_those_who_are_not_there():
    _, ana, bob = two()

    assert ana.asks("NOTICE ghost,bob :x") == []
    assert bob.hears() == [f":{ANA} NOTICE bob :x"]


# Length


def test_what_fits_goes_through_whole_and_one_byte_more_not_at_all():
    _, ana, bob = two()
    room = 510 - len(f":{ANA} PRIVMSG bob :")

    assert ana.asks(f"PRIVMSG bob :{'x' * room}") == []
    assert bob.hears() == [f":{ANA} PRIVMSG bob :{'x' * room}"]
    assert ana.asks(f"PRIVMSG bob :{'x' * (room + 1)}") == [
        ":chatapp 417 ana :The line is too long; nothing of it was sent"
    ]
    assert bob.hears() == []


def test_length_is_counted_in_bytes():
    _, ana, bob = two()
    room = (510 - len(f":{ANA} PRIVMSG bob :")) // 2

    assert ana.asks(f"PRIVMSG bob :{'ç' * room}") == []
    assert bob.hears() == [f":{ANA} PRIVMSG bob :{'ç' * room}"]
    assert len(ana.asks(f"PRIVMSG bob :{'ç' * (room + 1)}")) == 1
    assert bob.hears() == []


# Away


def test_who_is_away_is_said_for_privmsg_only():
    _, ana, bob = two()
    bob.asks("AWAY :lunch")

    assert ana.asks("PRIVMSG bob :hi") == [":chatapp 301 ana bob :lunch"]
    assert ana.asks("NOTICE bob :hi") == []
    assert ana.asks("PRIVMSG #tea :hi") == []


# echo-message


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
@pytest.mark.parametrize("target", ["#tea", "bob"])
def test_an_echo_is_what_the_others_hear_tags_and_all(verb, target):
    _, ana, bob = two("echo-message message-tags server-time")

    (echo,) = ana.asks(f"@+draft/reply=abc;+e=\\:\\s\\\\ {verb} {target} :hi")

    assert bob.hears() == [echo]
    assert echo.startswith("@time=2026-01-01T00:00:00.000Z;msgid=")
    assert echo.endswith(f";+draft/reply=abc;+e=\\:\\s\\\\ :{ANA} {verb} {target} :hi")


def test_tagmsg_is_echoed_too():
    _, ana, bob = two("echo-message message-tags")

    (echo,) = ana.asks("@+draft/react=👍 TAGMSG #tea")

    assert bob.hears() == [echo]
    assert echo.endswith(f";+draft/react=👍 :{ANA} TAGMSG #tea")


def test_an_outsider_hears_their_echo_too():
    table, ana, bob = two()
    ana.say("MODE #tea -n")
    eve = table.sit("eve", "echo-message")

    assert eve.asks("PRIVMSG #tea :hi") == [":eve!eve@127.0.0.1 PRIVMSG #tea :hi"]
    assert bob.hears()[-1] == ":eve!eve@127.0.0.1 PRIVMSG #tea :hi"


# msgid


def test_one_message_has_one_id_for_everyone_and_in_history():
    _, ana, bob = two("echo-message message-tags batch")
    (echo,) = ana.asks("PRIVMSG #tea :hi")

    (heard,) = bob.hears()
    replayed = bob.asks("CHATHISTORY LATEST #tea * 1")[1]

    msgid = echo.split(" ")[0].removeprefix("@msgid=")
    assert msgid
    assert heard == echo
    assert replayed.endswith(f";msgid={msgid} :{ANA} PRIVMSG #tea :hi")


def test_events_carry_id_and_time_too():
    _, ana, bob = two("message-tags server-time")

    ana.say("TOPIC #tea :x", "MODE #tea +m", "NICK bia", "PART #tea", "JOIN #tea", "QUIT")

    heard = bob.hears()
    assert len(heard) == 6
    ids = {line.partition("msgid=")[2].split(" ")[0] for line in heard}
    assert len(ids) == 6
    assert all(line.startswith("@time=2026-01-01T00:00:00.00") for line in heard)


# message-tags


def test_client_tags_need_the_capability_of_the_sender_too():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", "message-tags")

    ana.say("@+x=1 PRIVMSG bob :hi")

    assert "+x" not in bob.hears()[0]


def test_tags_without_a_plus_are_dropped():
    _, ana, bob = two("message-tags")

    ana.say("@x=1;+y=2;msgid=forged;time=forged;account=forged;bot;+;+bad!key=1;+ok PRIVMSG bob :hi")

    tags = bob.hears()[0].split(" ")[0].split(";")
    assert tags[1:] == ["+y=2", "+ok"]
    assert "forged" not in tags[0]


# TAGMSG


def test_tagmsg_reaches_those_with_message_tags():
    table = Table()
    ana, bob = table.sit("ana", "message-tags"), table.sit("bob", "message-tags")
    eve = table.sit("eve", "server-time echo-message")
    table.room("#tea", ana, bob, eve)

    assert ana.asks("@+typing=active TAGMSG #tea", "@+typing=done TAGMSG bob,eve") == []

    first, second = bob.hears()
    assert first.endswith(f";+typing=active :{ANA} TAGMSG #tea")
    assert second.endswith(f";+typing=done :{ANA} TAGMSG bob")
    assert eve.hears() == []


def test_tagmsg_is_refused_where_one_may_not_speak():
    table, ana, _ = two("message-tags")
    eve = table.sit("eve", "message-tags")

    assert eve.asks("@+x=1 TAGMSG #tea") == cannot(NOT_IN_IT, "eve")
    assert ana.hears() == []


@pytest.mark.parametrize(
    ("tag", "is_kept"), [("+draft/react=x", 1), ("+draft/persist", 1), ("+typing=active", 0)]
)
def test_a_tagmsg_is_kept_if_it_is_meant_to_last(tag, is_kept):
    table, ana, _ = two("message-tags")
    table.store.kept.clear()

    ana.say(f"@{tag} TAGMSG #tea")

    assert kept(table) == [("#tea", f":{ANA} TAGMSG #tea")] * is_kept


# History


def test_what_is_said_is_kept_for_the_channel_or_for_each_of_the_two():
    table, ana, bob = two()
    table.store.kept.clear()
    a, b = ana.session.user.owner, bob.session.user.owner

    ana.say("PRIVMSG #tea :one", "NOTICE bob :two")

    assert kept(table) == [
        ("#tea", f":{ANA} PRIVMSG #tea :one"),
        (f"{a} bob", f":{ANA} NOTICE bob :two"),
        (f"{b} ana", f":{ANA} NOTICE bob :two"),
    ]
    assert a != b


def test_with_history_off_nothing_is_kept():
    table = Table(Settings(history=HistorySettings(enabled=False)))
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("PRIVMSG #tea :one", "PRIVMSG bob :two", "PART #tea")

    assert kept(table) == []
    assert [tick.channels for tick in table.store.kept if tick.channels] == []


def test_nobody_hears_before_it_is_kept():
    table, ana, bob = two("echo-message")
    table.store.broken = "disk full"

    with pytest.raises(Exception, match="disk full"):
        ana.say("PRIVMSG #tea :one")

    assert ana.hears() == bob.hears() == []


def test_the_number_of_targets_is_a_setting():
    table = Table(Settings(limits=LimitSettings(message_targets=1)))
    ana, bob = table.sit("ana"), table.sit("bob")

    assert ana.asks("PRIVMSG bob,bob :x") == [":chatapp 407 ana bob,bob :Too many targets"]
    assert ana.asks("NOTICE bob,bob :x") == []
    assert bob.hears() == [f":{ANA} NOTICE bob :x"]


def test_other_sessions_of_one_user_hear_what_the_user_says_and_is_told():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    second = table.visit()
    ana.session.user.attach(second.session)

    ana.say("PRIVMSG bob :hi")
    bob.say("PRIVMSG ana :ho")
    ana.say("PRIVMSG ana :note")

    assert ana.hears() == [f":{BOB} PRIVMSG ana :ho", f":{ANA} PRIVMSG ana :note"]
    assert second.hears() == [
        f":{ANA} PRIVMSG bob :hi",
        f":{BOB} PRIVMSG ana :ho",
        f":{ANA} PRIVMSG ana :note",
    ]
    second.leaves()
    assert bob.asks("PRIVMSG ana :still?") == []


def test_who_is_named_twice_hears_it_once():
    table = Table()
    ana, bob, carla = (table.sit(nick, "echo-message") for nick in ("ana", "bob", "carla"))
    table.room("#tea", ana, bob)

    ana.say("PRIVMSG bob,carla,BOB :oi", "PRIVMSG #tea,#TEA :chá")

    source = ana.session.user.source
    assert bob.hears() == [f":{source} PRIVMSG bob :oi", f":{source} PRIVMSG #tea :chá"]
    assert carla.hears() == [f":{source} PRIVMSG carla :oi"]
    assert [line.split(" ", 2)[2] for line in ana.hears()] == ["bob :oi", "carla :oi", "#tea :chá"]
