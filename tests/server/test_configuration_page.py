"""docs/configuration.md says of every key what the code says, and of no other."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from chatapp.server.config import load
from chatapp.server.settings import options

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")


def rows(page):
    """Each line of the page's tables as (section, key, type, default, sentence)."""
    section = ""
    for line in page.splitlines():
        if found := re.fullmatch(r"## `\[+(\w+)\]+`", line):
            section = found[1]
        elif found := re.fullmatch(r"\| `(\w+)` \| (.+) \| `(.*)` \| (.+) \|", line):
            yield (section, *found.groups())


def test_the_tables_are_those_of_the_code():
    told = [
        (section, key, option.expected, json.dumps(option.default, ensure_ascii=False), option.sentence)
        for section, keys in options().items()
        for key, option in keys.items()
    ]
    assert list(rows(PAGE)) == told


def test_a_missing_or_changed_key_would_be_noticed():
    lines = PAGE.splitlines()
    at = next(number for number, line in enumerate(lines) if "`nick_length`" in line)
    assert len(list(rows("\n".join(lines[:at] + lines[at + 1 :])))) == len(list(rows(PAGE))) - 1
    changed = "\n".join([*lines[:at], lines[at].replace("`32`", "`33`"), *lines[at + 1 :]])
    assert list(rows(changed)) != list(rows(PAGE))


def test_every_sentence_is_one():
    for keys in options().values():
        for option in keys.values():
            assert re.fullmatch(r"[^|\n]+\.", option.sentence)


def test_the_example_is_read(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "chat-server.toml"
    path.write_text(example, "utf-8")
    config = load(path)
    assert config.rules.server.network == tomllib.loads(example)["server"]["network"]
