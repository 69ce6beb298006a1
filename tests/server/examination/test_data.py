"""The data as the doctor sees it: whose it is, what is in it, and the server that has it open."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from catalogues import speaking
from powerless import powerless
from server.examination.findings import FIX, LOOK, OK, told, worse
from store.test_inspection import fill, said

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings, Settings
from chatapp.server.errands import NoAnswer
from chatapp.server.examination import data
from chatapp.server.settings import Config, ListenerSettings, LogSettings
from chatapp.server.status import Status, digest_of
from chatapp.store.inspection import Contents, Count

STATUS = Status(4711, "1.0", 0, 3, 2, 1, 0, "", (("::", 12345),), "")
INSIDE = Contents(2_500_000, Count(1234567, True), 9, 2, 1, 0, 5, False)
AS_ITS_USER = "run this as the user whom the data belongs to, or name the right --data-dir"


@pytest.fixture
def held(monkeypatch):
    """A server has the data, and answers with what is given, or raises it."""

    def answer(given):
        def ask(_directory):
            if isinstance(given, Exception):
                raise given
            return given

        monkeypatch.setattr(data, "is_held", lambda _directory: True)
        monkeypatch.setattr(data, "ask_status", ask)

    return answer


def test_no_server_runs(tmp_path):
    assert data.server(tmp_path) == (False, None, data.ok("server", "It does not run."))


def test_a_server_that_runs(tmp_path, held, monkeypatch):
    monkeypatch.setenv("TZ", "UTC0")
    if hasattr(time, "tzset"):
        time.tzset()
    held(STATUS)
    runs, status, finding = data.server(tmp_path)

    assert (runs, status) == (True, STATUS)
    assert told([finding]) == [
        (
            OK,
            "It runs since 1970-01-01 00:00 (process 4711, chatapp 1.0); "
            "2 people here, port 12345 of all addresses.",
        )
    ]


def test_a_server_in_trouble(tmp_path, held):
    held(STATUS._replace(trouble="The disk is full"))
    (found,) = worse([data.server(tmp_path).finding])

    assert (found[0], found[2]) == (FIX, "look at its log")
    assert found[1].endswith(". The disk is full.")


def test_the_trouble_is_told_in_the_readers_language(tmp_path, held):
    held(STATUS._replace(trouble="The server's disk is full: nothing can be said for now"))
    with speaking("pt_BR", tmp_path):
        (found,) = worse([data.server(tmp_path).finding])

    assert "porta 12345 de todos os endereços. O disco do servidor está cheio: " in found[1]


@pytest.mark.parametrize(
    ("answer", "mark", "text"),
    [
        (NoAnswer(), FIX, "A server has the data, and does not answer."),
        (
            PermissionError(13, "Permission denied"),
            LOOK,
            "It runs, and this user may not ask it how it does (permission denied).",
        ),
        (None, OK, "It runs; it is of another version than this program."),
    ],
)
def test_a_server_that_tells_nothing(tmp_path, held, answer, mark, text):
    held(answer)
    runs, status, finding = data.server(tmp_path)

    assert (runs, status, finding.mark, finding.text) == (True, None, mark, text)


def test_a_lock_that_cannot_be_looked_at(tmp_path, monkeypatch):
    def fail(_directory):
        raise StoreError("chat.lock: Permission denied")

    monkeypatch.setattr(data, "is_held", fail)

    assert worse([data.server(tmp_path).finding]) == [(FIX, "chat.lock: Permission denied", AS_ITS_USER)]


def test_other_settings_than_the_server_goes_by():
    listeners = (ListenerSettings(port=1),)
    config = Config(Settings(), listeners=listeners)
    same = STATUS._replace(settings=digest_of(Settings(), listeners))

    assert list(data.same_settings(config, same)) == []
    ((mark, text, remedy),) = worse(data.same_settings(Config(), same))
    assert (mark, text) == (LOOK, "It goes by other settings than these.")
    assert "--config" in remedy


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_the_folder(tmp_path):
    place = tmp_path / "data"
    assert told(data.folder(place)) == [(OK, f"{place} is made at the first start.")]
    place.mkdir(mode=0o700)
    assert told(data.folder(place)) == [(OK, f"It is in {place}, for its owner alone.")]
    place.chmod(0o750)
    assert worse(data.folder(place)) == [
        (LOOK, f"Others on this machine can look into {place}.", f"chmod 700 {place}")
    ]
    file = tmp_path / "file"
    file.touch()
    assert worse(data.folder(file)) == [(FIX, f"{file} is no folder.", "choose another --data-dir")]
    assert worse(data.folder(file / "below")) == [
        (FIX, f"{file / 'below'}: a file is in the way.", "choose another --data-dir")
    ]
    assert told(data.folder(None)) == [(OK, "Nothing is kept: data_dir is :memory:")]


def test_a_damaged_lock_can_be_deleted(tmp_path):
    lock = tmp_path / "chat.lock"
    lock.write_bytes(b"this is no lock " * 100)
    found = data.server(tmp_path)

    told = f"{lock}: is damaged; delete it while no server runs on this data"
    assert (found.runs, worse([found.finding])) == (False, [(FIX, told, f"rm {lock}")])


def test_a_folder_that_we_may_not_write_in(tmp_path, monkeypatch):
    monkeypatch.setattr(data.os, "access", lambda _path, _how: False)

    cannot = [(FIX, f"This user may not write in {tmp_path}.", AS_ITS_USER)]
    assert worse(data.folder(tmp_path)) == cannot
    assert worse(data.folder(tmp_path / "not" / "yet")) == cannot


def test_what_is_in_it(tmp_path):
    assert told(data.contents(tmp_path)[1]) == [(OK, "Nothing was said yet.")]
    fill(tmp_path, said(1), said(2))
    inside, found = data.contents(tmp_path)
    assert inside.newest == 2
    ((mark, text),) = told(found)
    assert mark is OK
    assert text.startswith("2 messages, 0 rooms, 0 accounts: 0.")


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (INSIDE, "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567 messages, 2 rooms, 1 account: 2.5 MB."),
        (
            INSIDE._replace(messages=Count(1, False), rooms=1, unindexed=1),
            "more than 1 message, 1 room, 1 account: 2.5 MB. "
            "The next search in 1 conversation brings its index up to date.",
        ),
    ],
)
def test_how_much_that_is(tmp_path, monkeypatch, inside, text):
    monkeypatch.setattr(data, "contents_of", lambda _directory, _seconds: inside)
    fill(tmp_path)

    assert told(data.contents(tmp_path)[1]) == [(OK, text)]


@pytest.mark.parametrize(
    ("version", "mark", "words"),
    [
        (1, LOOK, "An older chatapp wrote the data"),
        (999, FIX, "A newer chatapp wrote the data (format 999, "),
    ],
)
def test_data_of_another_version(tmp_path, version, mark, words):
    with closing(sqlite3.connect(tmp_path / "chat.db")) as database:
        database.execute(f"PRAGMA user_version = {version}")
    inside, (finding,) = data.contents(tmp_path)

    assert (inside, finding.mark, finding.text[: len(words)]) == (None, mark, words)


def test_data_of_an_older_version_that_has_no_room_for_its_copy(tmp_path, monkeypatch):
    with closing(sqlite3.connect(tmp_path / "chat.db")) as database:
        database.execute("PRAGMA user_version = 1")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=9_000_000))

    _inside, (finding,) = data.contents(tmp_path)

    assert (finding.mark, finding.remedy) == (FIX, "make room")
    assert "takes 68 MB, and 9 MB are free" in finding.text


def test_data_that_is_damaged(tmp_path):
    (tmp_path / "chat.db").write_bytes(b"x" * 5000)
    inside, (finding,) = data.contents(tmp_path)

    assert (inside, finding.mark, finding.remedy) == (None, FIX, "restore a backup if it is damaged")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (HistorySettings(), (OK, "Everything is remembered for ever.")),
        (
            HistorySettings(channel_messages=9, direct_messages=8, keep_for=129600),
            (OK, "Remembered: 9 messages of a room, 8 of two people, 1.5 days."),
        ),
        (HistorySettings(enabled=False), (LOOK, "Nothing that is said is kept.")),
        (
            HistorySettings(synchronous="normal"),
            (LOOK, "With synchronous = normal a power cut may take the last moments."),
        ),
    ],
)
def test_how_long_it_is_remembered(settings, expected):
    assert told([data.forgetting(settings)]) == [expected]


def test_the_log(tmp_path):
    good, bad = tmp_path / "chat.log", tmp_path / "none" / "chat.log"
    assert told(data.log_file(LogSettings())) == []

    assert told(data.log_file(LogSettings(to=str(good)))) == [(OK, f"The log goes to {good}.")]
    assert not good.exists()
    good.touch()
    assert told(data.log_file(LogSettings(to=str(good))))[0][0] is OK
    assert worse(data.log_file(LogSettings(to=str(bad))))[0][:2] == (
        FIX,
        f"The log cannot be written to {bad}.",
    )
    assert worse(data.log_file(LogSettings(to=str(tmp_path))))[0][0] is FIX


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_a_folder_within_one_that_we_may_not_look_into(tmp_path):
    place = Path(tmp_path / "closed")
    place.mkdir(mode=0)

    with powerless():
        found = worse(data.folder(place / "data"))
    assert found == [(FIX, f"{place / 'data'}: permission denied.", AS_ITS_USER)]
