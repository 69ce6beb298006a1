"""History for clients that know ZNC's playback module (znc.in/playback)."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.settings import HistorySettings, Settings

SECOND = NEW_YEAR // 1_000_000


def talk(caps="batch znc.in/playback", **history):
    """Ana and Bob in #tea and in private have said 0 to 4 to each other, a second apart."""
    table = Table(Settings(history=HistorySettings(**history)))
    ana, bob, eve = table.sit("ana", caps), table.sit("bob", caps), table.sit("eve", caps)
    table.room("#tea", ana, bob)
    for at in range(5):
        table.time = NEW_YEAR + at * 1_000_000
        ana.say(f"PRIVMSG #tea :{at}", f"PRIVMSG bob :private {at}")
    table.later(60)
    for person in (ana, bob, eve):
        person.hears()
    return table, ana, bob, eve


def played(person, asked):
    """The texts of each batch, by its target."""
    found, at = {}, ""
    for line in person.asks(f"PRIVMSG *playback :{asked}"):
        words = line.split(" ")
        if words[1] == "BATCH" and words[2][0] == "+":
            assert words[3] == "znc.in/playback"
            at = words[4]
        elif words[1] != "BATCH":
            assert line.startswith("@batch=")
            found.setdefault(at, []).append(line.rpartition(":")[2])
    return found


ALL, PRIVATE = list("01234"), [f"private {at}" for at in range(5)]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("play #tea", {"#tea": ALL}),
        ("PLAY #TEA 0", {"#TEA": ALL}),
        ("play *", {"#tea": ALL, "bob": PRIVATE}),
        ("play bob,#tea,bob", {"bob": PRIVATE, "#tea": ALL}),
        (f"play #tea {SECOND + 2}", {"#tea": ALL[3:]}),
        (f"play #tea {SECOND + 1}.5", {"#tea": ALL[2:]}),
        (f"play #tea {SECOND} {SECOND + 2}.000", {"#tea": ALL[1:2]}),
        (f"play #tea {SECOND + 100}", {}),
        ("play #else", {}),
        ("play nobody", {}),
        ("play", {}),
        ("play #tea yesterday", {}),
        ("play #tea -1", {}),
        ("list", {}),
        (" ", {}),
    ],
)
def test_play(asked, answer):
    _, ana, _bob, _eve = talk()

    assert played(ana, asked) == answer


def test_the_newest_are_told_up_to_the_limit():
    _, ana, _bob, _eve = talk(playback=2)

    assert played(ana, "play *") == {"#tea": ALL[3:], "bob": PRIVATE[3:]}


def test_strangers_get_nothing():
    _, _ana, _bob, eve = talk()

    assert played(eve, "play #tea,bob,ana,*") == played(eve, "play *") == {}


def test_who_is_thrown_out_meanwhile_gets_nothing():
    table, ana, bob, _eve = talk()
    real = table.store.read

    async def slow(span):
        table.store.read = real
        ana.say("KICK #tea bob")
        return await real(span)

    table.store.read = slow
    assert [line.split(" ")[1] for line in bob.asks("PRIVMSG *playback :play #tea")] == ["KICK"]


def test_without_batch_there_are_lines():
    _, ana, _bob, _eve = talk(caps="")

    assert [line.rpartition(":")[2] for line in ana.asks("PRIVMSG *playback :play #tea")] == ALL


def test_events_are_told_to_those_who_know_them():
    _, _ana, bob, _eve = talk(caps="batch draft/event-playback")

    assert any(" JOIN #tea" in line for line in bob.asks("PRIVMSG *playback :play #tea"))


@pytest.mark.parametrize("history", [{"playback": 0}, {"enabled": False}])
def test_where_there_is_none(history):
    table = Table(Settings(history=HistorySettings(**history)))
    ana = table.sit("ana")

    assert ana.asks("CAP REQ znc.in/playback") == [":chatapp CAP ana NAK :znc.in/playback"]
    assert ana.asks("PRIVMSG *playback :play *") == []


def test_one_question_is_not_answered_without_end(monkeypatch):
    monkeypatch.setattr("chatapp.commands.playback.MOST", 7)
    _, ana, _bob, _eve = talk()

    assert played(ana, "play #tea,bob") == {"#tea": ALL, "bob": PRIVATE[3:]}
    monkeypatch.setattr("chatapp.commands.playback.MOST", 5)
    assert played(ana, "play #tea,bob") == {"#tea": ALL}
