"""chat-client without a person: say something and leave, or print what was said."""

from __future__ import annotations

import argparse

from chatapp.client.config import Launch


def run(verb: str, launch: Launch, given: argparse.Namespace) -> int:
    """Do ``send`` or ``tail``; the exit code."""
    raise NotImplementedError(verb)
