"""``chat-server account add|list|remove|password``: the operator's hand on the accounts."""

from __future__ import annotations

import argparse
import sys
from gettext import gettext as _

from chatapp.commands.login import check_password
from chatapp.core.errors import Failed
from chatapp.core.ports import Verifier
from chatapp.server.accounts import carry_out
from chatapp.server.config import data_dir
from chatapp.server.errands import Errand, NoAnswer
from chatapp.server.passwords import NoPassword, new_password
from chatapp.server.proofs import new_verifier
from chatapp.server.settings import Config
from chatapp.server.verbs.command_line import new_parser, settings_of

_VERBS = ("add", "list", "remove", "password")
_WITH_PASSWORD = ("add", "password")


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
    directory = data_dir(config)
    if directory is None:
        print(_("There are no accounts to keep: data_dir is :memory:"), file=sys.stderr)
        return 2
    try:
        verifier = (
            _new_verifier(config, given.name, given.password_stdin) if given.verb in _WITH_PASSWORD else None
        )
        answer = carry_out(config, directory, Errand(given.verb, given.name or "", verifier))
    except NoPassword as why:
        print(why, file=sys.stderr)
        return 1
    except NoAnswer:
        print(_("The server that uses this data does not answer"), file=sys.stderr)
        return 1
    for line in answer.lines:
        print(line, file=sys.stdout if answer.is_done else sys.stderr)
    return 0 if answer.is_done else 1


def _new_verifier(config: Config, name: str, from_stdin: bool) -> Verifier:
    password = new_password(from_stdin)
    settings = config.rules.accounts
    try:
        check_password(settings, name, password)
    except Failed as why:
        raise NoPassword(str(why)) from why
    return new_verifier(password, settings.password_hash_cost)
