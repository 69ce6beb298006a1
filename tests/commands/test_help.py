"""How each command is used."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.commands.help import HELP
from chatapp.commands.table import COMMANDS


def test_there_is_help_on_every_command_and_on_nothing_else():
    assert sorted(HELP) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(HELP))
def test_each_says_how_it_is_written_and_what_it_does_in_lines_that_fit(name):
    rows = HELP[name]

    assert len(rows) >= 2
    assert rows[0].split(" ")[0] == name
    assert all(0 < len(row) <= 100 for row in rows)


@pytest.mark.parametrize("verb", ["HELP", "HELPOP"])
def test_help_on_a_command_names_it_in_every_line_as_it_was_asked(verb):
    ana = Table().sit("ana")

    assert ana.asks(f"{verb} privMsg") == [
        ":chatapp 704 ana privMsg :PRIVMSG <target>[,<target>...] :<text>",
        ":chatapp 705 ana privMsg :Says something to a channel or to someone.",
        ":chatapp 705 ana privMsg :The target @#channel is for the operators of a channel only.",
        ":chatapp 706 ana privMsg :End of HELP",
    ]


@pytest.mark.parametrize("asked", ["HELP", "HELPOP", "HELP :"])
def test_help_without_a_subject_lists_every_command(asked):
    ana = Table().sit("ana")

    first, *told, last = ana.asks(asked)

    assert first.startswith(":chatapp 704 ana * :")
    assert all(line.startswith(":chatapp 705 ana * :") for line in told)
    assert last == ":chatapp 706 ana * :End of HELP"
    assert " ".join(line.split(" :")[1] for line in told).split(" ") == sorted(HELP)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("frobnicate", "frobnicate"),
        ("*", "*"),
        ("ação", "ação"),
        (":a b", "*"),
        (": ", "*"),
        ("x" * 400,) * 2,
    ],
)
def test_on_anything_else_there_is_no_help_and_one_line_says_so(subject, shown):
    ana = Table().sit("ana")

    assert ana.asks(f"HELP {subject}") == [f":chatapp 524 ana {shown} :There is no help on this"]


def test_labelled_help_is_one_batch():
    ana = Table().sit("ana", "labeled-response batch")

    first, *told, last = ana.asks("@label=x HELP MOTD")

    assert first.startswith("@label=x :chatapp BATCH +")
    assert len(told) == 3
    assert all(line.startswith("@batch=") for line in told)
    assert last.startswith(":chatapp BATCH -")
