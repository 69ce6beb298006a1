"""Accounts in the store, and in the fake that stands in for it: kept, changed, forgotten, found again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from memory_store import MemoryStore

from chatapp.core.message import Message
from chatapp.core.ports import AccountState, Changes, ChannelState, Kept, Presence, Span, StoreError
from chatapp.irc.scram import Verifier
from chatapp.store.open import open_store

VERIFIER = Verifier(b"salt", 4096, b"stored", b"server")
ANA = AccountState("Ana", 1_700_000_000, VERIFIER, "~1", "ana@example.org", True, False)
BOB = AccountState(
    "Bob",
    1_700_000_001,
    VERIFIER,
    "~2",
    always_on=True,
    presence=Presence("bob", "host", "Bob é", "i", (("#tea", "qo"), ("#alp", ""))),
)


def accounts(**states):
    return Changes(accounts=states)


@pytest.fixture(params=["file", "memory", "fake"])
def run(request, tmp_path):
    """Run a story on a new store."""

    async def on_sqlite(story):
        store = await open_store(tmp_path if request.param == "file" else None, "normal")
        try:
            return await story(store.history, store)
        finally:
            await store.close()

    async def on_fake(story):
        store = MemoryStore()
        return await story(store, store)

    return lambda story: asyncio.run((on_fake if request.param == "fake" else on_sqlite)(story))


def test_what_is_kept_is_found_whole(run):
    async def story(keeper, store):
        await keeper.keep(accounts(ana=ANA, bob=BOB))
        return await store.accounts()

    assert run(story) == {"ana": ANA, "bob": BOB}


def test_the_last_state_counts(run):
    changed = replace(BOB, verifier=VERIFIER._replace(salt=b"new"), presence=None, multiclient=False)

    async def story(keeper, store):
        await keeper.keep(accounts(ana=ANA, bob=BOB))
        await keeper.keep(accounts(bob=changed))
        return await store.accounts()

    assert run(story) == {"ana": ANA, "bob": changed}


def test_what_is_forgotten_is_gone_and_can_begin_anew(run):
    async def story(keeper, store):
        await keeper.keep(accounts(ana=ANA, bob=BOB))
        await keeper.keep(accounts(bob=None, zoe=None))
        forgotten = await store.accounts()
        await keeper.keep(accounts(bob=replace(BOB, owner="~3", presence=None)))
        return forgotten, await store.accounts()

    forgotten, again = run(story)
    assert forgotten == {"ana": ANA}
    assert again["bob"].presence is None


@pytest.mark.parametrize("turn", [1, -1])
def test_certificates_are_kept_in_their_order_and_change_hands(run, turn):
    first, second = "b" * 64, "a" * 64
    eve = replace(BOB, name="Eve", owner="~3", certificates=("c" * 64,))

    async def story(keeper, store):
        await keeper.keep(accounts(ana=replace(ANA, certificates=(first, second)), eve=eve))
        before = await store.accounts()
        changed = {
            "ana": replace(ANA, certificates=(second,)),
            "eve": replace(eve, certificates=(*eve.certificates, first), unseen=frozenset([first])),
        }
        await keeper.keep(Changes(accounts=dict(list(changed.items())[::turn])))
        between = await store.accounts()
        await keeper.keep(accounts(eve=None, ana=replace(ANA, certificates=(second, *eve.certificates))))
        assert between["eve"].unseen == {first}
        return [{name: each.certificates for name, each in found.items()} for found in (before, between)] + [
            await store.accounts()
        ]

    before, between, after = run(story)
    assert before == {"ana": (first, second), "eve": ("c" * 64,)}
    assert between == {"ana": (second,), "eve": ("c" * 64, first)}
    assert after == {"ana": replace(ANA, certificates=(second, "c" * 64))}


def test_a_founder_is_kept_with_the_channel(run):
    async def story(keeper, store):
        await keeper.keep(Changes(channels={"#tea": ChannelState("#tea", 1, founder="Ana")}))
        return await store.channels()

    assert run(story)["#tea"].founder == "Ana"


def test_what_cannot_be_kept_takes_the_whole_tick_with_it(tmp_path):
    async def story():
        store = await open_store(tmp_path, "normal")
        await store.history.keep(accounts(ana=ANA))
        with pytest.raises(StoreError):
            await store.history.keep(
                Changes(
                    channels={"#tea": ChannelState("#tea", 1)}, accounts={"bob": replace(BOB, owner="~1")}
                )
            )
        found = await store.channels(), await store.accounts()
        await store.close()
        return found

    assert asyncio.run(story()) == ({}, {"ana": ANA})


def test_the_secret_of_a_server_is_its_own_and_stays(tmp_path):
    async def secret(path):
        store = await open_store(path, "normal")
        value = await store.secret()
        await store.close()
        return value

    first = asyncio.run(secret(tmp_path / "a"))
    assert (len(first), asyncio.run(secret(tmp_path / "a"))) == (32, first)
    assert asyncio.run(secret(tmp_path / "b")) != first


def test_with_an_account_goes_what_is_its_own_and_nothing_else(run):
    def said(stamp):
        return Message(stamp, "PRIVMSG", f":bob!b@h PRIVMSG ana :{stamp}")

    async def story(keeper, store):
        to_ana = [
            Kept("~1 bob", said(1)),
            Kept("~2 ana", said(1)),
            Kept("~10 bob", said(2)),
            Kept("#tea", said(3)),
        ]
        told = dict.fromkeys([("~1", "url"), ("~2", "url"), ("#tea", "url")], "x")
        seen = dict.fromkeys([("~1", "#tea"), ("~2", "#tea")], 3)
        await keeper.keep(Changes(to_ana, accounts={"ana": ANA, "bob": BOB}, metadata=told, markers=seen))
        await keeper.keep(accounts(ana=None))
        await keeper.keep(Changes([Kept("~2 ana", said(4))]))
        left = [len(await keeper.read(Span(key))) for key in ("~1 bob", "~2 ana", "~10 bob", "#tea")]
        return left, sorted(await store.metadata()), sorted(await store.markers())

    assert run(story) == ([0, 2, 1, 1], [("#tea", "url"), ("~2", "url")], [("~2", "#tea")])
