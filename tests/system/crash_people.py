"""People who do all that is kept until something ends, and a reader who checks what they were told."""

from __future__ import annotations

import asyncio
import base64
import unicodedata
from contextlib import suppress

from chatapp.irc.line import parse_line

CAPS = (
    "message-tags server-time echo-message batch draft/multiline draft/chathistory draft/event-playback "
    "draft/message-redaction draft/read-marker draft/channel-rename soju.im/search sasl "
    "draft/account-registration account-tag"
)
KINDS = {"PRIVMSG", "TAGMSG", "REDACT", "RENAME", "JOIN", "TOPIC", "MODE"}
SPEAKERS, SEARCHED = 3, "coracao"
HISTORY, SEARCH, LINES = "chathistory", "soju.im/search", "draft/multiline"


class Person:
    """A raw connection that does all sorts of things in one room and remembers what it is told."""

    def __init__(self, nick, dice):
        self.nick, self.dice = nick, dice
        self.heard, self.markers, self.account, self.room = [], "", "", ""
        self.names, self.topics, self.masks = [], [], []
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
        deeds += (self.name_topic, self.ban)
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

    def name_topic(self, words):
        self.topics.append(words)
        self.say(f"TOPIC {self.room} :{words}")

    def ban(self, words):
        self.masks.append(f"{words.replace(' ', '-')}!*@*")
        self.say(f"MODE {self.room} +b {self.masks[-1]}")

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

    def cut(self):
        self._writer.transport.abort()

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

    def cut(self):
        self._writer.transport.abort()


def as_entry(line):
    """(msgid, command, what) of something that history keeps."""
    if line.command not in KINDS or "msgid" not in line.tags:
        return None
    if line.command == "TAGMSG":
        return line.tags["msgid"], "TAGMSG", line.tags["+draft/reply"]
    return line.tags["msgid"], line.command, " ".join(line.params[1:])


def plain(text):
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


async def play(server, room, dice, end):
    """Everyone talks until ``end``, which takes the people, ends it; gives back who they were."""
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
    await end(server, people)
    await asyncio.wait(listening)
    for person in [*people, watch]:
        person.close()
    if not server.is_running:
        await asyncio.to_thread(server.start)
    return people


async def kill(server, _people):
    """The server ends in the middle of whatever it does."""
    await asyncio.to_thread(server.kill)


async def stop(server, _people):
    """The server ends as an operator ends it, and says that all went well."""
    assert await asyncio.to_thread(server.stop) == 0


async def cut(server, people):
    """The people's programs are killed; returns once the server knows that they are gone."""
    for person in people:
        person.cut()
    watcher = await Person("watcher", None).enter(server.address, "#else")
    nicks = "*"
    while nicks:
        watcher.say(f"ISON {' '.join(person.nick for person in people)}")
        nicks = (await watcher.until("303")).params[1].strip()
    watcher.close()


def check_topic(topic, people):
    """It is the last one that anybody was told, or one that was asked for later."""
    told = [text for person in people for _msgid, kind, text in sorted(person.heard) if kind == "TOPIC"]
    if told:
        asked = [words for person in people for words in person.topics]
        last = max(told, key=lambda text: max(m for p in people for m, _k, t in p.heard if t == text))
        assert topic == last or asked.index(topic) > asked.index(last), (topic, last)


async def check_bans(reader, people):
    """Every mask that anybody was told of is in the list."""
    told = {text.split()[1] for person in people for _msgid, kind, text in person.heard if kind == "MODE"}
    reader.say(f"MODE {reader.room} +b")
    kept = set()
    while (line := await reader.until("367", "368")).command == "367":
        kept.add(line.params[2])
    assert told <= kept, told - kept


async def judge(server, people):
    """Everything that any of ``people`` was told holds."""
    reader = await Person("reader", None).enter(server.address, "#else")
    for name in {name for person in people for name in person.names}:
        reader.say(f"MODE {name}")
        if (await reader.until("324", "403")).command == "324":
            room = reader.room = name  # perhaps none of them heard any more that it is called so
    reader.say(f"JOIN {room}")
    topic = (await reader.until("332", "366")).params[2:]
    check_topic(topic[0] if topic else "", people)
    await check_bans(reader, people)
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
