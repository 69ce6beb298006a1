"""Picking a message: which one is highlighted, and what the keys do with it while they are for it.

What is half typed stays untouched meanwhile. A click picks without taking the keys: whoever then types,
types.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.answering import can_refer_to, quoted, react
from chatapp.client.buffer import Buffer, Entry, Mark
from chatapp.client.command import Misused
from chatapp.client.picking import is_pickable, original
from chatapp.client.screen.attached import quotable
from chatapp.client.screen.cells import shorten
from chatapp.client.shortcodes import matching
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

if TYPE_CHECKING:
    from chatapp.client.model import Model
    from chatapp.client.screen.looking import Looking
    from chatapp.client.screen.picture import Manner
    from chatapp.client.session import Session

#: What one reacts with most.
COMMON = ("\U0001f44d", "\u2764\ufe0f", "\U0001f602", "\U0001f389", "\U0001f622", "\U0001f440")
#: Bytes of a message that are copied: terminals refuse what is longer.
_MOST_COPIED = 50_000
_SHOWN_NICKS = 5


class Picking:
    """The picked message. ``say`` writes to the terminal, ``insert`` puts text into the input line.

    ``has_keys``: the keys are for the picked message. ``asks`` is "react" or "delete" while that is asked,
    and ``wanted`` what was typed of an emoji's name.
    """

    def __init__(
        self,
        model: Model,
        session: Session,
        looking: Looking,
        manner: Manner,
        say: Callable[[str], None],
        insert: Callable[[str], None],
    ) -> None:
        self._model = model
        self._session = session
        self._looking = looking
        self._timeline = looking.timeline
        manner.mode = self.words
        self._say = say
        self._insert = insert
        self._has_keys = False
        self._found: Entry | None = None
        self.asks = ""
        self.wanted = ""
        #: Whether the message must be named, since it is not marked on the screen.
        self.names_message = False

    @property
    def has_keys(self) -> bool:
        """Whether the keys are for the picked message, which must still be there."""
        return self._has_keys and self.entry is not None and self._looking.results.shown is None

    @property
    def entry(self) -> Entry | None:
        """The picked message."""
        room, found = self._room, self._found
        if found is None or found.key != room.picked or room.known(found.msgid) is not found:
            found = self._found = room.with_key(room.picked)
        return found

    @property
    def _room(self) -> Buffer:
        return self._model.current

    def start(self) -> None:
        """Give the keys to the picked message, or to the lowest in view; when they are already, move up."""
        if self.has_keys:
            self.move(-1)
            return
        entry = self.entry or self._lowest_in_view()
        self._pick(entry)
        self._has_keys = entry is not None
        if entry is not None and not self._timeline.shows(entry.key):
            self._timeline.reveal(self._room.entries.index(entry))

    def move(self, by: int) -> None:
        """Pick the message above (-1) or below (+1)."""
        entries = self._room.entries
        entry = self.entry
        if entry is None:
            return
        at = entries.index(entry) + by
        while 0 <= at < len(entries) and not is_pickable(entries[at]):
            at += by
        if 0 <= at < len(entries):
            self._pick(entries[at])
            self._timeline.reveal(at)

    def click(self, row: int) -> bool:
        """Pick what stands ``row`` rows above the lower edge, or let go of it; false if nothing is there."""
        if self._looking.results.shown is not None:
            return self._looking.results.click(row)
        entry = self._room.with_key(self._timeline.key_at(row))
        if entry is None or not is_pickable(entry):
            return False
        if entry.key == self._room.picked and not self.has_keys:
            self.leave()
        else:
            self._pick(entry)
        return True

    def leave(self) -> bool:
        """Close the innermost that is open: results, a question, the message; false if there was none."""
        if self._looking.results.shown is not None:
            return self._looking.results.leave()
        if self.asks and self.has_keys:
            self.asks = self.wanted = ""
        elif self._room.picked:
            self._pick(None)
        elif self._room.replying_to:
            self._room.replying_to = ""
        else:
            return self._looking.results.leave()
        return True

    def reply(self) -> None:
        """What is typed next answers the message."""
        found = self._original()
        if found is None or found[1].deletion is not None:
            return
        room, entry = found
        self._pick(None)
        if not can_refer_to(self._session, entry):
            self._insert(f"{entry.nick}: {quoted(entry)} ")
            return
        if room is not self._model.target:
            self._model.switch_to(room)
        room.replying_to = entry.msgid

    def quote(self) -> None:
        """Put the words of the message into the input line."""
        entry = self.entry
        if entry is not None and entry.deletion is None:
            self._pick(None)
            self._insert(f"{entry.nick}: {quoted(entry)} ")

    def copy(self) -> None:
        """Give the words of the message to the terminal's clipboard (OSC 52)."""
        entry = self.entry
        if entry is not None and entry.deletion is None:
            self._say(clipboard(entry.text))
            self._pick(None)

    def follow(self) -> None:
        """Go to the message that the picked one answers."""
        entry = self.entry
        if entry is not None and entry.reply_to:
            self.asks = ""
            self._looking.go_to(self._room, Mark(entry.reply_to, entry.time))

    def ask(self, what: str) -> None:
        """Ask with what to react, or whether to delete."""
        entry = self.entry
        if entry is None or entry.deletion is not None:
            return
        try:
            if what == "delete":
                self._session.speaking.deleting.check(entry)
        except Misused as why:
            self._refuse(why)
            return
        self.asks, self.wanted = what, ""

    def typed(self, text: str) -> None:
        """A key without a meaning of its own: part of an emoji's name, or words that want to be said."""
        if self.asks == "react":
            choices = self.choices()
            if text.isdigit() and 0 < int(text) <= len(choices) and not self.wanted.isdigit():
                self._react(choices[int(text) - 1][0])
            elif len(self.wanted) < 40:
                self.wanted += text
        elif not self.asks:
            self._pick(None)
            self._insert(text)

    def backspace(self) -> None:
        """Take back a letter of the emoji's name."""
        self.wanted = self.wanted[:-1]

    def enter(self) -> None:
        """Take the first choice, or do what was asked; else go to what the message answers."""
        if self.asks == "react":
            choices = self.choices()
            self._react(choices[0][0] if choices else self.wanted)
        elif self.asks == "delete":
            self.delete()
        else:
            self.follow()

    def delete(self) -> None:
        """Delete the message."""
        found = self._original() if self.asks == "delete" else None
        self._pick(None)
        try:
            if found is not None:
                self._session.speaking.deleting.ask(*found)
        except Misused as why:
            self._refuse(why)

    def choices(self) -> list[tuple[str, str]]:
        """Emoji to react with and their names, at most nine, the likeliest first."""
        if not self.wanted.strip(" :"):
            return [(emoji, "") for emoji in COMMON]
        return [(emoji, f":{name}:") for emoji, name in matching(self.wanted.strip(" :"), 9)]

    def words(self) -> str:
        """What one can do now, for the status line; "" while the keys are not for a message."""
        entry = self.entry
        if entry is None or not self._has_keys:
            return self._looking.results.words()
        if self.asks == "react":
            choices = [f"{at} {emoji} {name}".rstrip() for at, (emoji, name) in enumerate(self.choices(), 1)]
            name = visible(self.wanted) or _("number or name")
            return _("React with ({name}): {choices}").format(name=name, choices="  ".join(choices))
        if self.asks == "delete":
            words = _("Delete {words} for everyone? y: delete, Esc or n: no")
            return words.format(words=f"\u201c{shorten(quotable(entry.text), 24)}\u201d")
        parts = [*self._reactors(entry), _keys(entry)]
        if self.names_message:
            parts.insert(0, shorten(f"{visible(entry.nick)}: {quotable(entry.text)}", 30))
        return " · ".join(parts)

    def _reactors(self, entry: Entry) -> list[str]:
        """Who has reacted."""
        tally = self._room.reactions.of(entry.msgid)
        if tally is None:
            return []
        found = []
        for count in tally.counts(self._model.fold(self._model.nick))[:3]:
            nicks = tally.nicks(count.reaction)
            shown = ", ".join(visible(nick) for nick in nicks[:_SHOWN_NICKS])
            sign = shorten(visible(count.reaction), 8)
            found.append(f"{sign} {shown}{'…' if len(nicks) > _SHOWN_NICKS else ''}")
        return found

    def _react(self, reaction: str) -> None:
        found = self._original()
        self._pick(None)
        try:
            if found is not None:
                react(self._session, *found, reaction)
        except Misused as why:
            self._refuse(why)

    def _original(self) -> tuple[Buffer, Entry] | None:
        """Where the picked message was said, and as what; ``None`` with a word to the person if nowhere."""
        try:
            return original(self._model, self._room, self.entry) if self.entry is not None else None
        except Misused as why:
            self._refuse(why)
            return None

    def _refuse(self, why: Misused) -> None:
        self._session.complain(str(why), self._room)

    def _pick(self, entry: Entry | None) -> None:
        self._room.picked = entry.key if entry is not None else 0
        self.asks = self.wanted = ""
        self._has_keys = self._has_keys and entry is not None

    def _lowest_in_view(self) -> Entry | None:
        """The lowest message on the screen, or the last one."""
        for row in range(self._timeline.height):
            entry = self._room.with_key(self._timeline.key_at(row))
            if entry is not None and is_pickable(entry):
                return entry
        return next((entry for entry in reversed(self._room.entries) if is_pickable(entry)), None)


def clipboard(text: str) -> str:
    """What makes a terminal put ``text``, without codes and controls, into its clipboard (OSC 52)."""
    shown = "\n".join(visible(line) for line in strip_formatting(text).split("\n"))
    data = base64.b64encode(shown.encode("utf-8", "replace")[:_MOST_COPIED]).decode()
    return f"\x1b]52;c;{data}\x07"


def _keys(entry: Entry) -> str:
    words = _("r: answer, e: react, d: delete, q: quote, y: copy")
    if entry.reply_to:
        words += ", " + _("Enter: to what it answers")
    return words + ", " + _("Esc: back")
