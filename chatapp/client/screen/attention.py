"""The doorbell: what calls for the person rings the terminal's bell and shows on the desktop.

Nothing rings for the conversation that one looks at. Terminals tell when they get and lose the focus
(``CSI ? 1004 h``); one that never does counts as looked at, but only its conversation in view.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.keys import Keys

from chatapp.client.attention import Call, Calls, Notice
from chatapp.client.model import Model
from chatapp.client.settings import Preferences
from chatapp.irc.visible import visible

BELL = "\a"
#: Asks the terminal to tell of the focus, and no more.
FOCUS_ON, FOCUS_OFF = "\x1b[?1004h", "\x1b[?1004l"
#: What the terminal then says, as prompt_toolkit is to call it: keys that no terminal sends.
FOCUS_IN, FOCUS_OUT = Keys.ControlF15, Keys.ControlF3
ANSI_SEQUENCES["\x1b[I"] = FOCUS_IN
ANSI_SEQUENCES["\x1b[O"] = FOCUS_OUT

#: How each terminal is asked for a notice, by the number of the OSC: 777 most know, and the rest ignore it.
_PROGRAMS = {"iTerm.app": "9", "WezTerm": "777", "ghostty": "777", "Apple_Terminal": "", "vscode": ""}
_TERMS = {"xterm-kitty": "9", "foot": "777", "rxvt-unicode-256color": "777", "linux": "", "dumb": ""}


class Doorbell:
    """Rings for calls, at most once in a few seconds.

    ``write`` puts a sequence on the terminal between two frames; ``now`` counts seconds, from anywhere.
    """

    def __init__(
        self,
        model: Model,
        preferences: Callable[[], Preferences],
        write: Callable[[str], None],
        now: Callable[[], float],
        environ: Mapping[str, str],
    ) -> None:
        self.has_focus: bool | None = None
        self._model = model
        self._preferences = preferences
        self._write = write
        self._now = now
        self._kind = notice_kind(environ)
        self._calls = Calls()
        self._timer: asyncio.TimerHandle | None = None

    def focused(self, *, has_focus: bool) -> None:
        """The terminal has got or lost the focus: what waits for an eye on the room in view has got it."""
        self.has_focus = has_focus
        self._model.watch(is_watched=has_focus)
        if has_focus:
            self._calls.forget(self._model.current)

    def called(self, call: Call) -> None:
        """Something calls for the person: ring, now or when enough time has passed."""
        if self.has_focus is not False and call.room is self._model.current:
            return
        self._calls.add(call)
        self._ring()

    def stop(self) -> None:
        """Ring no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        notice = self._calls.take(self._now())
        if notice is not None:
            self._tell(notice)
            return
        due = self._calls.due()
        if due is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, due - self._now()), self._waited)

    def _waited(self) -> None:
        self._timer = None
        if self.has_focus is not False:
            self._calls.forget(self._model.current)
        self._ring()

    def _tell(self, notice: Notice) -> None:
        settings = self._preferences().settings
        words = BELL if settings.bell else ""
        if settings.desktop_notifications and not self.has_focus:
            words += notification(self._kind, notice)
        if words:
            self._write(words)


def notice_kind(environ: Mapping[str, str]) -> str:
    """The OSC by which this terminal shows a notice on the desktop; "" if it shows none."""
    term = environ.get("TERM", "")
    if environ.get("TMUX") or environ.get("STY") or term.startswith(("screen", "tmux")):
        return ""  # these keep it to themselves, and mark the window because of the bell
    # Without a TERM it may be a console of Windows that shows what it does not know.
    usual = _TERMS.get(term, "777" if term else "")
    return _PROGRAMS.get(environ.get("TERM_PROGRAM", ""), usual)


def notification(kind: str, notice: Notice) -> str:
    """The sequence that shows ``notice``: OSC 9 (iTerm2) has one text, OSC 777 (urxvt) a title and a text."""
    # A second safety: whatever is in the notice, no control leaves this function.
    title, body = visible(notice.title).replace(";", ","), visible(notice.body)
    if kind == "9":
        # Digits at the beginning would be commands to other terminals (ConEmu's OSC 9;4 and so on).
        return f"\x1b]9;chatapp: {title}: {body}\x1b\\"
    return f"\x1b]777;notify;{title};{body}\x1b\\" if kind == "777" else ""
