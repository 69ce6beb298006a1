"""Reading the settings again while the server serves: what takes effect, and what waits for a start."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import Field, fields, is_dataclass, replace
from gettext import gettext as _
from typing import Any

from chatapp.core.settings import Settings
from chatapp.server.config import ConfigError
from chatapp.server.settings import Config

log = logging.getLogger(__name__)

#: What clients and the store were told at the start.
_LASTING = {
    ("accounts", "login_throttle"),
    ("accounts", "password_hash_cost"),
    ("accounts", "registration_throttle"),
    ("history", "synchronous"),
    ("limits", "whowas_entries"),
    ("server", "casemapping"),
    ("server", "name"),
    ("server", "network"),
}


#: The parts of a `Config` beside the rules, as the file names them: listeners are open, files are in use.
_OTHERS = {"data": "[server] data_dir", "listeners": "[listener]", "log": "[log]", "metrics": "[metrics]"}


#: What a section is called in the file where the rules call it otherwise.
_SECTIONS = {"operators": "operator"}


class Reload:
    """Calls ``read`` for the settings as they are now, and ``apply`` with the rules that may change.

    ``read`` raises `ConfigError` where they have mistakes; then everything stays as it was.
    """

    def __init__(self, config: Config, read: Callable[[], Config], apply: Callable[[Settings], None]) -> None:
        self._config = config
        self._read = read
        self._apply = apply

    def __call__(self) -> list[str]:
        """Read the settings again; what has come of it, a sentence each, which are in the log as well."""
        try:
            new = self._read()
        except ConfigError as wrong:
            words = _("The settings stay what they were: {mistake}")
            return _logged(logging.WARNING, [words.format(mistake=mistake) for mistake in wrong.mistakes])
        old = self._config
        self._config = replace(new, rules=_keeping(old.rules, new.rules))
        self._apply(self._config.rules)
        said = [_("{key} has changed").format(key=key) for key in _changed(old.rules, self._config.rules)]
        _logged(logging.INFO, said)
        later = list(_changed(self._config.rules, new.rules))
        later += [key for name, key in _OTHERS.items() if getattr(old, name) != getattr(new, name)]
        waits = [_("{key} changes at the next start").format(key=key) for key in later]
        said += _logged(logging.WARNING, waits)
        nothing = _("The settings were read again; nothing in them has changed")
        return said or _logged(logging.INFO, [nothing])


def _logged(level: int, sentences: list[str]) -> list[str]:
    """Log ``sentences``, and give them back."""
    for sentence in sentences:
        log.log(level, "%s", sentence)
    return sentences


def _keeping(old: Settings, new: Settings) -> Settings:
    """``new``, with what must not change as it was in ``old``."""
    for section, key in sorted(_LASTING):
        kept = getattr(getattr(old, section), key)
        new = replace(new, **{section: replace(getattr(new, section), **{key: kept})})
    return new


def _changed(old: Settings, new: Settings) -> Iterator[str]:
    """The keys that differ, as the file names them."""
    for section in fields(old):
        before, after = getattr(old, section.name), getattr(new, section.name)
        if not is_dataclass(before):
            if before != after:
                yield f"[{_SECTIONS.get(section.name, section.name)}]"
            continue
        for key in _differences(before, after):
            yield f"[{section.name}] {key.name}"


def _differences(before: Any, after: Any) -> Iterator[Field[Any]]:
    return (key for key in fields(before) if getattr(before, key.name) != getattr(after, key.name))
