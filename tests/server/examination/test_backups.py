"""The last backup: told of, and missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from server.examination.findings import LOOK, OK

from chatapp.server.examination.backups import backups
from chatapp.server.last_backup import Note, note_backup

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_none_is_known(tmp_path):
    found = backups(tmp_path, NOW)

    assert (found.mark, found.text) == (LOOK, "None is known that chat-server backup made.")
    assert found.remedy.startswith("chat-server backup makes one")


@pytest.mark.parametrize(
    ("age", "mark"), [(timedelta(hours=1), OK), (timedelta(8), OK), (timedelta(9), LOOK)]
)
def test_it_should_not_be_old(tmp_path, age, mark):
    made = NOW - age
    note_backup(tmp_path, Note(made, "/backups/\x1bone.tar.gz"))
    found = backups(tmp_path, NOW)

    day = made.astimezone().strftime("%Y-%m-%d %H:%M")
    assert (found.mark, found.text) == (mark, f"The last one is of {day}: /backups/␛one.tar.gz.")
    assert bool(found.remedy) is (mark is LOOK)
