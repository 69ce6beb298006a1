"""The tests speak English and hear Ctrl-C wherever they are run, and fail on no computer for being slow.

Hypothesis tries the same cases in each run, so that whoever changed nothing sees nothing fail. Now and
then let it look elsewhere: ``pytest --hypothesis-profile=hunting``.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# Before anything asks for a text, and for the programs that tests start.
os.environ["LANGUAGE"] = "en"
# From 3.14 on the help that a test looks at could be in colours.
os.environ["PYTHON_COLORS"] = "0"

# A shell has what it runs in the background ignore Ctrl-C, and so would the programs that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

slowly = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("hunting", derandomize=False, **slowly)
settings.register_profile("patient", derandomize=True, database=None, **slowly)
settings.load_profile("patient")
