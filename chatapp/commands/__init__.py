"""The verbs: one file for each family of IRC commands. Importing the package fills the table."""

from chatapp.commands import (
    capabilities,
    channels,
    history,
    information,
    membership,
    messaging,
    modes,
    presence,
    queries,
    registration,
)

__all__ = [
    "capabilities",
    "channels",
    "history",
    "information",
    "membership",
    "messaging",
    "modes",
    "presence",
    "queries",
    "registration",
]
