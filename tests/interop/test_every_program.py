"""Everybody's own program in one room: our client, irssi, nc, a student's client, the operator's console."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from interop.house import WIDE, House

pytestmark = pytest.mark.timeout(300)

PAGE = (Path(__file__).parents[2] / "docs" / "from-sockets.md").read_text("utf-8")
#: The program of step 4: two threads, one of which listens.
(STUDENTS,) = [code for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "threading" in code]


@pytest.fixture
def people(here):
    """Everyone in #lobby, by their names; the operator sits at the server's own terminal."""
    house = House(here)
    house.open("--name", "Escola")
    file = here.home / "chat.py"
    file.write_text(STUDENTS.replace("12345", str(house.port)), encoding="utf-8")
    ana = house.client("Ana")
    iris = house.irssi("Iris")
    nico = here.open("nc", ["nc", "localhost", str(house.port)], WIDE)
    nico.say("Nico")
    ana.wait_for("Nico joined")
    zeca = here.open("student", [sys.executable, file], WIDE)
    zeca.wait_for("What is your name?")
    zeca.say("Zeca")
    ana.wait_for("Zeca joined")
    return {"Ana": ana, "Iris": iris, "Nico": nico, "Zeca": zeca, "Escola": house.screen}


def test_all_hear_each_other(people):
    for name, screen in people.items():
        screen.say(f"olá, diz {name} ç ✓")
        for other in people.values():
            other.wait_for(re.compile(rf"<[ @]?{name}> olá, diz {name} ç ✓").search)

    for screen in people.values():
        for name in people:
            assert len(re.findall(rf"<[ @]?{name}> olá, diz {name}", screen.text())) == 1


def test_everyone_leaves_with_the_same_word(people):
    ana = people["Ana"]
    for name in ("Nico", "Zeca"):
        people[name].say("exit")
        ana.wait_for(f"{name} went offline")
    ana.say("exit")
    assert ana.wait_until_it_ended() == 0
    people["Escola"].wait_for("Ana left")
