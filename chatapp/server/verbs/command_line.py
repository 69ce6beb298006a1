"""What the command lines of all verbs have in common: the flags, and the settings that they name."""

from __future__ import annotations

import argparse
import os
from gettext import gettext as _
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.server.config import data_dir, load
from chatapp.server.settings import Config
from chatapp.store.directory import DataDirectory


def new_parser(name: str, description: str) -> argparse.ArgumentParser:
    """The parser of the verb ``name``, with the flags that every verb takes."""
    parser = argparse.ArgumentParser(prog=f"chat-server {name}", description=description)
    parser.add_argument(
        "--config", type=Path, metavar=_("FILE"), help=_("the settings; see docs/configuration.md")
    )
    parser.add_argument("--data-dir", metavar=_("DIR"), help=_("where everything is kept"))
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    return parser


def settings_of(given: argparse.Namespace) -> Config:
    """The settings that the server has with the same file, data directory and environment.

    Raises:
        ConfigError: They have mistakes; the text names all of them.
    """
    return load(given.config, os.environ, flags_of(given))


def flags_of(given: argparse.Namespace) -> dict[str, object]:
    """The flags that are settings, as `chatapp.server.config.load` takes them."""
    return {"server.data_dir": given.data_dir}


def data_of(config: Config) -> DataDirectory:
    """The data directory of ``config``.

    Raises:
        StoreError: Nothing is kept there.
    """
    path = data_dir(config)
    if path is None:
        raise StoreError(_("Nothing is kept: data_dir is :memory:"))
    return DataDirectory(path)
