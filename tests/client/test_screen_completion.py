"""Completion of commands, nicks and rooms."""

from __future__ import annotations

import pytest

from chatapp.client.buffer import BufferKind, Entry, EntryKind, Member
from chatapp.client.going import MOST_PEOPLE
from chatapp.client.model import Model
from chatapp.client.screen.completion import candidates, common_beginning, opens_menu


@pytest.fixture
def model():
    model = Model("Ana", "localhost")
    tea = model.buffer_named("#tea", BufferKind.CHANNEL)
    model.buffer_named("#Teapot", BufferKind.CHANNEL)
    model.buffer_named("Zoe", BufferKind.DIRECT)
    for nick in ("Ana", "Bruno", "Bia", "Çelik"):
        tea.members[model.fold(nick)] = Member(nick)
    model.switch_to(tea)
    return model


def texts(model, before):
    return [candidate.text for candidate in candidates(model, before)]


def test_a_nick_at_the_beginning_is_addressed(model):
    assert texts(model, "bru") == ["Bruno: "]
    assert texts(model, "oi bru") == ["Bruno "]
    assert candidates(model, "oi bru")[0].typed == 3


def test_a_nick_after_an_at_sign_keeps_it(model):
    assert texts(model, "@bru") == ["@Bruno "]
    assert texts(model, "oi @BR") == ["@Bruno "]
    assert texts(model, "ana@bru") == []


def test_nicks_of_any_script_and_case(model):
    assert texts(model, "çE") == ["Çelik: "]


def test_who_spoke_last_comes_first_and_oneself_never(model):
    assert texts(model, "b") == ["Bia: ", "Bruno: "]
    model.current.add(Entry(EntryKind.MESSAGE, 0.0, "oi", nick="Bruno"))
    assert texts(model, "b") == ["Bruno: ", "Bia: "]
    assert texts(model, "an") == []


def test_the_other_one_of_a_private_conversation(model):
    model.switch_to(model.buffer_named("Zoe"))
    assert texts(model, "z") == ["Zoe: "]


def test_rooms(model):
    assert texts(model, "see #te") == ["#tea ", "#Teapot "]
    assert texts(model, "/join te") == ["#tea ", "#Teapot "]
    assert texts(model, "/join #teap") == ["#Teapot "]


def test_places_to_go_by_a_few_letters(model):
    assert texts(model, "/go tp") == ["#Teapot "]
    assert texts(model, "/go te") == ["#Teapot "]
    assert texts(model, "/go runo") == ["Bruno "]
    assert candidates(model, "/go zo") == [("Zoe ", 2, "Zoe", "")]
    model.find("Zoe").unread = 2
    assert candidates(model, "/go ")[0] == ("Zoe ", 0, "Zoe", "2 new messages")
    assert candidates(model, "/go br")[0].about == "a person here"


def test_levels_of_a_room(model):
    assert texts(model, "/notify m") == ["mentions "]
    assert texts(model, "/notify all #te") == ["#tea ", "#Teapot "]


@pytest.mark.parametrize("typed", [":coraç", ":coraç:", "❤️:coraç", "oi :CORAC", "/me :corac"])
def test_emoji_by_name(model, typed):
    first = candidates(model, typed)[0]
    assert (first.text, first.shown, first.about) == ("❤️", "❤️", ":coração:")
    assert typed[len(typed) - first.typed] == ":"


@pytest.mark.parametrize("typed", [":)", ":D", "10:30", "https://example", ":xyzzy", "a::tea", ":b"])
def test_what_names_no_emoji(model, typed):
    assert [candidate for candidate in candidates(model, typed) if candidate.about] == []


def test_commands_with_their_usage_and_help(model):
    (join,) = candidates(model, "/joi")
    assert join == ("/join ", 4, "/join ROOM [KEY]", "enter a room")
    assert "/me " in texts(model, "/m")
    assert texts(model, "//jo") == []
    assert texts(model, "oi /jo") == []


def test_arguments_of_commands(model):
    assert texts(model, "/msg bru") == ["Bruno "]
    assert texts(model, "/help jo") == ["join"]
    assert texts(model, "/nosuch bru") == ["Bruno "]


def test_after_a_line_break_a_slash_is_text(model):
    assert texts(model, "one\n/jo") == []


def test_hostile_names_are_shown_safely(model):
    model.current.members["evil"] = Member("evil\x1b[2J")
    (evil,) = candidates(model, "evi")
    assert "\x1b" not in evil.shown


@pytest.mark.parametrize(
    ("texts_", "common"),
    [(["Bia: ", "Bruno: "], "B"), (["#tea ", "#Teapot "], "#tea"), (["one"], "one"), (["a", "b"], "")],
)
def test_what_all_begin_with(texts_, common):
    assert common_beginning(texts_) == common


@pytest.mark.parametrize("text", ["/", "/jo", "/go ", "/go te", "/g te"])
def test_the_menu_opens_by_itself_for_commands_and_places(text):
    assert opens_menu(text)


@pytest.mark.parametrize("text", ["", "oi", "//go", "/join #te", "/msg te", "/go te\n", "/golf te"])
def test_and_for_nothing_else(text):
    assert not opens_menu(text)


def test_of_many_people_not_all_are_looked_through(model):
    for number in range(MOST_PEOPLE + 100):
        model.current.members[f"n{number}"] = Member(f"n{number}")
    assert texts(model, f"/go n{MOST_PEOPLE - 100}") == [f"n{MOST_PEOPLE - 100} "]
    assert texts(model, f"/go n{MOST_PEOPLE + 99}") == []
