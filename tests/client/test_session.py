from __future__ import annotations

from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.buffer import BufferKind, EntryState
from chatapp.client.model import ConnectionState
from chatapp.client.outcome import Outcome
from chatapp.irc.line import parse_line


class DeafToHistory(FakeServer):
    """A server that never answers CHATHISTORY."""

    def on_chathistory(self, line):
        pass


def test_it_lands_in_the_lobby():
    talk = Talk().connect()

    assert talk.model.state is ConnectionState.ONLINE
    assert talk.model.current is talk.room("#lobby")
    assert talk.room().joined
    assert sorted(talk.room().members) == ["ana", "bob"]
    assert talk.room().members["bob"].prefixes == "@"


def test_a_message_is_there_at_once_and_confirmed_by_its_echo():
    talk = Talk().connect()

    talk.session.submit("olá")

    entry = talk.room().entries[-1]
    assert (entry.text, entry.state) == ("olá", EntryState.SENDING)
    talk.settle()
    assert talk.room().entries[-1] is entry
    assert (entry.state, entry.msgid) == (EntryState.SENT, "m2")


def test_the_echo_takes_its_place_after_what_the_server_heard_before():
    talk = Talk().connect()
    talk.session.submit("second")
    talk.server.other_says("#lobby", "first")

    talk.settle()

    assert talk.texts() == talk.server.texts("#lobby") == ["first", "second"]


def test_what_is_typed_offline_waits_and_goes_out_once():
    talk = Talk().connect()
    talk.cut()
    talk.session.submit("are you there?")

    assert talk.room().entries[-1].state is EntryState.WAITING
    talk.connect()

    assert talk.server.texts("#lobby") == ["are you there?"]
    assert talk.room().entries[-1].state is EntryState.SENT


def test_what_was_typed_before_the_first_connection_goes_out():
    talk = Talk()
    talk.session.submit("early bird")

    talk.connect()

    assert talk.server.texts("#lobby") == ["early bird"]


def test_a_message_that_the_server_took_before_the_cut_is_not_sent_again():
    talk = Talk().connect()
    talk.session.submit("once")
    for line in talk.session.take_lines():
        talk.server.hear(line)
    talk.server.other_says("#lobby", "meanwhile")
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["once", "meanwhile"]
    assert talk.texts() == ["once", "meanwhile"]
    assert [entry.state for entry in talk.room().entries if entry.own and entry.text == "once"] == [
        EntryState.SENT
    ]


def test_a_message_that_arrives_late_over_the_old_connection_is_known_again():
    talk = Talk().connect()
    talk.session.submit("slow")
    talk.session.take_lines()
    talk.cut()
    talk.open()
    while not talk.room().joined:
        for line in talk.session.take_lines():
            talk.server.hear(line)
        talk.session.hear(parse_line(talk.server.out.pop(0)))

    talk.hears("@msgid=late :Ana!~ana@here PRIVMSG #lobby :slow")

    assert [entry.state for entry in talk.room().entries if entry.text == "slow"] == [EntryState.SENT]
    assert talk.session.speaking.outbox.unsent() == 0


def test_a_message_that_the_server_never_saw_is_sent_again():
    talk = Talk().connect()
    talk.session.submit("lost on the way")
    talk.session.take_lines()
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["lost on the way"] == talk.texts()


def test_of_two_equal_messages_only_the_lost_one_is_sent_again():
    talk = Talk().connect()
    talk.session.submit("ok")
    talk.session.submit("ok")
    first, _second = talk.session.take_lines()
    talk.server.hear(first)
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["ok", "ok"] == talk.texts()


def test_a_direct_message_of_unknown_fate_is_left_to_the_person():
    talk = Talk().connect()
    talk.session.submit("/query bob hello")
    talk.session.take_lines()
    talk.cut()
    talk.connect()

    assert talk.server.texts("bob") == []
    assert [entry.state for entry in talk.room("bob").entries if entry.own] == [EntryState.FAILED]
    talk.types("/resend")
    assert talk.server.texts("bob") == ["hello"] == talk.texts("bob")


def test_the_gap_is_filled_page_by_page():
    talk = Talk(FakeServer(page_limit=7)).connect()
    talk.server.other_says("#lobby", "before")
    talk.settle()
    talk.cut()
    for number in range(40):
        talk.server.other_says("#lobby", f"missed {number}")
    talk.open()
    for number in range(3):
        talk.server.other_says("#lobby", f"late {number}")

    talk.settle()

    assert talk.texts() == talk.server.texts("#lobby")
    assert len(talk.texts()) == 44


def test_a_second_cut_in_the_middle_of_catching_up_leaves_no_gap():
    talk = Talk(FakeServer(page_limit=5)).connect()
    talk.server.other_says("#lobby", "before")
    talk.settle()
    talk.cut()
    for number in range(30):
        talk.server.other_says("#lobby", f"missed {number}")
    talk.open()
    for _step in range(400):
        lines = talk.session.take_lines()
        for line in lines:
            talk.server.hear(line)
        if talk.room().joined and len(talk.texts()) > 8:
            break
        if talk.server.out:
            talk.hears(talk.server.out.pop(0))
            talk.session.on_lines()
    talk.server.other_says("#lobby", "live")
    talk.cut()
    for number in range(30):
        talk.server.other_says("#lobby", f"missed again {number}")

    talk.connect()

    assert talk.texts() == talk.server.texts("#lobby")


def test_scrolling_back_reaches_the_beginning():
    server = FakeServer()
    for number in range(130):
        server.other_says("#lobby", str(number))
    talk = Talk(server).connect()

    assert talk.texts() == [str(number) for number in range(81, 130)]
    for _page in range(9):
        talk.session.load_older(talk.room())
        talk.settle()

    assert talk.texts() == [str(number) for number in range(130)]
    assert not talk.room().has_older


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
    assert talk.session.take_lines() == ["PRIVMSG #lobby hello"]
    assert talk.room().entries[-1].state is EntryState.SENT


def test_refused_capabilities_are_asked_for_one_by_one():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    asked = talk.hears(":s CAP * LS * :batch", ":s CAP * LS :setname echo-message=x sasl=PLAIN")
    again = talk.hears(":s CAP * NAK :echo-message batch setname")
    done = talk.hears(":s CAP * ACK batch", ":s CAP * NAK setname", ":s CAP * ACK :echo-message ")

    assert asked == ["CAP REQ :echo-message batch setname"]
    assert again == ["CAP REQ echo-message", "CAP REQ batch", "CAP REQ setname"]
    assert done == ["CAP END"]
    assert talk.session.caps.enabled == {"batch", "echo-message"}


def test_an_echo_without_a_label_confirms_by_its_text():
    talk = Talk(FakeServer(caps="echo-message message-tags server-time")).connect()

    talk.types("plain")

    assert talk.texts() == ["plain"]
    assert talk.room().entries[-1].state is EntryState.SENT


def test_a_refused_message_has_failed_and_the_reason_is_told():
    talk = Talk().connect()
    talk.server.joined.clear()

    talk.types("into the void")

    assert [e.state for e in talk.room().entries if e.own and e.text == "into the void"] == [
        EntryState.FAILED
    ]
    assert talk.notes("#lobby")[-1] == "Cannot send to channel"


def test_what_waits_for_a_room_that_does_not_let_us_in_has_failed():
    talk = Talk()
    talk.session.submit("hello?")
    talk.session.connected()
    talk.hears(":s 001 Ana :hi", ":s 376 Ana :End", ":s 473 Ana #lobby :Cannot join channel (+i)")

    assert [e.state for e in talk.room().entries if e.own] == [EntryState.FAILED]
    assert "Cannot join channel (+i)" in talk.notes("#lobby")[-1]


def test_speaking_in_a_room_one_was_removed_from_is_refused_here():
    talk = Talk().connect()
    talk.hears(":bob!b@there KICK #lobby Ana :enough")

    talk.session.submit("but")

    assert talk.session.take_lines() == []
    assert [e.state for e in talk.room().entries if e.text == "but"] == [EntryState.FAILED]


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


def test_a_long_text_is_split_so_that_the_relayed_lines_fit():
    talk = Talk().connect()
    text = "ção " * 300

    talk.types(text)

    assert "".join(talk.texts()) == text
    for said in talk.server.history["#lobby"]:
        assert len(f":{said.source} PRIVMSG #lobby :{said.params[-1]}\r\n".encode()) <= 512


def test_a_paste_is_one_message_a_line_and_holds_no_commands():
    talk = Talk().connect()

    talk.types("one\n\n/quit\nthree\n")

    assert talk.server.texts("#lobby") == ["one", "/quit", "three"]


def test_a_long_paste_goes_out_in_order_a_window_at_a_time():
    talk = Talk().connect()
    talk.session.submit("\n".join(str(number) for number in range(100)))

    assert len(talk.session.take_lines()) == 20
    talk.cut()
    talk.connect()

    assert talk.server.texts("#lobby") == [str(number) for number in range(100)] == talk.texts()


def test_silence_is_asked_about_and_then_believed():
    talk = Talk().connect()
    talk.clock.now = talk.session.due()
    talk.session.tick()

    assert talk.session.take_lines() == ["PING alive"]
    assert not talk.session.is_dead
    talk.clock.now = talk.session.due()
    assert talk.session.is_dead


def test_history_that_is_never_answered_does_not_hold_up_the_conversation():
    talk = Talk(DeafToHistory()).connect()
    talk.session.submit("anyone?")
    assert talk.session.take_lines() == []

    talk.clock.now = talk.session.due()
    talk.session.tick()

    assert any("anyone?" in line for line in talk.session.take_lines())


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
    talk.session.submit("/query bob hi")
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
