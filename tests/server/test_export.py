"""What is exported: which moments, which files, and nothing half."""

from __future__ import annotations

import io
import sys
import time

import pytest
from store.archives import keep, left_in, said

from chatapp.core.message import Message
from chatapp.core.ports import StoreError
from chatapp.core.stamp import parse_time
from chatapp.server.export import Wish, file_name_of, new_file, stamp_at, write, write_all
from chatapp.server.progress import ProgressLine
from chatapp.store.export import Room, opened_archive

AT = parse_time("2026-11-20T12:05:09.000Z")
TEA = Room("#tea", "#Tea")
SILENT = ProgressLine(io.StringIO())


@pytest.fixture
def archive(tmp_path):
    join = Message(AT + 1, "JOIN", ":bruno!b@host JOIN #tea")
    keep(tmp_path / "data", said(AT, "one"), join, said(AT + 2, "two"))
    data = keep(tmp_path / "data", said(AT + 3, "elsewhere"), room="#café", name="#Café")
    with opened_archive(data) as archive:
        yield archive


def written(archive, **wish):
    out = io.StringIO()
    count = write(archive, TEA, Wish(in_utc=True, **wish), out, SILENT)
    rows = out.getvalue().splitlines()
    assert count == len(rows)
    return [row.removeprefix("2026-11-20 12:05:09Z ") for row in rows]


def test_what_was_said_is_written_and_events_where_they_are_wanted(archive):
    assert written(archive) == ["<ana> one", "<ana> two"]
    assert written(archive, with_events=True) == ["<ana> one", "-- bruno came in", "<ana> two"]
    assert written(archive, since=AT + 1) == ["<ana> two"]
    assert written(archive, until=AT + 2) == ["<ana> one"]


def test_each_room_has_a_file(archive, tmp_path):
    done = write_all(archive, Wish(is_json=True), tmp_path / "to", SILENT)
    assert [(room.name, path.name, count) for room, path, count in done] == [
        ("#Café", "café.jsonl", 1),
        ("#Tea", "tea.jsonl", 2),
    ]
    assert left_in(tmp_path / "to") == ["café.jsonl", "tea.jsonl"]
    assert (tmp_path / "to" / "tea.jsonl").read_text("utf-8").count("\n") == 2


def test_nothing_is_overwritten(archive, tmp_path):
    (tmp_path / "dear").write_text("dear")
    with pytest.raises(StoreError, match="an export overwrites nothing"), new_file(tmp_path / "dear"):
        pass
    with pytest.raises(StoreError, match="an export overwrites nothing"), new_file(tmp_path / "new") as file:
        file.write("mine")
        (tmp_path / "new").write_text("dear")
    assert (tmp_path / "dear").read_text() == (tmp_path / "new").read_text() == "dear"


def test_what_was_not_finished_is_not_there(tmp_path):
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "new") as file:
        file.write("half")
        raise ZeroDivisionError
    assert left_in(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_may_read_it(tmp_path):
    with new_file(tmp_path / "new") as file:
        file.write("olá\n")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").read_bytes() == "olá\n".encode()


@pytest.mark.parametrize(
    ("text", "is_end", "moment"),
    [
        ("2026-11-20", False, "2026-11-20T00:00:00.000Z"),
        ("2026-11-20", True, "2026-11-21T00:00:00.000Z"),
        ("2026-11-20T13:05", True, "2026-11-20T13:05:00.000Z"),
        ("2026-11-20 13:05:09", False, "2026-11-20T13:05:09.000Z"),
        ("2026-11-20T13:05:09.5Z", False, "2026-11-20T13:05:09.500Z"),
        ("2026-11-20T13:05-03:00", False, "2026-11-20T16:05:00.000Z"),
        ("1969-01-01", False, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_moments_as_people_write_them(text, is_end, moment):
    assert stamp_at(text, is_end=is_end, in_utc=True) == parse_time(moment)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's time zone cannot be changed here")
def test_a_moment_is_of_this_machine_unless_utc_is_wanted(monkeypatch):
    monkeypatch.setenv("TZ", "America/Sao_Paulo")
    time.tzset()
    try:
        assert stamp_at("2026-11-20", is_end=False, in_utc=False) == parse_time("2026-11-20T03:00:00Z")
        assert stamp_at("2026-11-20T10:00Z", is_end=False, in_utc=False) == parse_time("2026-11-20T10:00:00Z")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-11-20T25:00", "20.11.2026"])
def test_what_is_no_moment(text):
    with pytest.raises(ValueError):
        stamp_at(text, is_end=False, in_utc=True)


@pytest.mark.parametrize(
    ("folded", "name"),
    [
        ("#tea", "tea"),
        ("#café", "café"),
        ("#a/b", "a%2Fb"),
        ("##x", "%23x"),
        ("#a..b", "a..b"),
        ("#a\\b", "a%5Cb"),
        ("#☕", "%E2%98%95"),
    ],
)
def test_the_file_of_a_room_is_called_as_the_room_is(folded, name):
    assert file_name_of(Room(folded, folded)) == name


@pytest.mark.parametrize(
    "folded", ["#..", "#../../etc/passwd", "#.hidden", "#-rf", "#con", "#nul.txt", "#" + "é" * 90]
)
def test_where_a_system_would_not_have_it_there_is_another_name(folded):
    name = file_name_of(Room(folded, folded))
    assert name.startswith("room-") and "/" not in name and len(name.encode()) < 200


def test_no_two_rooms_have_the_same_file():
    rooms = ["#.a", "#-a", "#..a", "#room-a", "#" + "x" * 200, "#" + "x" * 201, "#a%", "#a/"]
    assert len({file_name_of(Room(folded, folded)) for folded in rooms}) == len(rooms)
