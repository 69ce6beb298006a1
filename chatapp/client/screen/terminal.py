"""The screen at work: keys to the session, the model to the picture.

Nothing is done here per message: a change of the model only asks for a redraw, and redraws are joined; a key
is drawn at once.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.input import Input as Keyboard
from prompt_toolkit.mouse_events import MouseButton
from prompt_toolkit.output import Output
from prompt_toolkit.styles import DynamicStyle

from chatapp.client.inspector.recorder import Record, Recorder
from chatapp.client.model import Model
from chatapp.client.outcome import Outcome
from chatapp.client.screen.attention import Doorbell
from chatapp.client.screen.background import QUESTION as BACKGROUND
from chatapp.client.screen.background import Background, Colour
from chatapp.client.screen.cells import adapt
from chatapp.client.screen.continuing import continuing
from chatapp.client.screen.drawing import Drawing
from chatapp.client.screen.dress import Dress
from chatapp.client.screen.editing_mode import after_sending, escape, mode_words, use_keys
from chatapp.client.screen.inline import InlineDrawing, painting
from chatapp.client.screen.input_line import InputLine
from chatapp.client.screen.keys import build_bindings
from chatapp.client.screen.layout import build_layout, row_cells
from chatapp.client.screen.lending import Lending
from chatapp.client.screen.looking import Looking
from chatapp.client.screen.mouse import Mouse
from chatapp.client.screen.moving import Moving
from chatapp.client.screen.pacing import REDRAWS_PER_SECOND, Pace
from chatapp.client.screen.paper import Paper
from chatapp.client.screen.picking import Picking
from chatapp.client.screen.picture import Manner, quit_word
from chatapp.client.screen.probe import QUESTION_COUNT, QUESTIONS, Probe
from chatapp.client.screen.renderer import PaintingRenderer, Preface
from chatapp.client.screen.times import use_timestamps
from chatapp.client.session import Session
from chatapp.client.typed_history import TypedHistory

#: Seconds for which the word about leaving stands, and a second Ctrl-C leaves.
_QUIT_WITHIN = 3.0


class TerminalScreen:
    """The full screen on a terminal. ``now`` gives seconds since 1970; ``recorder`` knows the wire.

    ``paper`` is what to write on in the place of ``output``; it is closed in the end. ``history`` remembers
    what is typed. ``inline``: what is said is printed into the terminal's own scrollback.
    """

    redraws_per_second = REDRAWS_PER_SECOND
    #: Whether we paint ourselves; on Windows prompt_toolkit's own way to the terminal is used.
    paints = sys.platform != "win32"

    def __init__(
        self,
        model: Model,
        session: Session,
        keyboard: Keyboard | None = None,
        output: Output | None = None,
        now: Callable[[], float] = time.time,
        recorder: Recorder | None = None,
        paper: Paper | None = None,
        history: TypedHistory | None = None,
        *,
        inline: bool = False,
    ) -> None:
        self._model = model
        self._session = session
        self.manner = Manner()
        self._recorder = recorder or Recorder(now)
        self.moving = Moving(model, session)
        self.looking = Looking(model, session, self.manner, self._recorder)
        self.timeline = self.looking.timeline
        self.line = InputLine(model, self.manner, self._submit, session.commands, history)
        self.lending = Lending(lambda: self.application, self.line)
        self._probe = Probe()
        self._paper = paper
        self._pace = Pace(self.draw_soon, self.redraws_per_second)
        self.picking = Picking(model, session, self.looking, self.manner, self.lending.say, self.line.paste)
        self.mouse = Mouse(self.looking, self.moving.go, self.meet)
        drawing = InlineDrawing if inline and self.paints else Drawing
        self.drawing = drawing(
            model, session, self.looking, self.line, self.manner, self.mouse, now, self._pace.ask
        )
        _connect(self, model, session)
        self.dress = Dress(lambda: session.preferences, os.environ)
        self.background = Background(self._dressed)
        self.bell = Doorbell(model, lambda: session.preferences, self.lending.say, time.monotonic, os.environ)
        self.application = self._application(keyboard, paper.output() if paper is not None else output)
        if self.paints:
            questions = Preface(BACKGROUND + QUESTIONS, QUESTION_COUNT, self._probed)
            self.application.renderer = painting(self.application, self.drawing, paper, questions)

    def _application(self, keyboard: Keyboard | None, output: Output | None) -> Application[None]:
        application: Application[None] = Application(
            build_layout(self.line.input, self.drawing),
            style=DynamicStyle(self.dress.style),
            include_default_pygments_style=False,
            key_bindings=build_bindings(self),
            full_screen=True,
            color_depth=self.dress.depth,
            mouse_support=True,
            max_render_postpone_time=None,
            after_render=lambda _application: self.drawing.drawn(),
            input=keyboard,
            output=output,
        )
        use_keys(application, self._session.preferences.settings.editing)
        use_timestamps(self._session.preferences.settings.timestamps)
        self.manner.editing = lambda: mode_words(application)
        application.key_processor.before_key_press += lambda _processor: self.looking.stop_seeking()
        return application

    @property
    def is_idle(self) -> bool:
        """Whether nothing is half typed."""
        return self.line.is_empty

    async def run(self) -> None:
        """Show the screen until the person leaves; the terminal is then as it was."""
        self._model.on_change = self._model_changed
        self._model.focus.on_call = self.bell.called
        self._recorder.on_record = self._wire_changed
        self._session.preferences.watch(self._preferences_changed)
        self._model_changed()
        try:
            with continuing(self.application, lambda: self.lending.is_lent, self._continued):
                await self.application.run_async(set_exception_handler=False)
        finally:
            self._model.on_change = lambda: None
            self._model.focus.on_call = lambda _call: None
            self.bell.stop()
            self._recorder.on_record = lambda _record: None
            self._pace.stop()
            self.drawing.stop()
            if self._paper is not None:
                self._paper.close()

    def close(self, error: BaseException | None = None) -> None:
        """Leave the screen, as if the person had; with an ``error`` that `run` raises then."""
        if self.application.is_running and not self.application.is_done:
            if error is None:
                self.application.exit()
            else:
                self.application.exit(exception=error)

    # What the keys do.

    def enter(self) -> None:
        """Leave the page of keys, or let the input line take it."""
        if self.manner.helping:
            self.manner.helping = False
        else:
            self.line.enter()
            if self.line.is_empty:
                after_sending(self.application)

    def page(self, direction: int) -> None:
        """Look a page further up (+1) or down (-1)."""
        self.looking.page(direction, max(1, self.drawing.size[1] - 4))

    def draw_soon(self) -> None:
        """Have what has changed drawn."""
        self.application.invalidate()

    def redraw(self) -> None:
        """Draw everything anew."""
        renderer = self.application.renderer
        if isinstance(renderer, PaintingRenderer):
            renderer.clear()
            return
        # prompt_toolkit's leaves the alternate screen first, and wipes out what the person had before us.
        renderer.erase(leave_alternate_screen=False)
        self.application.output.erase_screen()
        self.application.output.cursor_goto(0, 0)
        self.application.output.flush()

    def meet(self, nick: str, button: MouseButton) -> None:
        """Open a conversation with ``nick``; with another button than the left, address them here."""
        self.looking.uncover(self.drawing.size[0])
        if button is not MouseButton.LEFT:
            self.line.address(nick)
        else:
            self.moving.meet(nick)

    def page_members(self, direction: int) -> None:
        """Look a page further up (+1) or down (-1) among the members."""
        self.looking.page_members(direction, max(1, self.drawing.size[1] - 4))

    def dismiss(self) -> None:
        """Close what is open: a question, a menu, a page. Where nothing is, it is an Esc for vi."""
        width = self.drawing.size[0]
        if not (self.line.dismiss() or self.looking.uncover(width) or self.picking.leave()):
            escape(self.application)

    def interrupt(self) -> None:
        """Ctrl-C: close what is open, clear the line, and the second time on an empty line leave."""
        if self.lending.is_lent:
            return  # it was meant for the editor, and the terminal tells us too
        is_asked = self.manner.question > 0
        self.line.dismiss()
        if is_asked:
            return
        if self.manner.helping:
            self.manner.helping = False
        elif not self.line.is_empty:
            self.line.clear()
        elif self.manner.word:
            self._submit("/quit")
        else:
            self.manner.word = quit_word()
            asyncio.get_running_loop().call_later(_QUIT_WITHIN, self._forget_word)

    def end_of_input(self) -> None:
        """Ctrl-D: leave on an empty line, else delete a character."""
        if self.line.is_empty:
            self._submit("/quit")
        else:
            self.line.delete()

    def suspend(self) -> None:
        """Go into the background, where there is one."""
        self.application.suspend_to_background()

    # What the model and the terminal do.

    def answered(self, answer: str) -> None:
        """The terminal has said where its cursor is: what was painted before has arrived."""
        if isinstance(self.application.renderer, PaintingRenderer):
            self.application.renderer.answered(answer)

    def _probed(self, answer: str) -> None:
        """The terminal says how wide it has shown a sample: measure and draw as it does."""
        traits = self._probe.hear(answer)
        if traits is not None and adapt(traits):
            row_cells.cache_clear()
            self.looking.forget_rows()
            self.redraw()

    def _dressed(self, background: Colour) -> None:
        """The terminal has told its background."""
        self.dress.background = background
        self._pace.ask()

    def _continued(self) -> None:
        self.redraw()
        self.draw_soon()

    def _submit(self, text: str) -> None:
        self.timeline.to_end()
        with self.moving.asked():
            outcome = self._session.submit(text)
        if outcome is Outcome.QUIT:
            self.close()
        elif outcome is Outcome.INSPECT:
            self.looking.toggle_wire()
            self._pace.ask()

    def _model_changed(self) -> None:
        if self.line.follow_room(self.moving.is_asked):
            # Both were about the other room.
            self.picking.asks = self.picking.wanted = ""
            self.looking.stop_seeking()
            if self.moving.is_asked:
                self.looking.results.put_aside()
        if self.manner.seeking:
            # Whoever tells of a change may be in the middle of it.
            asyncio.get_running_loop().call_soon(self.looking.seek)
        self._pace.ask()

    def _preferences_changed(self) -> None:
        settings = self._session.preferences.settings
        use_keys(self.application, settings.editing)
        if use_timestamps(settings.timestamps):
            self.looking.forget_rows()
        self._pace.ask()

    def _wire_changed(self, _record: Record) -> None:
        if self.manner.inspecting:
            self._pace.ask()

    def _forget_word(self) -> None:
        self.manner.word = ""
        self._pace.ask()


def _connect(screen: TerminalScreen, model: Model, session: Session) -> None:
    """Let the parts of the screen know what they need of each other."""

    def typed(text: str) -> None:
        session.speaking.typing.typed(model.target, text)
        screen.looking.results.move_on()

    screen.looking.results.typed = lambda: screen.line.typed.text
    screen.line.on_typed = typed
    screen.mouse.pick = screen.picking.click
    screen.picking.names_message = isinstance(screen.drawing, InlineDrawing)
