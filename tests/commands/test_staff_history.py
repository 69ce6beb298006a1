"""What only those of some standing heard: said to @#channel, op-moderated, or hidden in an auditorium."""

from __future__ import annotations

from dialogue import Table

ALWAYS = "CHATHISTORY LATEST #tea * 50"
SOON, LONG_AGO = "timestamp=2030-01-01T00:00:00.000Z", "timestamp=2000-01-01T00:00:00.000Z"


def scene(caps="batch"):
    """Ana, operator, Bob and Carla in #tea."""
    table = Table()
    people = [table.sit(nick, caps) for nick in ("ana", "bob", "carla")]
    table.room("#tea", *people)
    return table, *people


def texts(lines):
    return [line.rpartition(":")[2] for line in lines if " PRIVMSG " in line]


def commands(lines):
    return [line.split(" ")[2] for line in lines[1:-1]]


def test_what_was_said_to_the_operators_is_read_by_them_in_its_place():
    _, ana, bob, carla = scene()
    bob.say("PRIVMSG #tea :one", "PRIVMSG @#tea :two", "PRIVMSG #tea :three")

    assert texts(ana.asks(ALWAYS)) == ["one", "two", "three"]
    assert texts(carla.asks(ALWAYS)) == ["one", "three"]
    assert " PRIVMSG @#tea :two" in ana.asks(ALWAYS)[2]


def test_each_reads_what_their_standing_would_have_heard():
    _, ana, bob, carla = scene()
    ana.say("MODE #tea +hv bob carla")
    for prefix in "+%@":
        ana.say(f"PRIVMSG {prefix}#tea :{prefix}")

    assert texts(ana.asks(ALWAYS)) == ["+", "%", "@"]
    assert texts(bob.asks(ALWAYS)) == ["+", "%"]
    assert texts(carla.asks(ALWAYS)) == ["+"]
    ana.say("MODE #tea -v carla")
    assert texts(carla.asks(ALWAYS)) == []


def test_limits_count_all_of_it_together():
    _, ana, bob, _ = scene()
    for number in range(10):
        bob.say(f"PRIVMSG {'@' if number % 2 else ''}#tea :{number}")

    assert texts(ana.asks("CHATHISTORY LATEST #tea * 3")) == ["7", "8", "9"]
    assert texts(ana.asks(f"CHATHISTORY AFTER #tea {LONG_AGO} 3")) == ["0", "1", "2"]
    assert texts(ana.asks(f"CHATHISTORY BETWEEN #tea {SOON} {LONG_AGO} 3")) == ["7", "8", "9"]


def test_targets_tell_the_latest_that_one_may_read():
    table, ana, bob, carla = scene()
    bob.say("PRIVMSG #tea :one")
    table.later(60)
    bob.say("PRIVMSG @#tea :two")

    told = [person.asks(f"CHATHISTORY TARGETS {LONG_AGO} {SOON} 5") for person in (ana, carla)]

    assert [len(lines) for lines in told] == [3, 3]
    assert [line.split(" ")[-1] for line in (told[0][1], told[1][1])] == [
        "2026-01-01T00:01:00.000Z",
        "2026-01-01T00:00:00.000Z",
    ]


# +U


def test_op_moderated_lets_operators_alone_hear_those_without_a_standing():
    table, ana, bob, carla = scene()
    ana.say("MODE #tea +U")
    table.sit("eve")
    for person in (ana, bob, carla):
        person.hears()

    assert bob.asks("PRIVMSG #tea :may I?") == []
    assert carla.hears() == []
    assert ana.hears() == [":bob!bob@127.0.0.1 PRIVMSG #tea :may I?"]
    ana.say("PRIVMSG #tea :you may")
    assert bob.hears() == carla.hears() == [":ana!ana@127.0.0.1 PRIVMSG #tea :you may"]
    assert texts(ana.asks(ALWAYS)) == ["may I?", "you may"]
    assert texts(carla.asks(ALWAYS)) == ["you may"]


def test_with_echo_the_speaker_hears_it_too_and_a_voice_is_heard_by_all():
    _, ana, bob, carla = scene("echo-message")
    ana.say("MODE #tea +Uv carla")
    for person in (ana, bob, carla):
        person.hears()

    assert bob.asks("PRIVMSG #tea :x") == [":bob!bob@127.0.0.1 PRIVMSG #tea :x"]
    assert carla.hears() == []
    carla.say("PRIVMSG #tea :y")
    assert bob.hears() == [":carla!carla@127.0.0.1 PRIVMSG #tea :y"]


# +u


def auditorium(caps="batch draft/event-playback"):
    """Ana, operator, Bob and Carla in #tea, which is an auditorium; nobody remembers how it became one."""
    table, ana, bob, carla = scene(caps)
    ana.say("MODE #tea +u")
    for person in (ana, bob, carla):
        person.hears()
    return table, ana, bob, carla


def test_an_audience_does_not_see_each_other():
    table, ana, bob, _carla = auditorium()

    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana = #tea :@ana bob carla"
    assert bob.asks("NAMES #tea")[0] == ":chatapp 353 bob = #tea :@ana"
    assert table.sit("dora").asks("JOIN #tea")[1] == ":chatapp 353 dora = #tea :@ana dora"
    ana.hears()
    assert [line.split(" ")[7] for line in bob.asks("WHO #tea")[:-1]] == ["ana", "bob"]
    assert [line.split(" ")[7] for line in ana.asks("WHO #tea")[:-1]] == ["ana", "bob", "carla", "dora"]
    assert not any(" 319 " in line for line in bob.asks("WHOIS carla"))
    assert any(" 319 " in line for line in bob.asks("WHOIS ana"))
    assert not any(" 353 " in line for line in table.sit("eve").asks("NAMES #tea") if "bob" in line)


def test_they_come_change_and_go_unseen_by_each_other():
    table, ana, bob, carla = auditorium()
    dora = table.sit("dora")

    assert dora.asks("JOIN #tea")[0] == ":dora!dora@127.0.0.1 JOIN #tea"
    dora.say("NICK doris", "PART #tea", "JOIN #tea", "QUIT")

    assert bob.hears() == carla.hears() == []
    assert [line.split(" ")[1] for line in ana.hears()] == ["JOIN", "NICK", "PART", "JOIN", "QUIT"]
    ana.say("KICK #tea bob :bye")
    assert carla.hears() == []
    assert bob.hears() == [":ana!ana@127.0.0.1 KICK #tea bob :bye"]


def test_history_hides_what_the_live_path_hid():
    table, ana, bob, carla = auditorium()
    dora = table.sit("dora")
    dora.say("JOIN #tea", "PRIVMSG #tea :hello", "PART #tea")

    assert commands(ana.asks(ALWAYS))[-3:] == ["JOIN", "PRIVMSG", "PART"]
    assert commands(carla.asks(ALWAYS))[-1:] == ["PRIVMSG"]
    assert not any("dora" in line and "PRIVMSG" not in line for line in carla.asks(ALWAYS))
    assert not any("JOIN" in line and "dora" in line for line in bob.hears())


def test_who_has_a_standing_is_seen_by_all():
    _, ana, bob, carla = auditorium()
    ana.say("MODE #tea +v carla")
    bob.hears()

    assert bob.asks("NAMES #tea")[0] == ":chatapp 353 bob = #tea :@ana +carla"
    carla.say("PART #tea")
    assert bob.hears() == [":carla!carla@127.0.0.1 PART #tea"]


def test_the_invisible_are_not_found_through_an_auditorium():
    _, _, bob, carla = auditorium()
    carla.say("MODE carla +i")

    assert bob.asks("WHO c*") == [":chatapp 315 bob c* :End of WHO list"]
