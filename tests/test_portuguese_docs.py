"""A page in Portuguese says what its English twin says: the same steps, commands and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from catalogues import speaking

from chatapp.server.banner import banner, dangers

ROOT = Path(__file__).parents[1]
TWINS = sorted((ROOT / "docs").glob("*.pt-BR.md"))

_LINK = re.compile(r"\]\(([^)#\s]+)")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"`((?:chat-(?:server|client)|/\w+)[^`]*)`")
#: Words that are said in both languages, in commands.
_WORDS = {"Escola": "School"}
#: Commands that say something, in the language of the page.
_SAYING = re.compile(r"(/(?:msg|me|topic|reply|search) |chat-client send '#lobby' ).*")


def english(path):
    name = path.name.replace(".pt-BR", "")
    return ROOT / name if name == "README.md" else path.with_name(name)


def links(path, page):
    """Where ``page``, which stands at ``path``, leads: a twin is as good as the page; its own twin aside."""
    found = [link for link in _LINK.findall(page) if not re.match(r"[a-z]+:", link)]
    targets = [(path.parent / link).resolve() for link in found]
    pages = [english(target) if ".pt-BR" in target.name else target for target in targets]
    return [target.relative_to(ROOT) for target in pages if target != english(path)]


def commands(page):
    """What a person is to type at a prompt, and every command in the text."""
    typed = [
        line
        for kind, text in _BLOCK.findall(page)
        if not kind
        for line in text.splitlines()
        if re.search(r"(?:^|[/ ])(?:chat-\w+|pip|irssi|echo)\b|^/\w+", line)
        and "│" not in line
        and (line.startswith("$ ") or not text.startswith("$ "))
    ]
    told = _COMMAND.findall(re.sub(_BLOCK, "", page))
    bare = [_SAYING.sub(r"\1", line) for line in typed + told]
    return [re.sub("|".join(_WORDS), lambda word: _WORDS[word[0]], line) for line in bare]


def shape(page):
    """The headings by their depth, the blocks by their kind, and how many rows and points there are."""
    text = re.sub(_BLOCK, "", page)
    headings = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    rows, points = (len(re.findall(mark, text, re.MULTILINE)) for mark in (r"^\|", r"^- "))
    return headings, [kind for kind, _text in _BLOCK.findall(page)], rows, points


def test_there_are_twins():
    assert {english(path).name for path in TWINS} >= {"README.md", "from-sockets.md"}


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.name)
class TestTwin:
    def test_leads_to_the_same_places(self, path):
        twin = english(path)
        ours, theirs = links(path, path.read_text("utf-8")), links(twin, twin.read_text("utf-8"))
        assert ours == theirs

    def test_has_the_same_commands(self, path):
        assert commands(path.read_text("utf-8")) == commands(english(path).read_text("utf-8"))

    def test_has_the_same_shape(self, path):
        assert shape(path.read_text("utf-8")) == shape(english(path).read_text("utf-8"))


def test_the_tutorial_shows_the_banner_as_it_is(tmp_path):
    page = (ROOT / "docs" / "tutorial.pt-BR.md").read_text("utf-8")
    with speaking("pt_BR", tmp_path):
        told = banner(
            [("0.0.0.0", 12345)],
            "/home/ana/.local/share/chatapp",
            "#lobby",
            "192.168.1.20",
            dangers("", False, encrypts=True),
            code="QX3M-7KTB-P2WD-HE5N",
            has_console=True,
            keys=["7477-accd-666b-0afd-3566-9b7c-7335-8faa"],
        )
    (block,) = [text for _kind, text in _BLOCK.findall(page) if text.startswith("$ chat-server")]
    assert block == f"$ chat-server --port 12345\n{told}"


@pytest.mark.parametrize(
    "words",
    [
        "O servidor foi encerrado; tudo o que foi dito está guardado.",
        "O que você digitar fica guardado e será enviado depois.",
        "Conexão refeita.",
        "o servidor está sendo desligado",
        "daqui em diante nenhuma outra é aceita.",
    ],
)
def test_the_tutorial_quotes_what_the_programs_say(words):
    page = (ROOT / "docs" / "tutorial.pt-BR.md").read_text("utf-8")
    assert words in " ".join(page.replace("│", " ").split())
    assert words in (ROOT / "chatapp/locale/pt_BR/LC_MESSAGES/chatapp.po").read_text("utf-8")


def test_the_readme_is_one_screen():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 70


def test_a_difference_is_found():
    page = "# A\n\n```\nchat-server --port 1\n```\n\n`/help` [b](b.md)\n| x |\n- y\n"
    assert commands(page) == ["chat-server --port 1", "/help"]
    assert shape(page) == ([1], [""], 1, 1)
    assert links(ROOT / "docs" / "x.md", page + "[c](b.pt-BR.md)") == [Path("docs/b.md")] * 2
