"""What is due when in the life of a session."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.lifetime import Due, due
from chatapp.core.settings import LimitSettings

LIMITS = LimitSettings(ping_interval=120, ping_timeout=60, registration_timeout=30)
BEGAN = NEW_YEAR // 1_000_000


@pytest.mark.parametrize(
    ("after", "what"),
    [(0, Due.NOTHING), (29, Due.NOTHING), (30, Due.REGISTRATION_TIMEOUT), (31, Due.REGISTRATION_TIMEOUT)],
)
def test_a_newcomer_has_so_long_to_come_in_whatever_they_say(after, what):
    newcomer = Table().visit()
    newcomer.session.heard = BEGAN + after

    assert due(newcomer.session, BEGAN + after, LIMITS) is what


def test_a_limit_of_0_never_comes_due():
    limits = LimitSettings(ping_interval=0, registration_timeout=0)
    table = Table()

    assert due(table.visit().session, BEGAN + 10**6, limits) is Due.NOTHING
    assert due(table.sit("ana").session, BEGAN + 10**6, limits) is Due.NOTHING


def test_the_silent_are_asked_and_those_who_do_not_answer_are_gone():
    session = Table().sit("ana").session
    assert due(session, BEGAN + 119, LIMITS) is Due.NOTHING
    assert due(session, BEGAN + 120, LIMITS) is Due.PING

    session.pinged = BEGAN + 120
    assert due(session, BEGAN + 179, LIMITS) is Due.NOTHING
    assert due(session, BEGAN + 180, LIMITS) is Due.PING_TIMEOUT


def test_any_word_is_an_answer_and_the_silence_counts_from_it():
    session = Table().sit("ana").session
    session.pinged = BEGAN + 120
    session.heard = BEGAN + 120

    assert due(session, BEGAN + 121, LIMITS) is Due.NOTHING
    assert session.pinged == 0
    assert due(session, BEGAN + 239, LIMITS) is Due.NOTHING
    assert due(session, BEGAN + 240, LIMITS) is Due.PING


def test_who_answers_late_but_before_anyone_looked_stays():
    session = Table().sit("ana").session
    session.pinged = BEGAN + 120
    session.heard = BEGAN + 185

    assert due(session, BEGAN + 190, LIMITS) is Due.NOTHING


def test_people_who_type_have_time_for_their_name_and_are_never_pinged():
    limits = LimitSettings(registration_timeout=30, name_timeout=300)
    table = Table()
    newcomer, ana = table.visit().session, table.sit("ana").session
    newcomer.is_plain = ana.is_plain = True

    assert due(newcomer, BEGAN + 299, limits) is Due.NOTHING
    assert due(newcomer, BEGAN + 300, limits) is Due.REGISTRATION_TIMEOUT
    assert due(ana, BEGAN + 10**6, limits) is Due.NOTHING
