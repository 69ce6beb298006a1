"""People with nc and their accounts: the name that is theirs, /register and /login."""

from __future__ import annotations

from instant_proofs import InstantProofs, verifier_of
from listeners.house import on_every_loop, run
from listeners.plain_house import WELCOME, come, plain_house

from chatapp.core.ports import AccountState

pytestmark = on_every_loop


def with_ana(house):
    """There is an account Ana."""
    world = house.world
    world.proofs = InstantProofs()
    world.accounts.add(AccountState("Ana", world.now(), verifier_of("secret"), world.new_owner()))


def test_a_registered_name_is_not_given_away(loop_factory):
    async def story():
        async with plain_house() as house:
            with_ana(house)
            peer = await house.call()
            await peer.say("Ana")
            await peer.until(WELCOME.format("Ana_"))
            assert await peer.line() == (
                "-- Ana is registered, so you are Ana_. If it is yours: /login Ana PASSWORD"
            )

    run(story, loop_factory)


def test_a_login_gives_the_name_back(loop_factory):
    async def story():
        async with plain_house() as house:
            with_ana(house)
            bob, ana = await come(house, "Bob"), await come(house, "Ana")
            await bob.until("Ana_ came in")
            await ana.say("/login ana secret", "hello")
            assert await ana.line() == "-- You are logged in as Ana"
            assert await ana.line() == "-- Ana_ is now called Ana"
            assert await bob.line() == "-- Ana_ is now called Ana"
            assert (await bob.line()).endswith("<Ana> hello")

    run(story, loop_factory)


def test_a_wrong_password_is_told_and_said_to_nobody(loop_factory):
    async def story():
        async with plain_house() as house:
            with_ana(house)
            bob, ana = await come(house, "Bob"), await come(house, "Ana")
            await bob.until("Ana_ came in")
            await ana.say("/login Ana guess", "hello")
            assert await ana.line() == "-- The name or the password is wrong"
            assert (await bob.line()).endswith("<Ana_> hello")

    run(story, loop_factory)


def test_a_name_becomes_an_account(loop_factory):
    async def story():
        async with plain_house() as house:
            house.world.proofs = InstantProofs()
            ana = await come(house, "Ana")
            await ana.say("/register my secret")
            assert await ana.line() == "-- You are logged in as Ana"
            await ana.say("/register again")
            assert await ana.line() == "-- That did not work: You are logged in as Ana already"
            assert house.world.accounts.find("ana").verifier == verifier_of("my secret")

    run(story, loop_factory)


def test_where_there_are_no_accounts_that_is_said(loop_factory):
    async def story():
        async with plain_house() as house:
            ana = await come(house, "Ana")
            await ana.say("/login Ana secret")
            assert await ana.line() == "-- There are no accounts on this server"

    run(story, loop_factory)
