"""Translated texts at the speed of a screen: the catalogue is looked for once, and not for each text."""

from __future__ import annotations

import gettext
import os
from functools import cache
from typing import Any

#: What `gettext` reads the language from.
_NAMES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_translation: Any = gettext.translation


def keep_catalogue() -> None:
    """Let `gettext.gettext` keep what it finds; another language in the environment is noticed."""
    if gettext.translation is _translation:
        gettext.translation = _kept  # type: ignore[assignment]


def _kept(
    domain: str, localedir: str | None = None, languages: None = None, *about: Any, **more: Any
) -> gettext.NullTranslations:
    """`gettext.translation`, which looks for files every time and copies what it gives back."""
    if languages is not None or about or more:
        asked: gettext.NullTranslations = _translation(domain, localedir, languages, *about, **more)
        return asked
    return _found(domain, localedir, *map(os.environ.get, _NAMES))


@cache
def _found(domain: str, localedir: str | None, *_languages: str | None) -> gettext.NullTranslations:
    found: gettext.NullTranslations = _translation(domain, localedir, fallback=True)
    return found
