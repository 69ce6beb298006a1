from __future__ import annotations

from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.buffer import BufferKind, EntryState
from chatapp.client.model import ConnectionState
from chatapp.client.outcome import Outcome


def test_it_lands_in_the_lobby():
    talk = Talk().connect()

    assert talk.model.state is ConnectionState.ONLINE
    assert talk.model.current is talk.room("#lobby")
    assert talk.room().joined
    assert sorted(talk.room().members) == ["ana", "bob"]
    assert talk.room().members["bob"].prefixes == "@"


def test_a_taken_nick_gets_a_tail_and_a_word():
    talk = Talk(FakeServer(taken=frozenset({"Ana", "Ana_"}))).connect()

    assert talk.model.nick == "Ana__"
    assert any("Ana is taken" in note for note in talk.notes("#lobby"))


def test_the_wanted_nick_is_taken_once_it_is_free():
    talk = Talk(FakeServer(taken=frozenset({"Ana"}))).connect()
    talk.server.taken = frozenset()

    talk.hears("@msgid=q :Ana!x@y JOIN #lobby")
    sent = talk.hears(":Ana!x@y QUIT :Ping timeout")

    assert sent == ["NICK Ana"]


def test_a_server_without_capabilities_is_enough():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    sent = talk.hears(
        ":old 421 * CAP :Unknown command", ":old 001 Ana :hi", ":old 376 Ana :End", ":Ana!a@b JOIN #lobby"
    )
    talk.session.submit("hello")

    assert "JOIN #lobby" in sent
    assert talk.session.take_lines() == ["PRIVMSG #lobby hello", "PING said-1"]
    assert talk.room().entries[-1].state is EntryState.SENDING
    talk.hears(":old PONG old said-1")
    assert talk.room().entries[-1].state is EntryState.SENT


def test_refused_capabilities_are_asked_for_one_by_one():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    asked = talk.hears(":s CAP * LS * :batch", ":s CAP * LS :setname echo-message=x tls=6697")
    again = talk.hears(":s CAP * NAK :echo-message batch setname")
    done = talk.hears(":s CAP * ACK batch", ":s CAP * NAK setname", ":s CAP * ACK :echo-message ")

    assert asked == ["CAP REQ :echo-message batch setname"]
    assert again == ["CAP REQ echo-message", "CAP REQ batch", "CAP REQ setname"]
    assert done == ["CAP END"]
    assert talk.session.caps.enabled == {"batch", "echo-message"}


def test_mentions_are_whole_words_and_direct_messages_count():
    talk = Talk().connect()
    talk.model.switch_to(talk.model.server)

    for text in ("ana: hi", "banana", "ANA!", "ana-maria", "Ana's"):
        talk.server.other_says("#lobby", text)
    talk.settle()
    talk.hears(":bob!b@there PRIVMSG Ana :psst")

    assert (talk.room().unread, talk.room().mentions) == (5, 3)
    assert talk.room("bob").kind is BufferKind.DIRECT
    assert (talk.room("bob").unread, talk.room("bob").mentions) == (1, 1)
    assert talk.model.next_unread() is talk.room()
    talk.model.switch_to(talk.room())
    assert (talk.room().unread, talk.room().mentions) == (0, 0)


def test_own_messages_from_another_device_do_not_count():
    talk = Talk().connect()
    talk.model.switch_to(talk.model.server)

    talk.hears("@msgid=z1 :Ana!~ana@here PRIVMSG #lobby :from my phone")

    assert talk.room().unread == 0
    assert talk.room().entries[-1].own


def test_silence_is_asked_about_and_then_believed():
    talk = Talk().connect()
    talk.clock.now = talk.session.due()
    talk.session.tick()

    assert talk.session.take_lines() == ["PING alive"]
    assert not talk.session.pulse.is_gone
    talk.clock.now = talk.session.due()
    assert talk.session.pulse.is_gone


def test_a_clock_that_is_set_back_does_not_stop_the_questions():
    talk = Talk().connect()
    talk.clock.now -= 3600
    talk.session.tick()

    talk.clock.now = talk.session.due()
    talk.session.tick()

    assert talk.session.take_lines() == ["PING alive"]


def test_leaving_with_something_unsent_asks_once():
    talk = Talk().connect()
    talk.cut()
    talk.session.submit("not sent")

    assert talk.session.submit("sair") is Outcome.NOTHING
    assert "1 message may not have arrived" in talk.notes("#lobby")[-1]
    assert talk.session.submit("sair") is Outcome.QUIT


def test_unknown_numerics_are_shown_as_their_words():
    talk = Talk().connect()

    talk.hears(":s 999 Ana something :quite new")

    assert talk.notes()[-1] == "something quite new"


def test_a_batch_of_answers_is_heard_as_it_comes_with_its_label():
    talk = Talk().connect()
    talk.types("/query bob")
    talk.session.submit("hi")
    (line,) = [line for line in talk.session.take_lines() if "PRIVMSG" in line]
    label = line.split(" ")[0].removeprefix("@label=")

    talk.hears(
        f"@label={label} :s BATCH +x labeled-response",
        "@batch=x :s 301 Ana bob :out for tea",
        "@batch=x;msgid=d1 :Ana!~ana@here PRIVMSG bob hi",
        ":s BATCH -x",
    )

    assert [(e.text, e.state) for e in talk.room("bob").entries if e.own] == [("hi", EntryState.SENT)]
    assert talk.notes("bob") == ["bob is away: out for tea"]


def test_every_wanted_capability_is_asked_for():
    talk = Talk().connect()

    assert talk.session.caps.enabled == set(CAPS.split())


def test_rooms_may_be_named_without_their_sign():
    talk = Talk(rooms=("tea", "#coffee", "not a room")).connect()

    assert [buffer.name for buffer in talk.model.buffers[1:]] == ["#tea", "#coffee"]
    assert talk.model.current is talk.room("#tea")
    assert not talk.model.server.is_joining


def test_that_the_server_listens_is_a_change_that_is_told():
    talk = Talk(rooms=())
    talk.open()
    talk.hears(":chat 001 Ana :Welcome")
    before = talk.model.version
    talk.hears(":chat 376 Ana :End of MOTD")
    assert talk.session.rooms.is_ready
    assert talk.model.version > before
