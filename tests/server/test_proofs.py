"""Passwords in threads: the same arithmetic, new salts, and no more at once than there is room for."""

from __future__ import annotations

import asyncio

import pytest
from instant_proofs import InstantProofs

from chatapp.core.ports import Busy
from chatapp.irc.scram import derive, is_same
from chatapp.server import proofs
from chatapp.server.proofs import ITERATIONS, ThreadedProofs


@pytest.fixture
def house():
    made = ThreadedProofs(b"secret of the house", "minimum")
    yield made
    made.close()


def test_a_password_is_that_of_its_verifier(house):
    made = asyncio.run(house.create("secret"))
    again = asyncio.run(house.derive("secret", made.salt, made.iterations))

    assert made.iterations == ITERATIONS["minimum"]
    assert is_same(made, again)
    assert again == derive("secret", made.salt, made.iterations)


@pytest.mark.parametrize("is_fake", [True, False])
def test_the_fake_of_the_tests_is_like_it(house, is_fake):
    """What the rules count on, asked of both."""
    either = InstantProofs() if is_fake else house
    made = asyncio.run(either.create("secret"))

    assert asyncio.run(either.derive("secret", made.salt, made.iterations)) == made
    assert not is_same(made, asyncio.run(either.derive("wrong", made.salt, made.iterations)))
    assert either.unknown("eve") == either.unknown("eve")
    assert either.unknown("eve").salt != either.unknown("zoe").salt
    assert either.unknown("eve").iterations == made.iterations
    assert either.nonce() != either.nonce()
    assert either.nonce().isprintable()


def test_no_two_salts_and_nonces_are_the_same(house):
    one, two = asyncio.run(house.create("secret")), asyncio.run(house.create("secret"))

    assert one.salt != two.salt
    assert house.nonce() != house.nonce()
    assert "," not in house.nonce()


def test_what_is_made_up_is_always_the_same_for_a_name(house):
    other = ThreadedProofs(b"another house", "minimum")

    assert house.unknown("eve") == house.unknown("eve")
    assert house.unknown("eve").salt != house.unknown("zoe").salt
    assert house.unknown("eve").salt != other.unknown("eve").salt
    assert len(house.unknown("eve").salt) == len(asyncio.run(house.create("x")).salt)
    other.close()


def test_too_many_at_once_are_refused(house, monkeypatch):
    monkeypatch.setattr(proofs, "MOST_WAITING", 3)

    async def story():
        return await asyncio.gather(*(house.create("x") for _ in range(5)), return_exceptions=True)

    ended = asyncio.run(story())
    assert [isinstance(each, Busy) for each in ended] == [False] * 3 + [True] * 2
    assert isinstance(asyncio.run(house.create("x")), tuple)


@pytest.mark.parametrize("is_fake", [True, False])
def test_who_may_not_any_more_is_not_worked_for(house, is_fake):
    either = InstantProofs() if is_fake else house

    def refuse():
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(either.derive("secret", b"salt", 10**9, refuse))


def test_what_came_of_one_is_known_before_the_next_is_begun(house):
    wrong = []

    def check():
        if wrong:
            raise LookupError

    async def guess():
        await house.derive("secret", b"salt", 4096, check)
        wrong.append("secret")

    async def story():
        return await asyncio.gather(*(guess() for _ in range(50)), return_exceptions=True)

    refused = [each for each in asyncio.run(story()) if isinstance(each, LookupError)]
    assert len(refused) >= 50 - proofs.THREADS
