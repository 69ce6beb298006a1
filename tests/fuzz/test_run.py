"""The hunt itself: it finds what does harm, keeps it in a file, and tries that again."""

from __future__ import annotations

import random
import sys

import pytest
from fuzz import run
from fuzz.generator import MOST_BYTES, Generator
from fuzz.hasty_loop import HastyLoop, on_hasty_loop
from fuzz.heard import check_frames, check_line, check_lines, check_prose
from fuzz.target import Target, pieces


def falls(data):
    assert b"fall" not in data


FALLS = Target("falls", falls, (b"fall", b"stand"))


def test_what_does_harm_is_found_kept_and_tried_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "TARGETS", {"falls": FALLS})
    monkeypatch.setattr(run, "MOST_FAILURES", 2)

    assert run.main(["--minutes", "0.05", "--found", str(tmp_path)]) == 1

    said = capsys.readouterr().out
    found = sorted(tmp_path.iterdir())
    assert len(found) == 2
    assert "AssertionError" in said and "--replay" in said and "falls" in said.splitlines()[-2]
    assert run.main(["--target", "falls", "--replay", str(found[0])]) == 1


def test_what_does_none_is_well(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "TARGETS", {"well": Target("well", len, (b"x",))})
    assert run.main(["--minutes", "0.001", "--found", str(tmp_path / "none")]) == 0
    assert not (tmp_path / "none").exists()
    assert " 0\n" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms")
def test_what_hangs_is_found(monkeypatch):
    def spins(_data):
        while True:
            pass

    monkeypatch.setattr(run, "HANG_SECONDS", 1)
    assert "Hang" in run.try_one(Target("spins", spins, ()), b"0")


def test_the_same_seed_makes_the_same():
    one, same, other = (Generator([b"0abc"], [b"x", b"y"], random.Random(seed)) for seed in (1, 1, 2))
    made = [one.next() for _ in range(200)]
    assert made == [same.next() for _ in range(200)]
    assert made != [other.next() for _ in range(200)]
    assert len(set(made)) > 100
    assert max(map(len, made)) <= MOST_BYTES


@pytest.mark.parametrize("data", [b"", b"0", b"0abc", b"1abc", b"\xffabcdefgh" * 300])
def test_what_is_cut_is_whole(data):
    assert b"".join(piece for piece, _silence in pieces(data)) == data[1:]


def test_nobody_waits_on_the_loop():
    began = []

    async def story(loop: HastyLoop):
        import asyncio

        await asyncio.sleep(100_000)
        began.append(loop.time())

    on_hasty_loop(story)
    assert began[0] >= 100_000


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (check_lines, b":a!b@c PRIVMSG #r :x\r\nPING x\r\n", b"PING x\r\nPING"),
        (check_line, b"@a=b :n!u@h NOTICE x :y", b":n!u NOTICE x :y"),
        (check_line, b"001 x :y", b"001 x :\xff"),
        (check_line, b"x".upper() * 510, b"X" * 511),
        (check_line, b"401 x :y", b":chat 400 x PRIVMSG :Unknown error"),
        (check_prose, b"ana: hi\r\n", b"ana: \x1b[2J\r\n"),
        (check_prose, b"\xff\xfe\x1fana: hi\r\n", "ana: \u202ehi\r\n".encode()),
        (check_frames, b"HTTP/1.1 101 x\r\n\r\n\x81\x06PING x", b"HTTP/1.1 101 x\r\n\r\n\x81\x07PING x"),
        (check_frames, b"HTTP/1.1 101 x\r\n\r\n\x88\x00", b"HTTP/1.1 101 x\r\n\r\n\x81\x82PING x"),
    ],
)
def test_what_may_not_be_heard_is_noticed(check, good, bad):
    check(good)
    with pytest.raises((AssertionError, UnicodeDecodeError)):
        check(bad)
