"""Two clients of ours and the real server: answers, reactions, deletion, several lines, markers, search."""

from __future__ import annotations

import asyncio
import time

import noticing
import pytest
from system.server_process import ServerProcess

from chatapp.client.buffer import EntryKind, EntryState, Mark
from chatapp.client.connection import Connection
from chatapp.client.login import Credentials
from chatapp.client.markers import newest
from chatapp.client.model import Model
from chatapp.client.session import Session

pytestmark = pytest.mark.slow


class Client:
    """A client in #tea."""

    def __init__(self, address, nick, credentials=None):
        self.model = Model(nick, "chat")
        self.session = Session(self.model, nick, now=time.time, rooms=["#tea"], credentials=credentials)
        self.connection = Connection(self.session, *address, dice=lambda: 0.0)
        self.task = asyncio.ensure_future(self.connection.run())

    @property
    def room(self):
        return self.model.find("#tea")

    def texts(self):
        return [entry.text for entry in self.room.entries if entry.kind is EntryKind.MESSAGE]

    def said(self, text):
        return next(entry for entry in self.room.entries if entry.text == text)

    def has(self, text):
        return any(entry.text == text and entry.msgid for entry in self.room.entries)

    def counts(self, msgid):
        tally = self.room.reactions.of(msgid)
        counts = tally.counts(self.model.fold(self.model.nick)) if tally else []
        return [(count.reaction, count.count, count.is_own, count.is_waiting) for count in counts]

    async def until(self, condition):
        await noticing.until(condition, lambda: [entry.text for entry in self.room.entries][-20:])

    async def come_in(self):
        settled = self.session.reading.catchup.is_settled
        await self.until(lambda: self.room.joined and not self.room.is_loading and settled(self.room))

    def leave(self):
        self.connection.quit()


def play(story, tmp_path, *nicks):
    async def run(server):
        clients = []
        for nick in nicks:
            clients.append(Client(server.address, nick))
            await clients[-1].come_in()
        try:
            await story(server, *clients)
        finally:
            for client in clients:
                client.leave()
            await asyncio.wait([client.task for client in clients], timeout=noticing.PATIENCE)

    with ServerProcess(tmp_path) as server:
        noticing.run(run(server))


def test_what_one_does_the_other_sees_now_and_later(tmp_path):
    async def story(server, ana, bruno):
        ana.session.submit("um\n\n  três")
        await bruno.until(lambda: bruno.has("um\n\n  três"))
        bruno.session.submit("/reply sim")
        bruno.session.submit("/react :heart:")
        await ana.until(lambda: ana.has("sim"))
        msgid = bruno.said("um\n\n  três").msgid
        await ana.until(lambda: bool(ana.counts(msgid)))
        assert ana.said("sim").reply_to == msgid
        assert ana.said("sim").mention

        bruno.session.submit("segredo")
        await ana.until(lambda: ana.has("segredo"))
        await bruno.until(lambda: bruno.has("segredo"))
        secret = ana.said("segredo")
        bruno.session.speaking.deleting.ask(bruno.room, bruno.said("segredo"), "engano")
        await ana.until(lambda: secret.deletion is not None)
        assert (secret.text, secret.deletion.nick, secret.deletion.reason) == ("", "Bruno", "engano")

        carla = Client(server.address, "Carla")
        await carla.come_in()
        assert carla.texts() == ["um\n\n  três", "sim"]
        assert carla.said("sim").reply_to == msgid
        assert carla.counts(msgid) == [(ana.counts(msgid)[0][0], 1, False, False)]
        assert any(entry.deletion and entry.deletion.nick == "Bruno" for entry in carla.room.entries)
        carla.leave()
        await carla.task

    play(story, tmp_path, "Ana", "Bruno")


def test_a_server_that_is_killed_loses_and_doubles_nothing(tmp_path):
    async def story(server, ana, bruno):
        ana.session.submit("the first")
        await bruno.until(lambda: bruno.has("the first"))
        first = bruno.said("the first")
        for number in range(3):
            bruno.session.submit(f"um {number}\ndois")
            bruno.session.speaking.reacting.toggle(bruno.room, first, f"r{number}")
            await asyncio.to_thread(server.kill)
            bruno.session.submit(f"três {number}\nquatro")
            bruno.session.speaking.reacting.toggle(bruno.room, first, f"s{number}")
            await asyncio.to_thread(server.start)
            await bruno.until(lambda: bruno.session.speaking.outbox.unsent() == 0 and bruno.room.joined)
            await bruno.until(lambda: len(bruno.session.speaking.reacting.wishes) == 0)
        expected = ["the first"]
        for number in range(3):
            expected += [f"um {number}\ndois", f"três {number}\nquatro"]
        await bruno.until(lambda: bruno.texts() == expected)
        await ana.until(lambda: ana.texts() == expected)
        assert {entry.state for entry in bruno.room.entries if entry.own} <= {
            EntryState.SENT,
            EntryState.RECEIVED,
        }
        reactions = [(f"{kind}{number}", 1) for number in range(3) for kind in "rs"]
        await ana.until(lambda: len(ana.counts(first.msgid)) == 6)
        assert sorted((name, count) for name, count, *_ in ana.counts(first.msgid)) == sorted(reactions)

    play(story, tmp_path, "Ana", "Bruno")


def test_reading_on_one_device_is_reading_on_the_other(tmp_path):
    async def story(server, ana, bruno):
        ana.session.submit("/register segredo-123")
        await ana.until(
            lambda: any("Ana" in entry.text for entry in ana.room.entries if "yours" in entry.text)
        )
        phone = Client(server.address, "Ana", Credentials("Ana", "segredo-123"))
        await phone.come_in()
        phone.model.switch_to(phone.model.server)
        bruno.session.submit("olá")
        await phone.until(lambda: phone.room.unread == 1)
        await ana.until(lambda: ana.has("olá"))
        ana.session.reading.markers.seen(ana.room, newest(ana.room))
        await phone.until(lambda: phone.room.unread == 0)
        phone.leave()
        await phone.task

    play(story, tmp_path, "Ana", "Bruno")


def test_searching_and_going_far_back(tmp_path):
    async def story(server, ana, bruno):
        for number in range(260):
            ana.session.submit(f"{number} {'coração' if number == 20 else 'chá'}")
        await ana.until(lambda: ana.session.speaking.outbox.unsent() == 0)
        carla = Client(server.address, "Carla")
        await carla.come_in()
        carla.session.submit("/search CORACAO in:#tea")
        await carla.until(lambda: not carla.model.focus.found.is_waiting)
        (hit,) = carla.model.focus.found.entries
        assert (hit.text, hit.place) == ("20 coração", "#tea")
        carla.session.reading.catchup.load_around(carla.room, Mark(hit.msgid, hit.time))
        await carla.until(lambda: carla.has("20 coração"))
        assert carla.room.island is not None
        while carla.room.island is not None:
            carla.session.reading.catchup.fill(carla.room, upward=False)
            await carla.until(lambda: not carla.room.is_loading)
        while carla.room.has_older:
            carla.session.load_older(carla.room)
            await carla.until(lambda: not carla.room.is_loading)
        assert [int(text.split()[0]) for text in carla.texts()] == list(range(260))
        carla.leave()
        await carla.task

    play(story, tmp_path, "Ana", "Bruno")
