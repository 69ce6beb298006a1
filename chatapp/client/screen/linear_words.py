"""An entry of a conversation in words, for those who hear it or read it on plain paper (pure).

Nothing is said by a symbol, a colour or a place on the screen alone. What came from a peer is made visible.
"""

from __future__ import annotations

import time
from gettext import gettext as _
from gettext import ngettext

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.screen.attached import quotable
from chatapp.client.screen.render import day_of, isolate
from chatapp.client.screen.results import note_words, title_words
from chatapp.client.screen.times import day_words
from chatapp.client.search import Found
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

#: Lines of one message at most; what is longer is said to be.
_MOST_LINES = 400
#: Characters of a topic, or of an answered message, that are said.
_MOST_QUOTED = 100


def entry_lines(entry: Entry, room: Buffer, *, is_here: bool, timestamps: str) -> list[str]:
    """``entry`` of ``room`` as lines; ``is_here``: that is the room one is in, which needs no name.

    ``timestamps`` is how a time is written, "" for none.
    """
    is_named = not is_here and room.kind is not BufferKind.DIRECT and room.name
    where = [_name(room.name)] if is_named else []
    if entry.place:
        where.insert(0, _name(entry.place))
    first, *others = _text_lines(entry, room, where)
    when = clock(entry.time, timestamps)
    return [f"{when} {first}" if when else first, *(f"  {line}" for line in others)]


def found_lines(found: Found, timestamps: str) -> list[str]:
    """What a search has found, the newest first, each with its day, its room and who said it."""
    lines = [f"{title_words(found)}."]
    if note := note_words(found):
        lines.append(note)
    for entry in found.entries:
        day = day_of(entry.time)
        when = [day_words(day)] if day is not None else []
        if time_words := clock(entry.time, timestamps):
            when.append(time_words)
        text = quotable(entry.text)
        who = _("you") if entry.own else _name(entry.nick)
        lines.append(", ".join([*when, _name(entry.place), f"{who}: {text}"]))
    return lines


def deed_words(words: str, about: Entry | None, room: Buffer, *, is_here: bool) -> str:
    """What was done to a message, such as a reaction, and the beginning of the message."""
    where = "" if is_here else f"{_name(room.name)}: "
    quote = f": {isolate(quotable(about.text)[:_MOST_QUOTED])}" if about is not None and about.text else ""
    return f"{where}{visible(words)}{quote}"


def state_words(entry: Entry) -> str:
    """How far an own message has come, where that has to be said: "" where it has simply arrived."""
    text = quotable(entry.text)
    if entry.state is EntryState.WAITING:
        return _("waits for the connection: {text}").format(text=text)
    if entry.state is EntryState.FAILED:
        return _("not sent: {text}").format(text=text)
    return ""


def place_words(room: Buffer) -> str:
    """Where one is now, said when one has gone there."""
    name = _name(room.name)
    words = [_("Now at the server {name}.") if room.kind is BufferKind.SERVER else _("Now in {name}.")]
    words[0] = words[0].format(name=name)
    if room.members:
        people = len(room.members)
        words.append(ngettext("{n} person.", "{n} people.", people).format(n=people))
    if room.topic:
        topic = isolate(visible(strip_formatting(room.topic))[:_MOST_QUOTED])
        words.append(_("Topic: {topic}").format(topic=topic))
    if room.kind is BufferKind.CHANNEL and not (room.joined or room.is_joining):
        words.append(_("You are not in it at the moment."))
    return " ".join(words)


def clock(seconds: float, timestamps: str) -> str:
    """A time in the reader's zone, written as strftime has it; "" for one that no calendar has."""
    try:
        return visible(time.strftime(timestamps, time.localtime(seconds))) if timestamps else ""
    except (OverflowError, ValueError, OSError):
        return ""


def _text_lines(entry: Entry, room: Buffer, where: list[str]) -> list[str]:
    if entry.kind not in SAID:
        words = visible(strip_formatting(entry.text))
        if entry.kind is EntryKind.ERROR:
            words = _("error: {words}").format(words=words)
        return [": ".join([*where, words])]
    who = _("you") if entry.own else _name(entry.nick)
    if entry.deletion is not None:
        return [": ".join([*where, _("{nick}: (deleted)").format(nick=who)])]
    first, *others = _lines(entry.text)
    if entry.kind is EntryKind.ACTION:
        return [" ".join([", ".join([*where, who]), first]), *others]
    about = [*where, who, *_to_whom(entry, room)]
    return [f"{', '.join(about)}: {first}", *others]


def _to_whom(entry: Entry, room: Buffer) -> list[str]:
    about = []
    if entry.kind is EntryKind.NOTICE:
        about.append(_("in a notice"))
    if room.kind is BufferKind.DIRECT:
        about.append(_("to {nick}").format(nick=_name(room.name)) if entry.own else _("to you alone"))
    elif entry.mention:
        about.append(_("to you"))
    if entry.reply_to:
        target = room.known(entry.reply_to)
        whom = _name(target.nick) if target is not None else _("an earlier message")
        about.append(_("answering {whom}").format(whom=whom))
    return about


def _lines(text: str) -> list[str]:
    lines = [visible(strip_formatting(line)) for line in text.split("\n")[: _MOST_LINES + 1]]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [_("(and more lines)")]
    return lines


def _name(name: str) -> str:
    return isolate(visible(name))
