"""Datagrams of a chat over UDP: what is written is read, sizes hold, and nothing else is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.datagram import (
    DATAGRAM_BYTES,
    MARK,
    MOST_ALSO,
    NO_TOKEN,
    PIECE_BYTES,
    Datagram,
    Kind,
    format_datagram,
    parse_datagram,
)

ID, TOKEN = "0123456789abcdef", "00112233445566778899aabbccddeeff"
NUMBERS = st.integers(0, 999_999_999)

hellos = st.just(Datagram(Kind.HELLO, ID))
datas = st.builds(
    lambda number, awaited, piece: Datagram(Kind.DATA, ID, TOKEN, number, awaited, piece=piece),
    NUMBERS,
    NUMBERS,
    st.binary(min_size=1, max_size=PIECE_BYTES),
)
acks = st.builds(
    lambda awaited, also: Datagram(Kind.ACK, ID, TOKEN, awaited=awaited, also=tuple(also)),
    NUMBERS,
    st.lists(NUMBERS, max_size=MOST_ALSO),
)
words = st.lists(st.text("abç∂🙂", min_size=1, max_size=20), max_size=5).map(" ".join)
byes = words.map(lambda reason: Datagram(Kind.BYE, ID, TOKEN, reason=reason))
others = st.sampled_from([Kind.TOKEN, Kind.GONE]).map(lambda kind: Datagram(kind, ID, TOKEN))


@given(st.one_of(hellos, datas, acks, byes, others))
def test_what_is_written_is_read(datagram):
    data = format_datagram(datagram)
    assert parse_datagram(data) == datagram
    assert data.startswith(MARK)
    assert len(data) <= DATAGRAM_BYTES


@given(st.one_of(hellos, datas, acks, byes, others), st.integers(1, DATAGRAM_BYTES))
def test_a_cut_one_is_not_read(datagram, missing):
    assert parse_datagram(format_datagram(datagram)[:-missing]) is None


@given(st.binary(max_size=200))
def test_garbage_is_not_read(data):
    assert parse_datagram(data) is None


@pytest.mark.parametrize(
    "text",
    [
        "chat/1 HELLO 0123456789abcdef\n",
        f"chat/1 HELLO 0123456789abcdef {TOKEN}\n",
        f"chat/1 HELLO 0123456789abcdef {NO_TOKEN} more\n",
        f"chat/1 HELLO 0123456789abcdef {NO_TOKEN}",
        f"chat/1 hello 0123456789abcdef {NO_TOKEN}\n",
        f"chat/1 HELLO 0123456789ABCDEF {NO_TOKEN}\n",
        f"chat/1 TOKEN 0123456789abcdef {NO_TOKEN}\n",
        f"chat/1 DATA {ID} {TOKEN} 0 0 0\n",
        f"chat/1 DATA {ID} {TOKEN} 0 0 2\nx",
        f"chat/1 DATA {ID} {TOKEN} 0\nx",
        f"chat/1 DATA {ID} {TOKEN} -1 0 1\nx",
        f"chat/1 DATA {ID} {TOKEN} 01 0 1\nx",
        f"chat/1 DATA {ID} {TOKEN} 1234567890 0 1\nx",
        f"chat/1 DATA {ID} {TOKEN} 0 0 {PIECE_BYTES + 1}\n" + "x" * (PIECE_BYTES + 1),
        f"chat/1 ACK {ID} {TOKEN} 0\n",
        f"chat/1 ACK {ID} {TOKEN} 0 \n",
        f"chat/1 ACK {ID} {TOKEN} 0 1,,2\n",
        f"chat/1 ACK {ID} {TOKEN} 0 {','.join(['1'] * (MOST_ALSO + 1))}\n",
        f"chat/1 ACK {ID} {TOKEN} 0 -\nx",
        f"chat/2 GONE {ID} {TOKEN}\n",
        f" chat/1 GONE {ID} {TOKEN}\n",
    ],
)
def test_what_is_not_of_the_format(text):
    assert parse_datagram(text.encode()) is None


def test_a_reason_is_one_line_and_cut_between_letters():
    data = format_datagram(Datagram(Kind.BYE, ID, TOKEN, reason="a\nb " + "ç" * 400))
    found = parse_datagram(data)
    assert found is not None
    assert found.reason.startswith("a b ççç")
    assert set(found.reason) == set("a bç")
    assert len(data) <= DATAGRAM_BYTES


def test_a_token_is_no_longer_than_what_asks_for_it():
    asking = format_datagram(Datagram(Kind.HELLO, ID))
    assert len(format_datagram(Datagram(Kind.TOKEN, ID, TOKEN))) <= len(asking)


def test_gone_is_no_longer_than_what_it_answers():
    gone = len(format_datagram(Datagram(Kind.GONE, ID, TOKEN)))
    assert gone <= len(format_datagram(Datagram(Kind.ACK, ID, TOKEN)))
    assert gone <= len(format_datagram(Datagram(Kind.DATA, ID, TOKEN, piece=b"x")))
