"""The text of a measured message: who sent it, its number and when, in digits of fixed width.

Lines of one run are told apart without parsing them: ``|`` stands at the beginning of a measured text and
nowhere else in a run.
"""

from __future__ import annotations

import re
import time

#: What every measured text begins with, once a message.
MARK = b"|"
#: A sender's messages are numbered from 1 and stay below this.
SPAN = 10**8
#: Senders are numbered from 0 in four digits.
MOST_SENDERS = 10_000
#: The shortest text, in bytes.
LEAST_BYTES = 27

#: Finds sender and number of each message as one run of digits: ``sender * SPAN + number``.
NUMBERS = re.compile(rb"\|(\d{12})\d{14}")
#: Finds the time of each message, in microseconds of `clock`.
TIMES = re.compile(rb"\|\d{12}(\d{14})")


def clock() -> int:
    """Microseconds on the machine's steady clock: the same in every process."""
    return time.perf_counter_ns() // 1000


def template(size: int) -> bytes:
    """A text, ``size`` bytes long, in which ``%`` puts its key and the time at which it was sent."""
    return b"|%012d%014d" + b"." * (size - LEAST_BYTES)


def format_text(key: int, now: int, size: int) -> bytes:
    """Write the text of message ``key`` (``sender * SPAN + number``) sent at ``now``, ``size`` bytes long."""
    return template(size) % (key, now)


def mark_of(sender: int) -> bytes:
    """How each text of ``sender`` begins."""
    return b"|%04d" % sender
