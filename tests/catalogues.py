"""The catalogues of translations, compiled as they stand in the source at this moment."""

from __future__ import annotations

from pathlib import Path

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
