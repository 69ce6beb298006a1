"""A session: one connection of one user; its capabilities and its outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.core.addresses import is_local
from chatapp.core.dialect import Wrap, crlf, dialect_of
from chatapp.irc.sasl import Chunks
from chatapp.irc.scram import ScramServer

if TYPE_CHECKING:
    from chatapp.core.audience import Group
    from chatapp.core.multiline import ClientBatch
    from chatapp.core.ports import Wire
    from chatapp.core.user import User

NO_CAPS: frozenset[str] = frozenset()
#: The same for all: each call of `frozenset` makes another one, of 216 bytes.
_NO_KEYS: frozenset[str] = frozenset()


class Registration:
    """What a session has said of itself before it is let in; it is dropped when it is.

    ``modes`` are user modes that it comes in with; they come from us (the operator's console), not from it.
    ``account`` is the name of the one that it has logged in to; ``nick`` may turn out to be taken when it is
    let in, and ``refused`` is one that was.
    """

    __slots__ = (
        "account",
        "cap_version",
        "caps_open",
        "lines",
        "metadata",
        "modes",
        "nick",
        "password",
        "realname",
        "refused",
        "user_name",
    )

    def __init__(self) -> None:
        self.account = ""
        self.nick = ""
        self.refused = ""
        self.user_name = ""
        self.realname = ""
        self.password = ""
        self.metadata: dict[str, str] = {}
        self.modes = ""
        self.caps_open = False
        self.cap_version = 0
        self.lines = 0


class Login:
    """An attempt to log in that is under way (SASL): its mechanism, and what has come of a response.

    ``is_proven`` once the password has shown to be right, and only the client's consent is missing (SCRAM).
    """

    __slots__ = ("chunks", "is_proven", "mechanism", "scram")

    def __init__(self, mechanism: str, most: int) -> None:
        self.mechanism = mechanism
        self.chunks = Chunks(most)
        self.scram: ScramServer | None = None
        self.is_proven = False


class Session:
    """One connection. ``address`` is the peer's IP address as text, or "localhost" for a Unix socket.

    ``is_plain`` is true where a person types without a program of their own, or one that knows no IRC: nobody
    there answers a PING, and a name takes its time. ``is_secure`` is true where TLS carries what is said;
    ``certificate`` is the SHA-256 (hex) of the one that was shown there, "" for none.
    ``away`` is why the one at this connection is away, "" if they are not; ``login`` is what is under way.
    ``subscriptions`` are keys of metadata that it is told of; ``typing`` is where, how and when it last said
    that someone writes there.

    What it hears in the present tick is in ``outbox``, or is what the group that it ``follows`` hears.

    Times are seconds of the steady clock: ``began``, ``heard`` (the last line), ``pinged`` (0 when no PING is
    open).
    """

    __slots__ = (
        "address",
        "away",
        "batch",
        "began",
        "cap_version",
        "caps",
        "certificate",
        "dialect",
        "ended",
        "follows",
        "heard",
        "is_plain",
        "is_secure",
        "login",
        "outbox",
        "pinged",
        "registration",
        "subscriptions",
        "typing",
        "user",
        "wire",
        "wrap",
    )

    def __init__(self, wire: Wire, address: str, now: int, wrap: Wrap = crlf) -> None:
        self.wire = wire
        self.address = address
        self.wrap = wrap
        self.caps = NO_CAPS
        self.cap_version = 0
        self.dialect = dialect_of(NO_CAPS, wrap)
        self.user: User | None = None
        self.registration: Registration | None = Registration()
        self.follows: Group | None = None
        self.outbox: list[bytes] = []
        self.batch: ClientBatch | None = None
        self.subscriptions = _NO_KEYS
        self.typing: tuple[str, str, int] | None = None
        self.ended = False
        self.is_plain = False
        self.is_secure = False
        self.certificate = ""
        self.away = ""
        self.login: Login | None = None
        self.began = self.heard = now
        self.pinged = 0

    @property
    def told(self) -> int:
        """How many lines it hears in the present tick."""
        return len(self.outbox) + (len(self.follows.lines) if self.follows else 0)

    @property
    def keeps_secrets(self) -> bool:
        """Whether nobody can read along: by TLS, or because it does not leave this machine."""
        return self.is_secure or is_local(self.address)

    @property
    def account(self) -> str:
        """The name of the account that it has logged in to, also before it is let in; "" for none."""
        speaks_for = self.user or self.registration
        return speaks_for.account if speaks_for is not None else ""

    @property
    def nick(self) -> str:
        """How a numeric calls the one it is sent to: ``*`` before a nick is known."""
        if self.user is not None:
            return self.user.nick
        return (self.registration and self.registration.nick) or "*"

    def negotiate(self, caps: frozenset[str]) -> None:
        """Hear by exactly ``caps`` from the next line on, in every channel."""
        self.caps = caps
        dialect = dialect_of(caps, self.wrap)
        if dialect is self.dialect:
            return
        channels = self.user.channels if self.user else ()
        for channel in channels:
            channel.audience.remove(self)
        self.dialect = dialect
        for channel in channels:
            channel.audience.add(self)
