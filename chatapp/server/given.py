"""What the operator wrote, and where: file, environment and command line, not yet checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

from chatapp.irc.nearest import nearest
from chatapp.irc.visible import visible
from chatapp.server.settings import SECTIONS, SEVERAL, options
from chatapp.system_errors import reason_of

_ENVIRONMENT = "CHATAPP_"
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")


@dataclass(frozen=True, slots=True)
class Given:
    """A value as somebody wrote it, and where; ``text``: it comes from where a number is text as well."""

    value: object
    place: str
    text: bool = False


class Sources:
    """What was given, later sources over earlier ones, and the mistakes found on the way.

    ``tables`` has for each section its tables: one, or for ``[[listener]]`` as many as the file has. The
    environment and the command line mean the first.
    """

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Given]]] = {section: [{}] for section in SECTIONS}
        self.mistakes: list[str] = []

    def read_file(self, path: Path) -> None:
        """Take everything from the TOML file at ``path``."""
        try:
            text = path.read_text("utf-8-sig")  # some editors put a mark before it
            document = tomllib.loads(text)
        except OSError as error:
            self._mistake(_("{place}: cannot be read: {reason}"), place=path, reason=reason_of(error))
        except UnicodeDecodeError:
            self._mistake(_("{place}: is not text in UTF-8"), place=path)
        except (ValueError, RecursionError) as error:  # also a number, or nesting, without end
            self._mistake(_("{place}: is not TOML: {reason}"), place=path, reason=error)
        else:
            for section, found in document.items():
                self._read_section(path, text, section, found)

    def read_environment(self, environ: Mapping[str, str]) -> None:
        """Take the variables ``CHATAPP_SECTION__KEY``."""
        for name, value in environ.items():
            section, divided, key = name.upper().removeprefix(_ENVIRONMENT).lower().partition("__")
            if divided and name.upper().startswith(_ENVIRONMENT):
                self._put(section, key, Given(value, name, text=True))

    def read_flags(self, flags: Mapping[str, object]) -> None:
        """Take the flags, named ``section.key``; None was not given."""
        for name, value in flags.items():
            section, _dot, key = name.partition(".")
            if value is not None:
                self._put(section, key, Given(value, _("command line"), text=True))

    def _read_section(self, path: Path, text: str, section: str, found: Any) -> None:
        place = _place(path, text, section)
        if section not in self.tables:
            if isinstance(found, dict | list):
                self._unknown_section(section, place)
            else:
                words = _("{place}: {key} stands outside of any section{hint}")
                self._mistake(
                    words, place=_place(path, text, "", section), key=section, hint=_elsewhere(section)
                )
            return
        several = found if section in SEVERAL and isinstance(found, list) and found else [found]
        self.tables[section] = [{} for _table in several]
        for number, table in enumerate(several):
            if not isinstance(table, dict):
                self._mistake(_("{place}: expected a section [{section}]"), place=place, section=section)
                continue
            for key, value in table.items():
                self._put(section, key, Given(value, _place(path, text, section, key, number)), number)

    def _put(self, section: str, key: str, given: Given, number: int = 0) -> None:
        if section not in self.tables:
            self._unknown_section(section, given.place)
        elif key not in options()[section]:
            words = _("{place}: [{section}] has no key {key}{hint}")
            hint = nearest(key, options()[section]) or _elsewhere(key)
            self._mistake(words, place=given.place, section=section, key=key, hint=hint)
        else:
            self.tables[section][number][key] = given

    def _unknown_section(self, section: str, place: str) -> None:
        words = _("{place}: there is no section [{section}]{hint}")
        self._mistake(words, place=place, section=section, hint=nearest(section, SECTIONS))

    def _mistake(self, words: str, **about: object) -> None:
        self.mistakes.append(visible(words.format(**about)))


def _elsewhere(key: str) -> str:
    for section, keys in options().items():
        if key in keys:
            return _("; did you mean the one in [{section}]?").format(section=section)
    return ""


def _place(path: Path, text: str, section: str, key: str = "", number: int = 0) -> str:
    """The file and, where it is easily found, the line of ``key`` in the ``number``-th ``section``."""
    entry = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]")
    current, seen = "", 0
    for at, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            current = header[1]
            seen += current == section
        in_section = current == section and (not section or seen == number + 1)
        if in_section and (entry.match(line) if key else header):
            return _("{path}, line {line}").format(path=path, line=at)
    return str(path)
