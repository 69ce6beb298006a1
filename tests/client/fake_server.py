"""A tiny server without I/O for the client's tests: it registers, joins, echoes, and keeps history."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chatapp.client.buffer import Buffer
from chatapp.client.model import Model
from chatapp.client.moment import format_moment
from chatapp.client.session import Session
from chatapp.irc.client_tags import NONCE
from chatapp.irc.line import Line, format_line, parse_line

CAPS = (
    "message-tags server-time echo-message labeled-response batch multi-prefix userhost-in-names away-notify "
    "extended-join invite-notify setname standard-replies account-tag cap-notify "
    "draft/chathistory draft/event-playback"
)
SELECTOR = re.compile(r"\*|msgid=m[0-9]+|timestamp=.+")
START = 1_800_000_000.0


class Clock:
    """Seconds since 1970 that pass when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Said:
    """Something in a channel's history."""

    stamp: int
    source: str
    command: str
    params: list[str]
    has_id: bool = True
    client_tags: dict[str, str] = field(default_factory=dict)

    @property
    def tags(self) -> dict[str, str]:
        ids = {"msgid": f"m{self.stamp}"} if self.has_id else {}
        return ids | {"time": format_moment(START + self.stamp / 1000)} | self.client_tags


@dataclass
class FakeServer:
    """Hears the client's lines and gives back its own. One client, and others that speak by `other_says`."""

    caps: str = CAPS
    page_limit: int = 100
    has_ids: bool = True
    tokens: str = "MSGREFTYPES=msgid,timestamp"
    taken: frozenset[str] = frozenset()
    nick: str = "*"
    history: dict[str, list[Said]] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    out: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    stamp: int = 0
    batch: int = 0
    in_caps: bool = False
    registered: bool = False
    has_user: bool = False

    def connect(self) -> None:
        """A new connection: the old one has ended."""
        self.nick, self.in_caps, self.registered, self.has_user = "*", False, False, False
        self.joined.clear()
        self.out.clear()

    @property
    def source(self) -> str:
        return f"{self.nick}!~{self.nick.lower()}@here"

    def hear(self, text: str) -> None:
        self.heard.append(text)
        line = parse_line(text)
        handler = getattr(self, f"on_{line.command.lower()}", None)
        if handler is not None:
            handler(line)
        self._welcome()

    def other_says(self, channel: str, text: str, nick: str = "bob", **client_tags: str) -> Said:
        said = self._keep(channel, f"{nick}!b@there", "PRIVMSG", [channel, text])
        said.client_tags = client_tags
        if channel in self.joined:
            self._send(Line(said.command, said.params, said.source, said.tags))
        return said

    def on_cap(self, line: Line) -> None:
        if line.params[0] == "LS":
            self.in_caps = True
            self.say(f"CAP * LS :{self.caps}")
        elif line.params[0] == "REQ":
            known = {word.partition("=")[0] for word in self.caps.split()} >= set(line.params[1].split())
            self.say(f"CAP {self.nick} {'ACK' if known else 'NAK'} :{line.params[1]}")
        elif line.params[0] == "END":
            self.in_caps = False

    def on_nick(self, line: Line) -> None:
        if line.params[0] in self.taken:
            self.say(f"433 {self.nick} {line.params[0]} :Nickname is already in use")
            return
        if self.registered:
            self._send(Line("NICK", [line.params[0]], self.source))
        self.nick = line.params[0]

    def on_user(self, line: Line) -> None:
        self.has_user = True

    def on_ping(self, line: Line) -> None:
        self.say(f"PONG chat {line.params[0]}")

    def on_join(self, line: Line) -> None:
        channel = line.params[0]
        said = self._keep(channel, self.source, "JOIN", [channel])
        self.joined.add(channel)
        self._send(Line("JOIN", [channel, "*", "real"], self.source, said.tags))
        self.say(f"353 {self.nick} = {channel} :{self.source} @bob!b@there")
        self.say(f"366 {self.nick} {channel} :End of NAMES list")

    def on_part(self, line: Line) -> None:
        self.joined.discard(line.params[0])
        self._send(Line("PART", line.params, self.source))

    def on_privmsg(self, line: Line) -> None:
        target, label = line.params[0], line.tags.get("label")
        labelled = {"label": label} if label else {}
        if target[0] == "#" and target not in self.joined:
            self._send(Line("404", [self.nick, target, "Cannot send to channel"], "chat", labelled))
            return
        said = self._keep(target, self.source, line.command, line.params)
        said.client_tags = client_tags(line)
        if "echo-message" in self.caps:
            self._send(Line(said.command, said.params, said.source, said.tags | labelled))

    def on_chathistory(self, line: Line) -> None:
        if line.params[0] == "TARGETS":
            self._tell_targets(line.params[1].partition("=")[2], line.params[2].partition("=")[2])
            return
        subcommand, target, selector, limit = line.params
        label = line.tags.get("label")
        labelled = {"label": label} if label else {}
        everything = self.history.get(target, [])
        if "draft/event-playback" not in self.caps:
            everything = [said for said in everything if said.command in ("PRIVMSG", "NOTICE")]
        if target[0] == "#" and target not in self.joined:
            self._send(
                Line("FAIL", ["CHATHISTORY", "INVALID_TARGET", subcommand, target, "No"], "chat", labelled)
            )
            return
        assert 0 < int(limit) <= self.page_limit
        if not SELECTOR.fullmatch(selector):
            words = ["CHATHISTORY", "INVALID_MSGREFTYPE", subcommand, target, "No such message"]
            self._send(Line("FAIL", words, "chat", labelled))
            return
        page = select(everything, subcommand, selector, int(limit))
        self.batch += 1
        self._send(Line("BATCH", [f"+h{self.batch}", "chathistory", target], "chat", labelled))
        for said in page:
            tags = said.tags | {"batch": f"h{self.batch}"}
            self._send(Line(said.command, said.params, said.source, tags))
        self.say(f"BATCH -h{self.batch}")

    def _tell_targets(self, after: str, before: str) -> None:
        """The conversations whose latest words lie between the two moments."""
        latest = {target: said[-1].tags["time"] for target, said in self.history.items() if said}
        self.batch += 1
        self.say(f"BATCH +h{self.batch} draft/chathistory-targets")
        for target, moment in sorted(latest.items(), key=lambda item: item[1]):
            if after < moment < before and (target[0] != "#" or target in self.joined):
                self._send(
                    Line("CHATHISTORY", ["TARGETS", target, moment], "chat", {"batch": f"h{self.batch}"})
                )
        self.say(f"BATCH -h{self.batch}")

    def say(self, body: str) -> None:
        self.out.append(f":chat {body}")

    def texts(self, channel: str) -> list[str]:
        return [said.params[1] for said in self.history.get(channel, []) if said.command == "PRIVMSG"]

    def _keep(self, target: str, source: str, command: str, params: list[str]) -> Said:
        self.stamp += 1
        said = Said(self.stamp, source, command, params, self.has_ids)
        self.history.setdefault(target, []).append(said)
        return said

    def _send(self, line: Line) -> None:
        self.out.append(format_line(line))

    def _welcome(self) -> None:
        if self.registered or self.in_caps or not self.has_user or self.nick == "*":
            return
        self.registered = True
        self.say(f"001 {self.nick} :Welcome")
        self.say(
            f"005 {self.nick} CASEMAPPING=ascii UTF8ONLY CHATHISTORY={self.page_limit} "
            f"{self.tokens} PREFIX=(ov)@+ CHANTYPES=# STATUSMSG=@+ CHANMODES=beI,k,l,imnst :are supported"
        )
        self.say(f"422 {self.nick} :No MOTD")


def without_nonce(text: str) -> str:
    """A line without the word of its own that a message is written with: nobody knows that before."""
    return re.sub(rf";?{re.escape(NONCE)}=[^ ;]+", "", text).removeprefix("@ ")


def client_tags(line: Line) -> dict[str, str]:
    """What a client adds for other clients."""
    return {key: value for key, value in line.tags.items() if key[0] == "+"}


def select(said: list[Said], subcommand: str, selector: str, limit: int) -> list[Said]:
    """A page as CHATHISTORY has it: bounds are exclusive, LATEST and BEFORE take the newest."""
    kind, _, value = selector.partition("=")
    if subcommand == "LATEST":
        assert selector == "*"
        return said[-limit:]

    def is_before(one: Said) -> bool:
        return one.stamp < int(value[1:]) if kind == "msgid" else one.tags["time"] < value

    def is_after(one: Said) -> bool:
        return one.stamp > int(value[1:]) if kind == "msgid" else one.tags["time"] > value

    if subcommand == "AROUND":
        at = next((at for at, one in enumerate(said) if not is_before(one)), len(said))
        first = max(0, at - limit // 2)
        return said[first : first + limit]
    if subcommand == "BEFORE":
        return [one for one in said if is_before(one)][-limit:]
    assert subcommand == "AFTER"
    return [one for one in said if is_after(one)][:limit]


class Talk:
    """A client and a fake server that hear each other when told to."""

    def __init__(
        self, server: FakeServer | None = None, nick: str = "Ana", rooms: tuple[str, ...] = ("#lobby",)
    ) -> None:
        self.server = server or FakeServer()
        self.clock = Clock()
        self.model = Model()
        self.session = Session(self.model, nick, rooms=rooms, now=self.clock)

    def connect(self) -> Talk:
        """Connect, and talk until nobody has anything to say."""
        self.open()
        self.settle()
        return self

    def open(self) -> None:
        self.server.connect()
        self.session.connecting()
        self.session.connected()

    def cut(self) -> None:
        """The connection ends; what was on its way is gone."""
        self.server.connect()
        self.session.disconnected("cut", self.clock() + 1)

    def settle(self) -> None:
        for _round in range(1000):
            mine, theirs = self.session.take_lines(), list(self.server.out)
            self.server.out.clear()
            if not mine and not theirs:
                return
            for text in mine:
                self.server.hear(text)
            for text in theirs:
                self.session.hear(parse_line(text))
        raise AssertionError("they never stop talking")

    def hears(self, *lines: str) -> list[str]:
        """The session hears ``lines``; what it answers."""
        for text in lines:
            self.session.hear(parse_line(text))
        return self.session.take_lines()

    def types(self, text: str) -> None:
        self.session.submit(text)
        self.settle()

    def room(self, name: str = "#lobby") -> Buffer:
        found = self.model.find(name)
        assert found is not None
        return found

    def texts(self, name: str = "#lobby") -> list[str]:
        """What the people in a room have said, as the client shows it."""
        return [entry.text for entry in self.room(name).entries if entry.kind.name in ("MESSAGE", "ACTION")]

    def notes(self, name: str = "") -> list[str]:
        """What the client has said to the person, in a room or in the server's buffer."""
        buffer = self.room(name) if name else self.model.server
        return [entry.text for entry in buffer.entries if entry.kind.name in ("INFO", "ERROR")]
