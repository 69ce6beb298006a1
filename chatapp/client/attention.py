"""What calls for the person: by room, by name, by their own words; and calls joined to a notice (pure)."""

from __future__ import annotations

import re
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, NamedTuple

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry
from chatapp.client.settings import Level
from chatapp.irc.line import Line
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: What was said longer ago, in seconds, is told again by a bouncer, and calls nobody. Clocks differ by less.
JUST_NOW = 300.0
#: Seconds between two notices at least; what calls meanwhile is joined.
PAUSE = 5.0
#: A notice has so many characters at most, and names so many rooms.
LONGEST, MOST_ROOMS = 200, 3


class Call(NamedTuple):
    """Something to look at: where, from whom, what. ``is_meant``: for the person, not for all."""

    room: Buffer
    nick: str
    text: str
    is_meant: bool


class Notice(NamedTuple):
    """What a desktop shows: text without controls, bounded."""

    title: str
    body: str


class Attention:
    """Decides what calls for the person in the rooms of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._words: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None
        self._nick: re.Pattern[str] | None = None

    def named(self, nick: str) -> None:
        """The person is ``nick`` from now on."""
        word = re.escape(nick.casefold())
        self._nick = re.compile(rf"(?<!\w)(?<!\w-){word}(?!\w|-\w)")

    def is_mention(self, line: Line, text: str) -> bool:
        """Whether a message is for the person: said to them alone, or with their nick as a word in it."""
        if line.command != "PRIVMSG":
            return False
        isupport = self._session.isupport
        if not isupport.is_channel(isupport.split_statusmsg(line.param(0))[1]):
            return True
        is_named = self._nick is not None and self._nick.search(text.casefold()) is not None
        return is_named or self.is_highlight(text)

    def level_of(self, room: Buffer) -> Level:
        """How much of what is said in ``room`` calls: the room's own setting, or the general one."""
        settings = self._session.preferences.settings
        fold = self._session.model.fold
        own = {fold(name): level for name, level in settings.notify.items()}
        name = fold(room.name)
        return own.get(f"{fold(self._session.model.known_as)}/{name}") or own.get(
            name, settings.notifications
        )

    def is_highlight(self, text: str) -> bool:
        """Whether one of the person's highlight words stands in ``text`` as a word."""
        words = self._session.preferences.settings.highlight
        if words != self._words:
            self._words = words
            choices = "|".join(re.escape(word.casefold()) for word in words if word.strip())
            self._pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)") if choices else None
        return self._pattern is not None and self._pattern.search(text.casefold()) is not None

    def heard(self, room: Buffer, entry: Entry) -> None:
        """Something was said in ``room``, live: call if the person wants to be called for it."""
        is_old = self._session.now() - entry.time > JUST_NOW
        if entry.own or is_old or entry.kind not in SAID or room.kind is BufferKind.SERVER:
            return
        settings = self._session.preferences.settings
        if not entry.mention and settings.notifications != "all" and "all" not in settings.notify.values():
            return  # nobody is called for what is said to nobody in particular: nearly everything ends here
        level = self.level_of(room)
        if level == "all" or (level == "mentions" and entry.mention):
            self._session.model.focus.on_call(Call(room, entry.nick, entry.text, entry.mention))


class Calls:
    """Calls that wait to be told; the first at once, those of the next `PAUSE` seconds together.

    Of many in one room only the number and the last are kept.
    """

    def __init__(self) -> None:
        self._waiting: dict[tuple[Buffer, bool], tuple[int, Call]] = {}
        self._told_at = float("-inf")

    def add(self, call: Call) -> None:
        """Have ``call`` told with the next notice."""
        key = call.room, call.is_meant
        count = self._waiting[key][0] if key in self._waiting else 0
        self._waiting[key] = count + 1, call

    def forget(self, room: Buffer) -> None:
        """The person has looked at ``room`` themselves."""
        for is_meant in (True, False):
            self._waiting.pop((room, is_meant), None)

    def due(self) -> float | None:
        """When `take` gives something, None for never."""
        return self._told_at + PAUSE if self._waiting else None

    def take(self, now: float) -> Notice | None:
        """What is to be told at ``now``, in the seconds of any clock."""
        due = self.due()
        if due is None or now < due:
            return None
        waiting, self._waiting = list(self._waiting.values()), {}
        self._told_at = now
        return _notice(waiting)


def _notice(waiting: list[tuple[int, Call]]) -> Notice:
    """Calls, at least one, as one notice: the words of a single one, the numbers of several."""
    (count, call), *others = sorted(waiting, key=lambda each: -each[0])
    if count == 1 and not others:
        title = _safe(call.nick)
        if call.room.kind is BufferKind.CHANNEL:
            title = _("{nick} in {room}").format(nick=_safe(call.nick, 60), room=_safe(call.room.name, 60))
        return Notice(title, _safe(call.text))
    shown = [(count, call), *others][:MOST_ROOMS]
    parts = [_counted(each.room, each.is_meant, n) for n, each in shown]
    left = len(waiting) - len(shown)
    if left:
        parts.append(ngettext("{n} more room", "{n} more rooms", left).format(n=left))
    return Notice("chatapp", _safe(", ".join(parts)))


def _counted(room: Buffer, is_meant: bool, n: int) -> str:
    name = _safe(room.name, 60)
    if room.kind is BufferKind.DIRECT:
        return ngettext("{n} message from {nick}", "{n} messages from {nick}", n).format(n=n, nick=name)
    if is_meant:
        return ngettext("{n} mention in {room}", "{n} mentions in {room}", n).format(n=n, room=name)
    return ngettext("{n} message in {room}", "{n} messages in {room}", n).format(n=n, room=name)


def _safe(text: str, longest: int = LONGEST) -> str:
    """``text`` for a program of which nothing is known but that it shows words."""
    shown = " ".join(visible(strip_formatting(text[: 4 * longest])).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
