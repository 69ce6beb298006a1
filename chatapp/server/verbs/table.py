"""The table of the verbs: ``chat-server --help``, the mistakes that are told, and the docs read from it.

A verb is a row here and a module of its name beside this one, with `VerbModule.parser` and `VerbModule.run`,
imported only when it is wanted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from gettext import gettext as _
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from chatapp.irc.catalogue import N_
from chatapp.irc.nearest import nearest


class VerbModule(Protocol):
    """What the module of a verb has."""

    def parser(self) -> argparse.ArgumentParser:
        """What can stand behind the verb; made by `command_line.new_parser`."""
        ...

    def run(self, given: argparse.Namespace) -> int:
        """Do it; give back the exit code: 0 done, 1 it could not be done, 2 mistaken.

        Raises:
            ConfigError: The settings have mistakes; they are told, and the exit code is 2.
            StoreError: The data cannot be used; it is told why, and the exit code is 1.
        """
        ...


class Verb(NamedTuple):
    """``chat-server name``; ``sentence``, once translated, tells in one line what it does."""

    name: str
    sentence: str

    @property
    def help(self) -> str:
        """The sentence in the language of the reader."""
        words = self.sentence
        return _(words)

    def load(self) -> VerbModule:
        """The module of this verb."""
        return cast("VerbModule", import_module(f"chatapp.server.verbs.{self.name.replace('-', '_')}"))

    def run(self, given: argparse.Namespace) -> int:
        """Do it, and tell what is wrong in words; give back the exit code."""
        from chatapp.core.ports import StoreError
        from chatapp.irc.visible import visible
        from chatapp.server.config import ConfigError
        from chatapp.server.fitting import fitted
        from chatapp.system_errors import reason_of

        try:
            code = self.load().run(given)
            sys.stdout.flush()
            return code
        except BrokenPipeError:  # as in chat-server doctor | head -3
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except ConfigError as mistakes:
            print(fitted(str(mistakes), sys.stderr), file=sys.stderr)
            return 2
        except StoreError as why:  # a damaged file may have its own words in it
            print(fitted("\n".join(map(visible, str(why).split("\n"))), sys.stderr), file=sys.stderr)
            return 1
        except OSError as why:  # such as a folder that one may not look into
            reason = reason_of(why)
            print(f"{why.filename}: {reason}" if why.filename else reason, file=sys.stderr)
            return 1


VERBS = (
    Verb("account", N_("make, list and remove accounts, and give them new passwords")),
    Verb("backup", N_("make a backup, also while the server serves")),
    Verb("check", N_("show every setting and its origin, and if a start works")),
    Verb("doctor", N_("tell how the server is, and what to fix")),
    Verb("export", N_("write what was said in a room as text or JSON")),
    Verb("operator-password", N_("make of a password what can stand in the settings unread")),
    Verb("owner-code", N_("make a code with which somebody becomes an operator")),
    Verb("restore", N_("bring a backup back, while the server is stopped")),
)
_BY_NAME = {verb.name: verb for verb in VERBS}


def find(args: Sequence[str]) -> Verb | None:
    """The verb that ``args`` begin with; None if they do not begin with one."""
    return _BY_NAME.get(args[0]) if args else None


def overview() -> str:
    """The verbs and what they do, a line each, for ``chat-server --help``."""
    widest = max(map(len, _BY_NAME))
    lines = [f"  {verb.name:{widest}}  {verb.help}" for verb in VERBS]
    title = _("commands; each tells more with --help:")
    return "\n".join([title, *lines])


def not_a_verb(word: str, program: str) -> str:
    """What to tell whoever wrote ``word`` where there may only be flags."""
    if word in _BY_NAME:
        words = _("{word} stands before all flags: {program} {word} ...")
        return words.format(word=word, program=program)
    if hint := nearest(word, _BY_NAME):
        return _("there is no command {word}{hint}").format(word=word, hint=hint)
    words = _("there is no command {word}; there are {commands}, and otherwise flags alone")
    return words.format(word=word, commands=", ".join(_BY_NAME))
