from __future__ import annotations

from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.model import Model
from chatapp.irc.names import fold_ascii


def test_the_server_comes_first_and_rooms_in_the_order_opened():
    model = Model()
    tea = model.buffer_named("#tea", BufferKind.CHANNEL)
    bob = model.buffer_named("bob", BufferKind.DIRECT)

    assert model.buffers == [model.server, tea, bob]
    assert model.buffer_named("#TEA", BufferKind.CHANNEL) is tea
    assert model.buffer_named("#unknown") is model.server


def test_leaving_a_room_takes_its_unread_line_away():
    model = Model()
    tea = model.buffer_named("#tea", BufferKind.CHANNEL)
    for text in "ab":
        entry = Entry(EntryKind.MESSAGE, 0.0, text)
        tea.add(entry)
    tea.count(entry)

    model.switch_to(tea)
    assert tea.unread == 0 and tea.read_up_to == tea.entries[0].key
    model.switch_to(model.server)

    assert tea.read_up_to == 0


def test_next_unread_prefers_mentions():
    model = Model()
    one, two, three = (model.buffer_named(name, BufferKind.CHANNEL) for name in ("#1", "#2", "#3"))
    assert model.next_unread() is None

    two.unread = three.unread = three.mentions = 1

    assert model.next_unread() is three
    three.mentions = 0
    assert model.next_unread() is two
    assert one.unread == 0


def test_closing_the_current_room_shows_a_neighbour():
    model = Model()
    tea = model.buffer_named("#tea", BufferKind.CHANNEL)
    bob = model.buffer_named("bob", BufferKind.DIRECT)
    model.switch_to(tea)

    model.close(tea)
    model.close(model.server)

    assert model.current is bob
    assert model.buffers == [model.server, bob]


def test_names_are_compared_as_the_server_says():
    model = Model()
    room = model.buffer_named("#CAFÉ", BufferKind.CHANNEL)
    assert model.find("#café") is room

    model.refold(fold_ascii)

    assert model.find("#café") is None
    assert model.find("#cafÉ") is room


def test_every_change_raises_the_version():
    model = Model()
    calls = []
    model.on_change = lambda: calls.append(model.version)

    model.buffer_named("#tea", BufferKind.CHANNEL).add(Entry(EntryKind.INFO, 0.0, "x"))

    assert calls == [1, 2]
