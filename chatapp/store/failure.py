"""SQLite's errors in words that an operator understands."""

from __future__ import annotations

import sqlite3
from gettext import gettext as _

from chatapp.core.ports import StoreError

_PRIMARY_CODE = 0xFF  # the low byte of an extended result code (https://sqlite.org/rescode.html)
#: What the operator can put right while the server waits: room, rights, a disk that is there again.
_PASSING = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    }
)


def explain(error: Exception, place: str) -> StoreError:
    """A StoreError that says what ``error`` means for the data at ``place``."""
    if isinstance(error, StoreError):
        return error
    code = getattr(error, "sqlite_errorcode", None)
    code = code & _PRIMARY_CODE if isinstance(code, int) else 0
    words = _words(code)
    explained = StoreError(
        (words or _("{place}: could not be kept ({error})")).format(
            place=place, error=f"{type(error).__name__}: {error}"
        )
    )
    explained.may_pass = code in _PASSING
    explained.__cause__ = error
    return explained


def _words(code: int) -> str:
    match code:
        case sqlite3.SQLITE_FULL:
            return _("{place}: the disk is full; nothing more can be kept until there is room")
        case sqlite3.SQLITE_IOERR:
            return _("{place}: the disk reports a fault ({error})")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return _("{place}: this user may not write there ({error})")
        case sqlite3.SQLITE_CANTOPEN:
            return _(
                "{place}: cannot be opened; does the folder exist, and may this user write to it? ({error})"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _("{place}: is damaged or not a database of chatapp; restore a backup ({error})")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _("{place}: another program holds the database and does not let go ({error})")
    return ""
