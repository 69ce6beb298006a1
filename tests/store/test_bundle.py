"""The file that a backup is, read with suspicion: half of it, another's, a forged one."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile

import pytest
from store.archives import backup, keep, left_in, said, silent

from chatapp.core.ports import StoreError
from chatapp.store.bundle import FORMAT_VERSION, read_manifest, unpack

#: What a forged bundle says of itself.
HONEST = {
    "format": "chatapp-backup",
    "version": 1,
    "made": "2026-11-20T13:05:09Z",
    "by": "0.1.0",
    "data_dir": "/data",
    **dict.fromkeys(("schema", "messages", "rooms", "accounts", "newest"), 1),
}


@pytest.fixture
def whole(tmp_path):
    data = keep(tmp_path / "data", *[said(at) for at in range(1, 50)])
    (data.path / "tls.pem").write_text("the key")
    return backup(data, tmp_path / "whole")


def part(name, content, **other):
    return {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **other}


def forge(path, manifest, members):
    """A bundle with ``members``: names or headers, and what is in each."""
    with tarfile.open(path, "w:gz") as tar:
        words = json.dumps(manifest).encode()
        for header, content in [("manifest.json", words), *members]:
            info = header if isinstance(header, tarfile.TarInfo) else tarfile.TarInfo(header)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def refused(path, folder):
    """What is said of the bundle at ``path``; nothing of it may be outside of ``folder``."""
    folder.mkdir()
    with pytest.raises(StoreError) as caught:
        unpack(path, folder, silent)
    return str(caught.value)


def test_what_goes_in_comes_out(whole, tmp_path):
    (tmp_path / "to").mkdir()

    manifest = unpack(whole, tmp_path / "to", silent)

    assert left_in(tmp_path / "to") == ["chat.db", "tls.pem"]
    for each in manifest.parts:
        content = (tmp_path / "to" / each.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each.bytes, each.sha256)


def test_half_of_one_is_told_wherever_it_ends(whole, tmp_path):
    content = whole.read_bytes()
    for number, end in enumerate((0, 1, 10, 200, len(content) // 2, len(content) - 600)):
        (tmp_path / "cut").write_bytes(content[:end])
        told = refused(tmp_path / "cut", tmp_path / f"to{number}")
        assert "is no backup of chatapp, or is damaged" in told
    assert told.endswith("(it ends too early)")


def test_a_flipped_bit_anywhere_is_told(whole, tmp_path):
    """The sums see what compression lets through: here it is not compressed."""
    content = gzip.decompress(whole.read_bytes())
    for number, at in enumerate(range(2048, len(content) - 12_000, 4_999)):
        flipped = bytearray(content)
        flipped[at] ^= 4
        (tmp_path / "flipped").write_bytes(gzip.compress(flipped, 0))
        told = refused(tmp_path / "flipped", tmp_path / f"to{number}")
        assert "is no backup of chatapp, or is damaged" in told
    assert number > 5


@pytest.mark.parametrize("content", [b"", b"hello", gzip.compress(b"hello", mtime=0), bytes(10_000)])
def test_another_file_is_told(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    assert "is no backup of chatapp" in refused(tmp_path / "other", tmp_path / "to")


def test_a_tar_of_somebody_else_is_told(tmp_path):
    with tarfile.open(tmp_path / "tar", "w:gz") as tar:
        tar.add(__file__, "chat.db")
    assert "it does not begin as one" in refused(tmp_path / "tar", tmp_path / "to")


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/chatapp-escaped", "a/../../escaped", "chat.db/../../escaped", "other"]
)
def test_a_path_out_of_the_folder_is_refused(tmp_path, name):
    for parts in ([part("chat.db", b"x")], [part("chat.db", b"x"), part(name, b"evil")]):
        path = forge(tmp_path / "forged", {**HONEST, "parts": parts}, [("chat.db", b"x"), (name, b"evil")])
        told = refused(path, tmp_path / f"to{len(parts)}")
        assert "is no backup of chatapp, or is damaged" in told
    assert left_in(tmp_path) == ["forged", "to1", "to2"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_is_refused(tmp_path, kind):
    link = tarfile.TarInfo("chat.db")
    link.type, link.linkname = kind, "/etc/passwd"
    path = forge(tmp_path / "forged", {**HONEST, "parts": [part("chat.db", b"")]}, [(link, b"")])

    assert "'chat.db' does not belong there" in refused(path, tmp_path / "to")
    assert left_in(tmp_path / "to") == []


def test_one_that_is_larger_than_it_said_is_refused(tmp_path):
    """What unpacks to more than it announced would fill the disk."""
    parts = [part("chat.db", b"x")]
    path = forge(tmp_path / "forged", {**HONEST, "parts": parts}, [("chat.db", b"x" * 1_000_000)])
    assert "'chat.db' does not belong there" in refused(path, tmp_path / "to")


def test_the_same_file_twice_is_refused(tmp_path):
    parts = [part("chat.db", b"x")]
    path = forge(tmp_path / "forged", {**HONEST, "parts": parts}, [("chat.db", b"x"), ("chat.db", b"y")])
    assert "'chat.db' does not belong there" in refused(path, tmp_path / "to")


def test_one_that_is_missing_is_told(tmp_path):
    parts = [part("chat.db", b"x"), part("tls.pem", b"y")]
    path = forge(tmp_path / "forged", {**HONEST, "parts": parts}, [("chat.db", b"x")])
    assert "tls.pem is missing" in refused(path, tmp_path / "to")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"parts": []},
        {"parts": [part("tls.pem", b"")]},
        {"parts": [part("chat.db", b""), part("chat.db", b"")]},
        {"parts": [part("chat.db", b"", bytes=-1)]},
        {"parts": {"chat.db": 1}},
        {"parts": 5},
        {"schema": "new"},
        {"version": None},
        {"messages": None},
        {"messages": float("inf")},
        {"newest": 10**30},
        {"rooms": -1},
        {"made": "2026\x1b[2J"},
        {"by": "0.1\n"},
        {"version": 99, "by": "\x1b]0;title\x07"},
    ],
)
def test_one_that_says_nonsense_of_itself_is_refused(tmp_path, change):
    honest = {**HONEST, "parts": [part("chat.db", b"")]}
    path = forge(tmp_path / "forged", {**honest, **change}, [("chat.db", b"")])
    assert "what it says of itself cannot be read" in refused(path, tmp_path / "to")


def test_one_that_is_nested_without_end_is_refused(tmp_path):
    path = tmp_path / "forged"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("manifest.json")
        info.size = 200_000
        tar.addfile(info, io.BytesIO(b"[" * 200_000))
    assert "what it says of itself cannot be read" in refused(path, tmp_path / "to")


def test_whatever_the_library_stumbles_over_is_told_in_words(whole, tmp_path, monkeypatch):
    """A header with an empty number does that, once in fifty thousand."""

    def stumble(_tar):
        raise TypeError("ord() expected a character")

    monkeypatch.setattr(tarfile.TarFile, "next", stumble)
    assert "is no backup of chatapp, or is damaged (it cannot be unpacked)" in refused(whole, tmp_path / "to")


def test_one_of_a_newer_program_is_refused_in_words(tmp_path):
    newer = {**HONEST, "version": FORMAT_VERSION + 1, "by": "9.0.0", "what": "we do not know"}
    path = forge(tmp_path / "forged", newer, [])
    with pytest.raises(StoreError, match=r"was written by a newer chatapp \(9\.0\.0\)"):
        read_manifest(path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_in_it_a_bundle_is_whole_or_refused_in_words(whole, tmp_path, seed):
    """Bytes are changed where a tar has its headers, and where it has our words; no other error comes out."""
    dice = random.Random(seed)
    content = gzip.decompress(whole.read_bytes())
    outcomes = set()
    for _ in range(150):
        changed = bytearray(content)
        for _ in range(dice.choice((1, 2, 4, 30))):
            at = dice.choice((dice.randrange(512), dice.randrange(3000), dice.randrange(len(changed))))
            changed[at] = dice.choice((dice.randrange(256), *b"gxLKS05\x80\xff"))
        if dice.random() < 0.6:  # so that what stands in the header is believed
            changed[148:156] = b" " * 8
            changed[148:156] = b"%06o\0 " % sum(changed[:512])
        (tmp_path / "changed").write_bytes(gzip.compress(bytes(changed), 1))
        try:
            unpack(tmp_path / "changed", None, silent)
            outcomes.add("whole")
        except StoreError as why:
            assert str(why).startswith(f"{tmp_path / 'changed'}: ")
            outcomes.add("refused")
    assert "refused" in outcomes
