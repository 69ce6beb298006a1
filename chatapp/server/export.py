"""What ``chat-server export`` writes: rooms of the history as files, a message at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from gettext import gettext as _
from hashlib import blake2b
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO

from chatapp.core.ports import StoreError
from chatapp.server.progress import ProgressLine
from chatapp.server.transcript import as_json, as_text, entry_of
from chatapp.store.export import Archive, Room
from chatapp.store.files import create_private
from chatapp.store.workspace import put, workspace

_FOREVER = 2**63 - 1
_LONGEST_NAME = 100  # of a file, in bytes; a system takes 255, and other things stand in it too
_MICROSECONDS = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What Windows takes for a device.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Wish(NamedTuple):
    """What is to be exported: stamps from ``since`` on and before ``until``, and how it is written."""

    since: int = 0
    until: int = _FOREVER
    is_json: bool = False
    in_utc: bool = False
    with_events: bool = False

    @property
    def ending(self) -> str:
        """What the name of a file with this ends with."""
        return ".jsonl" if self.is_json else ".txt"


def stamp_at(text: str, *, is_end: bool, in_utc: bool) -> int:
    """The stamp of a moment as a person writes it: of ``2026-11-20`` the beginning, or if ``is_end`` the end.

    Raises:
        ValueError: It is none.
    """
    moment = datetime.fromisoformat(text)
    if is_end and not re.search(r"[T :]", text):
        moment += timedelta(days=1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC) if in_utc else moment.astimezone()
    return max((moment - _EPOCH) // _MICROSECONDS, 0)


def write(archive: Archive, room: Room, wish: Wish, out: TextIO, line: ProgressLine) -> int:
    """Write what was said in ``room``; give back how many entries that were."""
    words = _("exporting {room}").format(room=room.name)
    form = (
        partial(as_json, room=room.name)
        if wish.is_json
        else partial(as_text, room=room.name, find=partial(archive.find, room), in_utc=wish.in_utc)
    )
    count = 0
    for message in archive.messages(room, wish.since, wish.until):
        entry = entry_of(message)
        if entry is None or (entry.is_event and not wish.with_events):
            continue
        if row := form(entry):
            out.write(row + "\n")
            count += 1
            if not count % 1000:
                line.show(f"{words}, {entry.message.time[:10]}")
    return count


def write_all(archive: Archive, wish: Wish, folder: Path, line: ProgressLine) -> list[tuple[Room, Path, int]]:
    """Write each room to a file in ``folder``; give back which, and how many entries that were.

    Raises:
        StoreError: One of the files is there already.
        OSError: One cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = []
    for room in archive.rooms():
        path = folder / (file_name_of(room) + wish.ending)
        with new_file(path) as out:
            done.append((room, path, write(archive, room, wish, out, line)))
    return done


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A file for its owner alone, which stands at ``path`` when the block has ended well.

    Raises:
        StoreError: Something is there already.
        OSError: It cannot be written.
    """
    taken = _("{place}: is there already; an export overwrites nothing").format(place=path)
    if path.exists():
        raise StoreError(taken)
    with workspace(path.absolute().parent) as place:
        with TextIOWrapper(create_private(place / "whole"), "utf-8", newline="\n") as file:
            yield file
        try:
            put(place / "whole", path)
        except FileExistsError as why:
            raise StoreError(taken) from why


def file_name_of(room: Room) -> str:
    """A name for the file of ``room``, without an ending, that every system takes and no other room has."""
    name = room.folded[1:]
    plain = re.sub(r"[^\w.-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), name)
    if len(plain.encode()) > _LONGEST_NAME or plain[:1] in ".-" or _DEVICES.fullmatch(plain):
        cut = plain.encode()[:_LONGEST_NAME].decode(errors="ignore").lstrip(".-")
        plain = f"room-{cut}-{blake2b(room.folded.encode(), digest_size=6).hexdigest()}"
    return plain
