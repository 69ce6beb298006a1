"""/go and /notify, typed."""

from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.buffer import BufferKind
from chatapp.client.going import places
from chatapp.client.settings import Preferences, Settings


@pytest.fixture
def talk():
    talk = Talk(rooms=("#lobby", "#tea-time", "#ops")).connect()
    talk.model.switch_to(talk.room("#lobby"))
    return talk


def test_go_takes_letters_of_a_room(talk):
    talk.types("/go tea")
    assert talk.model.current is talk.room("#tea-time")

    talk.types("/g OPS")
    assert talk.model.current is talk.room("#ops")


def test_go_opens_a_conversation_with_a_person(talk):
    talk.types("/go bo")
    assert (talk.model.current.name, talk.model.current.kind) == ("bob", BufferKind.DIRECT)


def test_go_nowhere_says_so_and_stays(talk):
    talk.types("/go xyzzy")
    assert talk.model.current is talk.room("#lobby")
    assert talk.notes("#lobby")[-1] == "Nothing and nobody here has xyzzy in the name."


def test_without_letters_the_places_with_news_come_first(talk):
    talk.room("#tea-time").unread = 1
    talk.room("#ops").unread = talk.room("#ops").mentions = 1
    assert [place.name for place in places(talk.model, "")] == ["#ops", "#tea-time", ""]


def test_people_come_once_and_oneself_never(talk):
    assert [place.name for place in places(talk.model, "b")] == ["bob", "#lobby"][:1]
    assert "Ana" not in [place.name for place in places(talk.model, "ana")]


def test_notify_is_kept_for_the_room():
    kept = []
    talk = Talk().connect()
    talk.model.known_as = "localhost"
    talk.session.preferences = Preferences(
        Settings(notify={"#LOBBY": "mentions"}),
        lambda settings, key: kept.append((key, dict(settings.notify))),
    )

    talk.types("/notify all")
    talk.types("/notify Nothing #lobby")
    talk.types("/notify")
    talk.types("/notify default")

    assert kept == [
        ("notify", {"localhost/#lobby": "all"}),
        ("notify", {"localhost/#lobby": "nothing"}),
        ("notify", {}),
    ]
    assert talk.notes("#lobby")[-4:] == [
        "Everything in #lobby calls for you.",
        "Nothing in #lobby calls for you.",
        "Nothing in #lobby calls for you.",
        "Your name and your words call for you in #lobby.",
    ]


def test_notify_refuses_what_it_does_not_know():
    talk = Talk().connect()
    talk.types("/notify loud")
    talk.types("/notify all #nowhere")
    assert talk.notes("#lobby")[-2:] == [
        "Usage: /notify [LEVEL] [ROOM] (what calls for you here: all, mentions, nothing, or the default)",
        "You are not in #nowhere.",
    ]

    talk.model.switch_to(talk.model.server)
    talk.model.talk = None
    talk.types("/notify all")
    assert talk.notes()[-1] == "This works in a room: /join one, or switch to it."


def test_notify_that_cannot_be_written_holds_for_now_and_says_so():
    def save(_settings, _key):
        raise OSError(28, "No space left on device")

    talk = Talk().connect()
    talk.session.preferences = Preferences(Settings(), save)
    talk.types("/notify nothing")

    assert talk.notes("#lobby")[-2:] == [
        "This holds until you leave; it could not be kept: the disk is full",
        "Nothing in #lobby calls for you.",
    ]
