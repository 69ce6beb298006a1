"""A finding: something looked at, how it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from gettext import gettext as _

from chatapp.irc.catalogue import N_


class Mark(Enum):
    """How something is: as it should be, worth a look, or wrong."""

    OK = N_("ok")
    LOOK = N_("look")
    FIX = N_("fix")

    @property
    def word(self) -> str:
        """The mark in the language of the reader."""
        words = str(self.value)
        return _(words)


#: What is looked at, by the name that programs know it by.
TOPICS = {
    "server": N_("server"),
    "access": N_("who comes in"),
    "accounts": N_("accounts"),
    "operators": N_("operators"),
    "certificate": N_("certificate"),
    "limits": N_("limits"),
    "data": N_("data"),
    "disk": N_("disk"),
    "history": N_("history"),
    "clock": N_("clock"),
    "backup": N_("backup"),
    "programs": N_("programs"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """``text`` says how ``topic`` (a name of `TOPICS`) is, ``remedy`` what to do, "" where it is good."""

    topic: str
    mark: Mark
    text: str
    remedy: str = ""

    @property
    def title(self) -> str:
        """What is looked at, in the language of the reader."""
        words = TOPICS[self.topic]
        return _(words)


def ok(topic: str, text: str) -> Finding:
    """``topic`` is as it should be."""
    return Finding(topic, Mark.OK, text)


def look(topic: str, text: str, remedy: str) -> Finding:
    """``topic`` may be meant so; a person should know."""
    return Finding(topic, Mark.LOOK, text, remedy)


def fix(topic: str, text: str, remedy: str) -> Finding:
    """``topic`` is wrong."""
    return Finding(topic, Mark.FIX, text, remedy)


def as_its_user() -> str:
    """What to do where somebody else's data cannot be read or written."""
    return _("run this as the user whom the data belongs to, or name the right --data-dir")


def needs_fixing(findings: Iterable[Finding]) -> bool:
    """Whether any of ``findings`` is wrong."""
    return any(finding.mark is Mark.FIX for finding in findings)
