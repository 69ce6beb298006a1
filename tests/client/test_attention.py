"""What calls for the person, and what does not."""

from __future__ import annotations

import pytest
from client.fake_server import START, FakeServer, Talk

from chatapp.client.attention import LONGEST, PAUSE, Call, Calls
from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.moment import format_moment
from chatapp.client.settings import Preferences, Settings

TEA, OPS = Buffer("#tea", BufferKind.CHANNEL), Buffer("#ops", BufferKind.CHANNEL)
ZOE = Buffer("Zoe", BufferKind.DIRECT)
NOW = f"@time={format_moment(START)};msgid="


def notice_of(told):
    """What one is told of these calls."""
    calls = Calls()
    for call in told:
        calls.add(call)
    return calls.take(0.0)


class Listening(Talk):
    """A conversation with a server, and what calls for the person in it."""

    def __init__(self, server=None, **settings):
        super().__init__(server)
        self.session.preferences = Preferences(Settings(**settings))
        self.calls = []
        self.model.focus.on_call = self.calls.append
        self.connect()

    def called(self):
        told, self.calls[:] = [(call.room.name, call.nick, call.text) for call in self.calls], []
        return told


def test_our_name_calls_and_other_words_do_not():
    talk = Listening()

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG #lobby :hello all", f"{NOW}b :bob!b@c PRIVMSG #lobby :hello, ana!")

    assert talk.called() == [("#lobby", "bob", "hello, ana!")]


def test_a_name_inside_a_word_does_not():
    talk = Listening()

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG #lobby :bananas for ana-maria")

    assert talk.called() == []


def test_words_of_ones_own_count_like_the_name():
    talk = Listening(highlight=("deploy", "C++", "café", "(x)"))

    talk.hears(
        f"{NOW}a :bob!b@c PRIVMSG #lobby :the DEPLOY is done",
        f"{NOW}b :bob!b@c PRIVMSG #lobby :redeployed",
        f"{NOW}c :bob!b@c PRIVMSG #lobby :learn C++ now",
        f"{NOW}d :bob!b@c PRIVMSG #lobby :um CAFÉ?",
        f"{NOW}e :bob!b@c PRIVMSG #lobby :see (x)",
    )

    assert [text for _room, _nick, text in talk.called()] == [
        "the DEPLOY is done",
        "learn C++ now",
        "um CAFÉ?",
        "see (x)",
    ]
    assert [entry.mention for entry in talk.room().entries[-5:]] == [True, False, True, True, True]


def test_no_words_highlight_nothing():
    talk = Listening(highlight=("", " "))

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG #lobby :hello")

    assert talk.called() == []


def test_who_writes_to_us_alone_calls():
    talk = Listening()

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG Ana :psst", f"{NOW}b :bob!b@c NOTICE Ana :a program speaks")

    assert talk.called() == [("bob", "bob", "psst")]


@pytest.mark.parametrize(
    "notify, texts",
    [
        ({"#lobby": "all"}, ["hello", "ana"]),
        ({"#LOBBY": "mentions"}, ["ana"]),
        ({"#lobby": "nothing"}, []),
        ({"#lobby": "all", "localhost/#lobby": "nothing"}, []),
        ({"elsewhere/#lobby": "nothing"}, ["ana"]),
        ({}, ["ana"]),
    ],
)
def test_each_room_calls_as_much_as_one_wants(notify, texts):
    talk = Listening(notify=notify)
    talk.model.known_as = "localhost"

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG #lobby :hello", f"{NOW}b :bob!b@c PRIVMSG #lobby :ana")

    assert [text for _room, _nick, text in talk.called()] == texts


def test_the_general_setting_is_for_rooms_without_one():
    talk = Listening(notifications="nothing", notify={"bob": "all"})

    talk.hears(f"{NOW}a :bob!b@c PRIVMSG #lobby :ana", f"{NOW}b :bob!b@c PRIVMSG Ana :psst")

    assert talk.called() == [("bob", "bob", "psst")]


def test_history_never_calls():
    server = FakeServer()
    for number in range(5):
        server.other_says("#lobby", f"ana {number}")

    talk = Listening(server)

    assert [entry.text for entry in talk.room().entries if entry.nick == "bob"][-1] == "ana 4"
    assert talk.called() == []


def test_neither_does_what_a_bouncer_tells_again_nor_what_we_say_elsewhere():
    talk = Listening()
    yesterday = f"@time={format_moment(START - 86400)};msgid="

    talk.hears(f"{yesterday}a :bob!b@c PRIVMSG Ana :old", f"{NOW}b :Ana!b@c PRIVMSG #lobby :ana said so")

    assert talk.called() == []


def test_joins_and_topics_do_not_call():
    talk = Listening(notify={"#lobby": "all"})

    talk.hears(f"{NOW}a :ana2!b@c JOIN #lobby", f"{NOW}b :bob!b@c TOPIC #lobby :ana")

    assert talk.called() == []


class TestNotices:
    def test_one_call_is_told_in_its_own_words(self):
        assert notice_of([Call(OPS, "bob", "ana: it burns", True)]) == ("bob in #ops", "ana: it burns")
        assert notice_of([Call(ZOE, "Zoe", "psst", True)]) == ("Zoe", "psst")

    def test_several_are_counted(self):
        mention, talk = Call(OPS, "bob", "ana!", True), Call(TEA, "bob", "tea", False)
        private = Call(ZOE, "Zoe", "psst", True)
        assert notice_of([mention] * 3) == ("chatapp", "3 mentions in #ops")
        assert notice_of([mention, mention, private, talk]).body == (
            "2 mentions in #ops, 1 message from Zoe, 1 message in #tea"
        )

    def test_many_rooms_are_not_all_named(self):
        rooms = [Buffer(f"#r{number}", BufferKind.CHANNEL) for number in range(9)]
        body = notice_of([Call(room, "bob", "ana", True) for room in rooms]).body
        assert body == "1 mention in #r0, 1 mention in #r1, 1 mention in #r2, 6 more rooms"

    @pytest.mark.parametrize(
        "hostile", ["\x1b]0;evil\x07", "a\x07b", "\x9b31m", "x\u202ey", "\n\r\0", "\x0304red"]
    )
    def test_nothing_that_a_terminal_obeys_gets_out(self, hostile):
        for call in (
            Call(OPS, hostile, hostile, True),
            Call(Buffer(hostile, BufferKind.CHANNEL), "bob", "x", True),
            Call(Buffer(hostile, BufferKind.DIRECT), "bob", "x", True),
        ):
            for calls in ([call], [call, call]):
                notice = notice_of(calls)
                assert notice.title.isprintable() and notice.body.isprintable()

    def test_they_are_bounded(self):
        notice = notice_of([Call(Buffer("#" + "r" * 5000, BufferKind.CHANNEL), "n" * 5000, "x" * 5000, True)])
        assert len(notice.title) <= LONGEST and len(notice.body) == LONGEST and notice.body[-1] == "…"

    def test_the_first_comes_at_once_and_the_next_together(self):
        calls, call = Calls(), Call(OPS, "bob", "ana!", True)
        assert (calls.due(), calls.take(0.0)) == (None, None)

        calls.add(call)
        assert calls.take(100.0) == ("bob in #ops", "ana!")
        calls.add(call)
        calls.add(call)
        assert calls.due() == 100.0 + PAUSE
        assert calls.take(100.0 + PAUSE - 0.1) is None
        assert calls.take(100.0 + PAUSE) == ("chatapp", "2 mentions in #ops")
        assert calls.due() is None

    def test_what_one_has_looked_at_is_not_told(self):
        calls = Calls()
        calls.add(Call(OPS, "bob", "ana!", True))
        calls.forget(OPS)
        assert calls.take(0.0) is None
