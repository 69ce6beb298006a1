"""Read markers: only what was shown is marked, and other devices clear the counts here."""

from __future__ import annotations

from client.desk import at_the_desk
from client.fake_server import Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.markers import newest
from chatapp.client.moment import format_moment
from chatapp.client.settings import Preferences, Settings


def talking(texts=("um", "dois", "três"), caps=MODERN, marks=None):
    talk = Talk(ModernServer(caps=caps), rooms=("#lobby", "#tea"))
    for text in texts:
        talk.server.other_says("#tea", text)
    talk.server.marks = marks or {}
    return talk.connect()


def at(talk, text):
    return next(entry for entry in talk.room("#tea").entries if entry.text == text)


def timestamp(entry):
    return f"timestamp={format_moment(entry.time)}"


def sees(talk, room="#tea"):
    """What goes out when the newest message of the room is in view."""
    buffer = talk.room(room)
    talk.session.reading.markers.seen(buffer, newest(buffer))
    return talk.session.take_lines()


def test_what_is_seen_is_marked_once():
    talk = talking()
    line = f"MARKREAD #tea {timestamp(newest(talk.room('#tea')))}"
    assert sees(talk) == [line]
    assert sees(talk) == []


def test_markers_go_out_each_two_seconds_at_most_and_the_last_is_not_forgotten():
    talk = talking()
    sees(talk)
    talk.server.other_says("#tea", "quatro")
    talk.settle()
    assert sees(talk) == []
    assert talk.session.due() <= talk.clock() + 2.0
    talk.clock.now += 2.1
    talk.session.tick()
    assert talk.session.take_lines() == [f"MARKREAD #tea {timestamp(at(talk, 'quatro'))}"]
    talk.session.tick()
    assert talk.session.take_lines() == []


def test_who_leaves_tells_before():
    talk = talking()
    sees(talk)
    talk.server.other_says("#tea", "quatro")
    talk.settle()
    sees(talk)
    talk.session.quit()
    assert talk.session.take_lines() == [f"MARKREAD #tea {timestamp(at(talk, 'quatro'))}", "QUIT"]


def test_another_device_clears_the_counts_here():
    talk = talking()
    talk.server.other_says("#tea", "Ana: quatro")
    talk.server.other_says("#tea", "cinco")
    talk.settle()
    room = talk.room("#tea")
    assert (room.unread, room.mentions) == (2, 1)
    talk.hears(f":chat MARKREAD #tea {timestamp(at(talk, 'Ana: quatro'))}")
    assert (room.unread, room.mentions) == (1, 0)
    talk.hears(f":chat MARKREAD #tea {timestamp(at(talk, 'cinco'))}")
    assert (room.unread, room.mentions, room.read_up_to) == (0, 0, 0)


def test_at_the_start_the_unread_line_stands_where_one_had_stopped():
    first = talking()
    mark = timestamp(at(first, "um"))
    talk = talking(marks={"#tea": mark})
    room = talk.room("#tea")
    assert room.read_up_to == at(talk, "um").key
    assert room.unread == 2


def test_what_was_all_read_is_not_new_at_the_start():
    talk = talking(marks={"#tea": "timestamp=2100-01-01T00:00:00.000Z"})
    room = talk.room("#tea")
    assert (room.read_up_to, room.unread) == (0, 0)


def test_a_marker_further_up_places_the_line_once_it_is_loaded():
    texts = [f"{number}" for number in range(80)]
    mark = timestamp(at(talking(texts), "40"))
    talk = talking([f"{number}" for number in range(180)], marks={"#tea": mark})
    room = talk.room("#tea")
    assert room.read_up_to == 0
    assert talk.session.reading.markers.has_unread_above(room)
    while room.has_older:
        talk.session.load_older(room)
        talk.settle()
    assert room.read_up_to == at(talk, "40").key


def test_markers_can_be_kept_to_oneself():
    talk = talking()
    talk.session.preferences = Preferences(Settings(read_markers=False))
    assert sees(talk) == []


def test_a_server_without_markers_hears_of_none():
    talk = talking(caps=MODERN.replace("draft/read-marker ", ""))
    assert sees(talk) == []


def test_a_private_conversation_is_asked_about():
    talk = talking()
    talk.session.rooms.direct("bob")
    assert talk.session.take_lines()[0] == "MARKREAD bob"


def test_offline_reading_is_told_when_one_is_back():
    talk = talking()
    mark = timestamp(newest(talk.room("#tea")))
    talk.cut()
    assert sees(talk) == []
    talk.connect()
    talk.clock.now += 3
    talk.session.tick()
    assert talk.session.take_lines() == [f"MARKREAD #tea {mark}"]


def test_nonsense_is_passed_over():
    talk = talking()
    before = talk.room("#tea").read_until
    for words in ("", "#tea", "#tea *", "#tea timestamp=x", "#nowhere timestamp=2100-01-01T00:00:00.000Z"):
        talk.hears(f":chat MARKREAD {words}")
    assert talk.room("#tea").read_until == before


def test_an_answer_to_ones_own_words_is_meant_for_one():
    talk = talking()
    talk.server.other_says("#tea", "mine", "Ana")
    talk.settle()
    talk.hears(f"@+reply={at(talk, 'mine').msgid};msgid=x1 :bob!b@c PRIVMSG #tea :yours")
    assert at(talk, "yours").mention
    assert talk.room("#tea").mentions == 1


def test_only_what_is_in_view_of_someone_counts_as_read():
    async def story(desk):
        for number in range(60):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 100.0 + number, f"text {number}", "Bruno", f"m{number}"))
        await desk.until(lambda: desk.lobby.read_until == 159.0)

        await desk.press("\x1b[5~")
        desk.lobby.add(Entry(EntryKind.MESSAGE, 200.0, "below", "Bruno", "m200"))
        await desk.until(lambda: "1 more below" in desk.text or "more below" in desk.text)
        assert desk.lobby.read_until == 159.0

        await desk.press("\x1b[O")
        await desk.press("\x1b[1;5F")
        assert "below" in desk.text
        assert desk.lobby.read_until == 159.0

        desk.keyboard.send_text("\x1b[I")
        await desk.until(lambda: desk.lobby.read_until == 200.0)

    at_the_desk(story)


def test_a_key_goes_to_the_first_unread():
    async def story(desk):
        room = desk.model.buffer_named("#tea", BufferKind.CHANNEL)
        for number in range(80):
            entry = Entry(EntryKind.MESSAGE, 100.0 + 400 * number, f"text {number}", "Bruno", f"m{number}")
            room.add(entry)
            if number >= 10:
                room.count(entry)
        desk.model.switch_to(room)
        await desk.press("\x1bu")
        top = "\n".join(desk.lines[:6])
        assert "new messages" in top
        assert "<Bruno> text 10" in top

    at_the_desk(story)


def test_what_comes_while_one_looks_elsewhere_stands_under_a_line():
    talk = talking()
    room = talk.room("#tea")
    talk.model.switch_to(room)
    talk.model.watch(is_watched=False)
    talk.server.other_says("#tea", "quatro")
    talk.settle()
    assert room.unread == 1
    assert room.entries[[entry.key for entry in room.entries].index(room.read_up_to) + 1].text == "quatro"
    talk.model.watch(is_watched=True)
    assert room.unread == 0
    assert room.read_up_to != 0
    talk.model.watch(is_watched=False)
    assert room.read_up_to == 0


def test_who_closes_a_room_tells_before_how_far_it_was_read():
    talk = talking()
    sees(talk)
    talk.server.other_says("#tea", "quatro")
    talk.settle()
    assert sees(talk) == []
    marked = timestamp(at(talk, "quatro"))
    talk.session.rooms.close(talk.room("#tea"))
    assert talk.session.take_lines() == [f"MARKREAD #tea {marked}", "PART #tea"]
