"""The tests speak English, whatever the language of the computer that they run on."""

from __future__ import annotations

import os

# Before anything asks for a text, and for the programs that tests start.
os.environ["LANGUAGE"] = "en"
