"""The same targets, guided by the code that an input reaches, where atheris is installed.

``python tests/fuzz/guided.py TARGET SECONDS FOLDER`` is one hunt, which `hunt_guided` starts as a process;
what was found of interest, and what fails, lies in FOLDER afterwards.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

#: Beside the seconds that a hunt is given: to start, and to end.
_GRACE_SECONDS = 120


class Guided(NamedTuple):
    """How a guided hunt went; ``failures`` are the files that fail."""

    inputs: int
    failures: list[Path]
    said: str


def is_there() -> bool:
    """Whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def hunt_guided(name: str, seconds: int, folder: Path) -> Guided:
    """Hunt the target ``name`` for so many seconds."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    before = set(place.iterdir())
    ended = subprocess.run(
        [sys.executable, __file__, name, str(seconds), str(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds + _GRACE_SECONDS,
    )
    said = ended.stdout.decode(errors="replace")
    counts = re.findall(r"stat::number_of_executed_units: *(\d+)|^#(\d+)\s", said, re.MULTILINE)
    inputs = max((int(one or other) for one, other in counts), default=0)
    new = set(place.iterdir()) - before
    failures = sorted(path for path in new if path.name.startswith(("crash-", "timeout-", "oom-")))
    return Guided(inputs, failures, "" if ended.returncode == 0 else said[-3000:])


def main() -> None:
    """One hunt; atheris ends the process."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import atheris

    with atheris.instrument_imports(include=["chatapp"]):
        from fuzz.target import CORPUS
        from fuzz.targets import TARGETS

    name, seconds, folder = sys.argv[1:4]
    options = [f"-max_total_time={seconds}", "-timeout=20", "-max_len=20000", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={folder}/", folder, str(CORPUS / name)], TARGETS[name].run
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
