"""Which capabilities we want of a server, and how far asking has come (IRCv3 capability negotiation)."""

from __future__ import annotations

from chatapp.client import multiline
from chatapp.irc import caps
from chatapp.irc.caps import parse_caps

WANTED = (
    caps.MESSAGE_TAGS,
    caps.SERVER_TIME,
    caps.ECHO_MESSAGE,
    caps.LABELED_RESPONSE,
    caps.BATCH,
    caps.MULTI_PREFIX,
    caps.USERHOST_IN_NAMES,
    caps.AWAY_NOTIFY,
    caps.EXTENDED_JOIN,
    caps.INVITE_NOTIFY,
    caps.SETNAME,
    caps.STANDARD_REPLIES,
    caps.ACCOUNT_TAG,
    caps.ACCOUNT_NOTIFY,
    "chghost",
    caps.CAP_NOTIFY,
    caps.CHATHISTORY,
    caps.EVENT_PLAYBACK,
    caps.CHANNEL_RENAME,
    caps.SASL,
    caps.ACCOUNT_REGISTRATION,
    caps.MULTILINE,
    caps.MESSAGE_REDACTION,
    caps.READ_MARKER,
    caps.SEARCH,
)

#: Bytes of names in one CAP REQ, so that it fits a line and its answer too.
_REQUEST_BYTES = 350


class Capabilities:
    """The capabilities of one connection. ``enabled`` is what the server has granted."""

    def __init__(self) -> None:
        self.enabled: set[str] = set()
        self._offered: set[str] = set()
        self._values: dict[str, str] = {}
        self._open = 0

    @property
    def is_waiting(self) -> bool:
        """Whether a request has no answer yet."""
        return self._open > 0

    @property
    def has_labels(self) -> bool:
        """Whether answers bear the label of the question."""
        return {caps.LABELED_RESPONSE, caps.BATCH, caps.MESSAGE_TAGS} <= self.enabled

    @property
    def has_echo(self) -> bool:
        """Whether we hear what we said."""
        return caps.ECHO_MESSAGE in self.enabled

    @property
    def has_history(self) -> bool:
        """Whether we can ask for history, and see which message is which."""
        return {caps.CHATHISTORY, caps.BATCH, caps.MESSAGE_TAGS, caps.SERVER_TIME} <= self.enabled

    @property
    def message_limits(self) -> multiline.Limits | None:
        """What a message of several lines may hold, ``None`` where there is no such thing."""
        if not {caps.MULTILINE, caps.BATCH, caps.MESSAGE_TAGS} <= self.enabled:
            return None
        return multiline.parse_limits(self.value(caps.MULTILINE))

    def value(self, name: str) -> str:
        """What the server says of its capability ``name``, "" for nothing."""
        return self._values.get(name, "")

    def offer(self, words: str) -> None:
        """The server offers these."""
        offered = {name: value for name, value in parse_caps(words).items() if name in WANTED}
        self._offered |= offered.keys()
        self._values |= offered

    def requests(self) -> list[str]:
        """What to ask for now: the words of as many CAP REQ as it takes; each will have an answer."""
        words: list[str] = []
        for name in WANTED:
            if name not in self._offered or name in self.enabled:
                continue
            if words and len(words[-1]) + len(name) < _REQUEST_BYTES:
                words[-1] += f" {name}"
            else:
                words.append(name)
        self._open += len(words)
        return words

    def granted(self, words: str) -> None:
        """The server has said ACK."""
        self._open = max(self._open - 1, 0)
        for name in parse_caps(words):
            if name[0] == "-":
                self.enabled.discard(name[1:])
            elif name in WANTED:
                self.enabled.add(name)

    def refused(self, words: str) -> list[str]:
        """The server has said NAK: ask one by one, since only one of them may be the reason."""
        self._open = max(self._open - 1, 0)
        names = [name for name in parse_caps(words) if name in self._offered]
        self._offered -= set(names)
        if len(names) < 2:
            return []
        self._open += len(names)
        return names

    def withdrawn(self, words: str) -> None:
        """The server has taken these back (cap-notify)."""
        self.enabled -= parse_caps(words).keys()
        self._offered -= parse_caps(words).keys()
