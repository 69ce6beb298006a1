"""A room in which everything happens, as the server tells it, on pages of four widths kept in ``pages/``.

``CHATAPP_REWRITE_PAGES=1`` in the environment writes them anew; look at the difference before you keep it.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from catalogues import speaking
from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.screen import render
from chatapp.client.screen.cells import cells
from chatapp.client.screen.picture import Manner, Typed, compose
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline

PAGES = Path(__file__).with_name("pages")
WIDTHS = (40, 80, 120, 200)
HEIGHT = 34
BRUNO, CARLA = "Bruno!b@there", "Carla!c@there"


def happenings():
    """What the server says, one after the other, each half a minute after the one before."""
    yield f":{BRUNO} JOIN #lobby * :Bruno"
    yield f":{BRUNO} TOPIC #lobby :Project week: meet at nine in room 12, bring laptops and a spoon"
    yield f"@msgid=1 :{BRUNO} PRIVMSG #lobby :good morning! who takes the kettle today?"
    yield f"@msgid=2 :{CARLA} PRIVMSG #lobby :me. tea at ten, the demo at eleven, by the big window"
    yield f"@msgid=3;+draft/reply=2 :{BRUNO} PRIVMSG #lobby :great, I will be there"
    yield f"@msgid=4 :{BRUNO} PRIVMSG #lobby :the slides: https://example.org/slides"
    for nick in (CARLA, "Davi!d@there"):
        yield f"@+draft/react=\U0001f44d;+draft/reply=4 :{nick} TAGMSG #lobby"
    yield f"@+draft/react=\U0001f389;+draft/reply=4 :{BRUNO} TAGMSG #lobby"
    yield f"@msgid=5 :{CARLA} PRIVMSG #lobby :Ana: could you bring the adapter?"
    yield f"@msgid=6 :{CARLA} PRIVMSG #lobby :something that nobody should read"
    yield f":{CARLA} REDACT #lobby 6 :a mistake"
    yield f"@msgid=7 :{BRUNO} PRIVMSG #lobby :run `chat-server`, \x02then\x02 look at \x0304the log\x03"
    yield f"@msgid=8 :{BRUNO} PRIVMSG #lobby :\x01ACTION makes tea\x01"
    yield f"@msgid=9 :{CARLA} PRIVMSG #lobby :日本語 and \U0001f1e7\U0001f1f7 and \u05e9\u05dc\u05d5\u05dd"
    yield f"@msgid=10 :{CARLA} PRIVMSG #lobby :\x1b[31mred?\x1b[0m \u202eevil"
    yield ":chat NOTICE #lobby :the server restarts at noon"
    yield f":{CARLA} KICK #lobby Davi :enough"
    yield f":{BRUNO} MODE #lobby +o {CARLA.partition('!')[0]}"
    yield f":{CARLA} NICK Clara"
    yield f":{BRUNO} QUIT :train"
    yield "@msgid=20 :Eva!e@there PRIVMSG Ana :are you there?"


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    """The same times of day wherever the test runs."""
    monkeypatch.setattr(render, "clock", lambda seconds: time.strftime("%H:%M", time.gmtime(seconds)))
    monkeypatch.setattr(
        "chatapp.client.screen.timeline.day_of", lambda seconds: datetime.fromtimestamp(seconds, UTC).date()
    )


def much_happened():
    talk = Talk(FakeServer(caps=CAPS + " draft/message-redaction")).connect()
    for line in happenings():
        talk.clock.now += 30
        talk.hears(line)
    talk.clock.now += 30
    talk.types("here is the adapter")
    talk.session.submit("and this is on its way")
    return talk


def page(talk, width):
    timeline = Timeline()
    timeline.show(talk.room())
    typed = Typed("half a li", 9)
    picture = compose(talk.model, timeline, Manner(), typed, (width, HEIGHT), talk.clock.now)
    rows = [row_text(row) for row in picture.rows]
    assert len(rows) == HEIGHT
    assert max(cells(row) for row in rows) <= width
    return "".join(f"{row.rstrip()}\n" for row in rows)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_the_page_is_as_it_was(tmp_path, language, width):
    with speaking(language, tmp_path):
        found = page(much_happened(), width)
    path = PAGES / f"room-{language}-{width}.txt"
    if os.environ.get("CHATAPP_REWRITE_PAGES"):
        PAGES.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")
