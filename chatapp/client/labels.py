"""Labels: which answer belongs to which question (IRCv3 labeled-response).

The lines of a labelled batch are heard as they come, each with the label of the batch: gathering them first
would let an echo be overtaken by what was said after it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from chatapp.client.buffer import Buffer
from chatapp.client.incoming.table import GATHERED
from chatapp.irc.line import Line

#: Questions and batches remembered at most.
MOST = 256


class Labels:
    """The labels of one connection, and the conversations their questions came from."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._origins: dict[str, Buffer] = {}
        self._without_answer: dict[str, str] = {}
        self._batches: dict[str, str] = {}
        self._gathered: dict[str, str] = {}
        #: The label whose answer has come to its end with the line that was heard last.
        self.finished = ""

    def new(self, origin: Buffer | None = None) -> str:
        """A label that was not used on this connection; ``origin`` is where the answer is to be shown."""
        label = f"c{next(self._ids)}"
        if origin is not None:
            if len(self._origins) >= MOST:
                oldest = next(iter(self._origins))
                del self._origins[oldest]
                self._without_answer.pop(oldest, None)
            self._origins[label] = origin
        return label

    def if_nothing(self, label: str, words: str) -> None:
        """Have ``words`` told where the answer to ``label``, "" for none, says nothing."""
        if label and words:
            self._without_answer[label] = words

    def words_for(self, line: Line) -> str:
        """What the person is told where ``line``, an ACK, is all the answer; "" for nothing."""
        return self._without_answer.get(line.tags.get("label", ""), "")

    def origin(self, line: Line) -> Buffer | None:
        """Where the question that ``line`` answers came from."""
        return self._origins.get(line.tags.get("label", ""))

    def finish(self) -> str:
        """The label that needs no memory any more after this line, or ""."""
        label, self.finished = self.finished, ""
        self._origins.pop(label, None)
        self._without_answer.pop(label, None)
        return label

    def unwrap(self, line: Line) -> Line | None:
        """``line`` with the label of the batch it is in; ``None`` for the batch's own first and last line.

        Batches that are gathered elsewhere pass as they are; their answer is complete at their end.
        """
        outer = self._batches.get(line.tags.get("batch", ""))
        if outer is not None:
            tags = {key: value for key, value in line.tags.items() if key != "batch"}
            line = replace(line, tags=tags | {"label": outer} if outer else tags)
        else:
            self.finished = line.tags.get("label", "")
        if line.command != "BATCH":
            return line
        word = line.param(0)
        if word[:1] == "+":
            if line.param(1) in GATHERED or "batch" in line.tags or len(self._batches) >= MOST:
                if self.finished and len(self._gathered) < MOST:
                    self._gathered[word[1:]], self.finished = self.finished, ""
                return line
            self.finished = ""
            self._batches[word[1:]] = line.tags.get("label", "")
            return None
        label = self._batches.pop(word[1:], None)
        if label is None:
            self.finished = self._gathered.pop(word[1:], "")
            return line
        self.finished = label
        return None
