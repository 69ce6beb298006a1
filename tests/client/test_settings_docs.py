"""docs/client.md lists every setting with its sentence and default, and shows a client.toml that is taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatapp.client.adjusting import shown
from chatapp.client.saved import load
from chatapp.client.settings import ServerEntry, Settings, options

DOCS = (Path(__file__).parents[2] / "docs" / "client.md").read_text("utf-8")


def rows_of(owner):
    for option in options(owner).values():
        takes = (
            ""
            if option.type is bool or not option.choices
            else ", ".join(f"`{c}`" for c in option.choices if c)
        )
        sentence = f"{option.sentence} {takes}".rstrip()
        default = "" if option.default in ("", ()) else f"`{shown(option.default)}`"
        yield f"| `{option.key}` | {sentence} | {default} |"


@pytest.mark.parametrize(("title", "owner"), [("Settings", Settings), ("Servers", ServerEntry)])
def test_every_key_is_there_and_no_other(title, owner):
    section = DOCS.partition(f"## {title}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert rows == list(rows_of(owner))


def test_the_example_is_taken(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    path = tmp_path / "client.toml"
    path.write_text(example, "utf-8")
    path.chmod(0o600)
    found = load(path)
    assert found.mistakes == ()
    assert [entry.label for entry in found.settings.servers] == ["home", "libera"]
