"""Labels: what a server that never answers, or always begins to, may have us remember."""

from __future__ import annotations

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.labels import MOST, Labels
from chatapp.irc.line import parse_line

ROOM = Buffer("#tea", BufferKind.CHANNEL)


def origin(labels, label):
    return labels.origin(parse_line(f"@label={label} :chat 401 Ana #tea :no"))


def test_the_oldest_of_many_questions_is_forgotten():
    labels = Labels()
    first, *others = [labels.new(ROOM) for _ in range(MOST + 1)]

    assert origin(labels, first) is None
    assert [origin(labels, label) for label in others] == [ROOM] * MOST
    assert len({first, *others}) == MOST + 1


def test_of_many_open_batches_the_first_are_known():
    labels = Labels()
    begun = [labels.unwrap(parse_line(f"@label=c{n} BATCH +b{n} x")) for n in range(MOST + 1)]

    assert [line is None for line in begun] == [True] * MOST + [False]
    assert labels.unwrap(parse_line("@batch=b0 PING x")).tags == {"label": "c0"}
