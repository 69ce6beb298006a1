"""The note of the last backup: kept, not followed elsewhere, and nothing where it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatapp.server.last_backup import Note, last_backup, note_backup

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_latest_is_remembered(tmp_path):
    for day in (3, 1):
        note_backup(tmp_path, Note(NOW - timedelta(day), str(day)))

    assert last_backup(tmp_path) == Note(NOW - timedelta(1), "1")
    assert [path.name for path in tmp_path.iterdir()] == ["last-backup.json"]


def test_a_link_in_place_of_the_note_is_not_followed(tmp_path):
    other = tmp_path / "other"
    other.write_text("untouched")
    (tmp_path / "last-backup.json.part").symlink_to(other)
    note_backup(tmp_path, Note(NOW, "x"))

    assert last_backup(tmp_path) == Note(NOW, "x")
    assert other.read_text() == "untouched"


def test_where_it_cannot_be_noted_it_is_not(tmp_path):
    note_backup(tmp_path / "none", Note(NOW, "x"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made": "x", "file": 1}', '{"made": 5}', '"x"'])
def test_a_note_that_says_nothing(tmp_path, text):
    (tmp_path / "last-backup.json").write_text(text)

    assert last_backup(tmp_path) is None
