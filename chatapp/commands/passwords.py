"""The passwords of operators, as the settings have them: plain, or as a verifier that nobody can read."""

from __future__ import annotations

import base64
import binascii
import hmac

from chatapp.core.ports import Busy
from chatapp.core.world import World
from chatapp.irc.scram import Verifier, is_same

_KIND = "SCRAM-SHA-256"


async def is_password(world: World, given: str, wanted: str) -> bool:
    """Whether ``given`` is the password ``wanted``, which is plain or written by `write_verifier`.

    An empty ``wanted`` is nobody's password. How long it takes does not tell how near a guess was.
    """
    verifier = read_verifier(wanted)
    if verifier is None:
        return hmac.compare_digest(wanted.encode(), given.encode()) and wanted != ""
    if world.proofs is None:
        return False
    try:
        return is_same(await world.proofs.derive(given, verifier.salt, verifier.iterations), verifier)
    except Busy:
        return False


def write_verifier(verifier: Verifier) -> str:
    """``verifier`` as one word: ``SCRAM-SHA-256$iterations:salt$stored:server``, its bytes in base64."""
    salt, stored, server = (
        base64.b64encode(part).decode() for part in (verifier.salt, verifier.stored_key, verifier.server_key)
    )
    return f"{_KIND}${verifier.iterations}:{salt}${stored}:{server}"


def read_verifier(text: str) -> Verifier | None:
    """What `write_verifier` wrote; ``None`` for anything else, which is a password as it is."""
    kind, *parts = text.split("$")
    if kind != _KIND or len(parts) != 2:
        return None
    (iterations, _, salt), (stored, _, server) = (part.partition(":") for part in parts)
    try:
        salt_bytes, stored_key, server_key = (
            base64.b64decode(part, validate=True) for part in (salt, stored, server)
        )
        return Verifier(salt_bytes, int(iterations), stored_key, server_key)
    except (binascii.Error, ValueError):
        return None
