"""Data to back up, and what is told while that is done."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from chatapp.core.message import Message
from chatapp.core.ports import Changes, ChannelState, Kept, Span
from chatapp.store.backup import Request, back_up
from chatapp.store.directory import DataDirectory
from chatapp.store.open import open_store

NOW = datetime(2026, 11, 20, 13, 5, 9, tzinfo=UTC)


def said(stamp: int, text: str = "olá", nick: str = "ana", tags: str = "") -> Message:
    return Message(stamp, "PRIVMSG", f":{nick}!{nick}@localhost PRIVMSG #tea :{text}", tags=tags)


def keep(path: Path, *messages: Message, room: str = "#tea", name: str = "#Tea") -> DataDirectory:
    """Have ``messages`` in the history of a room in the data directory at ``path``."""

    async def main() -> None:
        store = await open_store(path, "normal")
        kept = [Kept(room, message) for message in messages]
        await store.history.keep(Changes(kept, {room: ChannelState(name, 1)}))
        await store.close()

    asyncio.run(main())
    return DataDirectory(path)


def read(path: Path, room: str = "#tea") -> list[Message]:
    """What the history of a room has, after a start."""

    async def main() -> list[Message]:
        store = await open_store(path, "normal")
        try:
            return await store.history.read(Span(room, limit=10**6, events=True))
        finally:
            await store.close()

    return asyncio.run(main())


def backup(data: DataDirectory, target: Path, settings: Path | None = None) -> Path:
    back_up(Request(data, target, settings), NOW, silent)
    return target


def silent(*_progress: object) -> None:
    """Nobody looks at how far it is."""


def left_in(folder: Path) -> list[str]:
    """The names of all that lies in ``folder``."""
    return sorted(path.name for path in folder.iterdir())
