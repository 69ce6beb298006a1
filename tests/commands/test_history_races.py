"""Whoever reads misses nothing, and is told nothing that they may not know, whatever happens meanwhile."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, sit_logged_in
from dialogue import Table, run
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.commands.table import dispatch
from chatapp.core.stamp import msgid_of
from chatapp.irc.line import parse_line

CAPS = "batch message-tags draft/channel-rename draft/message-redaction"
QUESTIONS = [
    "CHATHISTORY LATEST {room} * 100",
    "CHATHISTORY AFTER {room} timestamp=2000-01-01T00:00:00.000Z 100",
    "PRIVMSG *playback :play *",
    "SEARCH in={room}",
    "SEARCH limit=100",
]
BEAT = ["beat"] * 3
DEEDS = ["say", "whisper", "take back", "rename", "put out", "come", "raise", "lower", "beat", "read"]

STORIES = st.lists(st.sampled_from(DEEDS), max_size=25)


class Pause:
    """Holds up whoever waits until the story goes on with them."""

    def __await__(self):
        yield


class Story:
    """Ana asks, on one of her two connections, what was said in the room where she and Bob are.

    Each beat of the pump has its three moments: cut, kept, heard. The store is as slow as the story likes.
    """

    def __init__(self):
        self.table = Table()
        have(self.table, "Ana")
        caps = f"{CAPS} soju.im/search znc.in/playback"
        self.one, self.other = (inside(sit_logged_in(self.table, "Ana", caps=caps)) for _ in range(2))
        self.bob = self.table.sit("bob", CAPS)
        self.table.room("#tea", self.bob, self.one)
        self.ana = self.one.session.user
        self.room = self.table.world.channels["#tea"]
        self.names = 0
        self.said = []  # texts and their msgids
        self.whispered, self.taken_back, self.was_raised = set(), set(), False
        self.cut = self.heard = 0
        self.beats = self.beating()
        self.under_way = []
        self.told = None
        store, world = self.table.store, self.table.world
        world.settled = self.settled
        self.redact, world.redactions.redact = world.redactions.redact, self.note_redaction
        store.read, store.latest_of, store.search = map(slowly, (store.read, store.latest_of, store.search))

    # The house

    async def settled(self):
        wanted = self.cut + 1
        while self.heard < wanted:
            await Pause()

    def beating(self):
        while True:
            tick = self.table.delivery.cut()
            self.cut += 1
            yield
            run(self.table.store.keep(tick.changes))
            yield
            tick.release()
            self.heard += 1
            yield

    def do(self, person, text, then=lambda: None):
        """Carry out ``text``; ``then`` is called when it is done, at once or when all is read."""

        async def doing():
            if answer := dispatch(self.table.world, person.session, parse_line(text)):
                await answer
            then()

        self.under_way.append(doing())
        self.step(self.under_way[-1])

    def step(self, doing):
        try:
            doing.send(None)
        except StopIteration:
            self.under_way.remove(doing)

    # What may happen

    def go_on(self, deed):
        getattr(self, {"raise": "raise_"}.get(deed, deed.replace(" ", "_")))()

    def beat(self):
        next(self.beats)

    def read(self):
        for doing in list(self.under_way):
            self.step(doing)

    def say(self, to=""):
        text = f"text{len(self.said)}"
        self.do(self.bob, f"PRIVMSG {to}{self.room.name} :{text}")
        self.said.append((text, msgid_of(self.table.world.scribe.stamps.last)))
        return text

    def whisper(self):
        self.whispered.add(self.say("@"))

    def take_back(self):
        there = [known for known in self.said if known[0] not in self.taken_back]
        if there:
            self.do(self.bob, f"REDACT {self.room.name} {there[-1][1]}")

    def note_redaction(self, redaction):
        """Bob is refused where the room has another name meanwhile; else it is taken back from here on."""
        self.taken_back |= {text for text, msgid in self.said if msgid == msgid_of(redaction.stamp)}
        self.redact(redaction)

    def rename(self):
        self.table.later(11)
        self.names += 1
        self.do(self.bob, f"RENAME {self.room.name} #tea{self.names}")

    def put_out(self):
        self.do(self.bob, f"KICK {self.room.name} Ana")

    def come(self):
        self.do(self.other, f"JOIN {self.room.name}")

    def raise_(self):
        self.was_raised = True
        self.do(self.bob, f"MODE {self.room.name} +o Ana")

    def lower(self):
        self.do(self.bob, f"MODE {self.room.name} -o Ana")

    # The question

    def ask(self, question):
        self.come()
        self.was_raised = False
        self.do(self.one, question.format(room=self.room.name), self.note_answer)

    def note_answer(self):
        """What the answer may hold, and with what was heard live must hold, is decided when it is given."""
        member = self.room.members.get(self.ana)
        there = {text for text, _ in self.said} - self.taken_back
        allowed = set() if member is None else there if member.is_operator else there - self.whispered
        self.told = allowed, allowed - self.whispered if self.was_raised else allowed

    def end(self):
        while self.under_way:
            self.beat()
            self.read()
        for _ in range(6):
            self.beat()


def slowly(real):
    async def slow(asked):
        await Pause()
        found = await real(asked)
        await Pause()
        return found

    return slow


def texts(lines, *, is_answer):
    said = [line for line in lines if " PRIVMSG " in line and "text" in line]
    return [line.rpartition(":")[2] for line in said if line.startswith("@batch=") is is_answer]


@pytest.mark.parametrize("question", QUESTIONS)
@given(before=STORIES, after=STORIES)
@example(before=["say"], after=["rename", *BEAT])  # asked for before it had the other name
@example(before=["say", *BEAT], after=["take back", *BEAT, "read", "read"])
@example(before=[], after=[*BEAT, "read", "read", "put out", "say", "come"])
def test_nothing_is_missed_and_nothing_is_told_that_one_may_not_know(question, before, after):
    story = Story()
    for deed in before:
        story.go_on(deed)
    story.ask(question)
    for deed in after:
        story.go_on(deed)
    story.end()

    heard = story.one.hears()
    page, live = texts(heard, is_answer=True), texts(heard, is_answer=False)
    order = [text for text, _ in story.said]
    allowed, wanted = story.told
    assert page == sorted(set(page), key=order.index)
    assert live == sorted(set(live), key=order.index)
    assert set(page) <= allowed
    assert wanted <= {*page, *live}
