"""The verbs: one file for each family of IRC commands. Importing the package fills the table."""

from chatapp.commands import (
    capabilities,
    channels,
    help,
    history,
    information,
    listing,
    membership,
    messaging,
    modes,
    multiline,
    operators,
    presence,
    queries,
    registration,
    who,
    whois,
)

__all__ = [
    "capabilities",
    "channels",
    "help",
    "history",
    "information",
    "listing",
    "membership",
    "messaging",
    "modes",
    "multiline",
    "operators",
    "presence",
    "queries",
    "registration",
    "who",
    "whois",
]
