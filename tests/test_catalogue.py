"""Texts are translated as ever while the catalogue is kept."""

from __future__ import annotations

import gettext
from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from chatapp import catalogue


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = Catalog(locale="pt_BR")
    made.add("hello", "olá")
    made.add(("{n} room", "{n} rooms"), ("{n} sala", "{n} salas"))
    data = BytesIO()
    write_mo(data, made)
    place = tmp_path / "pt_BR" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "kept.mo").write_bytes(data.getvalue())
    monkeypatch.setattr(gettext, "_current_domain", "kept")
    monkeypatch.setitem(gettext._localedirs, "kept", str(tmp_path))
    monkeypatch.setattr(gettext, "translation", gettext.translation)
    gettext.translation = catalogue._translation
    catalogue.keep_catalogue()
    return tmp_path


def test_texts_are_translated_and_the_files_looked_for_once(folder, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "pt_BR")
    looked = []
    find = gettext.find
    monkeypatch.setattr(gettext, "find", lambda *about, **more: looked.append(1) or find(*about, **more))
    assert [gettext.gettext("hello") for _time in range(5)] == ["olá"] * 5
    assert gettext.ngettext("{n} room", "{n} rooms", 2) == "{n} salas"
    assert looked == [1]


def test_another_language_is_noticed(folder, monkeypatch):
    for language, expected in (("pt_BR", "olá"), ("en", "hello"), ("pt_BR", "olá")):
        monkeypatch.setenv("LANGUAGE", language)
        assert gettext.gettext("hello") == expected


def test_whoever_asks_for_a_language_is_given_it(folder, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    assert gettext.translation("kept", str(folder), ["pt_BR"]).gettext("hello") == "olá"
    with pytest.raises(FileNotFoundError):
        gettext.translation("nothing", str(folder), ["pt_BR"])
