"""The file that a backup is: a compressed tar that says first what is in it, with sums to check it by.

It is read with suspicion: only the files that a backup has are taken from it, in the sizes that were
announced, and nothing in it chooses a path.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from gettext import gettext as _
from pathlib import Path
from typing import IO, Any

from chatapp.core.ports import StoreError
from chatapp.store.copying import Progress
from chatapp.store.directory import CERTIFICATE, DATABASE
from chatapp.store.files import create_private

#: In a bundle; who runs the server calls it as they like.
SETTINGS = "chat-server.toml"
_MANIFEST = "manifest.json"
_FORMAT = "chatapp-backup"
_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z")
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
#: Beyond the last stamp that a calendar knows, and of anything else more than there can be.
_TOO_MUCH = 250_000_000_000_000_000
#: This program reads bundles up to this version; a greater one has what it does not know.
FORMAT_VERSION = 1
_MOST_MANIFEST = 1 << 20
_PIECE = 1 << 20
_STEP = 4 << 20  # so many bytes go to the disk together
_QUICK = 1  # compression: what takes long is slower than the disk


@dataclass(frozen=True)
class Part:
    """A file in a bundle: its name, its length in bytes and its SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a bundle holds, and of which data. ``made`` is in UTC, ``by`` the version of the program."""

    made: str
    by: str
    data_dir: str
    schema: int
    messages: int
    rooms: int
    accounts: int
    newest: int
    parts: tuple[Part, ...]

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return any(part.name == name for part in self.parts)

    @property
    def size(self) -> int:
        """How much room it takes when it is unpacked, in bytes."""
        return sum(part.bytes for part in self.parts)


def part_of(path: Path, name: str) -> Part:
    """The file at ``path`` as the part ``name``: read once, for its sum."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Part(name, file.tell(), digest.hexdigest())


def pack(target: IO[bytes], manifest: Manifest, sources: dict[str, Path], progress: Progress) -> None:
    """Write the bundle of ``manifest``; ``sources`` has for each part the file that it is."""
    words = json.dumps({"format": _FORMAT, "version": FORMAT_VERSION, **asdict(manifest)}, indent=1).encode()
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done, manifest.size)

    with tarfile.open(fileobj=_Steady(target), mode="w:gz", compresslevel=_QUICK) as tar:
        tar.addfile(_entry(_MANIFEST, len(words)), io.BytesIO(words))
        for part in manifest.parts:
            with sources[part.name].open("rb") as file:
                tar.addfile(_entry(part.name, part.bytes), _Told(file, told))


def read_manifest(path: Path) -> Manifest:
    """What the bundle at ``path`` says that it holds.

    Raises:
        StoreError: It is none, or of a newer program.
        OSError: It cannot be read.
    """
    with _opened(path) as tar:
        return _manifest(tar, path)


def unpack(path: Path, folder: Path | None, progress: Progress) -> Manifest:
    """Write the parts of the bundle at ``path`` into ``folder``, which is empty, for its owner alone.

    Without a folder all of it is read and compared with its sums, and that is that.

    Raises:
        StoreError: Something in it is not what it must be; ``folder`` is to be thrown away.
        OSError: It cannot be read, or there is no room.
    """
    with _opened(path) as tar:
        manifest = _manifest(tar, path)
        awaited = {part.name: part for part in manifest.parts}
        done = 0
        while (member := tar.next()) is not None:
            part = awaited.pop(member.name, None)
            if part is None or not member.isreg() or member.size != part.bytes:
                raise StoreError(_bad(path, _("{name} does not belong there").format(name=repr(member.name))))
            digest = hashlib.sha256()
            with _sink(folder, part.name) as target:
                for piece in _pieces(tar, member):
                    target.write(piece)
                    digest.update(piece)
                    done += len(piece)
                    progress(done, manifest.size)
            if digest.hexdigest() != part.sha256:
                raise StoreError(_bad(path, _("{name} is not as it was").format(name=part.name)))
    if awaited:
        raise StoreError(_bad(path, _("{name} is missing").format(name=", ".join(awaited))))
    return manifest


def _sink(folder: Path | None, name: str) -> IO[bytes]:
    if folder is None:
        return Path(os.devnull).open("wb")
    return create_private(folder / name)


def _pieces(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    source = tar.extractfile(member)
    assert source is not None  # of a regular file there always is
    while piece := source.read(_PIECE):
        yield piece


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Reads what comes in order, and nothing twice."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r|gz") as tar:
            yield tar
    except StoreError:
        raise
    except Exception as why:  # whatever a forged header makes tarfile stumble over
        if isinstance(why, OSError) and not isinstance(why, gzip.BadGzipFile):
            raise
        is_cut = isinstance(why, EOFError) or "unexpected end" in str(why)
        reason = _("it ends too early") if is_cut else _("it cannot be unpacked")
        raise StoreError(_bad(path, reason)) from why


def _bad(path: Path, reason: str) -> str:
    words = _("{place}: is no backup of chatapp, or is damaged ({reason})")
    return words.format(place=path, reason=reason)


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    member = tar.next()
    if member is None or member.name != _MANIFEST or not member.isreg() or member.size > _MOST_MANIFEST:
        raise StoreError(_bad(path, _("it does not begin as one")))
    source = tar.extractfile(member)
    assert source is not None
    try:
        found = json.loads(source.read())
        if found["format"] != _FORMAT:
            raise ValueError(found["format"])
        if int(found["version"]) > FORMAT_VERSION:
            words = _("{place}: was written by a newer chatapp ({by}); restore it with that one")
            raise StoreError(words.format(place=path, by=_matching(_VERSION, found["by"])))
        return _read(found)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as why:
        raise StoreError(_bad(path, _("what it says of itself cannot be read"))) from why


def _read(found: dict[str, Any]) -> Manifest:
    """Raise ValueError, KeyError, TypeError or OverflowError if that is no manifest."""
    parts = tuple(Part(str(each["name"]), int(each["bytes"]), str(each["sha256"])) for each in found["parts"])
    names = [part.name for part in parts]
    if DATABASE not in names or len(set(names)) != len(names):
        raise ValueError(names)
    if not set(names) <= {DATABASE, CERTIFICATE, SETTINGS} or any(part.bytes < 0 for part in parts):
        raise ValueError(names)
    numbers = {name: int(found[name]) for name in ("schema", "messages", "rooms", "accounts", "newest")}
    if not all(0 <= number < _TOO_MUCH for number in numbers.values()):
        raise ValueError(numbers)
    made, by = _matching(_MOMENT, found["made"]), _matching(_VERSION, found["by"])
    return Manifest(made, by, str(found["data_dir"]), **numbers, parts=parts)


def _matching(pattern: re.Pattern[str], text: object) -> str:
    """``text``, which is shown to people; raise ValueError if it is not what it must be."""
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Steady(io.RawIOBase):
    """A file that goes to the disk a little at a time: much at once would hold up who shares the disk."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._waiting = 0

    def write(self, piece: Any) -> int:
        self._waiting += len(piece)
        self._file.write(piece)
        if self._waiting >= _STEP:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._waiting = 0
        return len(piece)


class _Told(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], told: Callable[[int], None]) -> None:
        self._file = file
        self._told = told

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._told(len(piece))
        return piece
