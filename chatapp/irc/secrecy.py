"""Which parameters of a line may hold a password or a key: no log and no screen shows them.

In doubt more is hidden than needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Commands of whose parameters nothing is shown.
SECRET = re.compile("PASS|AUTHENTICATE|OPER|REGISTER|VERIFY|WEBIRC|IDENTIFY|LOGIN|OWNER|CHALLENGE")
#: Words that may stand after AUTHENTICATE in the clear: how one proves oneself, not the proof.
MECHANISMS = frozenset(
    [
        "+",
        "*",
        "PLAIN",
        "EXTERNAL",
        "ANONYMOUS",
        "OAUTHBEARER",
        "ECDSA-NIST256P-CHALLENGE",
        "SCRAM-SHA-1",
        "SCRAM-SHA-256",
        "SCRAM-SHA-512",
    ]
)
#: The commands that stand for those who look after names and rooms where the server does not.
SERVICE_COMMANDS = re.compile("(?:NICK|CHAN|AUTH|OPER|USER|SASL)SERV|NS|CS|AS|OS|US")
#: What one says to them; a password can follow, but is not among these.
SERVICE_WORDS = frozenset(
    [
        "identify",
        "id",
        "login",
        "logout",
        "auth",
        "register",
        "verify",
        "confirm",
        "ghost",
        "recover",
        "release",
        "regain",
        "set",
        "setpass",
        "passwd",
        "group",
        "drop",
        "help",
        "info",
        "status",
        "resetpass",
        "sendpass",
        "enforce",
        "cert",
        "hello",
        "saregister",
        "op",
    ]
)
#: What is said, to people and to services alike.
SAID = frozenset({"PRIVMSG", "NOTICE"})
#: Where the modes begin in what sets or tells them; one of them may be a key.
MODES = {"MODE": 1, "324": 2}


def is_service(targets: str) -> bool:
    """Whether one of ``targets`` looks after names: called so, as NickServ, or addressed at a server."""
    return any(
        "#" not in name and ("@" in name[1:] or name.lower().endswith("serv")) for name in targets.split(",")
    )


def is_secret_command(command: str) -> bool:
    """Whether nothing that follows ``command``, in capitals, is shown."""
    return bool(SECRET.fullmatch(command) or SERVICE_COMMANDS.fullmatch(command))


def sets_key(modes: Sequence[str]) -> bool:
    """Whether a key may be among ``modes``, as MODE and 324 have them after the channel."""
    return any("k" in word for at, word in enumerate(modes) if at == 0 or word[:1] in ("+", "-"))


def shown_params(command: str, params: Sequence[str]) -> list[str]:
    """The parameters of a line up to the first that may hold a secret."""
    if is_secret_command(command):
        return []
    if command == "JOIN" or (command in SAID and params and is_service(params[0])):
        return list(params[:1])
    begin = MODES.get(command)
    if begin is not None and sets_key(params[begin:]):
        return list(params[: begin + 1])
    return list(params)
