"""The scenarios ``room``, ``rooms`` and ``rate``: some speak, all must hear everything once and in order."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.bench.bystanders import bystanders
from chatapp.bench.plan import Plan
from chatapp.bench.probe import cpu_seconds, resident_bytes
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.readers import Verdict
from chatapp.bench.report import Figures, Report, percentiles
from chatapp.bench.team import Team
from chatapp.bench.ways import PLAIN
from chatapp.bench.worker import Outcome


def measure_room(
    plan: Plan, pid: int | None = None, scenario: str = "room", progress: Progress = SILENT
) -> Report:
    """Run ``plan``; with ``pid`` say what the server's process used meanwhile.

    Raises:
        BenchError: The run could not be done.
        NoSuchFigure: ``pid`` cannot be looked at.
    """
    progress.begin(_("connecting"))
    with bystanders(plan), Team(plan) as team:
        caps = team.call("open")[0]
        team.call("settle")
        progress.begin(_("speaking"), plan.seconds)
        cpu = cpu_seconds(pid) if pid else 0.0
        sent: dict[int, int] = dict(ChainMap(*team.call("speak")))
        progress.begin(_("listening to the end"))
        outcomes: list[Outcome] = list(team.call("finish", sent))
        cpu = cpu_seconds(pid) - cpu if pid else 0.0
        resident = resident_bytes(pid) if pid else None
    report = Report(scenario, _figures(plan, caps, sum(sent.values()), outcomes))
    if pid:
        report.figures |= {
            "server cpu s/million": cpu * 1_000_000 / max(1, _together(outcomes).received),
            "server cpu share": cpu / max(_seconds(outcomes), 1e-6),
            "server resident MiB": (resident or 0) / 2**20,
        }
    report.faults = faults_of(_together(outcomes))
    return report


def _figures(plan: Plan, caps: frozenset[str], sent: int, outcomes: Sequence[Outcome]) -> Figures:
    verdict, seconds = _together(outcomes), _seconds(outcomes)
    return {
        "rooms": plan.rooms if plan.rooms > 1 else None,
        "members": plan.members,
        "senders": plan.senders,
        ("rate messages/s" if plan.rate else "window"): plan.rate or plan.window,
        "capabilities": " ".join(sorted(caps)) or "none",
        "capabilities refused": " ".join(sorted(set(plan.caps) - caps)) or None,
        "way": str(plan.way) if plan.way != PLAIN else None,
        "silent connections": plan.silent or None,
        "stalled members": plan.stalled or None,
        "seconds": seconds,
        "messages": sent,
        "messages/s": sent / max(seconds, 1e-6),
        "deliveries": verdict.received,
        "deliveries/s": verdict.received / max(seconds, 1e-6),
        **percentiles(outcome.delays for outcome in outcomes),
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "out of order": verdict.disordered,
        "members compared byte by byte": sum(o.followed for o in outcomes),
        "members read message by message": sum(o.checked for o in outcomes),
        "members counted": sum(o.counted for o in outcomes),
        "members who heard other bytes": sum(o.departed for o in outcomes),
        "bench cpu s/million": sum(o.cpu_seconds for o in outcomes) * 1_000_000 / max(1, verdict.received),
    }


def _together(outcomes: Sequence[Outcome]) -> Verdict:
    verdict = Verdict()
    for outcome in outcomes:
        verdict.add(outcome.verdict)
    return verdict


def _seconds(outcomes: Sequence[Outcome]) -> float:
    """From the first word to the last thing heard."""
    return (max(o.ended for o in outcomes) - min(o.began for o in outcomes)) / 1_000_000


def faults_of(verdict: Verdict) -> list[str]:
    """What must not happen, in words."""
    counts = {"lost": verdict.lost, "doubled": verdict.doubled, "out of order": verdict.disordered}
    faults = [f"{count} messages were {what}" for what, count in counts.items() if count]
    return faults if verdict.received else [*faults, "nothing was heard at all"]
