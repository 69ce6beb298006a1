"""The documents point only at what is there: every link, and every path of a file that they name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"`((?:chatapp|tests|docs|\.ci)/[\w./-]+)`")


def without_code(page):
    """``page`` without its fenced blocks: what stands there is shown, not meant."""
    return re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)


def headings(page):
    """The anchors of a page, as those who show Markdown make them."""
    titles = re.findall(r"^#+ (.+)$", without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def lost_links(path, page):
    """The links of ``page``, which stands at ``path``, that lead nowhere in the project."""
    lost = []
    for link in _LINK.findall(without_code(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        text = page if target == path else target.read_text("utf-8") if target.is_file() else ""
        if not target.exists() or (anchor and anchor not in headings(text)):
            lost.append(link)
    return lost


def lost_paths(root, page):
    return [name for name in _PATH.findall(without_code(page)) if not (root / name).exists()]


def test_links_lead_somewhere():
    lost = {path.name: lost_links(path, path.read_text("utf-8")) for path in PAGES}
    assert {name: links for name, links in lost.items() if links} == {}


def test_files_that_are_named_are_there():
    lost = {path.name: lost_paths(ROOT, path.read_text("utf-8")) for path in PAGES}
    assert {name: paths for name, paths in lost.items() if paths} == {}


def test_what_is_lost_is_found(tmp_path):
    page = (
        "# A title, of `sorts`\n[a](b.md) [c](#a-title-of-sorts) [d](#none) [e](https://example.org)\n"
        "`chatapp/x.py` `tests/` `other/y.py`\n```\n[f](g.md) `chatapp/z.py`\n```\n"
    )
    path = tmp_path / "page.md"
    path.write_text(page, "utf-8")
    assert lost_links(path, page) == ["b.md", "#none"]
    (tmp_path / "b.md").touch()
    assert lost_links(path, page) == ["#none"]
    assert lost_paths(tmp_path, page) == ["chatapp/x.py"]
