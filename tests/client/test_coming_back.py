"""What a person had said before a cut is said again, and what went wrong is told where they are."""

from __future__ import annotations

from client.fake_server import FakeServer, Talk

from chatapp import cli
from chatapp.client import app


def test_why_a_server_does_not_let_one_in_is_told_once():
    talk = Talk()
    for _attempt in range(3):
        talk.open()
        talk.hears("ERROR :Too many connections from your address")
        talk.session.disconnected("the server has ended it", 1.0)
    told = "The server does not let us in: Too many connections from your address"
    assert talk.notes("#lobby").count(told) == 1


def test_who_was_away_is_away_again():
    talk = Talk().connect()
    talk.types("/away almoço")
    talk.hears(":chat 306 Ana :You have been marked as being away")
    talk.cut()
    talk.server.heard.clear()
    talk.connect()
    assert "AWAY almoço" in talk.server.heard


def test_who_is_back_is_not():
    talk = Talk().connect()
    talk.types("/away almoço")
    talk.types("/away")
    talk.hears(":chat 305 Ana :You are no longer marked as being away")
    talk.cut()
    talk.server.heard.clear()
    talk.connect()
    assert not any(line.startswith("AWAY") for line in talk.server.heard)


def test_it_is_back_is_said_where_the_loss_was_said():
    talk = Talk(rooms=("#one", "#two")).connect()
    talk.model.switch_to(talk.room("#two"))
    talk.cut()
    talk.model.switch_to(talk.room("#one"))
    talk.connect()
    assert "Connected again." in talk.notes("#two")
    assert "Connected again." in talk.notes("#one")
    assert talk.notes("#one").count("Connected again.") == 1


class Choosy(FakeServer):
    """A server that takes ASCII names only, and not every one of those."""

    refuses = ()

    def on_nick(self, line):
        if not line.params[0].isascii() or line.params[0] in self.refuses:
            self.say(f"432 * {line.params[0]} :Erroneous nickname")
        else:
            super().on_nick(line)


def test_accents_are_dropped_before_the_name_is_given_up():
    talk = Talk(Choosy(), nick="João").connect()
    assert talk.model.nick == "Joao"
    talk.cut()
    talk.connect()
    assert [note for note in talk.notes("#lobby") if "Joao" in note] == [
        "João cannot be a name here, so you are Joao for now. /nick changes it."
    ]


def test_a_name_of_which_nothing_is_left_is_guest():
    server = Choosy()
    server.refuses = ("Joao",)
    assert Talk(server, nick="João").connect().model.nick == "guest"
    assert Talk(Choosy(), nick="東京").connect().model.nick == "guest"


def test_a_message_that_nobody_gets_is_told_where_one_is_by_name():
    talk = Talk().connect()
    talk.types("/query Ninguem")
    talk.model.switch_to(talk.room("#lobby"))
    talk.session.submit("/msg Ninguem oi")
    (sent,) = (line for line in talk.session.take_lines() if "PRIVMSG" in line)
    label = sent.partition(" ")[0]
    talk.hears(f"{label} :chat 401 Ana Ninguem :No such nick or channel")
    assert "Not sent to Ninguem: Nobody here is called Ninguem." in talk.notes("#lobby")
    assert talk.notes("Ninguem") == ["Nobody here is called Ninguem."]


def test_where_someone_really_comes_from():
    talk = Talk().connect()
    talk.hears(":chat 338 Ana Outra u@127.0.0.1 127.0.0.1 :is actually using host")
    assert "Outra really comes from u@127.0.0.1" in talk.notes("#lobby")


def test_small_words():
    talk = Talk().connect()
    talk.hears(":chat 322 Ana #tea 2 :", ":Ana!a@h KICK #lobby bob :Ana", ":Ana!a@h KICK #lobby cai :be nice")
    assert "#tea (2)" in [*talk.notes("#lobby"), *talk.notes()]
    told = [entry.text for entry in talk.room().entries]
    assert "Ana removed bob" in told
    assert "Ana removed cai (be nice)" in told


def test_the_name_that_could_not_be_taken_is_told(monkeypatch):
    told = []
    monkeypatch.setattr(app, "run", lambda launch: told.append((launch.asked_name, launch.server.nick)) or 0)
    cli.client(["--name", "Ana Maria"])
    cli.client([])
    assert told[0] == ("Ana Maria", "Ana_Maria")
    assert told[1][0] == ""
