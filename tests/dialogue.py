"""A world on the table: people say lines, and what each hears is checked. No loop, no socket, no sleep."""

from __future__ import annotations

from instant_proofs import InstantProofs
from memory_store import MemoryStore

import chatapp.commands  # noqa: F401  fills the table
from chatapp.commands.table import dispatch
from chatapp.core.delivery import Delivery
from chatapp.core.ownership import bring_back
from chatapp.core.settings import Settings
from chatapp.core.stamp import Stamps
from chatapp.core.world import Outside, World
from chatapp.irc.line import parse_line

#: 2026-01-01T00:00:00Z in microseconds.
NEW_YEAR = 1_767_225_600_000_000


def run(awaitable):
    """Run a coroutine that never really waits, without an event loop."""
    try:
        awaitable.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it waited")


class Person:
    """Someone at the table, and the wire of their session."""

    def __init__(self, table, address):
        self.table = table
        self.heard = b""
        self.closed = False
        self.session = table.world.begin(self, address)

    def write(self, data):
        self.heard += data

    def close(self, last_words=b""):
        self.heard += last_words
        self.closed = True

    def say(self, *texts):
        for text in texts:
            if answer := dispatch(self.table.world, self.session, parse_line(text)):
                run(answer)
            self.table.tick()

    def hears(self):
        """The lines heard since the last time this was asked."""
        heard, self.heard = self.heard, b""
        assert heard == b"" or heard.endswith(b"\r\n")
        return heard.decode().split("\r\n")[:-1]

    def asks(self, *texts):
        """Say ``texts`` and give back what is heard from then on."""
        self.hears()
        self.say(*texts)
        return self.hears()

    def leaves(self, reason="Connection lost"):
        """The connection breaks."""
        self.table.world.end(self.session, reason)
        self.table.tick()


class Table:
    def __init__(self, settings=None, store=None, rooms=()):
        self.store = store or MemoryStore()
        self.time = NEW_YEAR
        self.reports = []
        self.delivery = Delivery(wake=lambda: None)
        self.proofs = InstantProofs()
        outside = Outside(
            self.delivery,
            self.store,
            self.settled,
            lambda: self.time,
            self.hear_report,
            proofs=self.proofs,
        )
        self.world = World(outside, settings or Settings(), Stamps())
        self.world.remember(rooms)
        self.world.accounts.remember(self.store.held_accounts.values())
        self.world.markers.remember(self.store.held_markers)
        self.world.metadata.remember(self.store.held_metadata)
        bring_back(self.world)

    def restarted(self):
        """The same server after a restart, with what its store has kept, a minute later."""
        table = Table(self.world.settings, self.store, self.store.states.values())
        table.time = self.time + 60_000_000
        return table

    def visit(self, address="127.0.0.1"):
        """Someone connects and has not said who they are."""
        return Person(self, address)

    def sit(self, nick, caps="", address="127.0.0.1"):
        """Someone registers; what they were told at that is not of interest any more."""
        person = self.visit(address)
        if caps:
            person.say(f"CAP REQ :{caps}")
        person.say(f"NICK {nick}", f"USER {nick.lower()} 0 * :{nick}")
        if caps:
            person.say("CAP END")
        assert person.session.user is not None, person.hears()
        person.hears()
        return person

    def room(self, name, *people):
        """Everyone joins ``name`` in order; nobody remembers hearing of it."""
        for person in people:
            person.say(f"JOIN {name}")
        for person in people:
            person.hears()

    def hear_report(self, words, about):
        self.reports.append(words % about)

    def later(self, seconds):
        self.time += int(seconds * 1_000_000)

    async def settled(self):
        self.tick()

    def tick(self):
        tick = self.delivery.cut()
        run(self.store.keep(tick.changes))
        tick.release()
