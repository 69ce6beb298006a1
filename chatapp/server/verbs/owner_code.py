"""``chat-server owner-code``: makes a new owner code for the server that is stopped."""

from __future__ import annotations

import argparse
import asyncio
from gettext import gettext as _

from chatapp.server.banner import owner_words
from chatapp.server.verbs.command_line import data_of, new_parser, settings_of
from chatapp.store.directory import DataDirectory
from chatapp.store.open import open_store


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server owner-code``."""
    return new_parser(
        "owner-code",
        _("Makes a code with which somebody becomes an operator, once; the server must be stopped."),
    )


def run(given: argparse.Namespace) -> int:
    """Make an owner code and print it; give back the exit code."""
    data = data_of(settings_of(given))
    print("\n".join(owner_words(asyncio.run(_renewed(data)))))
    return 0


async def _renewed(data: DataDirectory) -> str:
    store = await open_store(data.path)
    try:
        return await store.owner.renew()
    finally:
        await store.close()
