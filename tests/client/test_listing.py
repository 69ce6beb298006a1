"""/list: the rooms of a server, and those with certain words."""

from __future__ import annotations

import pytest
from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client import listing
from chatapp.client.listing import SHOWN

LINES = (
    ":chat 321 Ana Channel :Users  Name",
    ":chat 322 Ana #lobby 3 :Welcome",
    ":chat 322 Ana #tea-time 12 :All about \x02chá\x02: green, black",
    ":chat 322 Ana #ops 1 :",
    ":chat 323 Ana :End of /LIST",
)


@pytest.fixture
def talk():
    return Talk().connect()


def told(talk, typed, *lines):
    before = len(talk.notes("#lobby"))
    talk.session.submit(typed)
    asked = talk.session.take_lines()
    talk.hears(*lines)
    return [line.rpartition(" LIST")[2].strip() for line in asked], talk.notes("#lobby")[before:]


def test_the_liveliest_come_first(talk):
    assert told(talk, "/list", *LINES) == (
        [""],
        [
            "#tea-time (12 people): All about \x02chá\x02: green, black",
            "#lobby (3 people): Welcome",
            "#ops (1 person)",
        ],
    )


@pytest.mark.parametrize("words", ["chá", "CHÁ green", "tea", "time about"])
def test_words_are_looked_for_in_names_and_topics(talk, words):
    asked, found = told(talk, f"/list {words}", *LINES)
    assert asked == [""]
    assert found == ["#tea-time (12 people): All about \x02chá\x02: green, black"]


def test_where_none_fits_that_is_said(talk):
    assert told(talk, "/list xyzzy", *LINES)[1] == ["None of the 3 rooms has these words."]
    assert told(talk, "/list xyzzy", LINES[1], LINES[-1])[1] == [
        "The one room that there is has not these words."
    ]
    assert told(talk, "/list", LINES[-1])[1] == ["There are no rooms that you could see. /join opens one."]


@pytest.mark.parametrize("pattern", ["#tea*", ">10", "*tea*", "C<60", "#a,#b"])
def test_what_the_server_understands_itself_is_passed_on(talk, pattern):
    asked, found = told(talk, f"/list {pattern}", LINES[2], LINES[-1])
    assert asked == [pattern]
    assert len(found) == 1


def test_a_long_list_is_cut_and_says_so(talk):
    many = [f":chat 322 Ana #room{number} {number} :" for number in range(SHOWN + 5)]
    found = told(talk, "/list", *many, LINES[-1])[1]
    assert len(found) == SHOWN + 1
    assert found[0] == f"#room{SHOWN + 4} ({SHOWN + 4} people)"
    assert found[-1] == "… and 5 more rooms. /list WORDS shows those with these words."


def test_the_answer_comes_to_where_one_asked(talk):
    talk.session.submit("/list tea")
    talk.session.take_lines()
    talk.model.switch_to(talk.model.server)
    talk.hears(*LINES)
    assert talk.notes("#lobby")[-1].startswith("#tea-time")


def test_numbers_of_a_bad_server(talk):
    found = told(
        talk,
        "/list",
        ":s 322 Ana #a x :",
        ":s 322 Ana #b -5 :t",
        ":s 322 Ana #c ² :t",
        ":s 322 Ana",
        LINES[-1],
    )
    assert found[1][0] in ("(0 people)", " (0 people)") and len(found[1]) == 4


def test_a_list_that_was_not_asked_for_is_told_line_by_line(talk):
    talk.hears(LINES[1], LINES[-1])
    assert talk.notes("#lobby")[-1] == "#lobby (3): Welcome"


def test_a_cut_forgets_the_list(talk):
    talk.session.submit("/list tea")
    talk.cut()
    talk.connect()
    assert talk.session.listings == []


def test_of_a_list_without_end_only_so_much_is_remembered(monkeypatch):
    monkeypatch.setattr(listing, "REMEMBERED", 3)
    found = listing.Listing("", None)
    for number in range(10):
        found.add(listing.Room(f"#{number}", number, ""))

    assert [sentence.split()[0] for sentence in found.sentences()[:3]] == ["#2", "#1", "#0"]
    assert not any("#9" in sentence for sentence in found.sentences())


NO_LABELS = CAPS.replace("labeled-response ", "")


@pytest.mark.parametrize("caps", [CAPS, NO_LABELS], ids=["labels", "no-labels"])
def test_who_asks_again_while_a_list_comes_in_gets_both(caps):
    talk = Talk(FakeServer(caps=caps)).connect()
    talk.session.submit("/list welcome")
    first = tagged(talk)
    talk.hears(*(first + line for line in LINES[:2]))
    talk.session.submit("/list tea")
    second = tagged(talk)

    talk.hears(*(first + line for line in LINES[2:]), *(second + line for line in LINES))

    assert [words.split()[0] for words in talk.notes("#lobby")] == ["#lobby", "#tea-time"]


def tagged(talk):
    """What the answer to the last line begins with: its label, where there is one."""
    return talk.session.take_lines()[-1].rpartition("LIST")[0]


def test_a_list_that_is_refused_does_not_take_the_answer_of_the_next():
    talk = Talk(FakeServer(caps=NO_LABELS)).connect()
    talk.session.submit("/list welcome")
    talk.hears(":chat 263 Ana LIST :Please wait a while and try again.")
    talk.session.submit("/list tea")

    talk.hears(*LINES)

    assert talk.notes("#lobby")[-1].startswith("#tea-time")
