"""What every store must do; `test_contract.py` asks it of the file, of memory and of the fake."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.core.message import Message
from chatapp.core.ports import AuditEntry, Changes, ChannelState, Kept, ListEntry, ServerBan, Span, StoreError

TEA = ChannelState(
    name="#Tea",
    created=1_700_000_000,
    topic="chá às cinco 🍵",
    topic_setter="ana!ana@localhost",
    topic_time=1_700_000_100,
    modes="nt",
    key="sesame",
    limit=30,
    lists={
        "b": (ListEntry("z*!*@*", "ana", 3), ListEntry("a*!*@*", "bruno", 2), ListEntry("m*!*@*", "ana", 1)),
        "e": (ListEntry("*!*@friends", "ana", 4),),
    },
)


def said(stamp, text="hello", command="PRIVMSG", **more):
    return Message(stamp, command, f":ana!ana@localhost {command} #tea :{text}", **more)


def in_tea(*messages):
    return Changes([Kept("#tea", message) for message in messages])


def stamps(messages):
    return [message.stamp for message in messages]


class StoreContract:
    """Subclasses have a fixture ``run``: it runs ``coroutine(keeper_and_history, store)`` on a new store."""

    def test_what_is_kept_is_read_whole(self, run):
        message = said(5, "olá, 世界 👩‍👩‍👧", account="ana", tags=r"+reply=abc;+x=a\sb")

        async def story(history, _):
            await history.keep(in_tea(message))
            return await history.read(Span("#tea"))

        (found,) = run(story)
        assert found == message
        assert (found.id, found.time, found.account, found.tags) == (
            message.id, message.time, "ana", r"+reply=abc;+x=a\sb",
        )  # fmt: skip

    def test_history_is_in_the_order_of_stamps_and_each_conversation_apart(self, run):
        async def story(history, _):
            await history.keep(in_tea(said(1), said(3)))
            await history.keep(Changes([Kept("ana bruno", said(4)), Kept("bruno ana", said(4))]))
            await history.keep(in_tea(said(9), said(7)))
            return [await history.read(Span(key)) for key in ("#tea", "ana bruno", "bruno ana", "#else")]

        assert [stamps(found) for found in run(story)] == [[1, 3, 7, 9], [4], [4], []]

    @pytest.mark.parametrize(
        ("span", "expected"),
        [
            (Span("#tea"), [1, 2, 3, 4, 5]),
            (Span("#tea", limit=2), [4, 5]),
            (Span("#tea", limit=2, newest=False), [1, 2]),
            (Span("#tea", after=2, limit=2, newest=False), [3, 4]),
            (Span("#tea", after=2, limit=2), [4, 5]),
            (Span("#tea", before=4, limit=2), [2, 3]),
            (Span("#tea", before=4, limit=2, newest=False), [1, 2]),
            (Span("#tea", after=1, before=5), [2, 3, 4]),
            (Span("#tea", after=3, before=4), []),
            (Span("#tea", after=4, before=2), []),
            (Span("#tea", after=0), [1, 2, 3, 4, 5]),
            (Span("#tea", before=1), []),
            (Span("#tea", after=-(10**30)), [1, 2, 3, 4, 5]),
            (Span("#tea", after=10**30), []),
            (Span("#tea", before=10**30), [1, 2, 3, 4, 5]),
            (Span("#tea", before=-(10**30)), []),
            (Span("#tea", limit=10**30), [1, 2, 3, 4, 5]),
            (Span("#tea", limit=0), []),
            (Span("#tea", limit=-1), []),
        ],
        ids=repr,
    )
    def test_a_span_gives(self, run, span, expected):
        async def story(history, _):
            await history.keep(in_tea(*map(said, range(1, 6))))
            return await history.read(span)

        assert stamps(run(story)) == expected

    def test_without_events_only_what_was_said_counts(self, run):
        async def story(history, _):
            commands = ["JOIN", "PRIVMSG", "TOPIC", "NOTICE", "TAGMSG", "PART"]
            await history.keep(in_tea(*(said(at, command=command) for at, command in enumerate(commands))))
            return (
                await history.read(Span("#tea", limit=2)),
                await history.read(Span("#tea", limit=2, events=True)),
                await history.latest_of(["#tea"]),
            )

        plain, events, latest = run(story)
        assert (stamps(plain), stamps(events), latest) == ([1, 3], [4, 5], {"#tea": 3})

    def test_the_latest_of_those_that_have_one(self, run):
        async def story(history, _):
            await history.keep(in_tea(said(1), said(2)))
            await history.keep(Changes([Kept("ana bruno", said(7)), Kept("#quiet", said(8, command="JOIN"))]))
            return await history.latest_of(["#tea", "#quiet", "ana bruno", "#unknown"])

        assert run(story) == {"#tea": 2, "ana bruno": 7}

    def test_whom_an_owner_wrote_with(self, run):
        keys = ["ana bruno", "ana çelik", "anabela rui", "ana! eve", "an zoe", "bruno ana", "#tea", "ana 😀"]

        async def story(history, _):
            await history.keep(Changes([Kept(key, said(at)) for at, key in enumerate(keys)]))
            return await history.conversations_of("ana"), await history.conversations_of("nobody")

        assert run(story) == (["bruno", "çelik", "😀"], [])

    def test_an_owner_is_not_a_pattern(self, run):
        async def story(history, _):
            await history.keep(Changes([Kept("ana bruno", said(1))]))
            return [
                await history.conversations_of(owner) for owner in ("%", "a_a", "*", "an", "", "ana bruno")
            ]

        assert run(story) == [[]] * 6

    def test_keeping_a_message_again_does_not_double_it(self, run):
        async def story(history, _):
            await history.keep(in_tea(said(1), said(2)))
            await history.keep(in_tea(said(2), said(3), said(3)))
            return await history.read(Span("#tea"))

        assert stamps(run(story)) == [1, 2, 3]

    def test_another_message_with_the_same_stamp_is_refused_with_all_that_came_with_it(self, run):
        async def story(history, store):
            await history.keep(in_tea(said(1, "first")))
            with pytest.raises(StoreError, match="stamp 1"):
                await history.keep(Changes(in_tea(said(5), said(1, "second")).messages, {"#tea": TEA}))
            with pytest.raises(StoreError, match="stamp 7"):
                await history.keep(in_tea(said(7, "one"), said(7, "another")))
            return await history.read(Span("#tea")), await store.channels(), await store.last_stamp()

        assert run(story) == ([said(1, "first")], {}, 1)

    @pytest.mark.parametrize("stamp", [-1, 2**63])
    def test_what_is_no_stamp_is_refused(self, run, stamp):
        async def story(history, _):
            with pytest.raises(StoreError):
                await history.keep(in_tea(said(stamp)))
            await history.keep(in_tea(said(2**63 - 2)))
            return await history.read(Span("#tea"))

        assert stamps(run(story)) == [2**63 - 2]

    def test_the_last_stamp(self, run):
        async def story(history, store):
            before = await store.last_stamp()
            await history.keep(Changes([Kept("#tea", said(5)), Kept("#zoo", said(9)), Kept("#alp", said(7))]))
            between = await store.last_stamp()
            await history.keep(Changes(audit=[AuditEntry(11, "ana!a@b", "KILL", "eve", "")]))
            return before, between, await store.last_stamp()

        assert run(story) == (0, 9, 11)

    def test_channels_are_found_again_changed_and_forgotten(self, run):
        later = ChannelState(name="#tea", created=7, topic="")
        empty = ChannelState(name="#new", created=8)

        async def story(history, store):
            seen = [await store.channels()]
            for changed in ({"#tea": TEA, "#new": empty}, {"#tea": later}, {"#tea": None, "#unknown": None}):
                await history.keep(Changes(channels=changed))
                seen.append(await store.channels())
            return seen

        assert run(story) == [
            {},
            {"#tea": TEA, "#new": empty},
            {"#tea": later, "#new": empty},
            {"#new": empty},
        ]

    def test_modes_with_a_value_are_found_again(self, run):
        async def story(history, store):
            await history.keep(Changes(channels={"#tea": replace(TEA, forward="#milk", slow=30)}))
            first = await store.channels()
            await history.keep(Changes(channels={"#tea": TEA}))
            return first, await store.channels()

        first, second = run(story)
        assert (first["#tea"].forward, first["#tea"].slow) == ("#milk", 30)
        assert second == {"#tea": TEA}

    def test_bans_are_found_again_changed_and_forgotten(self, run):
        bad, eve = ServerBan("*!*@Bad", "ana", "spam", 5, 65), ServerBan("a:eve", "ana", "", 6)

        async def story(history, store):
            await history.keep(Changes(bans={"*!*@bad": bad, "a:eve": eve}))
            first = await store.bans()
            await history.keep(Changes(bans={"*!*@bad": None, "a:eve": replace(eve, reason="x")}))
            return first, await store.bans()

        assert run(story) == ([bad, eve], [replace(eve, reason="x")])

    def test_what_operators_did_is_told_in_order(self, run):
        entries = [AuditEntry(stamp, "root!r@h", "KILL", f"eve{stamp}", "why") for stamp in (3, 5, 9)]

        async def story(history, _):
            await history.keep(Changes(audit=entries[:2]))
            await history.keep(Changes(audit=entries[2:]))
            return await history.audited(2), await history.audited(50)

        assert run(story) == (entries[1:], entries)

    def test_nothing_to_keep_is_no_mistake(self, run):
        async def story(history, _):
            await history.keep(Changes())
            return await history.read(Span("#tea"))

        assert run(story) == []

    def test_overlapping_calls_are_kept_in_the_order_they_were_made(self, run):
        async def story(history, store):
            states = [ChannelState(name="#tea", created=0, topic=str(number)) for number in range(50)]
            changes = [
                Changes(in_tea(said(number + 1)).messages, {"#tea": state})
                for number, state in enumerate(states)
            ]
            await asyncio.gather(*map(history.keep, changes))
            return await store.channels(), await history.read(Span("#tea"))

        channels, messages = run(story, on_a_loop=True)
        assert channels["#tea"].topic == "49"
        assert stamps(messages) == list(range(1, 51))


conversations = st.sampled_from(["#tea", "#a", "ana bruno", "bruno ana", "ana çelik", "ana", "# "])
commands = st.sampled_from(["PRIVMSG", "NOTICE", "TAGMSG", "JOIN", "TOPIC"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
#: A body is a line, which has no line feed in it.
bodies = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=20)
messages = st.builds(Message, st.integers(0, 30), commands, bodies, texts, texts)
kept = st.lists(st.builds(Kept, conversations, messages), max_size=8)
bounds = st.none() | st.integers(-1, 32)
spans = st.builds(Span, conversations, bounds, bounds, st.integers(1, 10), st.booleans(), st.booleans())
entries = st.builds(ListEntry, texts, texts, st.integers(0, 2**40))
lists = st.dictionaries(st.sampled_from("beI"), st.lists(entries, min_size=1, max_size=3).map(tuple))
times = st.integers(0, 2**40)
states = st.builds(
    ChannelState,
    texts,
    times,
    texts,
    texts,
    times,
    texts,
    texts,
    st.integers(0, 2**31),
    lists,
    forward=texts,
    slow=st.integers(0, 2**31),
)
channels = st.dictionaries(st.sampled_from(["#tea", "#a"]), st.none() | states)
bans = st.dictionaries(
    st.sampled_from(["*!*@bad", "a:eve"]), st.none() | st.builds(ServerBan, texts, texts, texts, times, times)
)
#: Only these: hypothesis would make up what else a tick may hold from the types alone.
ticks = st.lists(
    st.builds(lambda kept, channels, bans: Changes(kept, channels, bans=bans), kept, channels, bans),
    max_size=4,
)
stories = given(ticks=ticks, asked=st.lists(spans, min_size=1, max_size=6))
few = settings(max_examples=60, deadline=None)


async def tell(history, store, ticks, asked):
    """Everything that can be seen of a store after ``ticks``; refused ticks are among what is seen."""
    refused = []
    for number, changes in enumerate(ticks):
        try:
            await history.keep(changes)
        except StoreError:
            refused.append(number)
    return (
        refused,
        [await history.read(span) for span in asked],
        await history.latest_of(["#tea", "#a", "ana bruno", "ana", "# "]),
        [await history.conversations_of(owner) for owner in ("ana", "bruno", "#", "")],
        await store.channels(),
        sorted(await store.bans(), key=repr),
        await store.last_stamp(),
    )
