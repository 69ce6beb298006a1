"""A client and a fake server with lines on their way between them, which a cut swallows."""

from __future__ import annotations

from client.fake_server import FakeServer, Talk

from chatapp.irc.line import parse_line

ROOM = "#lobby"


class Network:
    """Lines on their way between the client and the server, in both directions."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.server.other_says(ROOM, "sim")
        self.talk = Talk(self.server)
        self.there: list[str] = []
        self.back: list[str] = []
        self.typed: list[str] = []
        self.talk.open()
        self.there += self.talk.session.take_lines()

    def step(self, what: str, how) -> None:
        getattr(self, what)(how)
        self.there += self.talk.session.take_lines()

    def type(self, text: str) -> None:
        self.typed.append(text)
        self.talk.session.say(self.talk.room(ROOM), text)

    def other(self, text: str) -> None:
        self.server.other_says(ROOM, text, nick="bob")
        self._collect()

    def carry(self, count: int) -> None:
        for text in self.there[:count]:
            self.server.hear(text)
        del self.there[:count]
        self._collect()

    def bring(self, count: int) -> None:
        for text in self.back[:count]:
            self.talk.session.hear(parse_line(text))
        del self.back[:count]

    def both(self, count: int) -> None:
        for _turn in range(count):
            self.step("carry", 1)
            self.step("bring", 1)

    def cut(self, count: int) -> None:
        """The connection ends, after ``count`` more lines have reached the server."""
        self.carry(count)
        self.there.clear()
        self.back.clear()
        self.talk.cut()
        self.talk.session.take_lines()
        self.talk.open()

    def older(self, _how: None) -> None:
        self.talk.session.load_older(self.talk.room(ROOM))

    def clear(self, _how: None) -> None:
        self.talk.session.reading.clear(self.talk.room(ROOM))

    def end(self) -> None:
        """All goes well from now on, and the person scrolls to the beginning."""
        for _turn in range(3000):
            if not (self.there or self.back):
                if not self.talk.room(ROOM).has_older:
                    return
                self.step("older", None)
            self.both(1)
        raise AssertionError("they never stop talking")

    def _collect(self) -> None:
        self.back += self.server.out
        self.server.out.clear()
