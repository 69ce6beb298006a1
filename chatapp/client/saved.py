"""client.toml: read with every mistake named; changed a line at a time, so that a person's comments stay."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import Any, NamedTuple, get_args

from chatapp.client.settings import Level, Option, ServerEntry, Settings, options
from chatapp.client.whole_file import write_whole
from chatapp.irc.fingerprint import read_fingerprint
from chatapp.irc.nearest import nearest
from chatapp.irc.visible import visible
from chatapp.system_errors import reason_of

_SECRET = frozenset({"password", "account_password"})


class Loaded(NamedTuple):
    """What client.toml says, as far as it makes sense, and a sentence for each thing that does not."""

    settings: Settings
    mistakes: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """Read the file at ``path``; where there is none everything has its default.

    A key with a mistake has its default, and a server with one is left out: a wish for encryption that was
    misspelt must not become a connection without.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as error:
        words = _("{place}: cannot be read: {reason}").format(place=path, reason=reason_of(error))
    except UnicodeDecodeError:
        words = _("{place}: is not text in UTF-8").format(place=path)
    else:
        return _understood(path, text)
    return Loaded(Settings(), (words,))


def _understood(path: Path, text: str) -> Loaded:
    import tomllib  # only for those who have set something

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number, or nesting, without end
        words = _("{place}: is not TOML: {reason}").format(place=path, reason=visible(str(error)))
        return Loaded(Settings(), (words,))
    reader = _Reader(str(path))
    settings = reader.settings(document)
    if reader.has_secrets:
        reader.mistakes += _is_open(path)
    return Loaded(settings, tuple(reader.mistakes))


class Saved:
    """The file at ``path``, as `Preferences` keeps changes in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, settings: Settings, key: str) -> None:
        """Write what ``settings`` have for ``key``; all else in the file stays as it is.

        Raises:
            OSError: The file cannot be written, or not be changed without spoiling what a person wrote.
        """
        from chatapp.client.toml_lines import CannotEdit, with_key

        try:
            text = self._path.read_bytes().decode() if self._path.exists() else ""
            if key == "notify":
                text = _with_rooms(text, settings.notify)
            else:
                text = with_key(text, key, getattr(settings, key))
        except (CannotEdit, UnicodeDecodeError) as error:
            raise OSError(0, str(error)) from error
        write_whole(self._path, text)


class _Reader:
    """Takes what a document says, and notes what it should not say."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.mistakes: list[str] = []
        self.has_secrets = False

    def settings(self, document: dict[str, Any]) -> Settings:
        top = {key: value for key, value in document.items() if key not in ("notify", "server")}
        settings = Settings(**self._values(top, options(), ""))
        settings = replace(settings, notify=self._rooms(document.get("notify", {})))
        return replace(settings, servers=tuple(self._servers(document.get("server", []))))

    def _servers(self, tables: Any) -> Iterable[ServerEntry]:
        tables = [tables] if isinstance(tables, dict) else tables
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._wrong("server", _("tables [[server]]"), tables)
            return
        for number, table in enumerate(tables, start=1):
            before = len(self.mistakes)
            where = f"[[server]] {number}: "
            values = self._values(table, options(ServerEntry), where)
            if values.get("tls_fingerprint"):
                values["tls_fingerprint"] = self._fingerprint(values["tls_fingerprint"], where)
            self.has_secrets |= not _SECRET.isdisjoint(values)
            if len(self.mistakes) == before:
                yield ServerEntry(**values)
            else:
                words = _("{place}: the server {name} is left out until that is mended")
                name = visible(str(table.get("name") or table.get("host") or number))
                self.mistakes.append(words.format(place=self._place, name=name))

    def _fingerprint(self, text: str, where: str) -> str:
        try:
            return read_fingerprint(text)
        except ValueError:
            self._wrong(f"{where}tls_fingerprint", _("32 or 64 hexadecimal digits"), text)
            return ""

    def _rooms(self, table: Any) -> Mapping[str, Level]:
        if not isinstance(table, dict):
            self._wrong("notify", _("a section [notify]"), table)
            return {}
        levels = get_args(Level)
        for room, level in table.items():
            if level not in levels:
                self._wrong(f"[notify] {room}", ", ".join(f'"{each}"' for each in levels), level)
        return {room: level for room, level in table.items() if level in levels}

    def _values(self, table: dict[str, Any], known: dict[str, Option], where: str) -> dict[str, Any]:
        values = {}
        for key, raw in table.items():
            option = known.get(key)
            value = tuple(raw) if isinstance(raw, list) else raw
            if option is None:
                words = _("{place}: {where}there is no {key}{hint}")
                hint = nearest(key, (*known, *(() if where else ("server", "notify"))))
                self.mistakes.append(
                    words.format(place=self._place, where=where, key=visible(key), hint=hint)
                )
            elif option.fits(value):
                values[key] = value
            else:
                self._wrong(where + key, option.expected, "…" if key in _SECRET else raw)
        return values

    def _wrong(self, key: str, expected: str, found: object) -> None:
        words = _("{place}: {key}: expected {expected}; found {found}")
        shown = visible(repr(found))
        self.mistakes.append(
            words.format(place=self._place, key=visible(key), expected=expected, found=shown)
        )


def _with_rooms(text: str, rooms: Mapping[str, Level]) -> str:
    import tomllib

    from chatapp.client.toml_lines import with_key

    before = tomllib.loads(text).get("notify", {}) if text else {}
    for room in {**before, **rooms}:
        if before.get(room) != rooms.get(room):
            text = with_key(text, room, rooms.get(room), "notify")
    return text


def _is_open(path: Path) -> list[str]:
    """A warning where others on this computer can read a file with passwords."""
    if sys.platform == "win32" or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    words = _("{path} holds passwords, and others on this computer can read it: chmod 600 {path}")
    return [words.format(path=path)]
