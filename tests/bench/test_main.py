"""How chat-bench ends, and what it leaves behind."""

from __future__ import annotations

import signal

import pytest

from chatapp.bench import main as entrance
from chatapp.bench.comparison import Comparison
from chatapp.bench.main import ending_by_signal, main
from chatapp.bench.report import Report


@pytest.fixture
def finding(monkeypatch):
    """Have every scenario find, or raise, what it is given."""

    def have(name: str, found: object) -> None:
        def run(_options, _progress):
            if isinstance(found, BaseException):
                raise found
            return found

        monkeypatch.setitem(entrance._RUN, name, run)

    return have


def test_being_told_to_end_is_taken_as_ctrl_c_and_only_meanwhile():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), ending_by_signal():
        signal.raise_signal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is before


def test_who_is_stopped_says_so(finding, capsys):
    finding("room", KeyboardInterrupt())

    assert main(["room"]) == 130
    assert capsys.readouterr().err == "chat-bench: stopped\n"


def test_a_comparison_is_printed_and_written(finding, capsys, tmp_path):
    reports = {"room-100": {"ours": [Report("room", {"deliveries/s": 5.0})]}}
    finding("compare", Comparison("ours", [], reports=reports))
    code = main(["compare", "--json", str(tmp_path / "found.json")])

    assert code == 0
    assert "room of 100" in capsys.readouterr().out
    assert '"median": 5.0' in (tmp_path / "found.json").read_text("utf-8")


def test_a_comparison_that_was_stopped_is_printed_and_ends_as_stopped(finding, capsys):
    reports = {"room-100": {"ours": [Report("room", {"deliveries/s": 5.0})]}}
    finding("compare", Comparison("ours", [], reports=reports, was_stopped=True))

    assert main(["compare"]) == 130
    assert "room of 100" in capsys.readouterr().out


def test_a_fault_of_ours_is_a_failure(finding, capsys):
    reports = {"room-100": {"ours": [Report("room", {"deliveries/s": 5.0}, ["3 messages were lost"])]}}
    finding("compare", Comparison("ours", [], reports=reports))

    assert main(["compare"]) == 1
    assert "3 messages were lost" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_told(finding, capsys, tmp_path):
    finding("compare", Comparison("ours", []))

    assert main(["compare", "--json", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert str(tmp_path) in err
    assert out, "what was measured is shown all the same"


@pytest.mark.parametrize("words", ["compare --json", "growth --json", "growth --svg"])
def test_that_there_is_no_folder_is_told_before_a_long_run(capsys, tmp_path, words):
    assert main([*words.split(), str(tmp_path / "missing" / "found")]) == 2

    assert "missing" in capsys.readouterr().err
