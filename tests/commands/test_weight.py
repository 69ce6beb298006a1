"""What counts for how much against the flood."""

from __future__ import annotations

import pytest

from chatapp.commands.table import COMMANDS
from chatapp.commands.weight import _FOR_MANY, _WEIGHTS, weight
from chatapp.irc.line import parse_line


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("PRIVMSG #a :x,y", 1),
        ("PRIVMSG #a,#b :x", 2),
        ("PING a,b", 1),
        ("JOIN #a", 3),
        ("JOIN #a,#b,#c x,y", 9),
        ("KICK #a b,c :d,e", 4),
        ("KICK #a", 2),
        ("TOPIC #a :x", 3),
        ("LIST", 10),
        ("JOIN", 3),
        ("LIST *a*,*b*,!*c*", 30),
        ("CHATHISTORY LATEST #a * 50", 1),
        ("CHATHISTORY LATEST #a * 1000", 11),
        ("CHATHISTORY LATEST #a * 99999999", 100),
        ("CHATHISTORY LATEST #a * ٣", 1),
        ("CHATHISTORY", 1),
        ("PRIVMSG *playback :play *", 41),
        ("PRIVMSG *Playback :play *", 41),
        ("PRIVMSG *other :x", 1),
        ("MONITOR + ana,bob", 1),
        ("MONITOR + " + ",".join("abcdefghijklmnopqrstu"), 3),
        ("MONITOR S", 1),
    ],
)
def test_a_line_counts_for_its_targets_and_for_what_it_causes(line, lines):
    assert weight(parse_line(line)) == lines


def test_only_commands_have_a_weight():
    assert (_WEIGHTS.keys() | _FOR_MANY) - COMMANDS.keys() == set()
