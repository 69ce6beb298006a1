"""``chat-server account add|list|remove|password``: the operator's hand on the accounts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from gettext import gettext as _

from chatapp.commands.login import check_password
from chatapp.core.errors import Failed
from chatapp.core.ports import Verifier
from chatapp.irc.catalogue import N_
from chatapp.irc.refusals import sentence
from chatapp.irc.visible import visible
from chatapp.server.accounts import carry_out
from chatapp.server.errands import Errand, NoAnswer
from chatapp.server.passwords import NoPassword, new_password
from chatapp.server.proofs import new_verifier
from chatapp.server.settings import Config
from chatapp.server.verbs.command_line import data_of, new_parser, settings_of

_VERBS = ("add", "list", "remove", "password")
_WITH_PASSWORD = ("add", "password")
_DONE = {
    "add": N_("The account {name} is made"),
    "remove": N_("The account {name} is no more"),
    "password": N_("{name} has a new password"),
}


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server account``."""
    parser = new_parser("account", _("Makes, lists and removes accounts, and gives them new passwords."))
    parser.add_argument("verb", choices=_VERBS, metavar="{" + ",".join(_VERBS) + "}")
    parser.add_argument("name", nargs="?", metavar=_("NAME"), help=_("the account"))
    parser.add_argument(
        "--password-stdin", action="store_true", help=_("read the password from the standard input, a line")
    )
    return parser


def run(given: argparse.Namespace) -> int:
    """Do what was ``given``; give back the exit code: 0 done, 1 refused, 2 mistaken."""
    if (given.verb == "list") is bool(given.name):
        parser().error(_("list takes no name, the others take one"))
    config = settings_of(given)
    directory = data_of(config).path
    try:
        verifier = (
            _new_verifier(config, given.name, given.password_stdin) if given.verb in _WITH_PASSWORD else None
        )
        answer = carry_out(config, directory, Errand(given.verb, given.name or "", verifier))
    except NoPassword as why:
        print(why, file=sys.stderr)
        return 1
    except NoAnswer as why:
        told = _("The server that uses this data does not answer")
        if why.is_taken:
            told = _("The server has begun with that and does not answer; see later what has come of it")
        print(told, file=sys.stderr)
        return 1
    if not answer.is_done:
        print(_refused(given.name or "", answer.lines[0]), file=sys.stderr)
        return 1
    for line in _told(given.verb, answer.lines):
        print(line)
    return 0


def _told(verb: str, lines: Sequence[str]) -> Iterator[str]:
    """What is done, for the operator."""
    if verb == "list":
        yield from ("\t".join(map(visible, row.split("\t"))) for row in lines)
        return
    name, *certificates = map(visible, lines)
    words = _DONE[verb]
    yield _(words).format(name=name)
    if certificates:
        yield _("No certificate logs in to {name} any more").format(name=name)


def _refused(name: str, said: str) -> str:
    told = visible(sentence(said, name))
    return f"{visible(name)}: {told}" if name else told


def _new_verifier(config: Config, name: str, from_stdin: bool) -> Verifier:
    password = new_password(from_stdin)
    settings = config.rules.accounts
    try:
        check_password(settings, name, password)
    except Failed as why:
        raise NoPassword(visible(sentence(str(why), name))) from why
    return new_verifier(password, settings.password_hash_cost)
