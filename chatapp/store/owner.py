"""The owner's code: shown when it is made, kept as a salted hash alone, good for one claim."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import sqlite3

from chatapp.store.database import Database

#: Bytes of chance in a code: nobody guesses 80 bits, so a fast hash is enough.
CODE_BYTES = 10
_SALT_BYTES = 16
#: What a person who copies a code by hand takes for a letter that it can hold.
_MISREAD = str.maketrans("018", "OIB", "- ")


class OwnerCode:
    """Who has the code claims the server. There is one code at a time; a new one ends the one before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self) -> str:
        """A code where none was ever made, else "".

        Raises:
            StoreError: It could not be kept.
        """
        code = _code()
        is_first = await self._database.write(
            lambda connection: _keep(connection, code, "ON CONFLICT DO NOTHING")
        )
        return code if is_first else ""

    async def renew(self) -> str:
        """A new code.

        Raises:
            StoreError: It could not be kept.
        """
        code = _code()
        await self._database.write(lambda connection: _keep(connection, code, _REPLACE))
        return code

    async def claim(self, code: str) -> bool:
        """Whether ``code`` is the present one and nobody has claimed it; from then on somebody has.

        Raises:
            StoreError: That could not be kept, and so is not so.
        """
        return await self._database.write(lambda connection: _claim(connection, code))


_REPLACE = "ON CONFLICT (id) DO UPDATE SET salt = excluded.salt, hash = excluded.hash, is_claimed = 0"


def _code() -> str:
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _hash(code: str, salt: bytes) -> bytes:
    plain = re.sub(r"[^A-Z2-7]", "?", code.upper().translate(_MISREAD))
    return hashlib.blake2b(plain.encode(), salt=salt).digest()


def _keep(connection: sqlite3.Connection, code: str, otherwise: str) -> bool:
    salt = secrets.token_bytes(_SALT_BYTES)
    cursor = connection.execute(
        f"INSERT INTO owner_code VALUES (1, ?, ?, 0) {otherwise}", (salt, _hash(code, salt))
    )
    return cursor.rowcount > 0


def _claim(connection: sqlite3.Connection, code: str) -> bool:
    row = connection.execute("SELECT salt, hash FROM owner_code WHERE NOT is_claimed").fetchone()
    if row is None or not hmac.compare_digest(_hash(code, row[0]), row[1]):
        return False
    connection.execute("UPDATE owner_code SET is_claimed = 1")
    return True
