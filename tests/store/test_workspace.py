"""A folder for what is not whole yet: gone afterwards, whoever was killed before."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

from chatapp.store import workspace as module
from chatapp.store.workspace import PREFIX, workspace


def test_what_was_begun_and_never_locked_is_swept_away(tmp_path):
    (tmp_path / f"{PREFIX}begun").mkdir()
    (tmp_path / f"{PREFIX}held").mkdir()
    (tmp_path / f"{PREFIX}held" / "somebody").touch()
    with workspace(tmp_path) as place:
        assert sorted(tmp_path.iterdir()) == sorted([place, tmp_path / f"{PREFIX}held"])
    assert [each.name for each in tmp_path.iterdir()] == [f"{PREFIX}held"]


def test_what_is_not_ours_to_look_at_holds_nobody_up(tmp_path, monkeypatch):
    """As in a folder of many users; and what only has such a name is left alone."""
    foreign, false = tmp_path / f"{PREFIX}foreign", tmp_path / f"{PREFIX}false"
    foreign.mkdir()
    false.mkdir()
    (false / "lock").write_text("this is no database" * 100)
    real = type(tmp_path).exists

    def exists(path, **how):
        if path.parent == foreign:
            raise PermissionError(13, "Permission denied")
        return real(path, **how)

    monkeypatch.setattr(type(tmp_path), "exists", exists)
    with workspace(tmp_path):
        pass
    assert sorted(tmp_path.iterdir()) == [false, foreign]


def test_who_is_swept_away_at_that_moment_begins_again(tmp_path, monkeypatch):
    exclusive, swept = module.exclusive, []

    @contextmanager
    def swept_once(lock):
        if not swept:
            swept.append(lock.parent)
            shutil.rmtree(lock.parent)
        with exclusive(lock) as is_held:
            yield is_held

    monkeypatch.setattr(module, "exclusive", swept_once)
    with workspace(tmp_path) as place:
        assert place.is_dir()
        assert swept != [place]
    assert list(tmp_path.iterdir()) == []
