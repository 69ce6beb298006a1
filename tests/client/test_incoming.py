"""What the server says, family by family, as dialogues."""

from __future__ import annotations

import pytest
from client.fake_server import Talk

from chatapp.client.buffer import BufferKind, EntryKind, EntryState


@pytest.fixture
def talk() -> Talk:
    return Talk().connect()


def events(talk: Talk, name: str = "#lobby") -> list[str]:
    return [entry.text for entry in talk.room(name).entries if entry.kind is EntryKind.EVENT]


def test_people_come_and_go(talk):
    talk.hears(
        ":eva!e@h JOIN #lobby * :Eva",
        ":eva!e@h PART #lobby :lunch",
        ":ivo!i@h JOIN #lobby",
        ":ivo!i@h QUIT :{0} bye",
        ":ivo!i@h JOIN #lobby",
        ":ivo!i@h QUIT :Quit: so long",
        ":ivo!i@h JOIN #lobby",
        ":ivo!i@h QUIT :Quit",
        ":bob!b@there KICK #lobby zed :noise",
    )

    assert events(talk)[1:] == [
        "eva joined",
        "eva left (lunch)",
        "ivo joined",
        "ivo went offline ({0} bye)",
        "ivo joined",
        "ivo went offline (so long)",
        "ivo joined",
        "ivo went offline",
        "bob removed zed (noise)",
    ]
    assert sorted(talk.room().members) == ["ana", "bob"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Connection closed", "ivo went offline"),
        ("Connection lost", "ivo went offline (the connection was lost)"),
        ("Connection reset by peer", "ivo went offline (the connection was lost)"),
        ("Ping timeout: 120 seconds", "ivo went offline (nothing was heard any more)"),
        ("SendQ exceeded", "ivo went offline (too slow for all that was said)"),
        ("Quit: Connection lost", "ivo went offline (Connection lost)"),
    ],
)
def test_how_a_connection_ended_is_told_in_our_words(talk, reason, told):
    talk.hears(":ivo!i@h JOIN #lobby", f":ivo!i@h QUIT :{reason}")

    assert events(talk)[-1] == told


def test_a_rename_follows_into_rooms_and_conversations(talk):
    talk.hears(":bob!b@there PRIVMSG Ana :psst", ":bob!b@there NICK Bóbi")

    assert talk.room().members["bóbi"].nick == "Bóbi"
    assert talk.room().members["bóbi"].prefixes == "@"
    assert talk.room("Bóbi").kind is BufferKind.DIRECT
    assert talk.model.find("bob") is None


def test_names_are_gathered_until_they_are_whole(talk):
    talk.hears(":s 353 Ana = #lobby :@+eva!e@h ivo")
    assert sorted(talk.room().members) == ["ana", "bob"]

    talk.hears(":s 353 Ana = #lobby :Ana", ":s 366 Ana #lobby :End")

    assert {member.nick: member.prefixes for member in talk.room().members.values()} == {
        "eva": "@+",
        "ivo": "",
        "Ana": "",
    }


def test_being_removed_is_told_and_we_stay_out(talk):
    talk.hears(":bob!b@there KICK #lobby Ana :enough")
    talk.cut()
    talk.server.heard.clear()
    talk.connect()

    assert not talk.room().joined
    assert not any("JOIN" in line for line in talk.server.heard)
    assert "You are not in #lobby any more" in talk.notes("#lobby")[0]


def test_standing_shows_highest_first(talk):
    talk.hears(":s MODE #lobby +v-o+o bob bob bob")
    assert talk.room().members["bob"].prefixes == "@+"

    talk.hears(":s MODE #lobby -o bob", ":s MODE #lobby +nt")

    assert talk.room().members["bob"].prefixes == "+"
    assert events(talk)[-1] == "s set the mode +nt"


def test_the_topic_is_kept_and_its_changes_told(talk):
    talk.hears(":s 332 Ana #lobby :welcome", ":s 333 Ana #lobby bob 1")
    assert (talk.room().topic, events(talk)[1:]) == ("welcome", [])

    talk.hears(":bob!b@there TOPIC #lobby :new")
    talk.hears(":bob!b@there TOPIC #lobby :")

    assert talk.room().topic == ""
    assert events(talk)[1:] == ["bob set the topic: new", "bob removed the topic"]


def test_topic_and_modes_are_told_when_asked(talk):
    talk.types("/topic")
    talk.hears(":s 331 Ana #lobby :No topic is set")
    talk.types("/topic")
    talk.hears(":s 332 Ana #lobby :tea", ":s 324 Ana #lobby +ntl 5", ":s 332 Ana #lobby :tea")

    assert talk.notes("#lobby") == [
        "#lobby has no topic.",
        "The topic of #lobby is: tea",
        "The modes of #lobby are +ntl 5",
    ]


def test_away_shows_on_members(talk):
    talk.hears(":bob!b@there AWAY :lunch")
    assert talk.room().members["bob"].away

    talk.hears(":bob!b@there AWAY")

    assert not talk.room().members["bob"].away


def test_our_own_away_is_known(talk):
    talk.hears(":s 306 Ana :You have been marked as being away")
    assert talk.model.is_away

    talk.hears(":s 305 Ana :You are no longer marked as being away")

    assert not talk.model.is_away


def test_an_invitation_says_how_to_accept(talk):
    talk.hears(":bob!b@there INVITE Ana #tea", ":bob!b@there INVITE eva #lobby")

    assert talk.notes("#lobby")[-1] == "bob invites you to #tea: /join #tea"
    assert events(talk)[-1] == "bob invited eva to #lobby"


def test_errors_go_to_the_room_they_are_about(talk):
    talk.types("/join #tea")

    talk.hears(":s 482 Ana #lobby :You're not channel operator")

    assert talk.notes("#lobby")[-1] == "Only the operators of #lobby may do that"
    assert talk.notes("#tea") == []


def test_an_error_about_someone_in_a_room_is_shown_in_the_room(talk):
    talk.hears(":bob!b@there PRIVMSG Ana :psst", ":s 441 Ana bob #lobby :They are not in that channel")

    assert talk.notes("#lobby")[-1] == "bob is not in #lobby"
    assert talk.notes("bob") == []


def test_an_error_without_a_room_is_shown_where_the_person_is(talk):
    talk.hears(":s 421 Ana FOO :Unknown command")

    assert talk.notes("#lobby")[-1] == "There is no command FOO"


def test_a_standard_failure_fails_the_message_it_names(talk):
    talk.session.submit("hello")
    (line,) = talk.session.take_lines()
    label = line.split(" ")[0]

    talk.hears(f"{label} :s FAIL PRIVMSG TOO_FAST #lobby :Slow down")

    assert [(entry.text, entry.state) for entry in talk.room().entries if entry.own][-1] == (
        "hello",
        EntryState.FAILED,
    )
    assert talk.notes("#lobby")[-1] == "Slow down"


def test_whois_is_shown_where_it_was_asked(talk):
    talk.types("/whois bob")
    (label,) = [line.split(" ")[0] for line in talk.server.heard if "WHOIS" in line]

    talk.hears(
        f"{label} :s BATCH +w labeled-response",
        "@batch=w :s 311 Ana bob b there * :Bob {0}",
        "@batch=w :s 319 Ana bob :@#lobby",
        "@batch=w :s 318 Ana bob :End of WHOIS list",
        ":s BATCH -w",
    )

    assert talk.notes("#lobby")[-2:] == ["bob is b@there (Bob {0})", "bob is in @#lobby"]


def test_words_of_the_server_stay_in_its_own_window(talk):
    talk.hears(":s NOTICE Ana :maintenance at ten", ":s 372 Ana :- welcome", ":s WARN * SLOW :busy today")

    assert talk.model.server.entries[-3].text == "maintenance at ten"
    assert talk.notes()[-2:] == ["- welcome", "busy today"]


def test_a_service_notice_does_not_open_a_conversation(talk):
    talk.hears(":NickServ!s@s NOTICE Ana :this nick is registered")

    assert talk.model.find("NickServ") is None
    assert talk.model.server.entries[-1].text == "this nick is registered"


def test_a_message_to_operators_belongs_to_the_room(talk):
    talk.hears(":bob!b@there PRIVMSG @#lobby :ops only")

    assert talk.texts() == ["ops only"]


def test_an_action_is_an_action_and_other_ctcp_is_only_told(talk):
    talk.hears(":bob!b@there PRIVMSG #lobby :\x01ACTION waves\x01")
    assert talk.room().entries[-1].kind is EntryKind.ACTION

    sent = talk.hears(":bob!b@there PRIVMSG Ana :\x01VERSION\x01")

    assert sent == []
    assert talk.notes()[-1] == "bob asks for VERSION (not answered)"


def test_a_message_to_oneself_is_there_once(talk):
    talk.types("/query Ana")
    talk.session.submit("note to self")
    (line,) = [line for line in talk.session.take_lines() if "PRIVMSG" in line]
    label = line.split(" ")[0]

    talk.hears("@msgid=s1 :Ana!~ana@here PRIVMSG Ana :note to self")
    talk.hears(f"{label};msgid=s1 :Ana!~ana@here PRIVMSG Ana :note to self")

    assert talk.texts("Ana") == ["note to self"]
    assert [entry.state for entry in talk.room("Ana").entries if entry.own] == [EntryState.SENT]


def test_a_ping_is_answered_with_its_token(talk):
    assert talk.hears("PING :a b:c") == ["PONG :a b:c"]


def test_a_token_that_is_too_long_is_answered_with_as_much_as_a_line_has_room_for(talk):
    (answer,) = talk.hears("PING : " + 600 * "é")
    assert answer.startswith("PONG : éé")
    assert len(answer.encode()) in (509, 510)


def test_capabilities_come_and_go_while_connected(talk):
    assert talk.hears(":s CAP Ana NEW :chghost tls=6697") == ["CAP REQ chghost"]
    assert talk.hears(":s CAP Ana ACK :chghost") == []
    assert talk.hears(":s CAP Ana DEL :chghost") == []

    assert "chghost" not in talk.session.caps.enabled


def test_our_address_is_learnt_and_follows_changes(talk):
    assert talk.session.source == "Ana!~ana@here"

    talk.hears(":Ana!~ana@here CHGHOST ana cloak.example")

    assert talk.session.source == "Ana!ana@cloak.example"


def test_a_nick_that_is_not_allowed_becomes_a_guest():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    assert talk.hears(":s 432 * Ana :Erroneous nickname") == ["NICK guest"]
    assert talk.hears(":s 433 * guest :In use") == ["NICK guest_"]


def test_a_name_that_is_registered_is_told_with_the_way_in():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    assert talk.hears(":s 433 * Ana :This nick is registered; log in to use it") == ["NICK Ana_"]
    told = "Ana is registered, so you are Ana_ for now. If it is yours: /login PASSWORD"
    assert talk.notes("#lobby")[-1] == told


def test_after_many_taken_nicks_the_person_is_asked():
    talk = Talk()
    talk.session.connected()
    talk.session.take_lines()

    sent = [talk.hears(":s 433 * x :In use") for _attempt in range(12)]

    assert sent[7] != [] and sent[8:] == [[]] * 4
    assert "Choose one: /nick NAME" in talk.notes("#lobby")[-1]


def test_a_batch_of_another_kind_is_heard_as_it_comes(talk):
    talk.hears(":s BATCH +n netsplit a b", "@batch=n :bob!b@there QUIT :a b", ":s BATCH -n")

    assert events(talk)[-1] == "bob went offline (a b)"


def test_what_the_server_says_at_the_end_is_the_reason():
    talk = Talk().connect()
    talk.hears("ERROR :Closing link (flood)")

    talk.cut()

    assert "The connection is lost (Closing link (flood))" in talk.notes("#lobby")[-1]


def test_the_server_is_called_by_its_own_name():
    talk = Talk()
    talk.model.server.name = "10.0.0.7"
    talk.open()

    talk.hears(":s 005 Ana NETWORK=Escola :are supported by this server")

    assert talk.model.server.name == "Escola"


def test_the_server_says_who_it_is_on_connecting():
    talk = Talk()
    talk.open()

    talk.hears(":escola 001 Ana :Welcome to the IRC network, Ana!a@b")

    assert talk.notes() == ["Welcome to escola, Ana!"]
    talk.hears(":Escola 001 Escola :Welcome to the IRC network, Escola!a@b")
    assert talk.notes() == ["Welcome to escola, Ana!"]


def test_of_how_a_server_presents_itself_only_what_concerns_people_is_told():
    talk = Talk().connect()
    talk.hears(
        ":s 002 Ana :Your host is s",
        ":s 251 Ana :There are 4 users and 0 invisible on 1 servers",
        ":s 252 Ana 1 :operator(s) online",
        ":s 254 Ana 2 :channels formed",
        ":s 265 Ana 4 5 :Current local users 4, max 5",
        ":s 266 Ana 4 5 :Current global users 4, max 5",
    )
    assert talk.notes()[-3:] == [
        "Operators of the server who are here: 1",
        "Rooms: 2; /list shows them, /join enters one",
        "People here: 4, at most 5 so far",
    ]
