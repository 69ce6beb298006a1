"""Whether to talk to a server: by its key, by what was known of it, and where it has no TLS (pure).

With a handshake, the first row that fits decides:

| fingerprint given | key known | then |
|---|---|---|
| it is this key | any | trust it, and remember it |
| it is another | any | refuse |
| none | this key | trust it |
| none | none | meet: trust it, remember it, and show it |
| none | another | ask the authorities that this computer trusts: trust it and remember it, or refuse |

Without a handshake:

| | then |
|---|---|
| the key is known | never in plain text; it is tried again |
| TLS or a fingerprint was asked for | refuse |
| it speaks TLS, and cannot agree with us | refuse |
| else | plain text, and the person is told; but no password leaves this computer so |
"""

from __future__ import annotations

from enum import Enum, auto
from gettext import gettext as _

from chatapp.irc.fingerprint import short


class Distrusted(Exception):
    """We do not talk to this server, and trying again would not help; ``str()`` tells the person why."""


class KeyChanged(Distrusted):
    """The server's key is ``key``, and another one was known."""

    def __init__(self, where: str, known: str, key: str) -> None:
        super().__init__(key_has_changed(where, known, key))
        self.key = key


class Verdict(Enum):
    """What to do with a key."""

    TRUST = auto()
    REMEMBER = auto()
    MEET = auto()
    ASK_AUTHORITIES = auto()
    REFUSE = auto()


class Without(Enum):
    """What to do where there was no handshake."""

    PLAIN = auto()
    LATER = auto()
    REFUSE = auto()


def judge_key(key: str, known: str, wanted: str) -> Verdict:
    """What to do with ``key``; ``known`` and ``wanted`` (which may be a beginning of it) are "" for none."""
    if wanted:
        return Verdict.REMEMBER if key.startswith(wanted) else Verdict.REFUSE
    if key == known:
        return Verdict.TRUST
    return Verdict.ASK_AUTHORITIES if known else Verdict.MEET


def without_handshake(*, is_known: bool, is_asked_for: bool, speaks_tls: bool) -> Without:
    """What to do with a server that did not shake hands."""
    if is_known:
        return Without.LATER
    return Without.REFUSE if is_asked_for or speaks_tls else Without.PLAIN


def key_has_changed(where: str, known: str, key: str) -> str:
    """What the person must know of a key that is not the one that was known."""
    return "\n".join(
        [
            _("The key of {where} has changed; nothing was sent to it.").format(where=where),
            _("Known: {known}").format(known=short(known)),
            _("Now:   {key}").format(key=short(key)),
            _("Either the server was set up anew, or somebody stands between you and it: ask its operator."),
            _("If the new key is theirs, start once with: --tls-fingerprint {key}").format(key=short(key)),
        ]
    )


def key_is_another(where: str, wanted: str, key: str) -> str:
    """What the person must know where they had given a fingerprint."""
    return "\n".join(
        [
            _("{where} has another key than the one you gave; nothing was sent to it.").format(where=where),
            _("Given: {wanted}").format(wanted=short(wanted)),
            _("Found: {key}").format(key=short(key)),
        ]
    )


def first_meeting(key: str) -> str:
    """What is said when a key is seen for the first time."""
    words = _("Encrypted. First time here: this server's key is {key}; from now on no other is taken. ")
    return words.format(key=short(key)) + _(
        "To be sure that nobody sits between, compare it with its operator's."
    )


def in_the_clear(is_wish: bool) -> str:
    """What is said where there is no encryption; ``is_wish``: the person wanted it so."""
    if is_wish:
        return _("Not encrypted, as you asked: others on the network can read and change what is said.")
    return _("Not encrypted: this server has no TLS. Others on the network can read and change what is said.")
