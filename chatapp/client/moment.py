"""Moments as the protocol writes them, and as numbers (IRCv3 server-time)."""

from __future__ import annotations

from datetime import UTC, datetime


def parse_moment(text: str) -> float | None:
    """``2026-11-20T12:00:00.123Z`` in seconds since 1970, or ``None`` if it is not such a moment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


def format_moment(seconds: float) -> str:
    """``seconds`` since 1970 in UTC with milliseconds; what no calendar holds is the beginning of 1970."""
    try:
        moment = datetime.fromtimestamp(round(seconds, 3), UTC)
    except (OverflowError, ValueError, OSError):
        moment = datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
