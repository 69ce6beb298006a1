"""The terminal harness measures what it says: its screen, its eye on the input row, its server, its sums."""

from __future__ import annotations

import sys
from dataclasses import replace

import pyte
import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

import random

from bench import terminal_programs
from bench.terminal_glass import Glass
from bench.terminal_pty import Pty
from bench.terminal_report import percentile, summary, table
from bench.terminal_scenarios import Outcome, fake_server, flood
from bench.terminal_server import CAPS, Peer, flood_line
from bench.terminal_typist import Emitted, InputRow


def shown(*pieces, size=(10, 4)):
    glass = Glass(*size)
    for piece in pieces:
        glass.feed(piece)
    return glass.text.split("\n")


def test_text_wraps_and_scrolls():
    assert shown(b"0123456789ab\r\nx\r\ny\r\nz") == ["ab", "x", "y", "z"]


def test_a_sequence_may_be_cut_anywhere():
    whole = "\x1b[2;3Hçã\x1b]8;;http://a\x1b\\x\x1b]8;;\x1b\\\x1b[1;31my\x1b[0m".encode()
    expected = ["", "  çãxy", "", ""]
    assert shown(whole) == expected
    assert shown(*(whole[at : at + 1] for at in range(len(whole)))) == expected


def test_a_synchronised_update_is_noticed():
    glass = Glass(10, 4)
    glass.feed(b"\x1b[?2026hab")
    assert glass.is_held
    glass.feed(b"\x1b[?2026l")
    assert not glass.is_held


def test_a_region_scrolls_alone():
    rows = [b"\x1b[H", *(b"%d\r\n" % row for row in range(3)), b"3"]
    assert shown(*rows, b"\x1b[2;3r\x1b[3;1H\n4") == ["0", "2", "4", "3"]
    assert shown(*rows, b"\x1b[2;3r\x1b[2;1H\x1bM4") == ["0", "4", "1", "3"]
    assert shown(*rows, b"\x1b[2;3r\x1b[4;1H\n4", b"\x1bE5") == ["0", "1", "2", "5"]
    assert shown(*rows, b"\x1b[2;1H\x1b[2M4") == ["0", "4", "", ""]
    assert shown(*rows, b"\x1b[2;1H\x1b[L4") == ["0", "4", "1", "2"]
    assert shown(b"a\x1b[3b") == ["aaaa", "", "", ""]


#: What programs write, in pieces to be put together at random. Left out is what pyte does not do as xterm.
TEXTS = ("a", "word ", "x" * 7, "\r", "\n", "\r\n", "é")
SEQUENCES = (
    *("\b", "\t", "\x1b[H", "\x1b[2;3H", "\x1b[4;1H", "\x1b[A", "\x1b[2B", "\x1b[3C", "\x1b[D", "\x1b[5G"),
    *("\x1b[3d", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[2J", "\x1b[2@", "\x1b[2P"),
    *("\x1b[3X", "\x1b[L", "\x1bM", "\x1bD", "\x1b7", "\x1b[1;31m", "\x1b[m"),
)


@pytest.mark.parametrize("seed", range(30))
def test_it_shows_what_pyte_shows(seed):
    dice = random.Random(seed)
    text = ""
    for _piece in range(60):
        # Behind the last cell of a row the cursor of pyte is not like that of xterm: nothing finds it there.
        text += f"{dice.choice(TEXTS)}\r\x1b[{dice.randint(1, 9)}C{dice.choice(SEQUENCES)}"
    theirs = pyte.Screen(12, 5)
    pyte.ByteStream(theirs).feed(text.encode())
    assert shown(text.encode(), size=(12, 5)) == [line.rstrip() for line in theirs.display]


def test_a_row_is_right_late_or_wrong():
    row = InputRow("[#a]")
    row.pressed(1.0, "x")
    row.pressed(2.0, "xy")
    assert row.saw(2.5, "[#a]"), "late"
    assert row.saw(3.0, "[#a] xy")
    assert row.delays == [2.0, 1.0]
    assert not row.saw(4.0, "[#a] x"), "it had gone on"
    assert not row.saw(4.0, "[#a] xyz"), "nobody typed that"
    row.pressed(5.0, "xyz")
    assert row.is_late
    assert row.give_up(9.0) == 1
    assert row.delays == [2.0, 1.0, 4.0]


def test_when_a_message_was_sent():
    emitted = Emitted()
    emitted.add(10, 1.0)
    emitted.add(20, 2.0)
    assert [emitted.moment(number) for number in (1, 10, 11, 20)] == [1.0, 1.0, 2.0, 2.0]


def test_percentiles():
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5], 0.99) == 5
    assert percentile([], 0.5) != percentile([], 0.5)


def test_the_table_joins_the_runs():
    runs = [Outcome("ours", "1,000/s", delays=[0.001], samples=2, cpu=share) for share in (0.1, 0.3, 0.2)]
    lines = table(runs).splitlines()
    assert len(lines) == 3
    assert "| ours | 1,000/s | 1.0 | 1.0 (1.0 to 1.0) | 1.0 | 0 | 0 / 0 / 6 |" in lines[2]
    assert "20 % (10 % to 30 %)" in lines[2]


def test_the_summary_has_a_line_for_each_program():
    outcomes = [
        Outcome("ours", "1,000/s", delays=[0.001, 0.002], samples=2, cpu=0.1),
        Outcome("theirs", "1,000/s", delays=[0.5], samples=7, wrong=1, cpu=0.2),
        Outcome("ours", "burst of 9", seconds=1.5),
        Outcome("ours", "9 messages held", resident=12_000_000),
    ]
    head, _line, ours, theirs = summary(outcomes).splitlines()
    assert head.startswith("| key to screen, p99 (ms) | 1,000/s | input row wrong | CPU at 1,000/s |")
    assert ours == "| ours | 2.0 | 0 of 2 | 10 % | 1.50 | 12 |  |"
    assert theirs == "| theirs | 500 | 1 of 7 | 20 % |  |  |  |"


def test_the_fake_server_lets_clients_in():
    peer = Peer(None)
    for line in ("CAP LS 302", "NICK Ana", "USER a 0 * :Ana", f"CAP REQ :{CAPS}", "CAP END", "JOIN #flood"):
        peer.hear(line)
    said = peer.waiting.decode().splitlines()
    peer.waiting.clear()
    peer.hear("@label=7 PRIVMSG #flood :hi there")
    peer.hear("PING :x y")
    assert [line.split()[1] for line in said[:3]] == ["CAP", "CAP", "001"]
    assert ":Ana!user@host JOIN #flood" in said
    assert peer.waiting.decode().splitlines() == [
        "@label=7 :Ana!user@host PRIVMSG #flood :hi there",
        ":fake PONG fake :x y",
    ]


def test_each_message_says_which_it_is():
    assert " :m0000042 " in flood_line(42, has_tags=False)
    assert flood_line(42, has_tags=True).startswith("@msgid=f42;time=")


def test_a_terminal_answers_where_the_cursor_is_at_each_question():
    script = r"printf 'ab\033[6n\r\033[6n'; stty raw -echo; exec dd bs=1 count=12 2>/dev/null | od -c"
    with Pty(["sh", "-c", script], {}) as pty:
        assert pty.wait_for(lambda: pty.has_ended, 60)
        text = pty.glass.text
    assert "[   1   ;   3   R" in text
    assert "[   1   ;   1   R" in text


CONTROL = next(one for one in terminal_programs.PROGRAMS if one.name == "control")


def flooded(program, has_seen_enough):
    """What came of a flood; of another where this machine stood still for most of it."""
    for _time in range(5):
        outcome = flood(program, rate=1_000, seconds=1.0, bytes_per_second=0, keys=20, seed=1)
        if has_seen_enough(outcome):
            break
    return outcome


@pytest.mark.slow
def test_the_control_is_never_wrong():
    outcome = flooded(CONTROL, lambda outcome: min(len(outcome.delays), len(outcome.lags)) > 5)
    assert outcome.failure == ""
    assert outcome.wrong == outcome.never_shown == 0
    assert min(len(outcome.delays), len(outcome.lags)) > 5
    assert max(outcome.lags) < 60  # seconds; how few they are is for a quiet machine to tell


@pytest.mark.slow
def test_a_careless_program_is_seen_to_be_wrong():
    careless = replace(CONTROL, command=lambda port, home: [*CONTROL.command(port, home), "careless"])
    outcome = flooded(careless, lambda outcome: outcome.wrong > 5)
    assert outcome.wrong > 5
    assert not any(row.startswith("[#flood]") for row in outcome.wrong_rows)


@pytest.mark.slow
def test_the_flood_comes_at_its_rate():
    with fake_server() as server:
        server.order("flood", rate=2_000, seconds=0.2)
        while server.order("count")["number"] < 400:
            continue
        emitted = server.emitted()
    assert emitted.lasts[-1] == 400
    assert 0.15 < emitted.moments[-1] - emitted.moments[0] < 60
