"""Bytes for the client, from a server that means harm: it goes on, stays small, and shows text alone."""

from __future__ import annotations

import asyncio
import re

from client.desk import at_the_desk
from client.hostile import HOSTILE, WORD, commands, numerics, theirs
from client.modern_server import ModernServer
from fuzz.hasty_loop import Way, on_hasty_loop
from fuzz.heard import check_lines
from fuzz.target import Target, pieces
from fuzz.words_of_irc import WORDS

from chatapp.client.inspector.recorder import Recorder
from chatapp.client.model import Model
from chatapp.client.screen.inspection import record_rows
from chatapp.client.screen.linear_words import entry_lines
from chatapp.client.screen.members_pane import MembersPane
from chatapp.client.screen.render import row_text
from chatapp.client.screen.status import status_row
from chatapp.client.screen.timeline import Timeline
from chatapp.client.session import Session
from chatapp.client.wire import LINES_PER_TURN, Wire
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import MalformedLine, parse_line

#: What no row holds; the isolates (U+2066 on) are the client's own, around text of other directions.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e]")
_CAME = (
    b":chat 001 Ana :hi\r\n:chat 005 Ana PREFIX=(ov)@+ :are\r\n"
    b":Ana!a@b JOIN #lobby\r\n:chat 366 Ana #lobby :end\r\n"
)


def session(data: bytes) -> None:
    """A connection that has come in, then the input, however it is cut; all of it can be shown."""

    async def story(loop) -> None:
        model = Model("Ana", "here")
        talk = Session(model, "Ana", now=loop.time, rooms=["#lobby"])
        recorder = Recorder(loop.time)
        wire, way = Wire(talk, recorder, LINES_PER_TURN), Way(loop, "127.0.0.1")
        talk.connecting()
        way.begin(wire)
        talk.connected()
        wire.start()
        await way.bring(b":chat CAP * LS :" + ModernServer.caps.encode() + b"\r\n")
        await way.bring(b":chat CAP Ana ACK :" + ModernServer.caps.encode() + b"\r\n" + _CAME)
        for piece, silence in pieces(data):
            await way.bring(piece)
            await asyncio.sleep(silence)
            talk.tick()
        await asyncio.sleep(0.1)
        if not wire.ended.is_set():
            await way.end(is_cut=False)
        talk.disconnected("cut", None)
        check_lines(bytes(way.written))
        _show(model, recorder)
        assert loop.complaints == []

    on_hasty_loop(story)


def _show(model: Model, recorder: Recorder) -> None:
    """Look at all there is: every room, who is in it, the line below it, each as rows and as plain lines."""
    for buffer in model.buffers[:20]:
        timeline, pane = Timeline(), MembersPane()
        timeline.show(buffer, "Ana")
        rows = [*timeline.rows(60, 200), *pane.rows(buffer, 20, 40, 0.0)]
        _check(row_text(row) for row in (*rows, status_row(model, 0, 60, 0.0)))
        for entry in buffer.entries[-100:]:
            _check(entry_lines(entry, buffer, is_here=True, timestamps="%H:%M"))
    for record in recorder.records[-20:]:
        _check(row_text(row) for row in record_rows(record, 60))


def _check(texts) -> None:
    for text in texts:
        found = _CONTROL.search(text)
        assert found is None, text


def screen(data: bytes) -> None:
    """The real screen draws what the lines of the input make; the terminal is given nothing of theirs."""

    async def story(desk) -> None:
        desk.session.connected()
        for raw in _CAME.split(b"\r\n") + LineBuffer().feed(data[1:]):
            try:
                desk.session.hear(parse_line(raw.decode("utf-8", "replace")))
            except MalformedLine:
                continue
        desk.model.touch()
        await desk.press("x", "\x1b2", "\x1b3", "\x1b1")

    desk = at_the_desk(story)
    assert theirs(desk.paper.getvalue()) == []


_LINES = tuple(
    line.encode("utf-8", "replace") for line in (*numerics(HOSTILE, WORD), *commands(HOSTILE, WORD))
)
_ODD = (
    b"@time=9999-12-31T23:59:59.999Z",
    b"@batch=1",
    b":bob!b@c",
    b":Ana!a@b",
    b"BATCH +1 chathistory #lobby",
)
_SAID = (b"PRIVMSG #lobby :hi", b"353 Ana = #lobby :@bob +eve", b"BATCH -1", HOSTILE.encode(), b"FAIL * X :y")
TARGETS = (
    Target("client", session, (*WORDS, *_LINES, *_ODD, *_SAID, b"x" * 17000)),
    Target("screen", screen, (*_LINES, *_ODD, *_SAID)),
)
