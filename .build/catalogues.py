"""Compile the catalogues of translations when the package is built or installed, editable installs too.

``chatapp/locale/pt_BR/LC_MESSAGES/chatapp.po`` gives ``chatapp.mo`` beside it, and the same in
``chatapp/locale/pt``: who reads another Portuguese gets this one, which is better than none. Git keeps only
the ``.po``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DOMAIN = "chatapp"


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before anything is packed; ``version`` is "standard" or "editable"."""
        for path in compile_all(Path(self.root) / "chatapp" / "locale"):
            build_data["artifacts"].append("/" + path.relative_to(self.root).as_posix())

    def clean(self, versions: list[str]) -> None:
        """Take away what `initialize` made."""
        for path in (Path(self.root) / "chatapp" / "locale").glob(f"*/LC_MESSAGES/{DOMAIN}.mo"):
            path.unlink()


def compile_all(locales: Path) -> Iterator[Path]:
    """Compile every catalogue below ``locales``; give the paths of what was made."""
    for source in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        code = source.parent.parent.name
        with source.open("rb") as file:
            catalogue = read_po(file, code)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        for name in dict.fromkeys((code, code.partition("_")[0])):
            path = locales / name / "LC_MESSAGES" / f"{DOMAIN}.mo"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(compiled.getvalue())
            yield path
