"""``chat-server owner-code``: makes a new owner code for the server that is stopped."""

from __future__ import annotations

import argparse
import asyncio
from gettext import gettext as _

from chatapp.server.banner import owner_words
from chatapp.server.config import data_dir
from chatapp.server.settings import Config
from chatapp.server.verbs.command_line import new_parser, settings_of
from chatapp.store.open import open_store


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server owner-code``."""
    return new_parser(
        "owner-code",
        _("Makes a code with which somebody becomes an operator, once; the server must be stopped."),
    )


def run(given: argparse.Namespace) -> int:
    """Make an owner code and print it; give back the exit code."""
    print("\n".join(owner_words(asyncio.run(_renewed(settings_of(given))))))
    return 0


async def _renewed(config: Config) -> str:
    store = await open_store(data_dir(config))
    try:
        return await store.owner.renew()
    finally:
        await store.close()
