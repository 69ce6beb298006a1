"""The machine as the doctor sees it: its limits, its disk, its clock, its programs."""

from __future__ import annotations

import os
from collections import namedtuple
from dataclasses import replace

import pytest
from server.examination.findings import FIX, LOOK, OK, told, worse

from chatapp.core.settings import AccountSettings, LimitSettings, ServerSettings, Settings
from chatapp.server.examination import disk as disk_module
from chatapp.server.examination import programs as programs_module
from chatapp.server.examination.clock import Clocks, clock
from chatapp.server.examination.disk import Speed, disk, kind_of, speed_of
from chatapp.server.examination.limits import limits
from chatapp.server.examination.programs import extras, programs
from chatapp.server.settings import Config, MetricsSettings
from chatapp.server.status import Status

Usage = namedtuple("Usage", "total used free")
STATUS = Status(1, "1.0", 0, 0, 0, 0, 0, "", (), "")
GIGABYTE = 10**9
NO_BOUND = (LOOK, "One public address may take all connections there are.")


@pytest.mark.parametrize(
    ("files", "connections", "expected"),
    [
        (0, 0, (OK, "As many connections as one likes.")),
        (20_064, 0, (OK, "Up to 20000 connections at once.")),
        (1024, 0, (LOOK, "No more than 960 connections at once.")),
        (20_064, 16_001, (LOOK, "16001 connections of 20000 that there may be.")),
    ],
)
def test_how_many_may_come(files, connections, expected):
    found = limits(Settings(), files, STATUS._replace(connections=connections))

    assert told(found)[0] == expected


@pytest.mark.parametrize(
    ("public", "about", "expected"),
    [
        (False, {}, (OK, "From one address: 256 connections.")),
        (False, {"connections_per_private_ip": 0}, (OK, "From one address: any number connections.")),
        (
            True,
            {},
            (OK, "From one address: 16 connections (256 from a private one), 60 new ones a minute."),
        ),
        (True, {"connections_per_ip": 0}, (LOOK, "One public address may take all connections there are.")),
        (
            True,
            {"connection_rate_per_ip": 0},
            (LOOK, "One public address may take all connections there are."),
        ),
        (False, {"flood_protection": False}, (LOOK, "Whoever speaks too fast is not slowed down.")),
    ],
)
def test_how_many_may_come_from_one_address(public, about, expected):
    rules = Settings(server=ServerSettings(public=public), limits=replace(LimitSettings(), **about))

    assert told(limits(rules, 0, None))[1] == expected


@pytest.fixture
def a_disk(monkeypatch):
    """Say how the disk is."""

    def tell(free=500 * GIGABYTE, kind="ext4", usual=1.0):
        usage = Usage(1000 * GIGABYTE, 0, free)
        monkeypatch.setattr(disk_module.shutil, "disk_usage", lambda _place: usage)
        monkeypatch.setattr(disk_module, "kind_of", lambda _place: kind)
        monkeypatch.setattr(disk_module, "speed_of", lambda _place: Speed(usual, usual * 3))

    return tell


def test_a_good_disk(a_disk, tmp_path):
    a_disk()

    assert told(disk(tmp_path, True)) == [
        (OK, "500 GB of 1000 GB are free (ext4)."),
        (OK, "To keep something takes 1.0 ms, 3.0 ms at worst."),
    ]


@pytest.mark.parametrize(
    ("about", "mark", "text", "remedy"),
    [
        ({"free": 5_000_000}, FIX, "5 MB of 1000 GB are free (ext4). Nobody can say anything.", "make room"),
        (
            {"free": GIGABYTE - 1},
            LOOK,
            "1000 MB of 1000 GB are free (ext4).",
            "make room; below 67 MB nobody can say anything",
        ),
        (
            {"kind": "nfs4"},
            FIX,
            "{place} is on a network (nfs4): SQLite can lose or damage data there.",
            "keep the data on a disk of this machine, with --data-dir",
        ),
        (
            {"kind": "tmpfs"},
            FIX,
            "{place} is in memory (tmpfs): all of it is gone when the machine stops.",
            "keep the data on a disk, with --data-dir",
        ),
        ({"kind": "overlay"}, LOOK, "{place} is inside a container, and goes with it.", "put a volume there"),
        (
            {"usual": 51.0},
            LOOK,
            "To keep something takes 51.0 ms, 153.0 ms at worst.",
            "people hear nothing earlier than that; another disk, or synchronous = normal, is faster",
        ),
    ],
)
def test_a_disk_that_is_not_so_good(a_disk, tmp_path, about, mark, text, remedy):
    a_disk(**about)

    assert worse(disk(tmp_path, True)) == [(mark, text.format(place=tmp_path), remedy)]


def test_a_folder_that_is_still_to_be_made_is_judged_by_what_it_will_be_in(a_disk, tmp_path):
    a_disk(kind="tmpfs")

    found = list(disk(tmp_path / "not" / "yet", True))
    assert [each.text[:50] for each in found] == [
        "500 GB of 1000 GB are free (tmpfs).",
        f"{tmp_path} is in memory (tmpfs): all of it"[:50],
    ]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_we_may_not(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_module, "speed_of", lambda _place: pytest.fail("it was tried"))

    assert len(list(disk(tmp_path, False))) >= 1


def test_a_disk_that_takes_nothing_is_told(tmp_path, a_disk, monkeypatch):
    def fail(_place):
        raise OSError(28, os.strerror(28))

    a_disk()
    monkeypatch.setattr(disk_module, "speed_of", fail)

    assert worse(disk(tmp_path, True)) == [
        (LOOK, f"Nothing can be written in {tmp_path}: the disk is full.", "make room")
    ]


def test_the_speed_is_measured_and_nothing_is_left(tmp_path):
    speed = speed_of(tmp_path)

    assert 0 < speed.usual <= speed.worst
    assert list(tmp_path.iterdir()) == []


def test_a_slow_disk_is_not_asked_for_long(tmp_path, monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(disk_module.time, "monotonic", lambda: next(clock) * 0.4)
    waits = []
    monkeypatch.setattr(disk_module.os, "fdatasync", waits.append, raising=False)
    speed_of(tmp_path)

    assert len(waits) == 3


def test_the_kind_of_a_file_system_is_that_of_the_nearest_mount(tmp_path):
    (tmp_path / "a b" / "c").mkdir(parents=True)
    mounts = tmp_path / "mounts"
    there = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts.write_text(
        f"/dev/a / ext4 rw 0 0\n/dev/b {there} xfs rw 0 0\nx {there}/a\\040b nfs4 rw 0 0\n"
        f"y {there}/a\\040b btrfs rw 0 0\nz {there}/a tmpfs rw 0 0\n"
    )

    assert kind_of(tmp_path / "a b" / "c", mounts) == "btrfs"
    assert kind_of(tmp_path, mounts) == "xfs"
    assert kind_of(tmp_path.parent, mounts) == "ext4"
    assert kind_of(tmp_path, tmp_path / "none") == ""


class Moment(Clocks):
    """``wall`` and ``steady`` in seconds."""

    def __init__(self, wall, steady=0):
        self.wall, self.steady = int(wall * 1e6), int(steady * 1e6)


NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("before", "after", "newest", "mark", "words"),
    [
        (Moment(NOW), Moment(NOW + 1, 1), 0, OK, "0."),
        (Moment(NOW), Moment(NOW + 1, 1), NOW - 9, OK, ", and nothing in the history is later."),
        (Moment(NOW), Moment(NOW + 1, 1), NOW + 2, OK, ", and nothing in the history is later."),
        (Moment(NOW), Moment(NOW + 1, 1), NOW + 60, LOOK, ", and the newest message is of "),
        (Moment(NOW), Moment(NOW + 1, 1), NOW + 9999, FIX, ", and the newest message is of "),
        (Moment(60), Moment(61, 1), 0, FIX, ", which is long past."),
        (Moment(NOW), Moment(NOW + 61, 1), 0, LOOK, "It was set by +60 seconds just now."),
        (Moment(NOW), Moment(NOW - 9, 1), 0, LOOK, "It was set by -10 seconds just now."),
    ],
)
def test_the_clock(before, after, newest, mark, words):
    found = clock(before, after, int(newest * 1e6))

    assert found.mark is mark
    assert words in found.text
    assert bool(found.remedy) is (mark is not OK)


def test_the_clocks_are_those_of_the_machine():
    found = clock(Clocks(), Clocks(), 0)

    assert found.mark is OK


def test_programs(monkeypatch):
    monkeypatch.setattr(programs_module, "sqlite_version", lambda: ("3.51.3", True))
    monkeypatch.setattr(programs_module, "_version", lambda package: "9.9")
    ((mark, text),) = told(programs())
    assert mark is OK
    assert "SQLite 3.51.3, uvloop 9.9, " in text

    monkeypatch.setattr(programs_module, "sqlite_version", lambda: ("3.40.0", False))
    monkeypatch.setattr(programs_module, "_version", lambda package: "")
    monkeypatch.setattr(programs_module.sys, "platform", "linux")
    assert [mark for mark, _text in told(programs())] == [OK, OK, LOOK]
    assert [mark for mark, _text in told(programs(keeps_data=False))] == [OK, LOOK]
    assert (
        told(programs())[1][1] == "Let no other program write to chat.db: this SQLite could damage it then."
    )
    assert [remedy for _mark, _text, remedy in worse(programs())] == ["pip install uvloop"]


def test_extras_that_are_asked_for_and_missing(monkeypatch):
    rules = Settings(accounts=AccountSettings(sasl_mechanisms=("EXTERNAL",)))
    asking = Config(rules, metrics=MetricsSettings(port=1))
    monkeypatch.setattr(programs_module, "find_spec", lambda _name: None)

    assert list(extras(Config())) == []
    assert [(mark, remedy) for mark, _text, remedy in worse(extras(asking))] == [
        (FIX, 'pip install "chatapp[certfp]"'),
        (FIX, 'pip install "chatapp[metrics]"'),
    ]
    monkeypatch.setattr(programs_module, "find_spec", lambda name: name)
    assert list(extras(asking)) == []
