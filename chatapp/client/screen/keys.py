"""The keys: one table, from which the bindings, the F1 page and docs/client.md come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition, vi_navigation_mode
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from chatapp.client.screen.attention import FOCUS_IN, FOCUS_OUT
from chatapp.client.screen.picking_keys import bind_picking, bind_results

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone

    from chatapp.client.screen.terminal import TerminalScreen

Action = Callable[["TerminalScreen"], None]


@dataclass(frozen=True, slots=True)
class Key:
    """A row of the table: how the key is written, what it does, and what prompt_toolkit calls it.

    Without ``action`` it is prompt_toolkit's own editing, listed so that one finds it.
    """

    shown: str
    what: str
    sequences: tuple[tuple[str, ...], ...] = ()
    action: Action | None = None


def key_table() -> list[Key]:
    """Every key, in the reader's language."""
    return [*_talking(), *_picking(), *_looking(), *_moving(), *_leaving(), *_editing()]


def key_help() -> list[tuple[str, str]]:
    """The table as it is read: the key, and what it does."""
    return [(key.shown, key.what) for key in key_table()]


def _talking() -> list[Key]:
    return [
        Key("Enter", _("send"), (("enter",),), lambda s: s.enter()),
        Key("Alt-Enter", _("begin a new line"), (("escape", "enter"),), lambda s: s.line.new_line()),
        Key("Tab", _("complete a command, nick, room or :emoji"), (("tab",),), lambda s: s.line.complete()),
        Key(
            "Ctrl-X Ctrl-E",
            _("write on in your own editor; it comes back as a draft"),
            (("c-x", "c-e"),),
            lambda s: s.lending.edit(),
        ),
        Key("Up", _("what you said before"), (("up",),), lambda s: s.line.up()),
        Key("Down", _("back towards what you are writing"), (("down",),), lambda s: s.line.down()),
    ]


def _picking() -> list[Key]:
    return [
        Key("Alt-K", _("pick a message"), (("escape", "k"),), lambda s: s.picking.start()),
        Key(_("Up or k, Down or j"), _("with a message picked: the one above, below")),
        Key("r, e, d", _("with a message picked: answer it, react to it, delete it")),
        Key("q, y", _("with a message picked: quote it, copy it")),
        Key("Enter, Esc", _("with a message picked: go to what it answers, let go of it")),
    ]


def _looking() -> list[Key]:
    return [
        Key("PageUp", _("look further up"), (("pageup",),), lambda s: s.page(+1)),
        Key("PageDown", _("look further down"), (("pagedown",),), lambda s: s.page(-1)),
        Key(
            "Ctrl-Home",
            _("go to the oldest message"),
            (("c-home",), ("escape", "<")),
            lambda s: s.looking.to_start(),
        ),
        Key(
            "Ctrl-End",
            _("go to the newest message"),
            (("c-end",), ("escape", ">")),
            lambda s: s.looking.to_end(),
        ),
        Key(
            "Alt-U",
            _("go to the first message that you have not read"),
            (("escape", "u"),),
            lambda s: s.looking.to_unread(),
        ),
        Key("F1", _("show these keys, and hide them again"), (("f1",),), lambda s: s.looking.toggle_help()),
        Key(
            "F7",
            _("show what goes over the wire, and hide it again"),
            (("f7",),),
            lambda s: s.looking.toggle_wire(),
        ),
        Key(
            "F8",
            _("show who is in the room, and hide it again"),
            (("f8",),),
            lambda s: s.looking.toggle_members(),
        ),
        Key(
            "Ctrl-PageUp, Ctrl-PageDown",
            _("look further up and down among them"),
            (("c-pageup",),),
            lambda s: s.page_members(+1),
        ),
        Key("Ctrl-L", _("draw the screen anew"), (("c-l",),), lambda s: s.redraw()),
    ]


def _moving() -> list[Key]:
    return [
        Key("Alt-1 … Alt-9", _("go to the room with this number; Alt-0 is the server")),
        Key("Alt-Up", _("the room above"), (("escape", "up"),), lambda s: s.moving.step(-1)),
        Key("Alt-Down", _("the room below"), (("escape", "down"),), lambda s: s.moving.step(+1)),
        Key(
            "Alt-J",
            _("enter the room that you were invited to"),
            (("escape", "j"),),
            lambda s: s.moving.accept(),
        ),
        Key("Ctrl-N", _("the next room with something new"), (("c-n",),), lambda s: s.moving.next_unread(+1)),
        Key(
            "Ctrl-P",
            _("the previous room with something new"),
            (("c-p",),),
            lambda s: s.moving.next_unread(-1),
        ),
    ]


def _leaving() -> list[Key]:
    return [
        Key("Esc", _("close a menu, a question or this page"), (("escape",),), lambda s: s.dismiss()),
        Key(
            "Ctrl-C",
            _("clear the line; twice on an empty line: leave"),
            (("c-c",), ("<sigint>",)),
            lambda s: s.interrupt(),
        ),
        Key("Ctrl-D", _("leave, on an empty line"), (("c-d",),), lambda s: s.end_of_input()),
        Key("Ctrl-Z", _("put the client into the background"), (("c-z",),), lambda s: s.suspend()),
    ]


def _editing() -> list[Key]:
    return [
        Key("Ctrl-A, Ctrl-E", _("to the beginning, to the end of the line")),
        Key("Alt-B, Alt-F", _("a word back, a word forward")),
        Key("Ctrl-W, Alt-D", _("cut the word before, after the cursor")),
        Key("Ctrl-U, Ctrl-K", _("cut to the beginning, to the end of the line")),
        Key("Ctrl-Y", _("put in again what was cut")),
        Key("Ctrl-_", _("take back a change, and a line that Ctrl-C cleared")),
    ]


def build_bindings(screen: TerminalScreen) -> KeyBindings:
    """The table as prompt_toolkit wants it, for ``screen``."""
    bindings = KeyBindings()
    for key in key_table():
        for sequence in key.sequences:
            if key.action is not None:
                bindings.add(*sequence)(_handler(key.action, screen))
    for number in range(10):
        bindings.add("escape", str(number))(_handler(lambda s, number=number: s.moving.go(number), screen))
    bindings.add("c-pagedown")(_handler(lambda s: s.page_members(-1), screen))
    _bind_clusters(bindings, screen)
    asking = Condition(lambda: screen.manner.question > 0)
    for yes in ("y", "s"):  # and "sim"
        bindings.add(yes, filter=asking)(_handler(lambda s: s.enter(), screen))
    bindings.add("n", filter=asking)(_handler(lambda s: s.dismiss(), screen))
    bind_picking(bindings, screen.picking)
    bind_results(bindings, screen.looking.results)
    _bind_answers(bindings, screen)
    bindings.add(Keys.BracketedPaste)(lambda event: screen.line.paste(event.data))
    return bindings


def _bind_answers(bindings: KeyBindings, screen: TerminalScreen) -> None:
    """Let the terminal's answers be no keys, after which the screen would be drawn."""

    @bindings.add(Keys.CPRResponse, save_before=lambda _event: False)
    def _answered(event: KeyPressEvent) -> NotImplementedOrNone:
        screen.answered(event.data)
        return NotImplemented

    for key, has_focus in ((FOCUS_IN, True), (FOCUS_OUT, False)):

        @bindings.add(key, save_before=lambda _event: False)
        def _focused(_event: KeyPressEvent, has_focus: bool = has_focus) -> NotImplementedOrNone:
            screen.bell.focused(has_focus=has_focus)
            return NotImplemented

    screen.background.bind(bindings)


def _bind_clusters(bindings: KeyBindings, screen: TerminalScreen) -> None:
    """Let the keys that move by a character go by what a person calls one."""
    for name, move in (
        ("left", screen.line.left),
        ("c-b", screen.line.left),
        ("right", screen.line.right),
        ("c-f", screen.line.right),
        ("delete", screen.line.delete),
    ):
        bindings.add(name)(_handler(lambda _screen, move=move: move(), screen))
    delete = _handler(lambda s: s.line.backspace(), screen)
    bindings.add("backspace", filter=~vi_navigation_mode)(delete)  # there it only moves


def _handler(action: Callable[..., None], screen: TerminalScreen) -> Callable[[KeyPressEvent], None]:
    def handle(event: KeyPressEvent) -> None:
        action(screen)

    return handle
