"""kill -9 among reactions, deletions, renames, markers, accounts and several lines: what was told holds."""

from __future__ import annotations

import asyncio
import base64
import random
import unicodedata
from contextlib import suppress

import pytest
from system.server_process import ServerProcess

from chatapp.irc.line import parse_line

pytestmark = pytest.mark.slow

CAPS = (
    "message-tags server-time echo-message batch draft/multiline draft/chathistory draft/event-playback "
    "draft/message-redaction draft/read-marker draft/channel-rename soju.im/search sasl "
    "draft/account-registration account-tag"
)
ROUNDS, SPEAKERS, SEARCHED = 4, 3, "coracao"
HISTORY, SEARCH, LINES = "chathistory", "soju.im/search", "draft/multiline"


class Person:
    """A raw connection that does all sorts of things in one room and remembers what it is told."""

    def __init__(self, nick, dice):
        self.nick, self.dice = nick, dice
        self.heard, self.markers, self.account, self.room = [], "", "", ""
        self.names = []
        self.said = 0

    async def enter(self, address, room, account=""):
        self._reader, self._writer = await asyncio.open_connection(*address, limit=1 << 22)
        self.say(f"CAP REQ :{CAPS}", f"NICK {self.nick}", f"USER {self.nick} 0 * :{self.nick}")
        if account:
            proof = base64.b64encode(f"\0{account}\0secret-{account}".encode()).decode()
            self.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}")
            assert (await self.until("903", "904")).command == "903", account
            self.account = account
        self.say("CAP END", f"JOIN {room}")
        self.room = (await self.until("366")).params[1]
        self.names.append(self.room)
        return self

    def say(self, *lines):
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def act(self):
        self.said += 1
        deeds = (self.speak, self.speak, self.speak_lines, self.react, self.delete, self.mark, self.others)
        self.dice.choice(deeds)(f"{self.nick} {self.said}")

    def speak(self, words):
        self.say(f"PRIVMSG {self.room} :{words} {self.dice.choice(['chá', 'coração'])}")

    def speak_lines(self, words):
        lines = [f"@batch={self.said} PRIVMSG {self.room} :{words} {line}" for line in ("um", "coração")]
        self.say(f"BATCH +{self.said} {LINES} {self.room}", *lines, f"BATCH -{self.said}")

    def react(self, _words):
        if self.heard:
            to = self.dice.choice(self.heard)[0]
            self.say(f"@+draft/react=❤;+draft/reply={to} TAGMSG {self.room}")

    def delete(self, _words):
        mine = [msgid for msgid, kind, text in self.heard if kind == "PRIVMSG" and text.startswith(self.nick)]
        if mine:
            self.say(f"REDACT {self.room} {self.dice.choice(mine)}")

    def mark(self, _words):
        self.say(f"MARKREAD {self.room} timestamp=2026-01-01T00:00:00.{self.said % 1000:03}Z")

    def others(self, words):
        self.names.append(f"#{words.replace(' ', '-')}")
        self.say(
            self.dice.choice([f"REGISTER * * secret-{self.nick}", f"RENAME {self.room} {self.names[-1]}"])
        )
        self.say(f"SEARCH in={self.room};text={SEARCHED}")

    async def listen(self):
        """Take in all there is, until the connection ends."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                for line in await self._whole(await self._line()):
                    self._take(line)

    async def page(self, kind, question):
        """The answer to ``question``, a batch of that ``kind``, as `heard` has it."""
        self.say(question)
        while True:
            line = await self._line()
            if line.command == "BATCH" and line.params[1:2] == [kind]:
                return [entry for entry in map(as_entry, await self._whole(line, kind)) if entry]

    async def history(self):
        found = await self.page(HISTORY, f"CHATHISTORY LATEST {self.room} * 1000")
        while older := await self.page(HISTORY, f"CHATHISTORY BEFORE {self.room} msgid={found[0][0]} 1000"):
            found[:0] = older
        return found

    async def until(self, *commands):
        while (line := await self._line()).command not in commands:
            self._take(line)
        return line

    def close(self):
        self._writer.close()

    def _take(self, line):
        if line.command == "RENAME":
            self.room = line.params[1]
        elif line.command == "MARKREAD" and self.account and line.params[0] == self.room:
            # Of a name that the room had before we asked, there may be a marker too: it is another's.
            self.markers = max(self.markers, line.params[1].strip("*"))
        elif line.command == "REGISTER":
            self.account = line.params[1]
        if entry := as_entry(line):
            self.heard.append(entry)

    async def _whole(self, line, kind=LINES):
        """``line``, or the lines of the batch that it begins; what was found was not said just now."""
        if line.command != "BATCH" or line.params[0][0] != "+":
            return [line]
        lines = []
        while (inner := await self._line()).params[:1] != [f"-{line.params[0][1:]}"]:
            lines += await self._whole(inner)
        if line.params[1] == LINES:
            text = "\n".join(each.params[1] for each in lines)
            lines[0].params[1:], lines[0].tags = [text], line.tags
            return lines[:1]
        return lines if line.params[1] == kind else []

    async def _line(self):
        async with asyncio.timeout(60):
            return parse_line((await self._reader.readuntil(b"\n")).decode().rstrip("\r\n"))


class Watch:
    """Somebody who only asks whether the server has come as far as they have."""

    @classmethod
    async def begin(cls, address):
        watch = cls()
        watch._reader, watch._writer = await asyncio.open_connection(*address)
        return watch

    async def is_answered(self):
        self._writer.write(b"PING now\r\n")
        async with asyncio.timeout(60):
            assert b"PONG" in await self._reader.readuntil(b"\n")

    def close(self):
        self._writer.close()


def as_entry(line):
    """(msgid, command, what) of something that history keeps."""
    if line.command not in ("PRIVMSG", "TAGMSG", "REDACT", "RENAME", "JOIN") or "msgid" not in line.tags:
        return None
    if line.command == "TAGMSG":
        return line.tags["msgid"], "TAGMSG", line.tags["+draft/reply"]
    return line.tags["msgid"], line.command, "".join(line.params[1:2])


def plain(text):
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


async def play(server, room, dice):
    """Everyone talks until the server is killed; gives back who they were."""
    people = [
        await Person(f"{room[1:]}x{number}", dice).enter(server.address, room) for number in range(SPEAKERS)
    ]
    listening = [asyncio.ensure_future(person.listen()) for person in people]
    watch = await Watch.begin(server.address)
    for _turn in range(dice.randint(20, 120)):
        for person in people:
            person.act()
        if dice.random() < 0.4:  # else the server is behind, by some turns when it is killed
            await watch.is_answered()
    await asyncio.to_thread(server.kill)
    await asyncio.wait(listening)
    for person in [*people, watch]:
        person.close()
    await asyncio.to_thread(server.start)
    return people


async def judge(server, people):
    """Everything that any of ``people`` was told holds."""
    reader = await Person("reader", None).enter(server.address, "#else")
    for name in {name for person in people for name in person.names}:
        reader.say(f"MODE {name}")
        if (await reader.until("324", "403")).command == "324":
            room = reader.room = name  # perhaps none of them heard any more that it is called so
    reader.say(f"JOIN {room}")
    await reader.until("366")
    history = await reader.history()
    msgids = [msgid for msgid, _kind, _text in history]
    gone = {text for _msgid, kind, text in history if kind == "REDACT"}
    assert len(set(msgids)) == len(msgids)
    assert msgids == sorted(msgids)
    assert not gone & set(msgids)
    for person in people:
        heard = [entry for entry in person.heard if entry[0] not in gone]
        first, last = (msgids.index(heard[end][0]) for end in (0, -1))
        assert heard == history[first : last + 1]
    words = [msgid for msgid, kind, text in history if kind == "PRIVMSG" and SEARCHED in plain(text)]
    found = await reader.page(SEARCH, f"SEARCH in={reader.room};text={SEARCHED};limit=1000")
    assert sorted(msgid for msgid, _kind, _text in found) == words[-1000:]
    reader.close()
    for person in people:
        if person.account:
            again = await Person(f"{person.nick}again", None).enter(server.address, "#else", person.account)
            again.room = room
            again.say(f"JOIN {room}")
            await again.until("366")
            assert again.markers >= person.markers
            again.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_told_holds_after_each_of_many_restarts(tmp_path, seed):
    dice = random.Random(seed)

    async def story(server):
        told = []
        for number in range(ROUNDS):
            told.append(await play(server, f"#r{number}", dice))
            for people in told:
                await judge(server, people)
        return told

    with ServerProcess(tmp_path, ACCOUNTS__PASSWORD_HASH_COST="minimum") as server:
        told = asyncio.run(story(server))
    kinds = {kind for people in told for person in people for _msgid, kind, _text in person.heard}
    assert kinds == {"PRIVMSG", "TAGMSG", "REDACT", "RENAME", "JOIN"}
    assert any(person.account and person.markers for people in told for person in people)
