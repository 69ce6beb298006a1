"""``chat-server check``: every setting, where it comes from, and whether a server could start with them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import gettext as _

from chatapp.server.config import build, data_dir, gather
from chatapp.server.examination import data
from chatapp.server.examination.certificates import certificates
from chatapp.server.examination.finding import Finding, Mark, needs_fixing
from chatapp.server.examination.listening import giving_metrics, listening
from chatapp.server.examination.programs import extras
from chatapp.server.examination.report import shows_colours, table, width_of
from chatapp.server.examination.settings import listing
from chatapp.server.settings import Config
from chatapp.server.verbs.command_line import flags_of, new_parser


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server check``."""
    return new_parser(
        "check",
        _("Shows every setting and where it comes from, and tells whether a server could start with them."),
    )


def run(given: argparse.Namespace) -> int:
    """Check; give back the exit code: 0 a server would start, 2 it would not."""
    sources = gather(given.config, os.environ, flags_of(given))
    config = build(sources)
    print("\n".join(listing(sources, given.config)).lstrip("\n"))
    findings = list(examine(config))
    print("\n" + table(findings, shows_colours(sys.stdout, os.environ), width_of(sys.stdout)))
    if needs_fixing(findings):
        print(_("A server with these settings would not start."), file=sys.stderr)
        return 2
    return 0


def examine(config: Config) -> Iterator[Finding]:
    """Look at all that a start with ``config`` needs."""
    directory = data_dir(config)
    folder = list(data.folder(directory))
    known = directory if directory and not needs_fixing(folder) else None
    server = data.server(known) if known else None
    is_running = server is not None and server.runs
    if server is not None and (is_running or server.finding.mark is Mark.FIX):
        yield server.finding
    for listener in config.listeners:
        yield from listening(listener, is_running)
    yield from giving_metrics(config.metrics, is_running)
    yield from certificates(config, directory, datetime.now(UTC))
    yield from folder
    if known is not None:
        yield from (each for each in data.contents(known)[1] if each.mark is Mark.FIX)
    yield from data.log_file(config.log)
    yield from extras(config)
