"""Whose keys the input line has: those of Emacs, or those of vi with the mode that it is in."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig, SimpleCursorShapeConfig
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.key_binding.vi_state import InputMode

#: Seconds after an Esc in which a terminal sends the rest of a key.
ESC_WITHIN = 0.05
#: The same for a person who presses Esc and the key one after the other. In vi that is two keys.
ESC_THEN_KEY_WITHIN = 0.3


def use_keys(application: Application[Any], editing: str) -> None:
    """Have the keys of ``editing``, "emacs" or "vi", from now on."""
    application.ttimeoutlen = ESC_WITHIN
    if editing == "vi":
        if application.editing_mode is not EditingMode.VI:
            application.vi_state.reset()
        application.editing_mode = EditingMode.VI
        application.timeoutlen = ESC_WITHIN
        application.cursor = ModalCursorShapeConfig()
    else:
        application.editing_mode = EditingMode.EMACS
        application.timeoutlen = ESC_THEN_KEY_WITHIN
        application.cursor = SimpleCursorShapeConfig()


def escape(application: Application[Any]) -> None:
    """Esc, where nothing is open that it would close: in vi, no more inserting."""
    state = application.vi_state
    if application.editing_mode is not EditingMode.VI:
        return
    buffer = application.current_buffer
    if state.input_mode in (InputMode.INSERT, InputMode.REPLACE):
        buffer.cursor_position += buffer.document.get_cursor_left_position()
    state.input_mode = InputMode.NAVIGATION
    buffer.exit_selection()


def after_sending(application: Application[Any]) -> None:
    """The next message begins with inserting."""
    if application.editing_mode is EditingMode.VI:
        application.vi_state.reset()


def mode_words(application: Application[Any]) -> str:
    """The mode of vi, as vi calls it; "" for Emacs, which has none."""
    if application.editing_mode is not EditingMode.VI:
        return ""
    if application.current_buffer.selection_state is not None:
        return _("VISUAL")
    match application.vi_state.input_mode:
        case InputMode.NAVIGATION:
            return _("NORMAL")
        case InputMode.REPLACE | InputMode.REPLACE_SINGLE:
            return _("REPLACE")
        case _:
            return _("INSERT")
