"""The input line at work: what is typed in each room, pasted, completed and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _

from prompt_toolkit.buffer import Buffer as Input
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Command
from chatapp.client.model import Model
from chatapp.client.screen.cells import graphemes
from chatapp.client.screen.completion import (
    Candidate,
    ScreenCompleter,
    candidates,
    common_beginning,
    names_emoji,
    opens_menu,
)
from chatapp.client.screen.editing import HistoryWalk, count_lines, sendable
from chatapp.client.screen.editor import NotEdited, edit
from chatapp.client.screen.menu import Choice, Menu
from chatapp.client.screen.picture import Manner, Typed
from chatapp.client.slash import COMMANDS
from chatapp.client.typed_history import TypedHistory, is_secret
from chatapp.system_errors import reason_of

#: More lines than this are sent only after a question.
LINES_WITHOUT_ASKING = 5
#: How many code points around the cursor are looked at to find the cluster there.
_LONGEST_CLUSTER = 64


class InputLine:
    """What the person types. It belongs to them: nothing that arrives changes it or moves its cursor."""

    def __init__(
        self,
        model: Model,
        manner: Manner,
        send: Callable[[str], None],
        commands: Sequence[Command] = COMMANDS,
        history: TypedHistory | None = None,
    ) -> None:
        self._history = history or TypedHistory()
        self._model = model
        self._commands = commands
        self._manner = manner
        self._send = send
        self._walk = HistoryWalk()
        self._room = model.current
        self.input = Input(
            completer=ScreenCompleter(model, commands),
            complete_while_typing=Condition(lambda: opens_menu(self.input.text, commands)),
            multiline=True,
            on_text_changed=lambda _input: self._typed(),
        )
        #: Hears of each change that the person makes.
        self.on_typed: Callable[[str], None] = lambda _text: None

    @property
    def typed(self) -> Typed:
        """The text, where the cursor is in it, and what is selected."""
        ranges = list(self.input.document.selection_ranges())
        selected = (ranges[0][0], ranges[-1][1]) if ranges else (0, 0)
        return Typed(self.input.text, self.input.cursor_position, selected)

    @property
    def menu(self) -> Menu | None:
        """The completions that are offered, if there are any."""
        state = self.input.complete_state
        if state is None or not state.completions:
            return None
        choices = tuple(Choice(each.display_text, each.display_meta_text) for each in state.completions)
        begun = state.original_document.cursor_position + state.completions[0].start_position
        return Menu(choices, state.complete_index, self.input.cursor_position - begun)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.input.text

    def follow_room(self, asked: bool) -> bool:
        """Keep the draft of the room that one left and bring back the one of the room that is shown.

        Where nobody ``asked`` for the change, what was typed to the server's buffer comes along, as the first
        room opens while one is typing already, and what was typed to a room that is gone. False if the room
        is the same.
        """
        room = self._model.current
        if room is self._room:
            return False
        left, self._room = self._room, room
        has_no_place = left.kind is BufferKind.SERVER or left not in self._model.buffers
        if not asked and has_no_place and not room.draft:
            return True
        self._keep(left)
        self._put(room.draft)
        room.draft = ""
        self._walk = HistoryWalk()
        return True

    def enter(self) -> None:
        """Take the completion that is picked; else send, many lines only after a question."""
        state = self.input.complete_state
        if state is not None and state.current_completion is not None:
            self.input.complete_state = None
            return
        text = sendable(self.input.text)
        if not text.strip():
            self._put("")
            return
        lines = count_lines(text)
        if lines > LINES_WITHOUT_ASKING and not self._manner.question:
            self._manner.question = lines
            return
        self._put("")
        self._walk = HistoryWalk()
        if not is_secret(self._room.name, text):
            self._remember(text)
        self._send(text)

    def dismiss(self) -> bool:
        """Close the question or the menu; false if there was neither."""
        if self._manner.question:
            self._manner.question = 0
        elif self.input.complete_state is not None:
            self.input.cancel_completion()
        else:
            return False
        return True

    def clear(self) -> None:
        """Empty the line; undo brings it back."""
        self.input.save_to_undo_stack()
        self.input.text = ""

    def new_line(self) -> None:
        """Begin another line of the same message."""
        self.input.insert_text("\n")

    def address(self, nick: str) -> None:
        """Put ``nick`` where the cursor is, as one speaks to somebody."""
        before = self.input.document.text_before_cursor
        blank = " " if before and not before[-1].isspace() else ""
        self.input.insert_text(f"{blank}{nick}{' ' if before.strip() else ': '}")

    async def edit(self, environ: Mapping[str, str]) -> None:
        """Have what is typed changed in the person's editor. It comes back as a draft, unsent."""
        room = self._room
        try:
            text = sendable(await edit(self.input.text, environ))
        except NotEdited as why:
            self._manner.word = str(why)
            return
        if room is not self._room:
            room.draft = text
            return
        self.input.save_to_undo_stack()
        self.input.document = Document(text, len(text))

    def paste(self, text: str) -> None:
        """Put in what was pasted, all its lines."""
        self.input.save_to_undo_stack()
        self.input.insert_text(sendable(text))

    def up(self) -> None:
        """A completion up, a line up, or what was said before."""
        if self.input.complete_state is not None:
            self.input.complete_previous()
        elif self.input.document.cursor_position_row > 0:
            self.input.cursor_up()
        else:
            self._replace(self._walk.older(self._typed_before(), self.input.text))

    def down(self) -> None:
        """A completion down, a line down, or back towards what is being written."""
        if self.input.complete_state is not None:
            self.input.complete_next()
        elif self.input.document.cursor_position_row < self.input.document.line_count - 1:
            self.input.cursor_down()
        else:
            self._replace(self._walk.newer(self._typed_before(), self.input.text))

    def complete(self) -> None:
        """Complete as far as is certain, at once; where there is a choice, show it.

        Of emoji the likeliest is picked at once: whoever goes on typing wants one, and not its name.
        """
        if self.input.complete_state is not None:
            self.input.complete_next()
        elif self.extend():
            self.input.start_completion(select_first=names_emoji(self.input.document.text_before_cursor))

    def extend(self) -> list[Candidate]:
        """Complete as far as is certain; the choice that is left."""
        found = candidates(self._model, self.input.document.text_before_cursor, self._commands)
        if not found:
            return []
        typed = found[0].typed
        common = found[0].text if len(found) == 1 else common_beginning([each.text for each in found])
        if len(common) > typed or len(found) == 1:
            self.input.delete_before_cursor(typed)
            self.input.insert_text(common)
        return found if len(found) > 1 else []

    def left(self) -> None:
        """A character to the left, as a person counts them."""
        self.input.cursor_position -= self._size_before()

    def right(self) -> None:
        """A character to the right."""
        self.input.cursor_position += self._size_after()

    def backspace(self) -> None:
        """Delete the character before the cursor, with all its marks."""
        self.input.delete_before_cursor(self._size_before())

    def delete(self) -> None:
        """Delete the character under the cursor."""
        self.input.delete(self._size_after())

    def _size_before(self) -> int:
        text = self.input.document.text_before_cursor[-_LONGEST_CLUSTER:]
        return len(list(graphemes(text))[-1]) if text else 0

    def _size_after(self) -> int:
        text = self.input.document.text_after_cursor[:_LONGEST_CLUSTER]
        return len(next(iter(graphemes(text)))) if text else 0

    @property
    def _place(self) -> str:
        """The room under which history has what is typed here."""
        return f"{self._model.known_as}/{self._model.fold(self._room.name)}"

    def _remember(self, text: str) -> None:
        try:
            self._history.add(self._place, text)
        except OSError as error:
            self._complain(error)

    def _typed_before(self) -> list[str]:
        try:
            return self._history.of(self._place)
        except OSError as error:
            self._complain(error)
            return self._history.of(self._place)

    def _complain(self, error: OSError) -> None:
        """Say it where it is seen, until the next key: the text itself is not lost."""
        words = _("What you type is not kept for the next time: {reason}")
        self._manner.word = words.format(reason=reason_of(error))

    def _typed(self) -> None:
        self._changed()
        self.on_typed(self.input.text)

    def _changed(self) -> None:
        self._manner.question = 0
        self._manner.word = ""

    def _keep(self, room: Buffer) -> None:
        room.draft = self.input.text

    def _replace(self, text: str | None) -> None:
        if text is not None:
            self.input.document = Document(text, len(text))

    def _put(self, text: str) -> None:
        self.input.reset(Document(text, len(text)))
        self._changed()
