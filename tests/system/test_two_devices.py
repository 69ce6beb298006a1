"""Two devices of one account and somebody else, cut and the server killed: what each shows is the history."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import AsyncExitStack

import noticing
import pytest
from system.cutting_relay import cutting_relay
from system.server_process import ServerProcess
from system.talker import Talker

from chatapp.client.buffer import SAID, EntryKind, EntryState, Mark
from chatapp.client.connection import Connection
from chatapp.client.login import Credentials
from chatapp.client.model import ConnectionState, Model
from chatapp.client.session import Session

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="sockets are reset in another way there"),
]

ROOM = "#tea"
CUTS, KILLED_EACH, SEEDS = 90, 30, (1, 2)
REACTIONS = ("❤", "👍")


class Device:
    """A client behind a relay, and a person who does all sorts of things in the room."""

    def __init__(self, relay, name, tag, dice, password=""):
        self.relay, self.tag, self.dice = relay, tag, dice
        self.typed, self.deleted, self.agreed = [], set(), 0
        self.model = Model(name, "chat")
        credentials = Credentials(name, password) if password else None
        self.session = Session(self.model, name, now=time.time, rooms=[ROOM], credentials=credentials)
        self.connection = Connection(self.session, "127.0.0.1", relay.port, dice=lambda: -1.0)
        self.task = asyncio.ensure_future(self.connection.run())

    @property
    def room(self):
        return self.model.find(ROOM)

    @property
    def is_done(self):
        """Whether all that was wanted has happened, and nothing is missing here."""
        speaking = self.session.speaking
        is_in = self.model.state is ConnectionState.ONLINE and self.room.joined and not self.room.is_loading
        waiting = [*speaking.outbox, *speaking.reacting.wishes, *speaking.deleting.wishes]
        return is_in and self.session.reading.catchup.is_settled(self.room) and not waiting

    def do_something(self):
        deeds = (self.say, self.say, self.agree, self.say_lines, self.react, self.delete, self.look)
        self.dice.choice(deeds)()

    def say(self, more=""):
        self.typed.append(f"{self.tag} {len(self.typed)}{more}")
        self.session.say(self.room, self.typed[-1])

    def agree(self):
        """Say what everybody says, so that nothing but its own word tells whose it is."""
        self.agreed += 1
        self.session.say(self.room, "ok")

    def say_lines(self):
        self.say("\nand a line\n  more")

    def react(self):
        if messages := self._messages():
            entry, reaction = self.dice.choice(messages), self.dice.choice(REACTIONS)
            self.session.speaking.reacting.toggle(self.room, entry, reaction)

    def delete(self):
        mine = [entry for entry in self._messages() if entry.text.startswith(f"{self.tag} ")]
        if mine and self.model.state is ConnectionState.ONLINE and self.dice.random() < 0.3:
            entry = self.dice.choice(mine)
            self.deleted.add(entry.text)
            self.session.speaking.deleting.ask(self.room, entry)

    def look(self):
        """Scroll up, jump far back, or empty the screen."""
        if self.dice.random() < 0.1:
            self.session.reading.clear(self.room)
        elif messages := self._messages():
            entry = self.dice.choice(messages)
            self.session.load_older(self.room)
            self.session.reading.catchup.load_around(self.room, Mark(entry.msgid, entry.time))

    async def read_all(self):
        while self.room.island is not None:
            self.session.reading.catchup.fill(self.room, upward=self.dice.random() < 0.5)
            await noticing.until(lambda: not self.room.is_loading)
        while self.room.has_older:
            self.session.load_older(self.room)
            await noticing.until(lambda: not self.room.is_loading)

    def shown(self):
        """What was said, each with who has reacted to it how often."""
        found = []
        for entry in self.room.entries:
            if entry.kind in SAID and entry.deletion is None:
                tally = self.room.reactions.of(entry.msgid)
                counts = {each.reaction: each.count for each in tally.counts("")} if tally else {}
                found.append((entry.msgid, entry.nick, entry.text, counts))
        return found

    def _messages(self):
        entries = self.room.entries[-60:]
        return [e for e in entries if e.kind is EntryKind.MESSAGE and e.msgid and e.deletion is None]


async def tell(server, seed):
    dice = random.Random(seed)
    async with AsyncExitStack() as stack:
        relays = [await stack.enter_async_context(cutting_relay(server.address)) for _device in range(4)]
        names = zip(relays, ("Ana", "Ana", "Bruno"), ("desk", "phone", "other"), strict=False)
        devices = [Device(relay, name, tag, dice, f"secret-{name}") for relay, name, tag in names]
        await noticing.until(lambda: all(device.is_done for device in devices))
        for number in range(1, CUTS + 1):
            await cut(dice.choice(devices), devices, dice)
            if number % KILLED_EACH == 0:
                await kill(server, devices)
        for relay in relays:
            relay.bytes_left = None
        await noticing.until(lambda: all(device.is_done for device in devices))
        newcomer = Device(relays[3], "Carla", "new", dice)
        await noticing.until(lambda: newcomer.is_done)
        devices.append(newcomer)
        for device in devices:
            await device.read_all()
            device.connection.quit()
        await asyncio.wait([device.task for device in devices])
    return devices


async def cut(device, devices, dice):
    """One of them is cut after some bytes, while everybody does something."""
    relay, before = device.relay, device.relay.cuts
    relay.bytes_left = dice.randrange(1, dice.choice([300, 1500, 5000]))
    async with asyncio.timeout(noticing.PATIENCE):
        while relay.cuts == before:
            dice.choice(devices).do_something()
            await noticing.turn()


async def kill(server, devices):
    for device in devices:
        device.relay.is_down = True
    server.kill()
    for device in devices:
        device.relay.cut()
        device.do_something()
    await asyncio.to_thread(server.start)
    for device in devices:
        device.relay.is_down = False


@pytest.mark.parametrize("seed", SEEDS)
def test_all_show_the_history_and_what_was_typed_is_in_it_once(tmp_path, seed):
    with ServerProcess(tmp_path, ACCOUNTS__PASSWORD_HASH_COST="minimum") as server:
        for name in ("Ana", "Bruno"):
            with Talker(server.address, name, "draft/account-registration") as talker:
                talker.say(f"REGISTER * * secret-{name}")
                talker.waits_for("REGISTER SUCCESS")
        *devices, newcomer = noticing.run(tell(server, seed))

    history = newcomer.shown()
    assert any(counts for _msgid, _nick, _text, counts in history)
    agreed = [nick for _msgid, nick, text, _counts in history if text == "ok"]
    assert agreed.count("Ana") == devices[0].agreed + devices[1].agreed
    assert agreed.count("Bruno") == devices[2].agreed
    for device in devices:
        assert device.shown() == history
        said = [text for _msgid, _nick, text, _counts in history if text.startswith(f"{device.tag} ")]
        assert said == [text for text in device.typed if text not in device.deleted]
        states = {entry.state for entry in device.room.entries if entry.own and entry.kind in SAID}
        assert states <= {EntryState.SENT, EntryState.RECEIVED}
