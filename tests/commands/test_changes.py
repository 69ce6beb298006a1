"""New settings while people are here: what comes and goes is told (cap-notify)."""

from __future__ import annotations

from dialogue import Table

from chatapp.commands.changes import go_by
from chatapp.core.settings import HistorySettings, LimitSettings, MetadataSettings, Settings

NO_METADATA = Settings(metadata=MetadataSettings(enabled=False))


def follow(table, settings):
    go_by(table.world, settings)
    table.tick()


def modern(table, nick, caps=""):
    person = table.visit()
    person.say("CAP LS 302", f"CAP REQ :cap-notify {caps}", f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
    person.hears()
    return person


def test_what_goes_is_told_and_gone():
    table = Table()
    ana = modern(table, "ana", "draft/metadata-3 batch")
    follow(table, NO_METADATA)

    assert ana.hears() == [":chatapp CAP ana DEL :draft/metadata-2 draft/metadata-3"]
    assert ana.asks("CAP LIST") == [":chatapp CAP ana LIST :batch cap-notify"]


def test_what_comes_is_told_with_its_value():
    table = Table(NO_METADATA)
    ana = modern(table, "ana")
    follow(table, Settings())

    limits = "before-connect,max-subs=64,max-keys=32,max-value-bytes=350"
    assert ana.hears() == [f":chatapp CAP ana NEW :draft/metadata-2={limits} draft/metadata-3={limits}"]


def test_a_new_value_is_told():
    table = Table()
    ana = modern(table, "ana")
    follow(table, Settings(limits=LimitSettings(multiline_lines=5)))

    assert ana.hears() == [":chatapp CAP ana NEW :draft/multiline=max-bytes=16384,max-lines=5"]


def test_who_does_not_want_to_know_is_told_nothing_and_has_it_no_more():
    table = Table()
    ana = table.sit("ana", "draft/chathistory")
    follow(table, Settings(history=HistorySettings(enabled=False)))

    assert ana.hears() == []
    assert ana.asks("CAP LIST") == [":chatapp CAP ana LIST :"]


def test_where_nothing_changes_nothing_is_told():
    table = Table()
    ana, visitor = modern(table, "ana"), table.visit()
    visitor.say("CAP LS 302")
    visitor.hears()
    follow(table, Settings(limits=LimitSettings(away_length=5)))

    assert ana.hears() == visitor.hears() == []
    assert table.world.settings.limits.away_length == 5


def test_a_newcomer_is_told_too():
    table = Table()
    visitor = table.visit()
    visitor.say("CAP LS 302")
    visitor.hears()
    follow(table, NO_METADATA)

    assert visitor.hears() == [":chatapp CAP * DEL :draft/metadata-2 draft/metadata-3"]


def test_much_news_takes_several_lines_each_whole(monkeypatch):
    monkeypatch.setattr("chatapp.commands.capabilities._LINE_BYTES", 30)
    table = Table(NO_METADATA)
    ana = modern(table, "ana")
    follow(table, Settings())

    first, second = ana.hears()
    assert first.startswith(":chatapp CAP ana NEW :draft/metadata-2=")
    assert second.startswith(":chatapp CAP ana NEW :draft/metadata-3=")
