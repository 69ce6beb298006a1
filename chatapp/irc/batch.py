"""BATCH: open, nest, gather, close (IRCv3 batch)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from chatapp.irc.line import NO_TAGS, Line


@dataclass(slots=True)
class Batch:
    """Lines that belong together; ``children`` are in the order they came.

    ``kind`` and ``params`` are from the opening line, as are ``source`` and ``tags`` (its label, its msgid).
    ``is_whole`` is false if it was given out before its end came.
    """

    kind: str
    params: list[str]
    source: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: NO_TAGS)
    children: list[Line | Batch] = field(default_factory=list)
    is_whole: bool = True

    def lines(self) -> Iterator[Line]:
        """Every line in it and in the batches within it, in order."""
        for child in self.children:
            if isinstance(child, Batch):
                yield from child.lines()
            else:
                yield child


@dataclass(slots=True)
class _Open:
    batch: Batch
    path: tuple[str, ...]  #: the ids from the outermost batch down to this one


class Batches:
    """Gathers the batches of one connection.

    No line is lost and none is held for ever, whatever the peer does: with ``max_open`` batches open no more
    are opened, and lines of a batch that is not open pass singly; when ``max_lines`` are held the outermost
    batch of the last one is given out as it is.
    """

    def __init__(self, max_open: int = 64, max_lines: int = 4096) -> None:
        self._max_open = max_open
        self._max_lines = max_lines
        self._open: dict[str, _Open] = {}
        self._held = 0

    def hear(self, line: Line) -> Line | Batch | None:
        """Take ``line`` in.

        Returns:
            The line itself if it is in no batch; the outermost batch if the line closed it; else ``None``.
        """
        if line.command == "BATCH":
            word = line.param(0)
            if word[:1] == "+":
                return self._begin(word[1:], line)
            return self._end(word[1:]) if word[:1] == "-" else None
        parent = self._open.get(line.tags.get("batch", ""))
        if parent is None:
            return line
        return self._hold(line, parent)

    def _begin(self, id: str, line: Line) -> Batch | None:
        if not id or id in self._open or len(self._open) >= self._max_open:
            return None
        batch = Batch(line.param(1), line.params[2:], line.source, line.tags)
        parent = self._open.get(line.tags.get("batch", ""))
        self._open[id] = _Open(batch, (*parent.path, id) if parent else (id,))
        return self._hold(batch, parent) if parent else None

    def _end(self, id: str) -> Batch | None:
        found = self._open.get(id)
        if found is None:
            return None
        if found.path == (id,):
            return self._release(id, True)
        self._forget(id)
        return None

    def _hold(self, child: Line | Batch, parent: _Open) -> Batch | None:
        parent.batch.children.append(child)
        self._held += 1
        return self._release(parent.path[0], False) if self._held >= self._max_lines else None

    def _release(self, outermost: str, is_whole: bool) -> Batch:
        batch = self._open[outermost].batch
        batch.is_whole = is_whole
        self._forget(outermost)
        self._held -= _size(batch)
        return batch

    def _forget(self, id: str) -> None:
        """Close the batch and, so that nesting stays as shallow as ``max_open``, those within it."""
        self._open = {key: found for key, found in self._open.items() if id not in found.path}


def batch_ids() -> Iterator[str]:
    """Ids for our own batches, of letters and digits; unique on a connection and the same in every run."""
    return (f"b{n:x}" for n in count(1))


def _size(batch: Batch) -> int:
    return sum(1 + _size(child) if isinstance(child, Batch) else 1 for child in batch.children)
