"""A person at the real screen, on a terminal in memory; the session has no network."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable

import noticing
import pyte
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from chatapp.client.model import Model
from chatapp.client.screen.terminal import TerminalScreen
from chatapp.client.session import Session
from chatapp.client.settings import Preferences


class Desk:
    """A person at a terminal of 80 x 24, offline, in #lobby."""

    def __init__(self, keyboard, columns=80, rows=24, settings=None, history=None):
        self.keyboard = keyboard
        self.model = Model("Ana", "localhost")
        preferences = Preferences(settings)
        self.session = Session(self.model, "Ana", now=lambda: 0.0, rooms=["#lobby"], preferences=preferences)
        self.lobby = self.model.current
        self.paper = io.StringIO()
        self.read = 0
        self.screen_text = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen_text)
        self.size = Size(rows, columns)
        self.screen = self.sit_down(history)
        self._pressed_at = None
        self.screen.application.key_processor.after_key_press += self._pressed

    def sit_down(self, history):
        output = Vt100_Output(self.paper, lambda: self.size, term="xterm-256color")
        return TerminalScreen(
            self.model, self.session, self.keyboard, output, now=lambda: 0.0, history=history
        )

    @property
    def lines(self):
        data = self.paper.getvalue()
        self._stream.feed(data[self.read :])
        self.read = len(data)
        return [line.rstrip() for line in self.screen_text.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def typed(self):
        return self.screen.line.typed.text

    async def press(self, *keys):
        """Press the keys, and wait for the picture after each, also where more might follow the key."""
        application = self.screen.application
        for key in keys:
            self._pressed_at = None
            self.keyboard.send_text(key)
            await self.until(lambda: not self.is_open or self._is_carried_out)
            await self.until(lambda: not self.is_open or application.render_counter > self._pressed_at)

    @property
    def _is_carried_out(self):
        """Whether the last key has had its effect, and the picture after that is drawn."""
        application, keys = self.screen.application, self.screen.application.key_processor
        waiting = keys.input_queue or keys.key_buffer or application.invalidated
        return self._pressed_at is not None and not waiting

    def _pressed(self, _processor):
        self._pressed_at = self.screen.application.render_counter

    async def until(self, condition: Callable[[], bool]):
        await noticing.until(condition, lambda: self.text)

    @property
    def is_open(self):
        return self.screen.application.is_running

    def said(self, buffer=None):
        return [entry.text for entry in (buffer or self.lobby).entries if entry.own]


def at_the_desk(story: Callable[[Desk], Awaitable[None]], kind=Desk, **size) -> Desk:
    async def run(keyboard):
        desk = kind(keyboard, **size)
        broken = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: broken.append(context))
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(desk.screen.run())
            await desk.until(lambda: desk.screen.application.render_counter > 0)
            await story(desk)
            desk.screen.close()
            await showing
        assert broken == [], broken
        return desk

    with create_pipe_input() as keyboard:
        return noticing.run(run(keyboard))
