"""People with accounts: how they get one and how they log in."""

from __future__ import annotations

import base64

from dialogue import Table
from instant_proofs import verifier_of

from chatapp.core.ports import AccountState
from chatapp.core.settings import AccountSettings, Settings
from chatapp.irc.sasl import chunks

CAPS = "sasl"
LOGGED_IN = ":chatapp 900 * *!*@127.0.0.1 Ana :You are now logged in as Ana"
SUCCESS = ":chatapp 903 * :The login has succeeded"
FAILED = ":chatapp 904 * :The name or the password is wrong"
ABORTED = ":chatapp 906 * :The login was broken off"


def table_with(**options):
    """A table with these ``[accounts]``."""
    return Table(Settings(accounts=AccountSettings(**options)))


def have(table, name, password="secret", **more):
    """There is an account ``name``; nobody is told."""
    world = table.world
    state = AccountState(name, world.now(), verifier_of(password), world.new_owner(), **more)
    account = world.accounts.add(state)
    world.delivery.keep_account(account)
    table.tick()
    return account


def plain(name, password="secret", authzid=""):
    """The lines of a login by PLAIN."""
    response = f"{authzid}\0{name}\0{password}".encode()
    return ["AUTHENTICATE PLAIN", *(f"AUTHENTICATE {part}" for part in chunks(response))]


def sit_logged_in(table, account, nick="", password="secret", caps="", address="127.0.0.1"):
    """Someone comes in with their account."""
    person = table.visit(address)
    person.say(f"CAP REQ :{CAPS} {caps}".rstrip(), *plain(account, password))
    assert any(" 903 " in line for line in person.hears())
    person.say(f"NICK {nick or account}", "USER u 0 * :real", "CAP END")
    return person


def inside(person):
    """Come in for good: whom they were let in as; what they were told is not of interest any more."""
    assert person.session.user is not None, person.hears()
    person.hears()
    return person


def decoded(line):
    """What an AUTHENTICATE line of the server says."""
    return base64.b64decode(line.split(" ")[-1]).decode()


def visitor(**options):
    """Ana has an account, and somebody knocks."""
    table = table_with(**options)
    have(table, "Ana")
    return table, table.visit()


def scram(who, client, *, until=3):
    """Go through the exchange as ``client`` does; what was heard last."""
    heard = who.asks(f"AUTHENTICATE {client.mechanism}")
    assert heard == [":chatapp AUTHENTICATE +"]
    challenge = b""
    for step in range(until):
        response = client.answer(challenge)
        text = base64.b64encode(response).decode() if response else "+"
        heard = who.asks(f"AUTHENTICATE {text}")
        if step < until - 1:
            challenge = decoded(heard[0]).encode()
    return heard
