"""What ``chat-server account`` does with the accounts, in the server that runs or in its place.

If the server runs it is asked to do it (see `errands`). What it answers are names and the words of the rules,
which `chatapp.server.verbs.account` tells in the language of whoever asked.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from chatapp.commands.bans import lift_expired
from chatapp.commands.login import add_account, check_name, drop_account
from chatapp.core.account import Account
from chatapp.core.delivery import Delivery
from chatapp.core.errors import Failed
from chatapp.core.ports import AccountState, AuditEntry, Verifier
from chatapp.core.stamp import Stamps
from chatapp.core.world import Outside, World
from chatapp.irc.refusals import NO_SUCH_ACCOUNT, UNKNOWN_ERRAND
from chatapp.server.errands import Answer, Errand, ask
from chatapp.server.recall import recall
from chatapp.server.settings import Config
from chatapp.store.directory import InUse
from chatapp.store.open import open_store


def do(world: World, errand: Errand) -> Answer:
    """Carry out ``errand`` in ``world``; what changes is kept with the tick.

    The answer to ``list`` has a row for each account; to the others the account's name, and after a new
    ``password`` the certificates with which nobody logs in any more; a refusal the words of the rules.
    """
    match errand.verb:
        case "list":
            return Answer(True, _list(world))
        case "add" if errand.verifier is not None:
            return _add(world, errand.name, errand.verifier)
        case "password" if errand.verifier is not None:
            return _change(world, errand.name, errand.verifier)
        case "remove":
            return _remove(world, errand.name)
        case _:
            return Answer(False, [UNKNOWN_ERRAND])


def carry_out(config: Config, directory: Path, errand: Errand) -> Answer:
    """Carry out ``errand`` on the data in ``directory``, by the server if one runs.

    Raises:
        StoreError: The data cannot be opened or written.
        NoAnswer: The server that has it open does not answer.
        OSError: It cannot be asked.
    """
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
        await recall(world, store)
        lift_expired(world)
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
        return Answer(False, [str(why)])
    account = add_account(world, AccountState(name, world.now(), verifier, world.new_owner()))
    _note(world, "ADD", account)
    return Answer(True, [account.name])


def _remove(world: World, name: str) -> Answer:
    account = world.accounts.find(name)
    if account is None:
        return Answer(False, [NO_SUCH_ACCOUNT])
    _note(world, "REMOVE", account)
    drop_account(world, account)
    return Answer(True, [account.name])


def _change(world: World, name: str, verifier: Verifier) -> Answer:
    account = world.accounts.find(name)
    if account is None:
        return Answer(False, [NO_SUCH_ACCOUNT])
    _note(world, "PASSWORD", account)
    account.verifier = verifier
    # Whoever had the account without a right to it may have left a certificate there.
    certificates = account.certificates
    for certificate in certificates:
        world.accounts.take_certificate(account, certificate)
    world.delivery.keep_account(account)
    return Answer(True, [account.name, *certificates])


def _note(world: World, verb: str, account: Account) -> None:
    """Have it known to other operators of the server what was done by hand."""
    world.delivery.keep_audit(
        AuditEntry(world.scribe.stamp(), "chat-server", f"ACCOUNT {verb}", account.name, "")
    )


def _list(world: World) -> list[str]:
    rows = []
    for account in sorted(world.accounts, key=lambda account: account.folded):
        day = time.strftime("%Y-%m-%d", time.localtime(account.created))
        certificates = " ".join(account.certificates)
        rows.append(f"{account.name}\t{day}\t{account.email}\t{certificates}".rstrip())
    return rows
