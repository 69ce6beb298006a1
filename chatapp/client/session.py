"""The IRC side of the client, without I/O: lines in, the model changed, lines out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client import slash
from chatapp.client.attention import Attention
from chatapp.client.buffer import Buffer, Entry, EntryKind, Member
from chatapp.client.capabilities import Capabilities
from chatapp.client.command import Command
from chatapp.client.incoming import (
    history,
    listing,
    login,
    markers,
    membership,
    messaging,
    modes,
    multiline,
    presence,
    redaction,
    registration,
    replies,
    search,
    tags,
)
from chatapp.client.incoming.table import HEARERS, hear_batch
from chatapp.client.labels import Labels
from chatapp.client.login import Credentials, Login
from chatapp.client.model import ConnectionState, Model
from chatapp.client.outcome import Outcome
from chatapp.client.presence import Presence
from chatapp.client.pulse import Pulse
from chatapp.client.reading import Reading
from chatapp.client.rooms import Rooms
from chatapp.client.settings import Preferences
from chatapp.client.speaking import Speaking
from chatapp.irc.batch import Batch, Batches
from chatapp.irc.isupport import ISupport
from chatapp.irc.line import NO_TAGS, Line, UnsafeLine, format_line

if TYPE_CHECKING:
    from chatapp.client.listing import Listing
    from chatapp.client.networks import Networks

#: Every family that enters itself into the table of hearers.
FAMILIES = (
    history,
    listing,
    login,
    markers,
    membership,
    messaging,
    modes,
    multiline,
    presence,
    redaction,
    registration,
    replies,
    search,
    tags,
)


class Session:
    """One client's conversation with one server, across its connections.

    Times, in seconds since 1970, come from ``now``; ``steady`` is a clock that nobody sets. Nothing waits
    here. ``on_lines`` is called when `take_lines` has something to give.
    """

    def __init__(
        self,
        model: Model,
        nick: str,
        *,
        now: Callable[[], float],
        steady: Callable[[], float] | None = None,
        rooms: Sequence[str] = (),
        password: str = "",
        history_limit: int = 50,
        commands: Sequence[Command] = slash.COMMANDS,
        preferences: Preferences | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.model = model
        self.preferences = preferences or Preferences()
        self.networks: Networks | None = None
        self.attention = Attention(self)
        self.commands = commands
        self.now, self.steady = now, steady or now
        self.on_lines: Callable[[], None] = lambda: None
        self.wanted_nick = self.asked_nick = nick
        self.is_quitting = self.is_coming_anew = False
        self.warned = ""
        self.away_words = ""
        self.told: set[str] = set()
        self._cut_in: Buffer | None = None
        self._password = password
        self.login = Login(self, credentials)
        self._begin()
        self.named(nick)
        self.speaking = Speaking(self)
        self.reading = Reading(self, history_limit)
        self.rooms = Rooms(self, rooms)

    def _begin(self) -> None:
        """Forget what was true of one connection only."""
        self.caps = Capabilities()
        self.isupport = ISupport()
        self.labels = Labels()
        self.names: dict[Buffer, dict[str, Member]] = {}
        self.listings: list[Listing] = []
        self.presence = Presence(self)
        # Folded names of rooms that the person wants to hear of; coming in tells the same unasked.
        self.rooms_asked: dict[str, set[str]] = {"NAMES": set(), "TOPIC": set()}
        self.nicks_tried = 0
        self.has_ended_caps = False
        self.source = ""
        self.last_words = ""
        self.origin: Buffer | None = None
        self._batches = Batches()
        self._lines: list[str] = []
        self.login.begin_anew()
        self.pulse = Pulse(self.now)

    # The connection

    def connecting(self) -> None:
        """An attempt to connect begins."""
        self.model.state = ConnectionState.CONNECTING
        self.model.retry_at = None
        self.model.touch()

    def connected(self, *, is_private: bool = False) -> None:
        """The way to the server is open: introduce ourselves. ``is_private``: nobody can overhear us."""
        self._begin()
        self.login.begin_anew(is_private)
        self.model.state = ConnectionState.REGISTERING
        self.named(self.wanted_nick)
        if self._password:
            self.send("PASS", self._password)
        self.send("CAP", "LS", "302")
        self.send("NICK", self.wanted_nick)
        self.send("USER", _user_name(self.wanted_nick), "0", "*", self.wanted_nick)

    def disconnected(self, reason: str, retry_at: float | None = None) -> None:
        """The connection has ended, or there was none. It is tried again at ``retry_at``, ``None``: never."""
        model = self.model
        if model.state is ConnectionState.ONLINE and not self.is_quitting:
            if not self.is_coming_anew:
                words = _("The connection is lost ({reason}). What you type is kept and sent later.")
                self.inform(words.format(reason=self.last_words or reason), model.current)
            self._cut_in = model.current
        elif self.last_words and not self.is_quitting and self.last_words not in self.told:
            self.told.add(self.last_words)  # once: it may say so at every attempt
            self.complain(
                _("The server does not let us in: {reason}").format(reason=self.last_words), model.current
            )
        model.state = ConnectionState.OFFLINE
        model.retry_at = retry_at
        model.is_away = self.is_coming_anew = False
        self.rooms.cut()
        self.speaking.cut()
        self.reading.cut()
        self._begin()
        model.touch()

    def quit(self, *reason: str) -> None:
        """Take leave of the server, once; whoever calls ends the connection."""
        if not self.is_quitting and self.model.state in (ConnectionState.ONLINE, ConnectionState.REGISTERING):
            self.reading.markers.flush(at_once=True)
            self.send("QUIT", *reason)
        self.is_quitting = True

    def ready(self) -> None:
        """The server has welcomed us and listens."""
        if not self.rooms.ready():
            return
        if self._cut_in is not None:
            # Also where one has read that the connection was lost.
            for buffer in {self.model.current, self._cut_in}:
                self.inform(_("Connected again."), buffer)
            self._cut_in = None
        if self.away_words:
            self.send("AWAY", self.away_words)
        self.speaking.pump()

    def tick(self) -> None:
        """Look at the clock; call it when `due` has come."""
        if self.pulse.must_ask():
            self.send("PING", "alive")
        self.reading.tick()

    def due(self) -> float:
        """When `tick` is to be called next."""
        return self.reading.due(self.pulse.due())

    @property
    def was_welcome(self) -> bool:
        """Whether the server has let us in on this connection."""
        return self.model.state is ConnectionState.ONLINE

    def take_lines(self) -> list[str]:
        """What is to go out, without line ends; each line is given once."""
        lines, self._lines = self._lines, []
        return lines

    def send(
        self, command: str, *params: str, origin: Buffer | None = None, tags: Mapping[str, str] = NO_TAGS
    ) -> str:
        """Write a line with ``tags``, and a label if the answer belongs to ``origin``; the label, or "".

        Raises:
            UnsafeLine: A parameter cannot be sent so. Nothing was written.
        """
        line = Line(command, list(params), tags=tags)
        label = ""
        if origin is not None and self.caps.has_labels:
            label = self.labels.new(origin)
            line.tags = {"label": label, **tags}
        self._lines.append(format_line(line))
        self.on_lines()
        return label

    def hear(self, line: Line) -> None:
        """Take in a line of the server. Nothing that a server can say raises."""
        self.pulse.heard()
        unwrapped = self.labels.unwrap(line)
        heard = self._batches.hear(unwrapped) if unwrapped is not None else None
        if isinstance(heard, Batch):
            hear_batch(self, heard)
        elif heard is not None:
            self.heard(heard)
        if label := self.labels.finish():
            self.speaking.answered(label)

    def heard(self, line: Line) -> None:
        """Take in a line that tells of the present: no page of history."""
        origin = self.labels.origin(line)
        self.origin = origin if origin in self.model.buffers else None
        hearer = HEARERS.get(line.command)
        try:
            if hearer is not None:
                hearer(self, line)
            elif line.command.isdecimal():
                replies.numeric(self, line)
        except UnsafeLine as error:
            # What the server gave us cannot be said back to it, for example the token of a PING.
            self.complain(str(error), self.model.server)
        self.origin = None

    # What the person does

    def submit(self, text: str) -> Outcome:
        """Do what the person typed: a command, a word of farewell, or a message to the current room."""
        return slash.submit(self, text)

    def say(self, buffer: Buffer, text: str) -> None:
        """Say ``text``; offline it waits."""
        self.speaking.say(buffer, text)

    def act(self, buffer: Buffer, text: str) -> None:
        """Do ``text``, as /me."""
        self.speaking.say(buffer, text.replace("\n", " "), EntryKind.ACTION)

    def load_older(self, buffer: Buffer) -> None:
        """Ask for the page of history before the oldest entry, unless one is on its way."""
        if self.model.state is ConnectionState.ONLINE:
            self.reading.catchup.load_older(buffer)

    def ask(self, command: str, *params: str, if_nothing: str = "") -> str:
        """Send what the person asked for; what comes of it, or ``if_nothing``, is shown here. Its label."""
        label = self.send(command, *params, origin=self.model.current)
        self.labels.if_nothing(label, if_nothing)
        return label

    # Who we are

    def is_me(self, nick: str) -> bool:
        """Whether ``nick`` is ours."""
        return nick == self.model.nick or self.model.fold(nick) == self.model.fold(self.model.nick)

    def named(self, nick: str) -> None:
        """We are ``nick`` from now on."""
        self.model.nick = nick
        self.attention.named(nick)
        if self.model.fold(nick) == self.model.fold(self.asked_nick):
            self.wanted_nick = nick
        self.model.touch()

    def nick_is_free(self, nick: str) -> None:
        """Nobody is ``nick`` any more; if it is the one we wanted, take it."""
        fold = self.model.fold
        is_online = self.model.state is ConnectionState.ONLINE
        if is_online and fold(nick) == fold(self.wanted_nick) and not self.is_me(nick):
            self.send("NICK", self.wanted_nick)

    # Words of the client

    def inform(self, words: str, buffer: Buffer | None = None) -> None:
        """Tell the person something; without ``buffer`` where they asked, or where they are."""
        self._note(EntryKind.INFO, words, buffer)

    def complain(self, words: str, buffer: Buffer | None = None) -> None:
        """Tell the person of an error, as `inform`."""
        self._note(EntryKind.ERROR, words, buffer)

    def _note(self, kind: EntryKind, words: str, buffer: Buffer | None) -> None:
        place = buffer or self.origin or self.model.current
        # What is on the screen may belong to another server: there it is said which one tells this.
        whose = "" if place in self.model.buffers else self.model.server.name
        place.add(Entry(kind, self.now(), words, place=whose))


def _user_name(nick: str) -> str:
    """``nick`` as a user name, which is ASCII nearly everywhere."""
    return re.sub(r"[^A-Za-z0-9._-]", "", nick)[:10].lstrip("-.") or "chat"
