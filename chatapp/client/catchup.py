"""Catching up: reads from the server's history what one has not heard, without a gap and without a double.

The plan, for each conversation:

* The *frontier* is the newest message up to which nothing is missing. While we listen it follows what we
  hear.
* Joining for the first time: ``LATEST *``, one page. What the server says after our JOIN comes to us live,
  and the page was read later than that JOIN, so it reaches at least up to what we hear: nothing lies
  between.
* Joining again: the gap from the frontier to our new JOIN is open. We page ``AFTER`` the frontier, which
  takes the *oldest* of the range: each page continues exactly where the one before it ended, and the
  frontier moves with it. The gap is closed when a page is empty (the server has read it later than our
  JOIN: all there was is here) or holds a message that we have heard live since that JOIN (from there on we
  heard everything). ``LATEST`` back to the frontier would have its hole in the middle while it pages, and
  a second cut would make two holes of it. This way there is one hole at any moment, and the frontier is
  its beginning; what was heard live behind it is met again by its msgid.
* Older pages: ``BEFORE`` the oldest that was read.

Where the server gives or knows no msgid, a place is asked for by its time, a millisecond wide, and doubles
are recognised (`chatapp.client.incoming.telling.msgid_of`). A room that was empty when we came has its
frontier before all time.

An absent message is proof that it never arrived only where history is one and the same before and after a
cut: in a channel, and in a private conversation of one and the same account; once the gap is closed, if its
history has ever held anything. A server may keep none: in private the last that we know is asked for as well.
A guest's direct messages are kept under their connection, so after a cut nothing is known about them.
Nothing is said to somebody while the first page is on its way: without a frontier it could not be told from
what was said long ago.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from chatapp.client import islands
from chatapp.client.buffer import MADE_UP, Buffer, BufferKind, Entry, Mark
from chatapp.client.page import Ask, Request, Told, behind, newest_entry, selector

#: Messages asked for at once, where the server allows it.
PAGE = 100
#: Messages to begin with.
FIRST_PAGE = 50
#: Seconds after which a request counts as refused.
PATIENCE = 30.0

#: A frontier before all time.
BEGINNING = Mark("", 0.0)


@dataclass(slots=True)
class _Trail:
    """How far we have read one conversation.

    ``epoch`` counts how often we came in, ``is_inside`` is true while we are. Since we came in: ``is_walked``
    tells that the gap was read to its end, ``is_whole`` that none was left behind, ``is_settled`` that
    nothing is open. ``placed`` is the msgid of the newest entry that history has put here: not all that is
    at a frontier is an entry. ``has_begun`` is true once there was a first page, ``has_seen`` once one held
    something, ``account`` is who we were logged in as when we came in; ``is_kept`` tells of a private
    conversation that it was the same when we came in before.
    """

    frontier: Mark | None = None
    placed: str = ""
    epoch: int = 0
    is_inside: bool = False
    is_open: bool = False
    is_walked: bool = False
    is_whole: bool = True
    is_settled: bool = False
    has_begun: bool = False
    has_seen: bool = False
    account: str = ""
    is_kept: bool = False
    request: Request | None = None


class Reader(Protocol):
    """Whoever catches up: the session."""

    def ask_history(self, request: Request) -> None:
        """Write ``request``."""

    def claim(self, buffer: Buffer, entry: Entry) -> Entry | None:
        """The own message without confirmation that ``entry`` turns out to be, if any."""

    def caught_up(self, buffer: Buffer, fresh: list[Entry]) -> None:
        """``fresh`` was said while we were away, and is in its place now."""

    def looked_back(self, buffer: Buffer, is_first: bool) -> None:
        """A page from before what we had, or the first of all, is in its place now."""

    def settled(self, buffer: Buffer, is_proof: bool, is_whole: bool) -> None:
        """Nothing is open here any more.

        Args:
            buffer: The conversation.
            is_proof: A message of ours that is not here has never arrived.
            is_whole: No gap was left behind that the server did not want to fill.
        """


class Catchup:
    """Decides what to ask of history and puts the answers in their place.

    ``now`` is a clock that nobody sets. The rest of the client is told through ``reader``.
    """

    def __init__(self, reader: Reader, now: Callable[[], float]) -> None:
        self.limit = 0
        self.first_page = FIRST_PAGE
        self._uses_ids = True
        self._reader = reader
        self._now = now
        self._trails: dict[Buffer, _Trail] = {}

    def epoch(self, buffer: Buffer) -> int:
        """The number that what is heard live in ``buffer`` bears now."""
        return self._trail(buffer).epoch

    def is_settled(self, buffer: Buffer) -> bool:
        """Whether a message that is sent now could be found again after a cut."""
        return self._trail(buffer).is_settled

    def is_beginning(self, buffer: Buffer) -> bool:
        """Whether nothing is known of ``buffer`` yet, and its first page is on its way."""
        trail = self._trail(buffer)
        return trail.request is not None and trail.frontier is None

    def came_in(self, buffer: Buffer, limit: int, uses_ids: bool = True, account: str = "") -> None:
        """We hear ``buffer`` from now on.

        Args:
            buffer: The conversation.
            limit: The server's largest page, 0: it has no history.
            uses_ids: One can ask the server for a place by a msgid, not only by its time.
            account: Whom we are logged in as, "" for nobody.
        """
        self.limit = limit
        self._uses_ids = uses_ids
        trail = self._trail(buffer)
        trail.epoch += 1
        trail.is_kept = buffer.kind is BufferKind.DIRECT and account != "" and account == trail.account
        trail.account = account
        trail.is_inside = True
        trail.request = None
        trail.is_settled = trail.is_walked = False
        trail.is_whole = True
        if not limit:
            trail.frontier = None
            self._close(buffer, trail)
        elif trail.frontier is None:
            self._ask_first(buffer)
        else:
            trail.is_open = buffer.is_behind = True
            known = Mark("", trail.frontier.time) if trail.is_kept else trail.frontier
            self._ask(buffer, Ask.GAP, "AFTER", known)

    def cut(self) -> None:
        """The connection has ended. Open gaps stay open."""
        for buffer in self._trails:
            self.went_out(buffer)

    def went_out(self, buffer: Buffer) -> None:
        """We do not hear ``buffer`` any more."""
        trail = self._trail(buffer)
        trail.request = None
        trail.is_settled = trail.is_inside = False
        buffer.is_loading = False

    def forget(self, buffer: Buffer) -> None:
        """The conversation was closed."""
        self._trails.pop(buffer, None)

    def heard(self, buffer: Buffer, mark: Mark) -> None:
        """Something was said live."""
        trail = self._trail(buffer)
        if mark.msgid and not trail.is_open:
            trail.frontier = mark

    def load_older(self, buffer: Buffer) -> None:
        """Ask for the page before the oldest that was read, once."""
        trail = self._trail(buffer)
        if not self.limit or not trail.is_inside or trail.request or not buffer.has_older:
            return
        oldest = buffer.island.oldest if buffer.island else buffer.oldest
        self._ask(buffer, Ask.OLDER, "BEFORE" if oldest else "LATEST", oldest)

    def load_around(self, buffer: Buffer, place: Mark) -> bool:
        """Ask for what was said around ``place``; false if that cannot be asked now."""
        trail = self._trail(buffer)
        if not self.limit or not trail.is_inside or trail.request:
            return False
        self._ask(buffer, Ask.AROUND, "AROUND", place)
        return True

    def fill(self, buffer: Buffer, *, upward: bool) -> None:
        """Ask for a page of what is missing in the gap: the last of it (``upward``), or the first."""
        trail, island = self._trail(buffer), buffer.island
        if island is None or not island.can_fill or not trail.is_inside or trail.request:
            return
        if upward and buffer.oldest is not None:
            self._ask(buffer, Ask.FILL_UP, "BEFORE", buffer.oldest)
        else:
            self._ask(buffer, Ask.FILL_DOWN, "AFTER", island.newest)

    def is_awaited(self, request: Request) -> bool:
        """Whether ``request`` is still open."""
        return any(trail.request is request for trail in self._trails.values())

    def request_of(self, buffer: Buffer) -> Request | None:
        """The open request of ``buffer``."""
        return self._trail(buffer).request

    def patience(self) -> float | None:
        """Seconds until the oldest open request counts as refused."""
        asked = [trail.request.asked for trail in self._trails.values() if trail.request]
        return min(asked) + PATIENCE - self._now() if asked else None

    def expire(self) -> None:
        """Give up requests that were not answered in time."""
        late = self._now() - PATIENCE
        for trail in list(self._trails.values()):
            if trail.request is not None and trail.request.asked <= late:
                self.refused(trail.request)

    def page(self, request: Request, lines: list[Told]) -> None:
        """The server has answered ``request`` with ``lines``, oldest first."""
        trail = self._settle(request)
        if trail is None:
            return
        buffer = request.buffer
        if request.ask is Ask.GAP:
            self._gap_page(buffer, trail, lines)
        elif request.ask is Ask.AROUND:
            islands.land(buffer, lines)
        elif request.ask is not Ask.FIRST and buffer.island is not None:
            islands.extend(buffer, buffer.island, request.ask, lines)
        else:
            self._older_page(buffer, trail, request, lines)
        buffer.touch()

    def refused(self, request: Request) -> None:
        """The server has refused ``request``, or does not answer."""
        trail = self._settle(request)
        if trail is None:
            return
        buffer = request.buffer
        if request.place is not None and request.place.msgid:
            # Perhaps the server knows this message no more, or never by its id: ask for its time.
            self._ask(buffer, request.ask, request.words[0], Mark("", request.place.time))
        elif request.ask is Ask.OLDER:
            buffer.has_older = False
            buffer.touch()
        elif request.ask in (Ask.FIRST, Ask.GAP):
            trail.has_begun |= request.ask is Ask.FIRST
            trail.is_whole &= not trail.is_open
            self._close(buffer, trail)
        elif buffer.island is not None:
            buffer.island.can_fill = request.ask is Ask.AROUND
            buffer.touch()

    def _settle(self, request: Request) -> _Trail | None:
        """``request`` is over: its trail, or ``None`` where it had been given up or has no place any more."""
        buffer = request.buffer
        trail = self._trail(buffer)
        if trail.request is not request:
            return None
        trail.request = None
        buffer.is_loading = False
        if request.shed == buffer.shed or request.ask in (Ask.GAP, Ask.AROUND):
            return trail
        buffer.touch()
        if request.ask is Ask.FIRST:
            self._ask_first(buffer)
        return None

    def _gap_page(self, buffer: Buffer, trail: _Trail, lines: list[Told]) -> None:
        before = trail.frontier or BEGINNING
        met = any((known := buffer.known(told.mark.msgid)) and known.epoch == trail.epoch for told in lines)
        entries = [told.entry for told in behind(lines, before) if told.entry is not None]
        # Nothing else is claimed: what was said before the frontier is not what was written after it.
        claim = partial(self._reader.claim, buffer)
        after = buffer.known(before.msgid) or buffer.known(trail.placed)
        if after is None and buffer.island is not None:
            after = buffer.island.gap
        fresh = buffer.merge(entries, after, claim)
        self._reader.caught_up(buffer, fresh)
        if lines:
            trail.has_seen = True
            trail.frontier = lines[-1].mark
            trail.placed = newest_entry(lines) or (after.msgid if after else "")
        if buffer.oldest is None and lines:
            buffer.oldest = lines[0].mark
        if not lines or met or (not fresh and trail.frontier == before):
            trail.is_walked = True
            self._close(buffer, trail)
        else:
            self._ask(buffer, Ask.GAP, "AFTER", trail.frontier or BEGINNING)

    def _older_page(self, buffer: Buffer, trail: _Trail, request: Request, lines: list[Told]) -> None:
        buffer.drop_island()
        before = buffer.oldest
        trail.has_seen |= bool(lines)
        entries = [told.entry for told in lines if told.entry is not None]
        fresh = buffer.merge(entries, None)
        if lines and (request.ask is Ask.OLDER or before is None or lines[0].mark.time <= before.time):
            buffer.oldest = lines[0].mark
        is_new = request.ask is Ask.FIRST or request.place is None or bool(fresh) or buffer.oldest != before
        buffer.has_older = bool(lines) and is_new
        buffer.is_whole = not buffer.has_older
        self._reader.looked_back(buffer, request.ask is Ask.FIRST)
        if request.ask is Ask.FIRST:
            trail.has_begun = True
            if trail.frontier is None:
                trail.frontier, trail.placed = (lines[-1].mark if lines else BEGINNING), newest_entry(lines)
            self._close(buffer, trail)

    def _close(self, buffer: Buffer, trail: _Trail) -> None:
        """No gap is open any more: the frontier is the newest that we have heard."""
        trail.is_open = buffer.is_behind = False
        newest = next((entry for entry in reversed(buffer.entries) if entry.msgid), None)
        if newest is not None and newest.epoch == trail.epoch:
            trail.frontier = Mark(newest.msgid, newest.time)
        if self.limit and not trail.has_begun:
            self._ask_first(buffer)
            return
        trail.is_settled = True
        is_one = buffer.kind is BufferKind.CHANNEL or trail.is_kept
        is_proof = trail.is_walked and trail.has_seen and is_one
        self._reader.settled(buffer, is_proof, trail.is_whole)

    def _ask_first(self, buffer: Buffer) -> None:
        oldest = buffer.oldest if self._trail(buffer).frontier else None
        self._ask(buffer, Ask.FIRST, "BEFORE" if oldest else "LATEST", oldest)

    def _ask(self, buffer: Buffer, ask: Ask, subcommand: str, place: Mark | None) -> None:
        if place is not None and (place.msgid[:1] in ("", MADE_UP) or not self._uses_ids):
            place = Mark("", place.time)
        limit = min(self.limit, max(self.first_page, 1) if ask is Ask.FIRST else PAGE)
        words = [subcommand, buffer.name, selector(subcommand, place), str(limit)]
        request = self._trail(buffer).request = Request(buffer, ask, words, self._now(), place, buffer.shed)
        buffer.is_loading = True
        buffer.touch()
        self._reader.ask_history(request)

    def _trail(self, buffer: Buffer) -> _Trail:
        trail = self._trails.get(buffer)
        if trail is None:
            trail = self._trails[buffer] = _Trail()
        return trail
