"""What another process asks of the server that runs, by files in its data directory."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
import sys

import pytest
from instant_proofs import verifier_of

from chatapp.server import errands
from chatapp.server.errands import Answer, Errand, Errands, NoAnswer, ask


def test_a_server_that_does_not_answer(tmp_path):
    with pytest.raises(NoAnswer) as told:
        ask(tmp_path, Errand("list"), patience=0)
    assert not told.value.is_taken
    assert list((tmp_path / "errands").iterdir()) == []


def test_a_server_that_has_begun_may_still_do_it(tmp_path, monkeypatch):
    def begin(seconds):
        for path in (tmp_path / "errands").iterdir():
            path.unlink()
        monkeypatch.setattr(errands.time, "monotonic", lambda: 1e9)

    monkeypatch.setattr(errands.time, "sleep", begin)
    with pytest.raises(NoAnswer) as told:
        ask(tmp_path, Errand("remove", "ana"))
    assert told.value.is_taken


def look(folder, do=lambda errand: Answer(True, [])):
    async def settled():
        """All of it is kept."""

    asyncio.run(Errands(folder, do, settled).look())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"verb":"add","name":"a","verifier":[1]}',
        b'{"verb":"add","name":"a","verifier":"secret"}',
    ],
)
def test_what_is_no_errand_is_thrown_away(tmp_path, data, caplog):
    folder = tmp_path / "errands"
    folder.mkdir()
    (folder / f"{'0' * 32}.asked").write_bytes(data)
    (folder / "notes.txt").write_bytes(b"mine")

    look(tmp_path)

    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert "cannot be read" in caplog.text


def test_an_errand_that_fails_costs_its_answer_alone(tmp_path, caplog):
    folder = tmp_path / "errands"
    folder.mkdir()
    (folder / f"{'0' * 32}.asked").write_bytes(b'{"verb":"list","name":"","verifier":null}')

    def fail(errand):
        raise RuntimeError("no")

    with caplog.at_level(logging.ERROR):
        look(tmp_path, fail)
    assert ".asked failed" in caplog.text
    assert list(folder.iterdir()) == []


def test_what_nobody_waits_for_any_more_is_taken_away(tmp_path):
    folder = tmp_path / "errands"
    folder.mkdir()
    for name in ("a.answered", "b.part", "notes.txt"):
        (folder / name).touch()

    async def story():
        running = asyncio.create_task(Errands(tmp_path, print, list).run())
        await asyncio.sleep(0)
        running.cancel()

    asyncio.run(story())
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="the folder's rights count there")
def test_an_errand_is_for_its_owner_and_holds_no_password(tmp_path, monkeypatch):
    seen = []

    def peek(seconds):
        for path in (tmp_path / "errands").iterdir():
            seen.append((stat.S_IMODE(path.stat().st_mode), path.read_text()))
            (path.with_suffix(".answered")).write_text(json.dumps([True, ["done"]]))

    monkeypatch.setattr(errands.time, "sleep", peek)
    answer = ask(tmp_path, Errand("add", "Ana", verifier_of("secret")))

    assert answer == (True, ["done"])
    assert (seen[0][0], "secret" in seen[0][1]) == (0o600, False)
    assert stat.S_IMODE((tmp_path / "errands").stat().st_mode) == 0o700
