"""chat-server operator-password."""

from __future__ import annotations

import io

import pytest

from chatapp import cli
from chatapp.commands.passwords import read_verifier
from chatapp.irc.scram import derive, is_same


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(monkeypatch, capsys, stdin):
    monkeypatch.setattr("sys.stdin", stdin)
    code = cli.server(["operator-password"])
    return code, capsys.readouterr()


@pytest.mark.slow
def test_what_it_prints_opens_and_does_not_show_the_password(monkeypatch, capsys):
    code, told = run(monkeypatch, capsys, io.StringIO("sésame\n"))

    verifier = read_verifier(told.out.strip())
    assert code == 0
    assert "sésame" not in told.out
    assert is_same(derive("sésame", verifier.salt, verifier.iterations), verifier)


def test_no_password_is_none(monkeypatch, capsys):
    code, told = run(monkeypatch, capsys, io.StringIO("\n"))

    assert (code, told.out, told.err) == (1, "", "There was no password\n")


@pytest.mark.parametrize(("second", "code"), [pytest.param("one", 0, marks=pytest.mark.slow), ("two", 1)])
def test_at_a_terminal_it_asks_twice(monkeypatch, capsys, second, code):
    answers = iter(["one", second])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))

    assert run(monkeypatch, capsys, Terminal())[0] == code


def test_it_tells_what_it_is_for_and_takes_nothing_else(capsys):
    with pytest.raises(SystemExit) as ending:
        cli.server(["operator-password", "--help"])
    assert ending.value.code == 0
    assert "can stand in the settings" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.server(["operator-password", "secret"])
