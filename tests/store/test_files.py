"""Files for their owner alone: put in their place whole, and never through a link."""

from __future__ import annotations

import stat
import sys

import pytest

from chatapp.store.files import write_private


def test_what_is_there_is_replaced(tmp_path):
    for data in (b"long ago", b"now"):
        write_private(tmp_path / "note", data, tmp_path)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("note", b"now")]


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links of Unix")
def test_it_is_its_owners_alone_and_no_link_is_followed(tmp_path):
    for name in ("note", "note.part"):
        (tmp_path / name).symlink_to(tmp_path / "other")
    write_private(tmp_path / "note", b"mine", tmp_path)

    assert not (tmp_path / "other").exists()
    assert stat.S_IMODE((tmp_path / "note").lstat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(OSError):
        write_private(tmp_path / "none" / "note", b"mine", tmp_path)

    assert list(tmp_path.iterdir()) == []
