"""Where one may log in, and how often one may be wrong; passwords that are kept anew."""

from __future__ import annotations

import asyncio

import pytest
from commands.account_scenes import FAILED, LOGGED_IN, SUCCESS, have, plain, scram, table_with, visitor
from dialogue import Table
from instant_proofs import verifier_of

from chatapp.commands.table import dispatch
from chatapp.core import guesses
from chatapp.core.ports import Busy
from chatapp.core.settings import AccountSettings, Settings
from chatapp.irc.line import parse_line
from chatapp.irc.scram import ScramClient


def test_no_password_where_others_can_read_along():
    table, _ = visitor()
    stranger = table.visit("192.0.2.1")

    told = "".join(stranger.asks("CAP LS 302"))
    assert "sasl" not in told
    assert "account-registration" not in told
    assert stranger.asks("CAP REQ :sasl") == [":chatapp CAP * NAK :sasl"]
    assert stranger.asks("AUTHENTICATE PLAIN") == [
        ":chatapp 904 * :Passwords are for encrypted connections only: connect with TLS"
    ]
    stranger.session.is_secure = True
    assert stranger.asks("CAP REQ :sasl") == [":chatapp CAP * ACK :sasl"]
    assert stranger.asks(*plain("Ana"))[2].startswith(":chatapp 903")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "localhost"])
def test_this_machine_needs_no_encryption(address):
    table, _ = visitor()

    assert table.visit(address).session.keeps_secrets


def guess(table, address="192.0.2.1", name="Ana", password="guess"):
    who = table.visit(address)
    who.session.is_secure = True
    return who.asks(*plain(name, password))[-1]


def test_three_wrong_passwords_a_minute_from_one_address():
    table, _ = visitor()
    have(table, "Bob")
    assert [guess(table, name=name) for name in ("Eve", "Zoe", "Ivo")] == [FAILED] * 3

    assert guess(table, name="Bob", password="secret") == (
        ":chatapp 904 * :Too many wrong passwords; try again in a minute"
    )
    assert guess(table, "192.0.2.2", "Bob", "secret") == SUCCESS
    table.later(60)
    assert guess(table, name="Bob", password="secret") == SUCCESS


def test_three_wrong_passwords_a_minute_for_one_account():
    table, _ = visitor()
    assert [guess(table, f"192.0.2.{number}") for number in range(3)] == [FAILED] * 3

    assert "Too many" in guess(table, "192.0.2.9", password="secret")


def test_right_ones_are_not_counted_however_many_come_at_once():
    """A class comes back at once after a restart."""
    table, _ = visitor()
    waiting = [table.visit("192.0.2.1") for _ in range(9)]
    released = []

    async def together(password, salt, iterations, check):
        released.append(password)
        return verifier_of(password, salt, iterations)

    table.proofs.derive = together
    for who in waiting:
        who.session.is_secure = True

    assert [who.asks(*plain("Ana"))[-1] for who in waiting] == [SUCCESS] * 9


def test_many_guesses_at_once_tell_no_more_than_three():
    """Though they were let in while none was known to be wrong, the right one among them is not told."""
    table, _ = visitor()
    gate = asyncio.Event()

    async def slow(password, salt, iterations, check):
        await gate.wait()
        return verifier_of(password, salt, iterations)

    async def story():
        table.proofs.derive = slow
        guessers = [table.visit() for _ in range(5)]
        tries = []
        for who, password in zip(guessers, ["a", "b", "c", "secret", "d"], strict=True):
            who.say("AUTHENTICATE PLAIN")
            line = parse_line(plain("Ana", password)[1])
            tries.append(asyncio.ensure_future(dispatch(table.world, who.session, line)))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tries)
        table.tick()
        return [who.hears()[-1] for who in guessers]

    too_many = ":chatapp 904 * :Too many wrong passwords; try again in a minute"
    assert asyncio.run(story()) == [FAILED] * 3 + [too_many] * 2


def test_nobody_is_locked_out_of_where_they_are_at_home():
    table, _ = visitor()
    assert guess(table, "198.51.100.1", password="secret") == SUCCESS
    for number in range(3):
        guess(table, f"192.0.2.{number}")

    assert guess(table, "198.51.100.1", password="secret") == SUCCESS


def test_scram_counts_as_well():
    table, _ = visitor()
    for number in range(3):
        scram(table.visit(), ScramClient("Ana", "guess", f"nonce{number}x"), until=2)
    who = table.visit()

    assert scram(who, ScramClient("Ana", "secret", "another"), until=1) == [
        ":chatapp 904 * :Too many wrong passwords; try again in a minute"
    ]


def test_so_many_homes_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(guesses, "ADDRESSES", 2)
    logins = guesses.Logins(AccountSettings(login_throttle=1))
    for number in range(3):
        logins.succeeded(f"192.0.2.{number}", "ana")
    logins.missed("198.51.100.1", "ana", 0)

    assert [logins.may_try(f"192.0.2.{number}", "ana", 0) for number in range(3)] == [False, True, True]


def test_a_limit_of_nothing_is_none():
    table, _ = visitor(login_throttle=0)

    assert [guess(table) for _ in range(9)] == [FAILED] * 9


def test_a_password_is_kept_anew_when_its_cost_has_changed():
    table, who = visitor()
    account = table.world.accounts.find("Ana")
    account.verifier = verifier_of("secret", b"another salt", 5000)

    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]
    assert account.verifier.iterations == table.store.held_accounts["ana"].verifier.iterations == 4096
    assert table.visit().asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]


def test_or_another_time_when_too_many_are_at_it():
    table, who = visitor()
    account = table.world.accounts.find("Ana")
    account.verifier = old = verifier_of("secret", b"another salt", 5000)

    async def busy(password):
        raise Busy

    table.proofs.create = busy
    assert who.asks(*plain("Ana"))[1:] == [LOGGED_IN, SUCCESS]
    assert account.verifier is old


def test_too_many_at_once_are_asked_to_come_again():
    table, who = visitor()
    table.proofs.is_busy = True

    assert who.asks(*plain("Ana"))[1:] == [
        ":chatapp 904 * :Too many are logging in just now; try again in a moment"
    ]


def test_where_there_are_no_proofs_there_are_no_accounts():
    table = Table(Settings(accounts=AccountSettings()))
    table.world.proofs = None
    who = table.visit()

    assert "sasl" not in "".join(who.asks("CAP LS 302"))
    assert who.asks("AUTHENTICATE PLAIN") == [":chatapp 904 * :There are no accounts on this server"]


def make(table, nick, address="192.0.2.1"):
    who = table.sit(nick, address=address)
    who.session.is_secure = True
    return who.asks("REGISTER * * secret")[0].split(" ")[1:4]


def test_so_many_accounts_an_hour_from_one_address():
    table = table_with(registration_throttle=2)
    assert [make(table, nick)[1] for nick in ("ana", "bob")] == ["SUCCESS"] * 2

    assert make(table, "eve") == ["FAIL", "REGISTER", "TEMPORARILY_UNAVAILABLE"]
    assert make(table, "ivo", "192.0.2.2")[1] == "SUCCESS"
    assert [make(table, f"local{n}", "127.0.0.1")[1] for n in range(4)] == ["SUCCESS"] * 4
    table.later(3600)
    assert make(table, "zoe")[1] == "SUCCESS"


def test_or_as_many_as_they_like_where_there_is_no_limit():
    table = table_with(registration_throttle=0)

    assert [make(table, f"guest{n}")[1] for n in range(40)] == ["SUCCESS"] * 40
