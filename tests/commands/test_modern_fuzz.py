"""Whatever is said with the newer commands, the server answers in the protocol and keeps its books."""

from __future__ import annotations

import pytest
from dialogue import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.irc import caps
from chatapp.irc.line import MalformedLine, parse_line

CAPS = " ".join(name for name in caps.OFFERED if name not in ("sasl", "sts"))
SPOKEN = "BATCH REDACT MARKREAD METADATA SEARCH RENAME ISUPPORT PRIVMSG NOTICE TAGMSG"
VERBS = SPOKEN.split(" ")
PARAMETERS = (
    "#tea #TEA #chá #else @#tea ana bob * ** +1 -1 + - 0 1 vvvvvvvvvvvvv draft/multiline url =;=; "
    "GET SET LIST CLEAR SUB UNSUB SUBS SYNC timestamp= timestamp=* text=a* in=#tea in=ana;text=x "
    "timestamp=2026-01-01T00:00:00.000Z timestamp=9999-12-31T23:59:59.999Z limit=-1 *playback "
    'after=9999-12-31T23:59:59.999Z limit=99999999999999999999 text=" text=x;limit=1'
)
WORDS = [
    *PARAMETERS.split(" "),
    *("play * 0 999999999999", "play #tea,,*", "á" * 200, "x" * 380, "k" * 33, "\x02\x0304\x1f", ""),
]
TAGS = ["", *(f"@{tags} " for tags in (
    "batch=1", "batch=", "batch=1;draft/multiline-concat", "label=a", "label=b;batch=1;+typing=active",
))]  # fmt: skip

texts = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=9)
words = st.sampled_from(WORDS) | texts
lines = st.builds(
    lambda tags, verb, middle, last: f"{tags}{verb} {' '.join(filter(None, [*middle, f':{last}']))}",
    st.sampled_from(TAGS),
    st.sampled_from(VERBS),
    st.lists(words, max_size=3),
    words,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(said=st.lists(st.tuples(st.booleans(), lines), max_size=25))
def test_anything_may_be_said(said):
    table = Table()
    ana, bob = table.sit("ana", CAPS), table.sit("bob", "batch message-tags")
    table.room("#tea", ana, bob)
    for is_ana, text in said:
        try:
            parse_line(text)
        except MalformedLine:
            continue
        (ana if is_ana else bob).say(text)
    for person in (ana, bob):
        heard = person.hears()
        assert not [line for line in heard if " 400 " in line.split(" :")[0]]
        bodies = [line.partition(" ")[2] if line[0] == "@" else line for line in heard]
        assert not [body for body in bodies if len(body.encode()) > 510]
        batches = [line.params[0] for line in map(parse_line, heard) if line.command == "BATCH"]
        opened = [name[1:] for name in batches if name[0] == "+"]
        closed = [name[1:] for name in batches if name[0] == "-"]
        assert sorted(opened) == sorted(closed)
    for folded, channel in table.world.channels.items():
        assert folded == channel.folded == table.world.fold(channel.name)
        assert all(channel in user.channels for user in channel.members)
