"""What the core asks of the world outside, and nothing more.

The store fulfils `History` and `Keeper`; a listener lends each session a `Wire`. `tests/store/contract.py`
says the same as tests, for the store and for the fake that stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from chatapp.core.message import Message
from chatapp.irc import scram

#: What is kept of a password.
Verifier = scram.Verifier


class Kept(NamedTuple):
    """A message to keep, and the conversation it belongs to.

    A conversation's key is the folded name of a channel, or ``owner nick`` for what the holder of the history
    key ``owner`` exchanged with ``nick`` (folded): each party to a direct message has a conversation of their
    own, so such a message is kept twice with the same stamp.
    """

    conversation: str
    message: Message


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One mask of a list mode: who set it and when (seconds since 1970)."""

    mask: str
    setter: str
    time: int


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Everything about a channel that a restart must not lose. Times are seconds since 1970.

    ``modes`` are the letters of the modes without a parameter, sorted; ``key`` and ``limit`` are "" and 0
    where there is none; ``lists`` maps a list mode's letter to its entries in the order they were set;
    ``founder`` is the account of a registered channel's, "" where nobody has registered it.
    """

    name: str
    created: int
    topic: str = ""
    topic_setter: str = ""
    topic_time: int = 0
    modes: str = ""
    key: str = ""
    limit: int = 0
    lists: dict[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    forward: str = ""
    slow: int = 0
    founder: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """Someone who stays while nobody is connected: who they are, and their modes in each channel by name."""

    user_name: str
    host: str
    realname: str
    modes: str = ""
    rooms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything about an account that a restart must not lose (see `chatapp.core.account.Account`).

    ``certificates`` are those that one logs in with instead of the password, each the SHA-256 of one (64 hex
    digits), in the order they were added; no two accounts have the same. ``unseen`` are those of them that
    were only written down so far.
    """

    name: str
    created: int
    verifier: Verifier
    owner: str
    email: str = ""
    multiclient: bool | None = None
    always_on: bool | None = None
    presence: Presence | None = None
    certificates: tuple[str, ...] = ()
    unseen: frozenset[str] = frozenset()


class Redaction(NamedTuple):
    """A message to take out of the conversations ``keys``, and of whoever's with one of ``partners``.

    The partners are folded nicks: of a direct message both parties' copies go, also that of someone who is
    not here any more.
    """

    stamp: int
    keys: tuple[str, ...]
    partners: tuple[str, ...] = ()


class Renamed(NamedTuple):
    """What is kept under the folded name ``old`` of a channel is kept under ``new`` from now on."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ServerBan:
    """Who may not come to the server (see `chatapp.core.bans`). ``expires`` is 0 for never."""

    mask: str
    setter: str
    reason: str
    time: int
    expires: int = 0


class AuditEntry(NamedTuple):
    """What an operator of the server did, and when (a stamp). ``operator`` is their mask at that time."""

    stamp: int
    operator: str
    action: str
    target: str
    detail: str


class Changes(NamedTuple):
    """All that one tick wants kept, in one transaction: all of it or nothing.

    ``channels`` and ``accounts`` map a folded name to its present state, or to ``None`` when it is to be
    forgotten. ``renames`` come before everything else, ``redactions`` after the messages. ``markers`` maps
    whose (a history key) and of what (a folded name) to the time of the last message read, as a stamp.
    ``metadata`` maps whose (a history key, or a channel's folded name) and the key to the value. In both
    ``None`` forgets. ``bans`` maps a folded mask to its ban, or to ``None``; ``audit`` is only added to.
    """

    messages: Sequence[Kept] = ()
    channels: dict[str, ChannelState | None] = {}  # noqa: RUF012  a default that nobody changes
    accounts: dict[str, AccountState | None] = {}  # noqa: RUF012  likewise
    renames: Sequence[Renamed] = ()
    redactions: Sequence[Redaction] = ()
    markers: dict[tuple[str, str], int | None] = {}  # noqa: RUF012  likewise
    metadata: dict[tuple[str, str], str | None] = {}  # noqa: RUF012  likewise
    bans: dict[str, ServerBan | None] = {}  # noqa: RUF012  likewise
    audit: Sequence[AuditEntry] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Which messages of one conversation to read. Bounds are stamps, exclusive; ``None`` is open.

    ``limit`` (at least 1) of them are taken from the new end if ``newest``, else from the old end. Without
    ``events`` only PRIVMSG and NOTICE count and are given.
    """

    conversation: str
    after: int | None = None
    before: int | None = None
    limit: int = 100
    newest: bool = True
    events: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Which PRIVMSG and NOTICE of some conversations to find. Bounds are stamps, inclusive.

    Those that hold every one of ``words``, each at the beginning of a word of theirs (a single ASCII letter
    only as a word), whatever the case and the accents; and whose sender's nick ``is_from`` accepts: it is
    asked on another thread. ``limit`` (at least 1) of them are taken from the new end if ``newest``, else
    from the old end.
    """

    conversations: Sequence[str]
    words: tuple[str, ...] = ()
    is_from: Callable[[str], bool] | None = None
    after: int | None = None
    before: int | None = None
    limit: int = 100
    newest: bool = True


class Keeper(Protocol):
    """What makes a tick durable."""

    async def keep(self, changes: Changes) -> None:
        """Keep ``changes``; return once they would survive a crash.

        Calls may overlap; they are kept in the order they were made, and several may share one transaction.

        Raises:
            StoreError: They could not be kept; nothing of them was.
        """


class History(Protocol):
    """What was said before. Reads see everything whose `Keeper.keep` has returned."""

    async def read(self, span: Span) -> list[Message]:
        """The messages of ``span``, oldest first. An unknown conversation has none."""

    async def latest_of(self, conversations: Sequence[str]) -> dict[str, int]:
        """The stamp of the newest PRIVMSG or NOTICE of each conversation that has one."""

    async def conversations_of(self, owner: str) -> list[str]:
        """The folded nicks ``owner`` has exchanged messages with."""

    async def audited(self, limit: int) -> list[AuditEntry]:
        """The last ``limit`` things that operators of the server did, oldest first."""

    async def search(self, search: Search) -> list[Kept]:
        """What ``search`` finds, oldest first, and where. What several conversations hold comes once.

        Raises:
            StoreError: It could not be done, or took too long.
        """


class Busy(Exception):
    """Too many passwords are being checked already; try again in a moment."""


class Proofs(Protocol):
    """The arithmetic and the dice of passwords."""

    async def derive(
        self, password: str, salt: bytes, iterations: int, check: Callable[[], object] = bool
    ) -> Verifier:
        """As `chatapp.irc.scram.derive`, while everybody else goes on.

        ``check`` is called when its turn has come; if that raises something, nothing is worked on.

        Raises:
            Busy: Too many wait for theirs already.
        """

    async def create(self, password: str) -> Verifier:
        """A verifier with a new salt, of the cost that is configured.

        Raises:
            Busy: As for `derive`.
        """

    def unknown(self, folded: str) -> Verifier:
        """What stands in for the verifier of a name that nobody has: always the same, and nobody's."""

    def digest(self, text: str) -> bytes:
        """32 bytes for ``text``: always the same on this server, and on no other."""

    def nonce(self) -> str:
        """Printable text without a comma that nobody can guess."""


class StoreError(Exception):
    """What was to be kept could not be; ``str()`` says why in words for the operator.

    ``may_pass`` if it is worth trying again until somebody has seen to it: a full disk, one that has a fault.
    """

    may_pass = False


class Wire(Protocol):
    """What a listener lends a session to speak through. Neither call ever raises or waits."""

    def write(self, data: bytes) -> None:
        """Send ``data``; over its byte budget the wire ends the session by itself."""

    def close(self, last_words: bytes = b"") -> None:
        """Send ``last_words``, then end the connection; a second call does nothing."""
