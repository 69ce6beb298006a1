"""A disk that is nearly full: nothing more is said, everyone is told why, and it passes."""

from __future__ import annotations

import asyncio

from chatapp.server.app import opened
from chatapp.server.config import load
from chatapp.store.directory import DISK_FLOOR, DataDirectory


def test_a_full_disk_is_noted_once_and_passes(tmp_path, monkeypatch, caplog):
    free = [DISK_FLOOR]
    monkeypatch.setattr(DataDirectory, "free_bytes", lambda self: free[0])
    flags = {"server.data_dir": str(tmp_path), "listener.host": "127.0.0.1", "listener.port": "0"}

    async def look_three_times():
        async with opened(load(flags=flags)) as app:
            reasons = []
            for bytes_free in (DISK_FLOOR, DISK_FLOOR - 1, DISK_FLOOR - 2, DISK_FLOOR):
                free[0] = bytes_free
                app.look_around()
                reasons.append(app.world.mute_reason)
            return reasons

    fine, full, still_full, fine_again = asyncio.run(look_three_times())

    assert fine == fine_again == ""
    assert full == still_full == "The server's disk is full: nothing can be said for now"
    assert [record.getMessage() for record in caplog.records] == [full, "The disk has room again"]
