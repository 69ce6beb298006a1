"""Reading along: what was said gets its place and its counts, live or from history."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry, Mark
from chatapp.client.catchup import PAGE, Catchup
from chatapp.client.correspondents import Correspondents
from chatapp.client.markers import Markers
from chatapp.client.page import Request
from chatapp.client.quotes import Quotes
from chatapp.client.search import Searching

if TYPE_CHECKING:
    from chatapp.client.session import Session


class Reading:
    """What we read: live lines go in at the new end; `Catchup` asks through here for what was missed."""

    def __init__(self, session: Session, first_page: int) -> None:
        self.catchup = Catchup(self, session.steady)
        self.catchup.first_page = first_page
        self.markers = Markers(session)
        self.searching = Searching(session)
        self.quotes = Quotes(session)
        self.correspondents = Correspondents(session)
        self._session = session
        self._requests: dict[str, Request] = {}

    def begin(self, buffer: Buffer) -> None:
        """We hear ``buffer`` from now on: read what we have missed."""
        session = self._session
        self.markers.begin(buffer)
        limit = min(session.isupport.chathistory or PAGE, PAGE) if session.caps.has_history else 0
        uses_ids = "msgid" in (session.isupport.msgreftypes or ["msgid"])
        self.catchup.came_in(buffer, limit, uses_ids, session.login.account)

    def cut(self) -> None:
        """The connection has ended."""
        self._requests.clear()
        self.markers.cut()
        self.searching.cut()
        self.quotes.cut()
        self.correspondents.cut()
        self.catchup.cut()
        for buffer in self._session.model.buffers:
            buffer.typing.clear()

    def forget(self, buffer: Buffer) -> None:
        """The conversation was closed."""
        self.catchup.forget(buffer)
        self.markers.forget(buffer)

    def tick(self) -> None:
        """Look at the clock."""
        self.catchup.expire()
        self.markers.flush()
        self.searching.expire()

    def due(self, otherwise: float) -> float:
        """When `tick` is to be called next, or ``otherwise`` if that comes before."""
        patience = self.catchup.patience()
        answer_due = None if patience is None else self._session.now() + patience
        dues = (answer_due, self.markers.due(), self.searching.due(), otherwise)
        return min(due for due in dues if due is not None)

    def tell(self, buffer: Buffer, entry: Entry) -> None:
        """Something was said or done, just now."""
        if buffer.kind is not BufferKind.SERVER:
            self.catchup.heard(buffer, Mark(entry.msgid, entry.time))
            entry.epoch = self.catchup.epoch(buffer)
        if entry.msgid:
            self.correspondents.heard(entry.time)
        buffer.typing.stopped(self._session.model.fold(entry.nick))
        self._note_answer(buffer, entry)
        if buffer.add(entry):
            self._count(buffer, entry)
            self._session.attention.heard(buffer, entry)

    def clear(self, buffer: Buffer) -> None:
        """Empty ``buffer``; scrolling back brings it again."""
        buffer.clear()
        buffer.has_older = self.catchup.limit > 0 and buffer.kind is not BufferKind.SERVER

    def request_of(self, label: str, target: str) -> Request | None:
        """The open request that an answer is for, by its label, or by its target where it has none."""
        if label:
            request = self._requests.pop(label, None)
            return request if request is not None and self.catchup.is_awaited(request) else None
        buffer = self._session.model.find(target)
        return self.catchup.request_of(buffer) if buffer is not None else None

    def ask_history(self, request: Request) -> None:
        """Write ``request`` (`chatapp.client.catchup.Reader`)."""
        label = self._session.send("CHATHISTORY", *request.words, origin=request.buffer)
        if label:
            self._requests[label] = request

    def ask_again(self, request: Request) -> None:
        """The conversation has another name than when ``request`` was written: ask by that."""
        request.words[1] = request.buffer.name
        self.ask_history(request)

    def claim(self, buffer: Buffer, entry: Entry) -> Entry | None:
        """The own message without confirmation that ``entry`` turns out to be (`Reader`)."""
        return self._session.speaking.claim(buffer, entry)

    def caught_up(self, buffer: Buffer, fresh: list[Entry]) -> None:
        """Count what was said while we were away (`Reader`)."""
        for entry in fresh:
            self._note_answer(buffer, entry)
            self._count(buffer, entry)

    def looked_back(self, buffer: Buffer, is_first: bool) -> None:
        """See what of an older page was read (`Reader`)."""
        self.markers.read_page(buffer, is_first=is_first)

    def settled(self, buffer: Buffer, is_proof: bool, is_whole: bool) -> None:
        """Nothing is open here any more (`Reader`)."""
        if not is_whole and buffer.kind is BufferKind.CHANNEL:
            words = _("The server does not show what was said while you were away.")
            self._session.inform(words, buffer)
        self._session.speaking.settled(buffer, is_proof)

    def _count(self, buffer: Buffer, entry: Entry) -> None:
        model = self._session.model
        is_seen = buffer is model.current and model.focus.is_watched
        is_new = not is_seen and (entry.time > buffer.read_until or not entry.msgid)
        if is_new and entry.kind in SAID and not entry.own:
            buffer.count(entry)

    def _note_answer(self, buffer: Buffer, entry: Entry) -> None:
        """An answer to what we have said is meant for us, whether it names us or not."""
        target = buffer.known(entry.reply_to)
        if target is not None and target.own and not entry.own and entry.kind in SAID:
            entry.mention = True
