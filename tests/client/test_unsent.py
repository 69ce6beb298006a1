"""What was not sent outlives the client: it is kept, offered at the next start, and never sent twice."""

from __future__ import annotations

import json
import stat
import sys
from contextlib import closing

import pytest
from client.fake_server import FakeServer, Talk

from chatapp.client.buffer import BufferKind, EntryState
from chatapp.client.instance import Instance
from chatapp.client.outbox import Stage
from chatapp.client.unsent import LONGEST, MOST, SOON, Keeper, Unsent, UnsentFile
from chatapp.irc.line import parse_line


class Timer:
    """Calls back when told to."""

    def __init__(self):
        self.due = []

    def call_later(self, delay, callback):
        assert delay == SOON
        self.due.append(callback)

    def pass_by(self):
        due, self.due = self.due, []
        for callback in due:
            callback()


class Life:
    """A client from its start to its end, with what it keeps in ``folder``."""

    def __init__(self, folder, server=None, nick="Ana", rooms=("#lobby",), instance=None):
        self.talk = Talk(server or FakeServer(), nick=nick, rooms=rooms)
        self.timer = Timer()
        self.file = UnsentFile(folder, "chat.example", 6697, nick, instance)
        self.keeper = Keeper(self.talk.session, self.file, self.timer)

    def failed(self, name="#lobby"):
        return [e.text for e in self.talk.room(name).entries if e.state is EntryState.FAILED]


def test_what_was_typed_offline_is_offered_and_sent_once(tmp_path):
    server = FakeServer()
    before = Life(tmp_path, server)
    before.talk.session.submit("um")
    before.talk.session.submit("/me dois")
    assert before.keeper.save() == 2

    after = Life(tmp_path, server)
    assert after.failed() == ["um", "dois"]
    assert after.talk.notes("#lobby") == ["2 messages from last time were not sent. /resend sends them."]
    after.talk.connect()
    assert server.texts("#lobby") == [], "nothing is sent unasked"

    after.talk.types("/resend")
    assert server.texts("#lobby") == ["um", "\x01ACTION dois\x01"]
    assert after.keeper.save() == 0
    assert list(tmp_path.iterdir()) == []
    assert Life(tmp_path, server).failed() == []


def test_it_is_written_soon_and_once(tmp_path):
    life = Life(tmp_path)
    life.talk.session.submit("um")
    life.talk.session.submit("dois")
    assert len(life.timer.due) == 1
    assert life.file.read() == []
    life.timer.pass_by()
    assert [unsent.text for unsent in life.file.read()] == ["um", "dois"]


def test_what_arrives_is_never_written(tmp_path):
    life = Life(tmp_path)
    life.talk.connect()
    life.talk.types("um")
    life.timer.pass_by()
    assert list(tmp_path.iterdir()) == []


def test_what_may_have_arrived_is_told_as_such(tmp_path):
    before = Life(tmp_path)
    before.talk.connect()
    before.talk.session.submit("talvez")
    before.talk.session.take_lines()
    before.talk.cut()
    before.talk.session.submit("nunca")
    before.keeper.save()

    after = Life(tmp_path)
    assert after.failed() == ["talvez", "nunca"]
    assert after.talk.notes("#lobby") == [
        "1 message from last time was not sent. /resend sends it.",
        "It is not known whether 1 message from last time arrived. /resend sends it again.",
    ]


@pytest.mark.parametrize("is_heard", [True, False])
def test_who_is_killed_while_it_goes_out_does_not_say_it_was_not_sent(tmp_path, is_heard):
    before = Life(tmp_path)
    before.talk.session.submit("um")
    before.timer.pass_by()
    before.talk.open()
    while not before.talk.session.speaking.outbox.of(before.talk.room(), Stage.WRITTEN):
        for line in before.talk.session.take_lines():
            before.talk.server.hear(line)
        before.talk.session.hear(parse_line(before.talk.server.out.pop(0)))
    if is_heard:
        before.timer.pass_by()

    after = Life(tmp_path)
    assert after.talk.notes("#lobby") == [
        "It is not known whether 1 message from last time arrived. /resend sends it again."
    ]


def test_who_leaves_knows_what_was_not_sent(tmp_path):
    before = Life(tmp_path)
    before.talk.connect()
    before.talk.session.submit("\n".join(str(number) for number in range(25)))
    before.timer.pass_by()
    before.keeper.save()

    assert Life(tmp_path).talk.notes("#lobby") == [
        "5 messages from last time were not sent. /resend sends them.",
        "It is not known whether 20 messages from last time arrived. /resend sends them again.",
    ]


def test_two_clients_at_once_do_not_offer_or_lose_what_the_other_has(tmp_path):
    instances = [Instance(tmp_path) for _client in range(2)]
    first = Life(tmp_path, instance=instances[0])
    first.talk.session.submit("um")
    first.timer.pass_by()
    second = Life(tmp_path, instance=instances[1])
    assert second.failed() == []
    second.talk.session.submit("dois")
    second.timer.pass_by()
    first.talk.session.submit("três")
    first.timer.pass_by()
    for instance in instances:
        instance.close()

    with closing(Instance(tmp_path)) as instance:
        assert Life(tmp_path, instance=instance).failed() == ["um", "três", "dois"]
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_a_client_has_the_first_number_that_is_free(tmp_path):
    with closing(Instance(tmp_path)) as first, closing(Instance(tmp_path)) as second:
        assert (first.number, second.number) == (1, 2)
        assert not second.is_gone(1)
        first.close()
        assert second.is_gone(1)
        assert not second.is_gone(2)
        with closing(Instance(tmp_path)) as third:
            assert third.number == 1


def test_where_nothing_can_be_locked_everyone_is_the_first(tmp_path):
    (tmp_path / "unsent").write_text("in the way", "utf-8")
    with closing(Instance(tmp_path / "unsent")) as instance:
        assert (instance.number, instance.is_gone(2)) == (1, False)


def test_it_is_kept_until_it_has_arrived(tmp_path):
    before = Life(tmp_path)
    before.talk.session.submit("um")
    before.keeper.save()
    between = Life(tmp_path)
    between.talk.session.submit("dois")
    assert between.keeper.save() == 2
    assert Life(tmp_path).failed() == ["um", "dois"]


def test_resent_offline_it_is_kept_once(tmp_path):
    before = Life(tmp_path)
    before.talk.session.submit("um")
    before.keeper.save()
    between = Life(tmp_path)
    between.talk.session.submit("/resend")
    assert between.keeper.save() == 1
    assert Life(tmp_path).failed() == ["um"]


def test_clearing_the_screen_does_not_forget_and_closing_the_conversation_does(tmp_path):
    before = Life(tmp_path, rooms=("#lobby", "#tea"))
    for room in ("#lobby", "#tea"):
        before.talk.session.say(before.talk.room(room), room)
    before.keeper.save()
    between = Life(tmp_path)
    between.talk.room("#lobby").clear()
    between.talk.model.close(between.talk.room("#tea"))
    assert between.keeper.save() == 1
    assert Life(tmp_path).failed("#lobby") == ["#lobby"]


def test_rooms_and_people_that_are_not_open_are_opened(tmp_path):
    before = Life(tmp_path, rooms=("#lobby", "#tea"))
    before.talk.session.submit("/query Bruno oi")
    before.talk.session.say(before.talk.room("#tea"), "chá")
    before.keeper.save()
    after = Life(tmp_path)
    assert after.failed("Bruno") == ["oi"]
    assert after.talk.room("Bruno").kind is BufferKind.DIRECT
    assert after.failed("#tea") == ["chá"]
    assert after.talk.notes("#lobby") == [
        "In Bruno: 1 message from last time was not sent. /resend sends it.",
        "In #tea: 1 message from last time was not sent. /resend sends it.",
    ]


def test_each_server_and_name_has_its_own(tmp_path):
    before = Life(tmp_path)
    before.talk.session.submit("um")
    before.keeper.save()
    assert Life(tmp_path, nick="Bruno").failed() == []
    assert UnsentFile(tmp_path, "chat.example", 6698, "Ana").read() == []
    assert len(UnsentFile(tmp_path, "CHAT.example", 6697, "ana").read()) == 1


def test_no_password_for_a_service_is_kept(tmp_path):
    life = Life(tmp_path)
    life.talk.session.submit("/msg NickServ identify hunter2")
    assert life.keeper.save() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another thing there")
def test_nobody_else_can_read_it(tmp_path):
    life = Life(tmp_path / "unsent")
    life.talk.session.submit("um")
    life.keeper.save()
    (path,) = (tmp_path / "unsent").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_told_once(tmp_path):
    (tmp_path / "unsent").write_text("in the way", "utf-8")
    life = Life(tmp_path / "unsent")
    life.talk.session.submit("um")
    life.keeper.save()
    life.keeper.save()
    told = [note for note in life.talk.notes("#lobby") if "cannot be kept" in note]
    assert len(told) == 1


def test_names_cannot_lead_out_of_the_folder(tmp_path):
    UnsentFile(tmp_path, "../../etc/" + "x" * 300, 1, "a/../b" * 90).write([one("um")])
    (path,) = tmp_path.iterdir()
    assert "/" not in path.name
    assert len(path.name) < 250


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "[7]", '[{"target": "#a"}]', json.dumps([{"target": "#a", "kind": "EVENT"}]), '"\\ud800"'],
)
def test_a_spoilt_file_is_passed_over(tmp_path, text):
    file = UnsentFile(tmp_path, "h", 1, "Ana")
    file.write([one("um")])
    (path,) = tmp_path.iterdir()
    path.write_text(text, "utf-8")
    assert file.read() == []


def test_there_is_an_end_to_it(tmp_path):
    life = Life(tmp_path)
    lobby = life.talk.room("#lobby")
    for number in range(MOST + 5):
        life.talk.session.say(lobby, str(number))
    assert life.keeper.save() == MOST
    assert LONGEST >= MOST * 400


def one(text):
    return Unsent("#lobby", True, "MESSAGE", text, 1.0)
