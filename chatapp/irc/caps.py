"""The capabilities we know, and what each lets one hear (IRCv3 capability-negotiation 302)."""

from __future__ import annotations

ACCOUNT_NOTIFY = "account-notify"
ACCOUNT_REGISTRATION = "draft/account-registration"
ACCOUNT_TAG = "account-tag"
AWAY_NOTIFY = "away-notify"
BATCH = "batch"
CAP_NOTIFY = "cap-notify"
CHANNEL_RENAME = "draft/channel-rename"
CHATHISTORY = "draft/chathistory"
CHGHOST = "chghost"
ECHO_MESSAGE = "echo-message"
EVENT_PLAYBACK = "draft/event-playback"
EXTENDED_ISUPPORT = "draft/extended-isupport"
EXTENDED_JOIN = "extended-join"
EXTENDED_MONITOR = "extended-monitor"
INVITE_NOTIFY = "invite-notify"
LABELED_RESPONSE = "labeled-response"
MESSAGE_REDACTION = "draft/message-redaction"
MESSAGE_TAGS = "message-tags"
METADATA_2 = "draft/metadata-2"
METADATA_3 = "draft/metadata-3"
MULTILINE = "draft/multiline"
MULTI_PREFIX = "multi-prefix"
NO_IMPLICIT_NAMES = "no-implicit-names"
PERSISTENCE = "draft/persistence"
PLAYBACK = "znc.in/playback"
PRE_AWAY = "draft/pre-away"
READ_MARKER = "draft/read-marker"
SEARCH = "soju.im/search"
SASL = "sasl"
SERVER_TIME = "server-time"
SETNAME = "setname"
STS = "sts"
STANDARD_REPLIES = "standard-replies"
USERHOST_IN_NAMES = "userhost-in-names"

#: The tag of a line that goes on where the one before it ends (draft/multiline).
MULTILINE_CONCAT = f"{MULTILINE}-concat"

#: What the server offers: names, and the values that only CAP LS 302 shows.
OFFERED: dict[str, str] = dict.fromkeys(
    (
        ACCOUNT_NOTIFY,
        ACCOUNT_REGISTRATION,
        ACCOUNT_TAG,
        AWAY_NOTIFY,
        BATCH,
        CAP_NOTIFY,
        CHANNEL_RENAME,
        CHATHISTORY,
        CHGHOST,
        ECHO_MESSAGE,
        EVENT_PLAYBACK,
        EXTENDED_ISUPPORT,
        EXTENDED_JOIN,
        EXTENDED_MONITOR,
        INVITE_NOTIFY,
        LABELED_RESPONSE,
        MESSAGE_REDACTION,
        MESSAGE_TAGS,
        METADATA_2,
        METADATA_3,
        MULTILINE,
        MULTI_PREFIX,
        NO_IMPLICIT_NAMES,
        PERSISTENCE,
        PLAYBACK,
        PRE_AWAY,
        READ_MARKER,
        SEARCH,
        SASL,
        SERVER_TIME,
        SETNAME,
        STANDARD_REPLIES,
        USERHOST_IN_NAMES,
    ),
    "",
)

#: What is told only to those who know version 302: for others everything must fit one line, and a client that
#: uses these knows it. All of them may be asked for by anyone.
ONLY_FOR_302 = frozenset(
    {
        ACCOUNT_REGISTRATION,
        EXTENDED_ISUPPORT,
        MESSAGE_REDACTION,
        METADATA_2,
        METADATA_3,
        MULTILINE,
        NO_IMPLICIT_NAMES,
        PERSISTENCE,
        PLAYBACK,
        PRE_AWAY,
        READ_MARKER,
        SEARCH,
        CHANNEL_RENAME,
    }
)

#: Commands that only some hear, and the capability that lets them.
COMMAND_NEEDS: dict[str, str] = {
    "ACCOUNT": ACCOUNT_NOTIFY,
    "AWAY": AWAY_NOTIFY,
    "CHGHOST": CHGHOST,
    "REDACT": MESSAGE_REDACTION,
    "RENAME": CHANNEL_RENAME,
    "SETNAME": SETNAME,
    "TAGMSG": MESSAGE_TAGS,
}

#: The capabilities that change how a relayed line reads; those who agree on them share its bytes.
SHAPING = frozenset(
    {
        ACCOUNT_NOTIFY,
        ACCOUNT_TAG,
        AWAY_NOTIFY,
        CHANNEL_RENAME,
        CHGHOST,
        EXTENDED_JOIN,
        MESSAGE_REDACTION,
        MESSAGE_TAGS,
        MULTILINE,
        SERVER_TIME,
        SETNAME,
        INVITE_NOTIFY,
    }
)


def format_caps(caps: dict[str, str], with_values: bool) -> list[str]:
    """The words of a CAP LS: ``name`` or ``name=value``."""
    return [f"{name}={value}" if value and with_values else name for name, value in caps.items()]


def parse_caps(text: str) -> dict[str, str]:
    """Read the words of a CAP LS or CAP NEW: names and their values, "" where there is none."""
    return {name: value for name, _, value in (word.partition("=") for word in text.split(" ")) if name}
