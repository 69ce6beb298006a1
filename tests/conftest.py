"""The tests speak English, whatever the language of the computer, and fail on none for being slow."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Before anything asks for a text, and for the programs that tests start.
os.environ["LANGUAGE"] = "en"

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
