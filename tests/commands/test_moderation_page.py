"""docs/moderation.md: what it tells people to type works, and its privileges are all there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dialogue import Table

from chatapp.client.slash import COMMANDS as TYPED
from chatapp.core.settings import PRIVILEGES, OperatorSettings, Settings

PAGE = (Path(__file__).parents[2] / "docs" / "moderation.md").read_text("utf-8")
SPANS = re.findall(r"`([^`\n]+)`", PAGE)
VERBS = "MODE|KICK|KILL|KLINE|UNKLINE|WALLOPS|AUDIT|OPER|REHASH"
LINES = [span for span in SPANS if re.match(f"(?:{VERBS}) ", span)]


def test_there_are_lines():
    assert len(LINES) >= 12


@pytest.mark.parametrize("line", LINES)
def test_what_the_page_tells_one_to_type_is_done(line):
    table = Table(Settings(operators=(OperatorSettings("ana", "sesame"),)))
    root, eve = table.sit("root", address="192.0.2.1"), table.sit("eve")
    for name in ("#waiting", "#room"):
        table.room(name, root, eve)
    root.session.is_secure = True
    root.session.user.set_mode("o", True)
    table.sit("nick")
    root.hears()

    answer = root.asks(line)

    assert not re.search(r" (4\d\d|5\d\d|696|723|FAIL) ", "\n".join(answer)), answer


def test_the_privileges_are_all_there_are():
    section = PAGE.partition("| privilege |")[2]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(PRIVILEGES)


def test_what_it_says_of_our_client_is_there():
    names = {command.name for command in TYPED}
    assert {span[1:].split(" ")[0] for span in SPANS if re.match("/[a-z]", span)} <= names
