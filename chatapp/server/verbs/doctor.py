"""``chat-server doctor``: one screen that says how the server is, and what to do about what is not well."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from chatapp import __version__
from chatapp.server.config import data_dir
from chatapp.server.examination import data
from chatapp.server.examination.access import accounts, operators, ways_in
from chatapp.server.examination.backups import backups
from chatapp.server.examination.certificates import certificates
from chatapp.server.examination.clock import Clocks, clock
from chatapp.server.examination.disk import disk
from chatapp.server.examination.finding import Finding, Mark, needs_fixing
from chatapp.server.examination.limits import limits
from chatapp.server.examination.listening import giving_metrics, listening
from chatapp.server.examination.programs import extras, programs
from chatapp.server.examination.report import as_json, shows_colours, table, width_of
from chatapp.server.open_files import file_limit, raise_file_limit
from chatapp.server.settings import Config
from chatapp.server.verbs.command_line import new_parser, settings_of


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server doctor``."""
    parser = new_parser(
        "doctor",
        _("Looks at the server, whether it runs or not, and tells what to fix. Nothing is changed."),
    )
    parser.add_argument("--json", action="store_true", help=_("for programs: one JSON object"))
    return parser


def run(given: argparse.Namespace) -> int:
    """Examine; give back the exit code: 0 nothing to fix, 1 something to fix, 2 mistaken."""
    config = settings_of(given)
    findings = list(examine(config, given.config))
    if given.json:
        print(as_json(findings, version=__version__))
    else:
        print(table(findings, shows_colours(sys.stdout, os.environ), width_of(sys.stdout)))
        print("\n" + _summary(findings))
    return 1 if needs_fixing(findings) else 0


def examine(config: Config, file: Path | None) -> Iterator[Finding]:
    """Look at everything; ``file`` is where the settings come from."""
    before = Clocks()
    directory = data_dir(config)
    folder = list(data.folder(directory))
    known = directory if directory and not needs_fixing(folder) else None
    server = data.server(known) if known else None
    status = server.status if server else None
    inside, about_contents = data.contents(known) if known else (None, [])
    if server is not None:
        yield server.finding
    if status is not None:
        yield from data.same_settings(config, status)
    yield from ways_in(config)
    if server is None or not server.runs:
        yield from _obstacles(config)
    yield from accounts(config.rules)
    yield from operators(config, file, inside.has_owner if inside else None)
    yield from certificates(config, directory, datetime.now(UTC))
    yield from limits(config.rules, status.files if status else _files_to_come(), status)
    yield from folder
    yield from data.log_file(config.log)
    if directory is not None:
        yield from disk(directory, may_write=known is not None)
        yield from about_contents
        yield data.forgetting(config.rules.history)
    yield clock(before, Clocks(), inside.newest if inside else 0)
    if known is not None and inside is not None:
        yield backups(known, datetime.now(UTC))
    yield from (*extras(config), *programs(keeps_data=directory is not None))


def _obstacles(config: Config) -> Iterator[Finding]:
    """Where a server that starts now could not listen."""
    found = [each for listener in config.listeners for each in listening(listener, is_running=False)]
    found += giving_metrics(config.metrics, is_running=False)
    yield from (each for each in found if each.mark is Mark.FIX)


def _files_to_come() -> int:
    """How many files a server may have open that is started like this."""
    raise_file_limit()
    return file_limit()


def _summary(findings: list[Finding]) -> str:
    wrong = sum(finding.mark is Mark.FIX for finding in findings)
    worth = sum(finding.mark is Mark.LOOK for finding in findings)
    if not wrong and not worth:
        return _("All is well.")
    parts = []
    if wrong:
        parts.append(ngettext("{count} thing to fix", "{count} things to fix", wrong).format(count=wrong))
    if worth:
        words = ngettext("{count} thing to look at", "{count} things to look at", worth)
        parts.append(words.format(count=worth))
    return ", ".join(parts) + "."
