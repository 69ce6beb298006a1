"""The way into the store: `open_store` gives all of it, ready to use."""

from __future__ import annotations

import sqlite3
from gettext import gettext as _
from pathlib import Path

from chatapp.core.ports import AccountState, ChannelState, ServerBan
from chatapp.store.accounts import load_accounts, load_secret
from chatapp.store.bans import load_bans
from chatapp.store.before_upgrade import Tell
from chatapp.store.channels import load_channels
from chatapp.store.database import Database, Synchronous
from chatapp.store.directory import DISK_FLOOR, DataDirectory
from chatapp.store.history import SqliteHistory, last_stamp
from chatapp.store.markers import load_markers
from chatapp.store.metadata import load_metadata
from chatapp.store.owner import OwnerCode

#: Before it two connections that write or checkpoint at once may corrupt (https://sqlite.org/wal.html#walresetbug).
SOUND_WAL = (3, 51, 3)
_MEGABYTE = 1_000_000


class Store:
    """An open store. ``history`` is what the core's ports `Keeper` and `History` ask for.

    ``owner`` is the code by which its owner claims the server.
    """

    def __init__(self, database: Database, history: SqliteHistory, directory: DataDirectory | None) -> None:
        self.history = history
        self.owner = OwnerCode(database)
        self._database = database
        self._directory = directory

    async def channels(self) -> dict[str, ChannelState]:
        """Every channel as it was last kept, by its folded name."""
        return await self._database.read(load_channels)

    async def accounts(self) -> dict[str, AccountState]:
        """Every account as it was last kept, by its folded name."""
        return await self._database.read(load_accounts)

    async def bans(self) -> list[ServerBan]:
        """Every ban from the server as it was last kept."""
        return await self._database.read(load_bans)

    async def markers(self) -> dict[tuple[str, str], int]:
        """How far everyone has read, as `Changes.markers` has it."""
        return await self._database.read(load_markers)

    async def metadata(self) -> dict[tuple[str, str], str]:
        """What everyone and every channel tells of itself, as `Changes.metadata` has it."""
        return await self._database.read(load_metadata)

    async def secret(self) -> bytes:
        """Random bytes that are this server's alone, the same for as long as its data lives."""
        return await self._database.read(load_secret)

    async def last_stamp(self) -> int:
        """The greatest stamp ever kept, or 0: where `Stamps` must go on."""
        return await self._database.read(last_stamp)

    def has_room(self) -> bool:
        """Whether the disk has more free than its floor; below it, refuse before something is lost."""
        return self._directory is None or self._directory.free_bytes() >= DISK_FLOOR

    def warnings(self) -> list[str]:
        """What the operator should know at the start, a sentence each; often nothing."""
        if self._directory is None:
            return [_("Nothing is kept: the history is in memory and ends with the server.")]
        texts = []
        if not self.has_room():
            words = _("The disk with {place} is almost full: {free} MB are free.")
            free = self._directory.free_bytes() // _MEGABYTE
            texts.append(words.format(place=self._directory.path, free=free))
        if sqlite3.sqlite_version_info < SOUND_WAL:
            words = _(
                "SQLite {version} can damage a database that two programs write to at once (fixed in 3.51.3):"
                " let no other program write to {place}."
            )
            texts.append(words.format(version=sqlite3.sqlite_version, place=self._directory.database))
        return texts

    async def close(self) -> None:
        """Finish everything that is still to be kept, then let go of the files."""
        await self.history.finish()
        await self._database.close()


async def open_store(
    path: Path | None, synchronous: Synchronous = "full", tell: Tell = lambda _words: None
) -> Store:
    """Open the data directory at ``path``, made if need be; ``None`` keeps everything in memory alone.

    With ``full`` what was kept survives a power cut; with ``normal`` it survives the end of the process, and
    a power cut may take the last moments. ``tell`` is told how it goes where the data has to be brought up to
    date first.

    Raises:
        StoreError: It cannot be opened, or another process has it open; the text says why.
    """
    directory = DataDirectory(path) if path else None
    database = Database(directory, synchronous, tell)
    await database.open()
    return Store(database, SqliteHistory(database), directory)
