"""Capabilities: what is offered can be said on one line, and is read as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc import caps
from chatapp.irc.caps import COMMAND_NEEDS, OFFERED, ONLY_FOR_302, SHAPING, format_caps, parse_caps
from chatapp.irc.line import format_body, is_tag_key

names = st.from_regex("([a-z.]+/)?[a-z0-9-]+", fullmatch=True)
values = st.from_regex("[a-z0-9=,-]{0,10}", fullmatch=True)


def test_what_is_offered_fits_one_line_without_values():
    told = {name: "" for name in OFFERED if name not in ONLY_FOR_302}
    words = " ".join(format_caps(told, with_values=False))
    assert len(format_body("s" * 63, "CAP", ["n" * 32, "LS", words])) <= 510


def test_every_name_is_a_name():
    assert all(is_tag_key(name) and name == name.lower() for name in OFFERED)


def test_what_lets_one_hear_a_command_is_offered():
    assert set(COMMAND_NEEDS.values()) <= OFFERED.keys()
    assert all(command.isupper() for command in COMMAND_NEEDS)


def test_what_shapes_a_line_is_known():
    known = {value for name, value in vars(caps).items() if name.isupper() and isinstance(value, str)}
    assert known >= SHAPING


@pytest.mark.slow
@given(st.dictionaries(names, values))
def test_what_is_said_reads_the_same(offered):
    assert parse_caps(" ".join(format_caps(offered, with_values=True))) == offered
    assert parse_caps(" ".join(format_caps(offered, with_values=False))) == dict.fromkeys(offered, "")


def test_blanks_too_many_are_passed_over():
    assert parse_caps("  batch   sasl=PLAIN,EXTERNAL x= ") == {"batch": "", "sasl": "PLAIN,EXTERNAL", "x": ""}
    assert parse_caps("") == {}
