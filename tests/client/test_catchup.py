from __future__ import annotations

from client.fake_server import Clock, FakeServer, Talk

from chatapp.client.buffer import EntryKind, EntryState
from chatapp.client.catchup import Catchup
from chatapp.irc.line import Line, parse_line


class DeafToHistory(FakeServer):
    """A server that never answers CHATHISTORY."""

    def on_chathistory(self, line):
        pass


def step(talk):
    """The server hears all that was said to it, and we hear one line of it."""
    for line in talk.session.take_lines():
        talk.server.hear(line)
    talk.session.hear(parse_line(talk.server.out.pop(0)))


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
    while len(talk.texts()) < 9:
        step(talk)
    talk.server.other_says("#lobby", "live")
    while "live" not in talk.texts():
        step(talk)
    assert len(talk.texts()) < 31, "the gap is still open"
    talk.cut()
    for number in range(30):
        talk.server.other_says("#lobby", f"missed again {number}")

    talk.connect()

    assert talk.texts() == talk.server.texts("#lobby")


def reacts(talk):
    said = talk.server._keep("#lobby", "bob!b@there", "TAGMSG", ["#lobby"])
    said.client_tags = {"+draft/reply": "m2", "+draft/react": "+1"}


def cut_off_while_others_talk_and_react():
    talk = Talk(FakeServer(page_limit=5)).connect()
    talk.server.other_says("#lobby", "before")
    talk.settle()
    talk.cut()
    for number in range(20):
        talk.server.other_says("#lobby", f"missed {number}")
        reacts(talk)
    return talk


def test_a_page_may_end_with_what_is_no_entry():
    talk = cut_off_while_others_talk_and_react()

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


def test_what_came_live_while_the_newest_page_was_read_is_not_the_beginning():
    talk = Talk(FakeServer(page_limit=4)).connect()
    for number in range(9):
        talk.server.other_says("#lobby", f"old {number}")
        talk.settle()
    talk.session.reading.clear(talk.room())
    talk.session.load_older(talk.room())
    for number in range(4):
        talk.server.other_says("#lobby", f"new {number}")
    for text in talk.server.out:
        talk.session.hear(parse_line(text))
    talk.server.out.clear()
    talk.settle()

    assert talk.texts() == [f"new {number}" for number in range(4)]
    assert talk.room().has_older


def test_history_that_is_never_answered_does_not_hold_up_the_conversation():
    talk = Talk(DeafToHistory()).connect()
    talk.session.submit("anyone?")
    assert talk.session.take_lines() == []

    talk.clock.now = talk.session.due()
    talk.session.tick()

    assert any("anyone?" in line for line in talk.session.take_lines())


def test_a_server_that_knows_places_by_time_only_is_asked_so():
    talk = Talk(FakeServer(tokens="MSGREFTYPES=timestamp")).connect()
    talk.server.other_says("#lobby", "one")
    talk.settle()
    talk.cut()
    talk.server.other_says("#lobby", "two")

    talk.connect()

    assert talk.texts() == ["one", "two"]
    assert not any("msgid=" in line for line in talk.server.heard)


def test_history_that_never_held_anything_is_no_proof():
    class Empty(FakeServer):
        """A server that offers history and keeps none."""

        def on_chathistory(self, line):
            self.history.clear()
            super().on_chathistory(line)

    talk = Talk(Empty()).connect()
    talk.session.submit("did it arrive?")
    talk.session.take_lines()
    talk.cut()

    talk.connect()

    assert [
        entry.state for entry in talk.room().entries if entry.own and entry.kind is EntryKind.MESSAGE
    ] == [EntryState.FAILED]


def test_a_clock_that_is_set_does_not_give_up_what_was_asked():
    talk = Talk()
    steady = talk.session.steady = Clock()
    talk.session.reading.catchup = Catchup(talk.session.reading, steady)
    talk.connect()
    talk.cut()
    talk.server.other_says("#lobby", "missed")
    talk.open()
    while not talk.room().is_loading:
        step(talk)
    talk.clock.now += 3600

    talk.session.tick()
    assert talk.room().is_loading
    talk.settle()

    assert talk.texts() == ["missed"]


class WithAccounts(FakeServer):
    """A server where we are logged in: what was said between two is kept for us over a cut."""

    def on_user(self, line):
        super().on_user(line)
        self.say(f"900 {self.nick} {self.source} ana :You are now logged in as ana")


def test_what_one_said_long_ago_is_not_what_one_has_just_said():
    server = WithAccounts()
    talk = Talk(server).connect()
    server._keep("bob", server.source, "PRIVMSG", ["bob", "ok"])
    talk.session.submit("/query bob")
    talk.session.submit("ok")
    talk.session.take_lines()  # neither the question for the history nor the words arrive
    talk.cut()

    talk.connect()

    assert server.texts("bob") == ["ok", "ok"] == talk.texts("bob")


def test_nor_is_what_one_said_before_one_emptied_the_screen():
    server = WithAccounts()
    talk = Talk(server).connect()
    talk.types("/query bob")
    talk.types("ok")
    talk.types("/clear")
    talk.session.submit("ok")
    talk.session.take_lines()  # does not arrive
    talk.cut()

    talk.connect()

    assert server.texts("bob") == ["ok", "ok"]
    assert talk.texts("bob") == ["ok"]


def test_nothing_is_said_to_somebody_before_it_could_be_found_again():
    talk = Talk(WithAccounts()).connect()
    talk.session.submit("/query bob hello")
    assert not [line for line in talk.session.take_lines() if "PRIVMSG" in line]
    talk.cut()

    talk.connect()

    assert talk.server.texts("bob") == ["hello"] == talk.texts("bob")


def test_nor_is_it_where_the_first_page_comes_after_the_gap():
    server = WithAccounts()
    talk = Talk(server).connect()
    server._keep("bob", server.source, "PRIVMSG", ["bob", "ok"])
    talk.session.submit("/query bob")
    talk.session.take_lines()
    said = server._keep("bob", "bob!b@there", "PRIVMSG", ["Ana", "hi"])
    talk.hears(f"@msgid=m{said.stamp};time={said.tags['time']} :bob!b@there PRIVMSG Ana :hi")
    talk.session.submit("ok")
    talk.session.take_lines()
    talk.cut()

    talk.connect()

    assert server.texts("bob") == ["ok", "hi", "ok"] == talk.texts("bob")


class Attached(FakeServer):
    """A server where we are in the room already, by another connection: it tells us of that old JOIN."""

    def _welcome(self):
        was_registered = self.registered
        super()._welcome()
        if self.registered and not was_registered:
            self.joined.add("#lobby")
            (join,) = [said for said in self.history["#lobby"] if said.command == "JOIN"]
            self._send(Line("JOIN", ["#lobby", "*", "real"], self.source, join.tags))

    def on_join(self, line):
        label = {"label": line.tags["label"]} if "label" in line.tags else {}
        self._send(Line("ACK", [], "chat", label))


def attached_after(count):
    server = Attached()
    server._keep("#lobby", "Ana!~ana@here", "JOIN", ["#lobby"])
    for number in range(count):
        server.other_says("#lobby", f"{number}")
    return Talk(server).connect()


def test_an_old_join_that_is_told_again_hides_nothing_that_was_said_since():
    talk = attached_after(120)
    assert talk.texts() == talk.server.texts("#lobby")[-50:]

    while talk.room().has_older:
        talk.session.load_older(talk.room())
        talk.settle()

    assert talk.texts() == talk.server.texts("#lobby")
    assert [entry.msgid for entry in talk.room().entries] == [f"m{number}" for number in range(1, 122)]


def test_nor_does_it_hide_anything_after_a_cut():
    talk = attached_after(120)
    talk.server.other_says("#lobby", "live")
    talk.settle()
    talk.cut()
    for number in range(250):
        talk.server.other_says("#lobby", f"missed {number}")

    talk.connect()

    assert talk.texts() == talk.server.texts("#lobby")[-301:]


def test_the_first_page_too_may_end_with_what_is_no_entry():
    server = Attached()
    server._keep("#lobby", "Ana!~ana@here", "JOIN", ["#lobby"])
    server.other_says("#lobby", "before")
    talk = Talk(server)
    reacts(talk)
    talk.connect()
    talk.cut()
    server.other_says("#lobby", "missed")

    talk.connect()

    assert talk.texts() == ["before", "missed"]


def test_what_is_cleared_while_it_is_read_goes_on_in_order():
    talk = cut_off_while_others_talk_and_react()
    talk.open()
    while len(talk.texts()) < 3:
        step(talk)
    talk.session.reading.clear(talk.room())

    talk.settle()

    assert talk.texts() == talk.server.texts("#lobby")[-len(talk.texts()) :]
    assert len(talk.texts()) > 10


def test_a_whole_page_may_be_without_an_entry():
    talk = Talk(FakeServer(page_limit=5)).connect()
    for number in range(3):
        talk.server.other_says("#lobby", f"live {number}")
        talk.settle()
    talk.cut()
    for _number in range(12):
        reacts(talk)
    talk.server.other_says("#lobby", "missed")

    talk.connect()

    assert talk.texts() == talk.server.texts("#lobby")
