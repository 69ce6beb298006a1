from __future__ import annotations

import getpass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.config import default_name, nick_from
from chatapp.irc.names import is_nick


@given(st.text(max_size=80))
def test_any_name_gives_a_nick(name):
    assert is_nick(nick_from(name), 30)


@pytest.mark.parametrize(
    ("name", "nick"),
    [("ana", "ana"), ("João", "João"), ("Ana Maria", "Ana_Maria"), ("1st@home!", "sthome"), ("", "guest")],
)
def test_a_name_stays_as_near_as_it_can(name, nick):
    assert nick_from(name) == nick


def test_without_a_user_one_is_a_guest(monkeypatch):
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)

    assert default_name() == "guest"
