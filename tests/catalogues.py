"""The catalogues of translations, compiled as they stand in the source at this moment."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[1] / "chatapp" / "locale"


def compile_into(folder: Path) -> Path:
    """Compile every catalogue into ``folder``, as a build does it beside the source; give ``folder`` back."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/chatapp.po")):
        language = source.parent.parent.name
        target = folder / source.relative_to(LOCALES).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file, target.open("wb") as compiled:
            write_mo(compiled, read_po(file, language))
    return folder


@contextmanager
def speaking(language: str, folder: Path) -> Iterator[None]:
    """Have this process speak ``language``, from catalogues compiled into ``folder``."""
    domain, place = gettext.textdomain(), gettext.bindtextdomain("chatapp")
    with patch.dict(os.environ, LANGUAGE=language):
        gettext.bindtextdomain("chatapp", compile_into(folder))
        gettext.textdomain("chatapp")
        try:
            yield
        finally:
            gettext.textdomain(domain)
            gettext.bindtextdomain("chatapp", place)
