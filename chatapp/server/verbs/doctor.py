"""``chat-server doctor``: one screen that says how the server is, and what to do about what is not well."""

from __future__ import annotations

import argparse
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
from chatapp.server.examination.finding import Finding, Mark, needs_fixing, ok
from chatapp.server.examination.limits import limits
from chatapp.server.examination.programs import extras, programs
from chatapp.server.examination.report import as_json, table
from chatapp.server.settings import Config
from chatapp.server.status import file_limit
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
        print(table(findings))
        print("\n" + _summary(findings))
    return 1 if needs_fixing(findings) else 0


def examine(config: Config, file: Path | None) -> Iterator[Finding]:
    """Look at everything; ``file`` is where the settings come from."""
    before = Clocks()
    directory = data_dir(config)
    now = datetime.now(UTC)
    if directory is None:
        yield from ways_in(config)
        yield accounts(config.rules)
        yield from operators(config, file, None)
        yield from certificates(config, None, now)
        yield from limits(config.rules, _files_to_come(), None)
        yield ok("data", _("Nothing is kept: data_dir is :memory:."))
        yield clock(before, Clocks(), 0)
        yield from (*extras(config), *programs())
        return
    server = data.server(directory)
    inside, about_contents = data.contents(directory)
    yield server.finding
    if server.status is not None:
        yield from data.same_settings(config, server.status)
    yield from ways_in(config)
    yield accounts(config.rules)
    yield from operators(config, file, inside.has_owner if inside else None)
    yield from certificates(config, directory, now)
    files = server.status.files if server.status else _files_to_come()
    yield from limits(config.rules, files, server.status)
    yield from data.folder(directory)
    yield from disk(directory)
    yield from about_contents
    yield data.forgetting(config.rules.history)
    yield clock(before, Clocks(), inside.newest if inside else 0)
    if inside is not None:
        yield backups(directory, now)
    yield from (*extras(config), *programs())


def _files_to_come() -> int:
    """How many files a server may have open that is started like this."""
    from chatapp.server.main import raise_file_limit

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
