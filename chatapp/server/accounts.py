"""``chat-server account add|list|remove|password``: the operator's hand on the accounts.

It works whether the server runs or not: if it does, it is asked to do it (see `errands`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

from chatapp.commands.login import add_account, check_name, check_password, drop_account
from chatapp.core.account import Account
from chatapp.core.delivery import Delivery
from chatapp.core.errors import Failed
from chatapp.core.ownership import bring_back
from chatapp.core.ports import AccountState, AuditEntry, StoreError, Verifier
from chatapp.core.stamp import Stamps
from chatapp.core.world import Outside, World
from chatapp.irc.visible import visible
from chatapp.server.config import ConfigError, data_dir, load
from chatapp.server.errands import Answer, Errand, NoAnswer, ask
from chatapp.server.passwords import NoPassword, new_password
from chatapp.server.proofs import new_verifier
from chatapp.server.settings import Config
from chatapp.store.directory import InUse
from chatapp.store.open import open_store

_WITH_PASSWORD = ("add", "password")


def main(args: Sequence[str]) -> int:
    """Do what ``args`` say; give back the exit code: 0 done, 1 refused, 2 mistaken."""
    reader = parser()
    given = reader.parse_args(args)
    if (given.verb == "list") is bool(given.name):
        reader.error(_("list takes no name, the others take one"))
    try:
        config = load(given.config, os.environ, {"server.data_dir": given.data_dir})
    except ConfigError as mistakes:
        print(mistakes, file=sys.stderr)
        return 2
    directory = data_dir(config)
    if directory is None:
        print(_("There are no accounts to keep: data_dir is :memory:"), file=sys.stderr)
        return 2
    try:
        verifier = (
            _new_verifier(config, given.name, given.password_stdin) if given.verb in _WITH_PASSWORD else None
        )
        answer = _carry_out(config, directory, Errand(given.verb, given.name or "", verifier))
    except (NoPassword, StoreError, OSError) as why:
        print(why, file=sys.stderr)
        return 1
    except NoAnswer:
        print(_("The server that uses this data does not answer"), file=sys.stderr)
        return 1
    for line in answer.lines:
        print(line, file=sys.stdout if answer.is_done else sys.stderr)
    return 0 if answer.is_done else 1


def do(world: World, errand: Errand) -> Answer:
    """Carry out ``errand`` in ``world``; what changes is kept with the tick."""
    match errand.verb:
        case "list":
            return Answer(True, _list(world))
        case "add" if errand.verifier is not None:
            return _add(world, errand.name, errand.verifier)
        case "remove" | "password":
            return _change(world, errand)
        case _:
            return Answer(False, [_("The server does not know how to do that")])


def _carry_out(config: Config, directory: Path, errand: Errand) -> Answer:
    try:
        return asyncio.run(_in_person(config, directory, errand))
    except InUse:
        return ask(directory, errand)


async def _in_person(config: Config, directory: Path, errand: Errand) -> Answer:
    """Nobody has the data open: open it, and do it."""
    store = await open_store(directory)
    try:
        delivery = Delivery(lambda: None)
        outside = Outside(delivery, store.history, _at_once, lambda: time.time_ns() // 1000)
        world = World(outside, config.rules, Stamps(await store.last_stamp()))
        world.remember((await store.channels()).values())
        world.accounts.remember((await store.accounts()).values())
        bring_back(world)
        answer = do(world, errand)
        await store.history.keep(delivery.cut().changes)
        return answer
    finally:
        await store.close()


async def _at_once() -> None:
    """There is nothing to wait for: `_in_person` keeps all of it itself."""


def _add(world: World, name: str, verifier: Verifier) -> Answer:
    try:
        check_name(world, name)
    except Failed as why:
        return Answer(False, [f"{visible(name)}: {why}"])
    account = add_account(world, AccountState(name, world.now(), verifier, world.new_owner()))
    _note(world, "ADD", account)
    return Answer(True, [_("The account {name} is made").format(name=account.name)])


def _change(world: World, errand: Errand) -> Answer:
    account = world.accounts.find(errand.name)
    if account is None:
        words = _("There is no account {name}")
        return Answer(False, [words.format(name=visible(errand.name))])
    _note(world, errand.verb.upper(), account)
    if errand.verifier is None:
        drop_account(world, account)
        return Answer(True, [_("The account {name} is no more").format(name=account.name)])
    account.verifier = errand.verifier
    told = [_("{name} has a new password").format(name=account.name)]
    if account.certificates:  # whoever had the account without a right to it may have left one there
        told.append(_("No certificate logs in to {name} any more").format(name=account.name))
    for certificate in account.certificates:
        world.accounts.take_certificate(account, certificate)
    world.delivery.keep_account(account)
    return Answer(True, told)


def _note(world: World, verb: str, account: Account) -> None:
    """Have it known to other operators of the server what was done by hand."""
    world.delivery.keep_audit(AuditEntry(world.stamp(), "chat-server", f"ACCOUNT {verb}", account.name, ""))


def _list(world: World) -> list[str]:
    rows = []
    for account in sorted(world.accounts, key=lambda account: account.folded):
        day = time.strftime("%Y-%m-%d", time.localtime(account.created))
        certificates = " ".join(account.certificates)
        rows.append(f"{account.name}\t{day}\t{visible(account.email)}\t{certificates}".rstrip())
    return rows


def _new_verifier(config: Config, name: str, from_stdin: bool) -> Verifier:
    password = new_password(from_stdin)
    settings = config.rules.accounts
    try:
        check_password(settings, name, password)
    except Failed as why:
        raise NoPassword(str(why)) from why
    return new_verifier(password, settings.password_hash_cost)


def parser() -> argparse.ArgumentParser:
    """What can stand behind ``chat-server account``."""
    parser = argparse.ArgumentParser(
        prog="chat-server account",
        description=_("Makes, lists and removes accounts, and gives them new passwords."),
    )
    parser.add_argument("verb", choices=("add", "list", "remove", "password"))
    parser.add_argument("name", nargs="?", metavar=_("NAME"), help=_("the account"))
    parser.add_argument(
        "--config", type=Path, metavar=_("FILE"), help=_("the settings; see docs/configuration.md")
    )
    parser.add_argument("--data-dir", metavar=_("DIR"), help=_("where everything is kept"))
    parser.add_argument(
        "--password-stdin", action="store_true", help=_("read the password from the standard input, a line")
    )
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    return parser
