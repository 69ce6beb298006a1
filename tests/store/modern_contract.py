"""What every store must do beyond keeping and reading; `test_contract.py` asks it of all of them."""

from __future__ import annotations

import pytest
from store.contract import said, stamps

from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept, Redaction, Renamed, Search, Span


def told(*texts, key="#tea", first=1, nick="ana"):
    """``texts`` said in ``key``, a stamp apart."""
    messages = (said(stamp, text) for stamp, text in enumerate(texts, first))
    return [Kept(key, _by(nick, message)) for message in messages]


def found(kept):
    """The stamps of what a search gave."""
    return stamps(message for _key, message in kept)


def _by(nick, message):
    message.body = message.body.replace(":ana!", f":{nick}!", 1)
    return message


class ModernContract:
    """Beside `contract.StoreContract`, with the same fixture ``run``."""

    def test_a_join_is_read_with_its_extended_form(self, run):
        join = Message(1, "JOIN", ":ana!a@h JOIN #tea", "Ana", extended=":ana!a@h JOIN #tea Ana :Ana B.")

        async def story(history, _):
            await history.keep(Changes([Kept("#tea", join), Kept("#tea", join)]))
            return await history.read(Span("#tea", events=True))

        (found,) = run(story)
        assert (found.body, found.extended) == (join.body, join.extended)
        assert found == join

    # Redaction

    def test_what_is_taken_back_is_gone_from_there_alone(self, run):
        async def story(history, _):
            await history.keep(Changes([*told("a", "b", "c"), *told("b", key="#else", first=2)]))
            await history.keep(Changes(redactions=[Redaction(2, ("#tea",))]))
            return [stamps(await history.read(Span(key))) for key in ("#tea", "#else")]

        assert run(story) == [[1, 3], [2]]

    def test_of_a_direct_message_both_copies_go(self, run):
        keys = ["~1 bruno", "~2 ana", "~3 bruno", "bruno", "#bruno"]

        async def story(history, _):
            await history.keep(Changes([Kept(key, said(5)) for key in keys]))
            await history.keep(Changes(redactions=[Redaction(5, ("~1 bruno",), ("ana",))]))
            return [stamps(await history.read(Span(key))) for key in keys]

        assert run(story) == [[], [], [5], [5], [5]]

    def test_in_the_tick_it_was_said_in_too(self, run):
        async def story(history, _):
            await history.keep(Changes(told("a", "b"), redactions=[Redaction(1, ("#tea",))]))
            return stamps(await history.read(Span("#tea")))

        assert run(story) == [2]

    def test_to_take_back_what_is_not_there_is_no_mistake(self, run):
        async def story(history, _):
            await history.keep(Changes(told("a")))
            await history.keep(
                Changes(redactions=[Redaction(9, ("#tea", "#none"), ("x",)), Redaction(1, ())])
            )
            return stamps(await history.read(Span("#tea")))

        assert run(story) == [1]

    # Renaming

    def test_a_renamed_channel_takes_all_along(self, run):
        async def story(history, store):
            await history.keep(
                Changes(told("a"), markers={("~1", "#tea"): 5}, metadata={("#tea", "url"): "x"})
            )
            await history.keep(Changes(told("b", key="#chá", first=2), renames=[Renamed("#tea", "#chá")]))
            await history.keep(Changes(told("c", first=3)))
            read = [stamps(await history.read(Span(key))) for key in ("#tea", "#chá")]
            return read, await store.markers(), await store.metadata()

        assert run(story) == ([[3], [1, 2]], {("~1", "#chá"): 5}, {("#chá", "url"): "x"})

    def test_names_may_go_round(self, run):
        async def story(history, _):
            await history.keep(Changes(told("a")))
            await history.keep(
                Changes(renames=[Renamed("#tea", "#b"), Renamed("#b", "#c"), Renamed("#no", "#tea")])
            )
            return [stamps(await history.read(Span(key))) for key in ("#tea", "#b", "#c")]

        assert run(story) == [[], [], [1]]

    def test_what_an_earlier_channel_left_under_the_name_is_not_lost(self, run):
        async def story(history, _):
            await history.keep(Changes([*told("a", "b"), *told("before", key="#new", first=7)]))
            await history.keep(Changes(renames=[Renamed("#tea", "#new")]))
            await history.keep(Changes(told("after", key="#new", first=9)))
            return stamps(await history.read(Span("#new")))

        assert run(story) == [1, 2, 7, 9]

    def test_who_went_from_both_has_gone_once(self, run):
        """A QUIT or NICK is kept by the same stamp in every channel where it was heard."""

        async def story(history, _):
            gone = [Kept(key, said(5, "gone")) for key in ("#tea", "#new")]
            await history.keep(Changes([*told("a"), *gone, *told("before", key="#new", first=7)]))
            await history.keep(Changes(renames=[Renamed("#tea", "#new")]))
            return stamps(await history.read(Span("#new")))

        assert run(story) == [1, 5, 7]

    # Markers and metadata

    def test_markers_are_kept_anew_and_forgotten(self, run):
        async def story(history, store):
            await history.keep(Changes(markers={("~1", "#tea"): 5, ("~1", "bob"): 6, ("~2", "#tea"): 7}))
            await history.keep(Changes(markers={("~1", "#tea"): 8, ("~1", "bob"): None, ("~9", "x"): None}))
            return await store.markers()

        assert run(story) == {("~1", "#tea"): 8, ("~2", "#tea"): 7}

    def test_metadata_is_kept_anew_and_forgotten(self, run):
        async def story(history, store):
            await history.keep(Changes(metadata={("~1", "a"): "á 🍵", ("~1", "b"): "", ("#tea", "a"): "x"}))
            await history.keep(Changes(metadata={("~1", "a"): None, ("#tea", "a"): "y", ("?", "?"): None}))
            return await store.metadata()

        assert run(story) == {("~1", "b"): "", ("#tea", "a"): "y"}

    # Search

    @pytest.mark.parametrize(
        ("search", "expected"),
        [
            ((("coracao",),), [1, 4]),
            ((("CORAÇÃO",),), [1, 4]),
            ((("cor",),), [1, 3, 4]),
            ((("o",),), [1, 5]),
            ((("c",),), []),
            ((("oracao",),), []),
            ((("meu", "cor"),), [1, 4]),
            ((("cor", "meu"),), [1, 4]),
            ((("e-mail",),), [5]),
            ((("mail-e",),), []),
            (((),), [1, 2, 3, 4, 5]),
            ((("🍵",),), [2, 4]),
            ((("🍵", "meu"),), [4]),
            ((("!",),), [1]),
            ((("\"", "cor", "*"),), []),
            ((('a"b',),), []),
            ((("cor", "OR", "x"),), []),
            ((("cor",), None, 3), [3, 4]),
            ((("cor",), None, None, 3), [1, 3]),
            ((("cor",), None, 2, 3), [3]),
            ((("cor",), None, None, None, 2), [3, 4]),
            ((("cor",), None, None, None, 2, False), [1, 3]),
            (((), None, None, None, 2), [4, 5]),
            (((), None, None, None, 2, False), [1, 2]),
            (((), None, 10**30, None), []),
            (((), None, None, -5), []),
            (((), None, None, None, 0), []),
        ],
        ids=repr,
    )  # fmt: skip
    def test_a_search_finds(self, run, search, expected):
        texts = ["O meu coração!", "chá 🍵", "a corda", "Meu\x02 CORAÇÃO\x02 🍵", "o e-mail dela"]

        async def story(history, _):
            await history.keep(Changes(told(*texts)))
            return found(await history.search(Search(["#tea", "#none"], *search)))

        assert run(story) == expected

    def test_a_search_finds_only_in_its_conversations(self, run):
        async def story(history, _):
            await history.keep(Changes([*told("tea a"), *told("tea b", key="#else", first=2)]))
            await history.keep(Changes([Kept(key, said(3, "tea c")) for key in ("~1 bob", "~2 ana")]))
            await history.keep(Changes(told("tea d", key="~2 eve", first=4)))
            asked = ([], ["#tea"], ["#else", "~1 bob"], ["~2 ana", "~2 eve", "#tea"], ["~1 bob", "~2 ana"])
            return [found(await history.search(Search(keys, ("tea",)))) for keys in asked]

        assert run(story) == [[], [1], [2, 3], [1, 3, 4], [3]]

    def test_a_search_tells_where(self, run):
        async def story(history, _):
            await history.keep(Changes([*told("tea"), *told("tea", key="~1 bob", first=2)]))
            return [
                [key for key, _ in await history.search(Search(["#tea", "~1 bob"], words))]
                for words in ((), ("tea",))
            ]

        assert run(story) == [["#tea", "~1 bob"]] * 2

    def test_a_search_by_who_said_it(self, run):
        async def story(history, _):
            await history.keep(Changes([*told("x"), *told("x", first=2, nick="eve"), *told("y", first=3)]))
            is_ana = "ana".__eq__
            return [found(await history.search(Search(["#tea"], words, is_ana))) for words in ((), ("x",))]

        assert run(story) == [[1, 3], [1]]

    def test_only_what_was_said_is_found(self, run):
        async def story(history, _):
            commands = ("PRIVMSG", "NOTICE", "TOPIC", "TAGMSG", "PART")
            await history.keep(
                Changes([Kept("#tea", said(at, "tea", command)) for at, command in enumerate(commands)])
            )
            return [found(await history.search(Search(["#tea"], words))) for words in ((), ("tea",))]

        assert run(story) == [[0, 1], [0, 1]]

    def test_what_came_since_the_last_search_is_found_and_what_was_taken_back_is_not(self, run):
        async def story(history, _):
            steps = []
            for first in (1, 3):
                await history.keep(Changes(told("tea", "tea", first=first)))
                steps.append(found(await history.search(Search(["#tea"], ("tea",)))))
            await history.keep(Changes(redactions=[Redaction(2, ("#tea",)), Redaction(3, ("#tea",))]))
            await history.keep(Changes(renames=[Renamed("#tea", "#new")]))
            steps.append(found(await history.search(Search(["#new"], ("tea",)))))
            return steps

        assert run(story) == [[1, 2], [1, 2, 3, 4], [1, 4]]

    def test_a_message_of_several_lines_is_found_by_words_of_any(self, run):
        async def story(history, _):
            await history.keep(Changes(told("one\n two\n>fold\n >three")))
            searches = ("two", "twofold", "three", "fold")
            return [len(await history.search(Search(["#tea"], (word,)))) for word in searches]

        assert run(story) == [1, 1, 1, 0]
