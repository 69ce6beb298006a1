"""From one conversation to another: by number, by neighbour, by what is new, by a person's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chatapp.client.buffer import Buffer
from chatapp.client.model import Model
from chatapp.client.session import Session


class Moving:
    """What the keys and the mouse do to go elsewhere. ``is_asked``: the person has asked for the move."""

    def __init__(self, model: Model, session: Session) -> None:
        self.is_asked = False
        self._model = model
        self._session = session

    @contextmanager
    def asked(self) -> Iterator[None]:
        """What changes within is what the person asked for."""
        self.is_asked = True
        try:
            yield
        finally:
            self.is_asked = False

    def go(self, number: int) -> None:
        """Show the room with this number; 0 is the server."""
        if number < len(self._model.buffers):
            self._switch(self._model.buffers[number])

    def step(self, by: int) -> None:
        """Show a neighbour of the current room, around the end."""
        buffers = self._model.buffers
        self.go((buffers.index(self._model.current) + by) % len(buffers))

    def next_unread(self, by: int) -> None:
        """Show the next (+1) or previous (-1) room with something new, mentions first; else a neighbour."""
        buffers = self._model.buffers
        at = buffers.index(self._model.current)
        others = [(at + by * distance) % len(buffers) for distance in range(1, len(buffers))]
        for wanted in ("mentions", "unread"):
            for number in others:
                if getattr(buffers[number], wanted):
                    self.go(number)
                    return
        self.step(by)

    def accept(self) -> None:
        """Enter the room that one was asked into last."""
        focus = self._model.focus
        invitation, focus.invitation = focus.invitation, None
        if invitation is not None:
            with self.asked():
                invitation.accept()

    def meet(self, nick: str) -> None:
        """Open the conversation with ``nick``, unless that is oneself."""
        if not self._session.is_me(nick):
            self._switch(self._session.rooms.direct(nick))

    def _switch(self, buffer: Buffer) -> None:
        with self.asked():
            self._model.switch_to(buffer)
