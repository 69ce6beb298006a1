"""An input line on a terminal without a screen: messages are printed above it, and it stays as it is.

prompt_toolkit reads the keys and edits; what is on the terminal we write ourselves, since its own way to
print above a prompt takes what is typed away and brings it back for each message.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import Protocol

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Never
from prompt_toolkit.input import Input as Keyboard
from prompt_toolkit.layout import BufferControl, Layout, Window
from prompt_toolkit.output import DummyOutput

from chatapp.client.model import Model
from chatapp.client.screen.attention import Doorbell
from chatapp.client.screen.cells import cells, graphemes
from chatapp.client.screen.editing_mode import after_sending, use_keys
from chatapp.client.screen.input_line import InputLine
from chatapp.client.screen.linear_keys import build_bindings, choice_words
from chatapp.client.screen.moving import Moving
from chatapp.client.screen.picture import Manner, quit_word
from chatapp.client.screen.render import isolate
from chatapp.client.screen.status import question_words
from chatapp.client.session import Session
from chatapp.client.typed_history import TypedHistory, covered
from chatapp.irc.visible import visible

#: Lines that are written before a key gets its turn, and those that wait for a slow terminal at most.
_AT_ONCE, _MOST_WAITING = 20, 10_000
#: Seconds within which a second Ctrl-C leaves.
_QUIT_WITHIN = 3.0
_ERASE = "\r\x1b[K"
_PASTES_ON, _PASTES_OFF = "\x1b[?2004h", "\x1b[?2004l"


class LinePrinter(Protocol):
    """What lines are printed on without waiting: as much of `chatapp.client.screen.paper` as that takes."""

    on_drained: Callable[[], None]

    @property
    def is_draining(self) -> bool:
        """Whether it has not taken all yet."""

    def write(self, text: str) -> int:
        """Write ``text``, now or soon."""

    def close(self) -> None:
        """Write what is left."""


class EditedLines:
    """A person at an input line (`chatapp.client.screen.plain_lines.Lines`).

    ``width`` gives the columns of the terminal. ``is_dumb``: the terminal can do nothing but print, so what
    comes in waits until nothing is half typed.
    """

    is_person = True

    def __init__(
        self,
        submit: Callable[[str], object],
        model: Model,
        session: Session,
        paper: LinePrinter,
        width: Callable[[], int],
        *,
        is_dumb: bool = False,
        keyboard: Keyboard | None = None,
        history: TypedHistory | None = None,
    ) -> None:
        self._submit = submit
        self._model = model
        self._paper = paper
        self._width = width
        self._is_dumb = is_dumb
        self._waiting: deque[str] = deque()
        self._left_out = 0
        self._asked = 0
        self._shown = ""
        self._is_on = False
        self._manner = Manner()
        self.line = InputLine(model, self._manner, self._enter, session.commands, history)
        self.line.input.complete_while_typing = Never()  # there is no menu to be seen
        self.moving = Moving(model, session)
        self.application: Application[None] = Application(
            Layout(Window(BufferControl(self.line.input))),
            key_bindings=build_bindings(self),
            input=keyboard,
            output=DummyOutput(),
            after_render=lambda _application: self.refresh(),
        )
        preferences = session.preferences
        use_keys(self.application, preferences.settings.editing)
        preferences.watch(lambda: use_keys(self.application, preferences.settings.editing))
        self._bell = Doorbell(model, lambda: session.preferences, self._ring, time.monotonic, os.environ)
        paper.on_drained = self._go_on

    @property
    def is_idle(self) -> bool:
        """Whether nothing is half typed."""
        return self.line.is_empty

    async def serve(self) -> None:
        """Edit until the person leaves; the terminal is then as it was."""
        self._is_on = True
        self._model.focus.on_call = self._bell.called
        if not self._is_dumb:
            self._paper.write(_PASTES_ON)
        self._go_on()
        try:
            await self.application.run_async(set_exception_handler=False)
        finally:
            self._is_on = False
            self._bell.stop()
            self._model.focus.on_call = lambda _call: None
            end = "\r\n" if self._is_dumb else _ERASE + _PASTES_OFF
            self._paper.write(end + self._take(len(self._waiting)))
            self._paper.close()

    def write(self, lines: Sequence[str]) -> None:
        """Print ``lines`` above what is typed."""
        self._waiting.extend(lines)
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self._left_out += 1
        self._go_on()

    def ring(self, bell: str) -> None:
        """Ring, between what is written."""
        if self._is_on and not self._paper.is_draining:
            self._paper.write(bell)

    def refresh(self) -> None:
        """Show what is typed and where the cursor is, if that has changed."""
        if not self._is_on or self._paper.is_draining:
            return
        self.line.follow_room(asked=self.moving.is_asked)
        if self._manner.question != self._asked:
            self._asked = self._manner.question
            if self._asked:
                self.write([question_words(self._asked, self._model.target)])
        row = self._row()
        if row != self._shown:
            self._paper.write(self._change(row))
            self._shown = row
        if self._is_dumb and self._waiting and self.line.is_empty:
            self._go_on()

    def stop(self) -> None:
        """Leave."""
        if self.application.is_running and not self.application.is_done:
            self.application.exit()

    # What the keys do.

    def complete(self) -> None:
        """Complete as far as is certain; where there is a choice, say it."""
        choice = self.line.extend()
        if choice:
            self.write([choice_words(choice)])

    def interrupt(self) -> None:
        """Ctrl-C: clear the line, and the second time on an empty line leave."""
        if self.line.dismiss():
            return
        if not self.line.is_empty:
            self.line.clear()
        elif self._manner.word:
            self._enter("/quit")
        else:
            self._manner.word = quit_word()
            self.write([self._manner.word])
            asyncio.get_running_loop().call_later(_QUIT_WITHIN, self._forget_word)

    def end_of_input(self) -> None:
        """Ctrl-D: leave on an empty line, else delete a character."""
        if self.line.is_empty:
            self._enter("/quit")
        else:
            self.line.delete()

    def suspend(self) -> None:
        """Ctrl-Z: go into the background; the row is written anew when we are back."""
        self._paper.write("\r\n" if self._is_dumb else _ERASE)
        self._shown = ""
        self.application.suspend_to_background()

    def is_asking(self) -> bool:
        """Whether many lines wait for a yes."""
        return self._manner.question > 0

    def _enter(self, text: str) -> None:
        if self._is_on:
            # On paper that cannot be erased the line stays; elsewhere it comes back as what was said.
            self._paper.write("\r\n" if self._is_dumb else _ERASE)
            self._shown = ""
        with self.moving.asked():
            self._submit(text)
            self.line.follow_room(asked=True)
        after_sending(self.application)

    def _ring(self, sequence: str) -> None:
        """Ring the bell, which moves nothing on the terminal."""
        if self._is_on:
            self._paper.write(sequence)

    def _forget_word(self) -> None:
        self._manner.word = ""

    def _go_on(self) -> None:
        """Print what waits, a few lines at a time, and what is typed below it."""
        if not self._is_on or self._paper.is_draining or (self._is_dumb and not self.line.is_empty):
            return
        while self._waiting and not self._paper.is_draining:
            lines = self._take(_AT_ONCE)
            self._shown = "" if self._is_dumb else self._row()
            before = "\r\n" if self._is_dumb and self._shown else ""
            self._paper.write(before + ("" if self._is_dumb else _ERASE) + lines + self._shown)
        self.refresh()

    def _take(self, most: int) -> str:
        lines = [self._waiting.popleft() for _each in range(min(most, len(self._waiting)))]
        if self._left_out:
            words = ngettext(
                "({n} line was left out: the terminal is too slow)",
                "({n} lines were left out: the terminal is too slow)",
                self._left_out,
            )
            lines.insert(0, words.format(n=self._left_out))
            self._left_out = 0
        return "".join(f"{line}\r\n" for line in lines)

    def _change(self, row: str) -> str:
        """What turns the line that is shown into ``row``."""
        if not self._is_dumb:
            return _ERASE + row
        if row.startswith(self._shown):
            return row[len(self._shown) :]
        if self._shown.startswith(row):
            gone = self._shown[len(row) :]
            return "\b \b" * cells(gone)
        return f"\r\n{row}"

    def _row(self) -> str:
        """The prompt and what is typed, in one row of the terminal, with the cursor in its place."""
        typed = self.line.typed
        text = covered(typed.text)
        prompt = f"{isolate(visible(self._model.target.name))}: "
        before, after = (_on_one_line(part) for part in (text[: typed.cursor], text[typed.cursor :]))
        if self._is_dumb:
            return prompt + before + after if text else ""
        room = max(8, self._width() - 1 - cells(prompt))
        before = _end_of(before, room if not after else room - 1)
        after = _beginning_of(after, room - cells(before))
        back = cells(after)
        return f"{prompt}{before}{after}" + (f"\x1b[{back}D" if back else "")


def _on_one_line(text: str) -> str:
    return visible(text.replace("\n", _(" (new line) ")))


def _beginning_of(text: str, room: int) -> str:
    kept = ""
    for grapheme in graphemes(text):
        room -= cells(grapheme)
        if room < 0:
            break
        kept += grapheme
    return kept


def _end_of(text: str, room: int) -> str:
    kept: list[str] = []
    for grapheme in reversed(list(graphemes(text[-4 * room :]))):
        room -= cells(grapheme)
        if room < 0:
            break
        kept.append(grapheme)
    return "".join(reversed(kept))
