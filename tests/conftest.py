"""The tests speak English, whatever the language of the computer, and fail on none for being slow.

Hypothesis tries the same cases in each run, so that whoever changed nothing sees nothing fail. Now and
then let it look elsewhere: ``pytest --hypothesis-profile=hunting``.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Before anything asks for a text, and for the programs that tests start.
os.environ["LANGUAGE"] = "en"

slowly = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("hunting", derandomize=False, **slowly)
settings.register_profile("patient", derandomize=True, database=None, **slowly)
settings.load_profile("patient")
