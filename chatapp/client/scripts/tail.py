"""``chat-client tail``: print what was said last in a room, and go on if that is wished."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from dataclasses import replace

from chatapp.client.buffer import SAID, Entry
from chatapp.client.config import Launch
from chatapp.client.moment import format_moment
from chatapp.client.news import News
from chatapp.client.scripts.visit import Exit, Visit
from chatapp.client.settings import Preferences
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

#: Messages asked for at once.
_PAGE = 100


async def tail(launch: Launch, given: Namespace) -> Exit:
    """Print the last messages of a room, then every new one where it is to be followed."""
    settings = replace(launch.preferences.settings, history=max(1, min(given.lines, _PAGE)))
    async with Visit(
        replace(launch, preferences=Preferences(settings)), given.target, given.timeout
    ) as visit:
        await visit.arrive()
        room = visit.buffer

        def said() -> list[Entry]:
            return [entry for entry in room.entries if is_said(entry)]

        while len(said()) < given.lines and room.has_older:
            before = len(room.entries)
            visit.session.load_older(room)
            await visit.until(lambda: not room.is_loading, lambda: len(room.entries))
            if len(room.entries) == before:
                break
        _print(said()[-given.lines :] if given.lines else [], given)
        news = News()
        news.of(room)
        while given.follow:
            await visit.next_change()
            _print([entry for entry in news.of(room) if is_said(entry)], given)
    return Exit.DONE


def is_said(entry: Entry) -> bool:
    """Whether it is a message that nobody has taken back."""
    return entry.kind in SAID and entry.deletion is None


def _print(entries: list[Entry], given: Namespace) -> None:
    for entry in entries:
        print(as_json(entry, given.target) if given.json else as_text(entry))
    if entries:
        print(end="", flush=True)


def as_json(entry: Entry, room: str) -> str:
    """A message as an object on one line, in ASCII: no terminal is harmed by what is in it."""
    told = {
        "time": format_moment(entry.time),
        "msgid": entry.msgid,
        "room": room,
        "nick": entry.nick,
        "kind": entry.kind.name.lower(),
        "text": entry.text,
    }
    if entry.reply_to:
        told["reply_to"] = entry.reply_to
    return json.dumps(told)


def as_text(entry: Entry) -> str:
    """A message as people read it; of a message with several lines all but the first are indented."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.time))
    first, *others = (visible(strip_formatting(line)) for line in entry.text.split("\n"))
    nick = visible(entry.nick)
    words = f"* {nick} {first}" if entry.kind.name == "ACTION" else f"<{nick}> {first}"
    return "\n".join([f"{when} {words}", *(f"    {line}" for line in others)])
