"""Searching what was said: by the server where it can (soju.im/search), else in what is loaded here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from gettext import gettext as _
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry, next_key
from chatapp.client.command import Argument, Command, Misused
from chatapp.client.model import ConnectionState
from chatapp.irc import caps
from chatapp.irc.catalogue import N_
from chatapp.irc.line import format_tags
from chatapp.irc.text import strip_formatting, without_accents

if TYPE_CHECKING:
    from chatapp.client.model import Model
    from chatapp.client.session import Session

#: Results shown at most.
MOST = 100
#: Seconds after which the server counts as silent.
PATIENCE = 20.0
#: Bytes of a question: it must fit a line.
_MOST_BYTES = 400


class Query(NamedTuple):
    """What is looked for: ``words``, all of which must be there, of whom, and where; "" for any."""

    words: str
    nick: str = ""
    room: str = ""


@dataclass(slots=True, eq=False)
class Found:
    """The results of a search, the newest first; each entry's ``place`` is its conversation.

    ``is_local``: only what is loaded here was looked through. ``room`` is where one was, ``session`` is with
    the server that was searched, and ``at`` is the number of the result that one looks at.
    """

    query: Query
    room: Buffer
    session: Session
    is_local: bool = False
    is_waiting: bool = False
    entries: list[Entry] = field(default_factory=list)
    words: str = ""
    label: str = ""
    asked: float = 0.0
    at: int = 0


def parse_query(text: str) -> Query:
    """Read ``words from:nick in:#room``, in any order."""
    words, nick, room = [], "", ""
    for word in text.split():
        key, colon, value = word.partition(":")
        if colon and value and key.casefold() in ("from", "de"):
            nick = value
        elif colon and value and key.casefold() in ("in", "em"):
            room = value
        else:
            words.append(word)
    return Query(" ".join(words), nick, room)


class Searching:
    """The search of one session; `chatapp.client.model.Focus.found` has what came of the last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        #: Asked without a label, and not answered yet: the server answers in that order.
        self._unlabelled: deque[Found] = deque()

    def search(self, query: Query) -> None:
        """Look for ``query``, in place of what was looked for before.

        Raises:
            Misused: There is nothing to look for, or too much.
        """
        session, model = self._session, self._session.model
        if not any(query):
            raise Misused
        found = model.focus.found = Found(query, model.current, session)
        if model.state is ConnectionState.ONLINE and caps.SEARCH in session.caps.enabled:
            wanted = {"text": query.words, "from": query.nick, "in": query.room, "limit": str(MOST)}
            attributes = format_tags({name: value for name, value in wanted.items() if value})
            if len(attributes.encode()) > _MOST_BYTES:
                model.focus.found = None
                raise Misused(_("That is too much to search for."))
            found.is_waiting, found.asked = True, session.now()
            found.label = session.send("SEARCH", attributes, origin=model.current)
            if not found.label:
                self._unlabelled.append(found)
        else:
            self._look_here(found)
        model.touch()

    def answered(self, label: str, entries: Iterable[Entry]) -> None:
        """The server has found ``entries``, the oldest first."""
        found = self._answered(label)
        if found is not None:
            found.is_waiting = False
            found.entries = list(entries)[-MOST:][::-1]
            self._session.model.touch()

    def refused(self, label: str, words: str) -> bool:
        """The server will not search: look here instead; false if it was not asked."""
        found = self._answered(label)
        if found is None:
            return False
        self._give_up(found, words)
        return True

    def cut(self) -> None:
        """The connection has ended."""
        self._unlabelled.clear()
        if self._waiting is not None:
            self._give_up(self._waiting, "")

    def expire(self) -> None:
        """Do not wait for the server for ever."""
        found = self._waiting
        if found is not None and self._session.now() - found.asked >= PATIENCE:
            self._give_up(found, _("the server does not answer"))

    def due(self) -> float | None:
        """When `expire` has something to do, ``None`` for never."""
        return self._waiting.asked + PATIENCE if self._waiting is not None else None

    def renamed(self, old: str, new: str) -> None:
        """The room ``old`` is called ``new``: what was found in it is there."""
        fold = self._session.model.fold
        found = self._session.model.focus.found
        if found is not None and found.session is self._session:
            for entry in found.entries:
                if fold(entry.place) == fold(old):
                    entry.place = new

    @property
    def _waiting(self) -> Found | None:
        """The last search, if this server was asked and has not answered."""
        found = self._session.model.focus.found
        return found if found is not None and found.session is self._session and found.is_waiting else None

    def _answered(self, label: str) -> Found | None:
        """What the server has answered with ``label``; ``None`` where nobody waits for that any more."""
        found = self._waiting
        if label:
            is_it = found is not None and found.label == label
        else:
            is_it = bool(self._unlabelled) and self._unlabelled.popleft() is found
        return found if is_it else None

    def _give_up(self, found: Found, words: str) -> None:
        found.words = words
        self._look_here(found)
        self._session.model.touch()

    def _look_here(self, found: Found) -> None:
        found.is_local, found.is_waiting = True, False
        hits = look_through(self._session.model, found.query)
        newest = nlargest(MOST, hits, key=lambda hit: hit[0].time)
        found.entries = [replace(entry, place=buffer.name, key=next_key()) for entry, buffer in newest]


def look_through(model: Model, query: Query) -> Iterator[tuple[Entry, Buffer]]:
    """What fits ``query`` of all that is loaded, and where it was said."""
    words = [_plain(word) for word in query.words.split()]
    nick, room = model.fold(query.nick), model.fold(query.room)
    for buffer in model.buffers:
        if buffer.kind is BufferKind.SERVER or (room and model.fold(buffer.name) != room):
            continue
        for entry in buffer.entries:
            if entry.kind not in SAID or entry.deletion is not None or not entry.msgid:
                continue
            if nick and model.fold(entry.nick) != nick:
                continue
            text = _plain(entry.text) if words else ""
            if all(word in text for word in words):
                yield entry, buffer


def _plain(text: str) -> str:
    """``text`` without accents, capitals and codes: so one finds ``coração`` by ``coracao``."""
    return without_accents(strip_formatting(text).casefold())


def _search(session: Session, args: list[str]) -> None:
    session.reading.searching.search(parse_query(args[0]))


#: In the order of /help.
SEARCHING: tuple[Command, ...] = (
    Command(
        "search",
        N_("WORDS [from:NAME] [in:ROOM]"),
        N_("find what was said, and go there"),
        (Argument.TEXT,),
        _search,
        1,
        ("find",),
    ),
)
