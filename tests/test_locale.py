"""Every text that a person reads is translated, with its placeholders, and the catalogue holds no other."""

from __future__ import annotations

import argparse
import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chatapp import cli

CHATAPP = Path(__file__).parents[1] / "chatapp"
LOCALES = sorted(CHATAPP.glob("locale/*/LC_MESSAGES/chatapp.po"))
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
#: What may stand in ``_()`` beside a text: names of texts that are marked with ``N_()`` in a table.
MARKED = {"command.help", "command.usage", "found.help", "words"}

_PLACE = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]")


def sources():
    return {p.relative_to(CHATAPP).as_posix(): p.read_text("utf-8") for p in sorted(CHATAPP.rglob("*.py"))}


def texts(source):
    """Every text of a module that is to be translated: strings, and pairs where a number decides."""
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS)
    return {message if isinstance(message, str) else tuple(message) for _line, message, _, _ in found}


def read(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, path.parent.parent.name) if message.id]


def key_of(message):
    return message.id if isinstance(message.id, str) else tuple(message.id)


def forms(texts):
    return (texts,) if isinstance(texts, str) else texts


def places(text):
    return sorted(_PLACE.findall(text))


def edges(text):
    """The blanks before and after ``text``."""
    return re.match(r"\s*", text)[0], re.search(r"\s*$", text)[0]


def untranslated(messages, wanted):
    done = {key_of(m) for m in messages if all(forms(m.string)) and not m.fuzzy}
    return sorted(map(str, wanted - done))


def idle(messages, wanted):
    """Entries that no text of ours asks for; argparse's, which differ by its version, are marked as such."""
    return [m.id for m in messages if key_of(m) not in wanted and "argparse" not in m.auto_comments]


def misplaced(messages):
    """Translations with other placeholders than their text, or other blanks around it."""
    wrong = []
    for message in messages:
        originals = forms(message.id)
        for form, original in zip(forms(message.string), (*originals, originals[-1]), strict=False):
            if form and (places(form) != places(original) or edges(form) != edges(original)):
                wrong.append(form)
    return wrong


def untranslatable(source):
    """Calls of gettext that cannot work: what is inside is no text, or no language has been chosen yet."""
    tree = ast.parse(source)
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for part in (node.body if isinstance(node.body, list) else [node.body])
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree):
        name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if name not in KEYWORDS:
            continue
        if name != "N_" and id(node) not in later:
            yield f"too early: {ast.unparse(node)}"
        for argument in node.args[: 2 if name == "ngettext" else 1]:
            is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            if not is_text and (name == "N_" or ast.unparse(argument) not in MARKED):
                yield f"not a text: {ast.unparse(node)}"


WANTED = set().union(*map(texts, sources().values()))


def test_there_is_something_to_translate():
    assert len(WANTED) > 200
    assert [path.parent.parent.name for path in LOCALES] == ["pt_BR"]


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.parent.parent.name)
class TestCatalogue:
    def test_every_text_is_translated(self, path):
        assert untranslated(read(path), WANTED) == []

    def test_nothing_is_left_over(self, path):
        assert idle(read(path), WANTED) == []
        with path.open("rb") as file:
            assert not read_po(file).obsolete

    def test_placeholders_are_kept(self, path):
        assert misplaced(read(path)) == []


def test_what_is_wrong_with_a_catalogue_is_found():
    messages = read_from(
        'msgid "a {x}"\nmsgstr "b {y}"\n\nmsgid "c"\nmsgstr ""\n\nmsgid "%d"\nmsgid_plural "%d d"\n'
        'msgstr[0] "%d e"\nmsgstr[1] "%s e"\n\n#. argparse\nmsgid "f "\nmsgstr "g"\n\n'
        '#, fuzzy\nmsgid "h"\nmsgstr "i"\n'
    )
    assert untranslated(messages, {"a {x}", "c", ("%d", "%d d"), "h", "new"}) == ["c", "h", "new"]
    assert idle(messages, {"a {x}", "c", ("%d", "%d d")}) == ["h"]
    assert misplaced(messages) == ["b {y}", "%s e", "g"]


def read_from(text):
    return [message for message in read_po(io.BytesIO(text.encode()), "pt_BR") if message.id]


def test_gettext_is_given_texts_and_not_before_the_language_is_known():
    wrong = {path: list(untranslatable(source)) for path, source in sources().items()}
    assert {path: calls for path, calls in wrong.items() if calls} == {}


def test_calls_that_cannot_work_are_found():
    bad = (
        "TITLE = _('early')\ndef f(a=_('also')):\n    _(f'{a} joined')\n    _('a' + a)\n    _('fine')\n"
        "    ngettext('{n} day', days, 2)\n    _(command.help)\nLATER = lambda: _('fine')\n"
        "MARK = N_('fine')\nN_(words)"
    )
    assert sorted(untranslatable(bad)) == [
        "not a text: N_(words)",
        "not a text: _('a' + a)",
        "not a text: _(f'{a} joined')",
        "not a text: ngettext('{n} day', days, 2)",
        "too early: _('also')",
        "too early: _('early')",
    ]


# As a person meets it


@pytest.fixture
def portuguese(tmp_path, monkeypatch):
    """The catalogue compiled as a build does it, and whatever was chosen before chosen again afterwards."""
    (source,) = LOCALES
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with source.open("rb") as file, (folder / "chatapp.mo").open("wb") as compiled:
        write_mo(compiled, read_po(file, "pt_BR"))
    monkeypatch.setattr(cli, "LOCALES", tmp_path)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "")
    domain, place = gettext.textdomain(), gettext.bindtextdomain(cli.DOMAIN)
    yield
    gettext.textdomain(domain)
    gettext.bindtextdomain(cli.DOMAIN, place)


@pytest.fixture
def asked(monkeypatch):
    """Every text of its own that argparse has asked a translation for."""
    found = set()
    monkeypatch.setattr(argparse, "_", lambda text: found.add(text) or gettext.gettext(text))
    return found


MISTAKES = [
    (cli.server, ["--help"]),
    (cli.server, ["--nothing"]),
    (cli.server, ["--port"]),
    (cli.server, ["--p", "1"]),
    (cli.server, ["--public=yes"]),
    (cli.client, ["--help"]),
    (cli.client, ["--port", "0"]),
    (cli.client, ["--room", "a b"]),
    (cli.bench, ["--help"]),
    (cli.bench, []),
    (cli.bench, ["crash"]),
    (cli.bench, ["none"]),
    (cli.bench, ["room", "--help"]),
    (cli.bench, ["room", "--port", "x"]),
]


def words_of(value):
    """A test's name that is the same in every process: no address of a function in it."""
    return value.__name__ if callable(value) else " ".join(value) or "nothing"


@pytest.mark.parametrize(("program", "args"), MISTAKES, ids=words_of)
def test_help_and_mistakes_are_all_portuguese(program, args, portuguese, asked, capsys):
    with pytest.raises(SystemExit):
        program(["--lang=pt-BR", *args])

    said = "".join(capsys.readouterr())
    assert re.match("uso: chat-(client|server|bench)", said)
    translated = {message.id for message in read(LOCALES[0])}
    assert asked
    assert asked - translated == set()
    with pytest.raises(SystemExit):
        program(["--lang=en", *args])
    english = "".join(capsys.readouterr()).splitlines()
    assert [line for line in said.splitlines() if line in english and re.search("[a-z]+ [a-z]+", line)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("LANG", "pt_BR.UTF-8"), ("LC_ALL", "pt_BR.UTF-8"), ("LANGUAGE", "pt_BR:en"), ("LANG", "pt_br")],
)
def test_the_language_of_the_system_is_taken(name, value, portuguese, monkeypatch, capsys):
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit):
        cli.client(["--help"])

    assert "como os outros chamam você" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("flag", ["pt-BR", "pt_BR", "pt-br"])
def test_the_flag_is_stronger_than_the_system(flag, portuguese, monkeypatch, capsys):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    with pytest.raises(SystemExit):
        cli.server(["--help", "--lang", flag])
    assert "um servidor de bate-papo" in capsys.readouterr().out.casefold()

    monkeypatch.setenv("LANG", "pt_BR.UTF-8")
    with pytest.raises(SystemExit):
        cli.server(["--help", "--lang", "en"])
    assert "A chat server" in capsys.readouterr().out


@pytest.mark.parametrize(("count", "told"), [(0, "pessoas"), (1, "pessoa"), (2, "pessoas")])
def test_none_are_counted_as_several(count, told, portuguese, tmp_path):
    translation = gettext.translation(cli.DOMAIN, tmp_path, ["pt_BR"])

    assert translation.ngettext("{n} person.", "{n} people.", count) == f"{{n}} {told}."
