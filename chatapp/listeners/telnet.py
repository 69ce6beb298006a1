"""What a terminal sends, made plain text: without telnet's negotiation, its line ends LF (RFC 854, 855)."""

from __future__ import annotations

from enum import Enum, auto

_IAC, _SB, _SE = 0xFF, 0xFA, 0xF0
_WILL, _WONT, _DO, _DONT = 0xFB, 0xFC, 0xFD, 0xFE
_CR, _LF, _NUL = 0x0D, 0x0A, 0x00
#: The smallest byte that is a command after IAC. Anything else after that byte is text in CP1252.
_FIRST_COMMAND = 0xF0
#: What is offered is refused, and so is what is asked for.
_REFUSALS = {_WILL: _DONT, _DO: _WONT}
#: A subnegotiation that has not ended after so many bytes was none.
_SUBNEGOTIATION_BYTES = 512
#: Answers that wait at most, in bytes: one to each thing that can be offered or asked for.
_REFUSAL_BYTES = 3 * 512


class _State(Enum):
    TEXT = auto()
    CR = auto()  #: after a CR, which may still be the first half of a line end
    COMMAND = auto()  #: after IAC
    OPTION = auto()  #: after WILL, WONT, DO or DONT
    INSIDE = auto()  #: within a subnegotiation
    INSIDE_COMMAND = auto()  #: after IAC within it


class Terminal:
    """Reads what one terminal sends, wherever the network cuts it. Holds no text back.

    ``refusals`` are what there is to answer: a telnet that waits for one (after Ctrl-C) shows nothing until
    then. They are the reader's to send and clear.
    """

    __slots__ = ("_inside", "_state", "_verb", "refusals")

    def __init__(self) -> None:
        self._state = _State.TEXT
        self._verb = 0
        self._inside = 0
        self.refusals = b""

    def feed(self, data: bytes) -> bytes:
        """The text in ``data``; CR LF, CR NUL and CR alone are LF in it."""
        if self._state is _State.TEXT and _IAC not in data and data[-1:] != b"\r":
            return data.replace(b"\r\n", b"\n").replace(b"\r\0", b"\n").replace(b"\r", b"\n")
        text = bytearray()
        for byte in data:
            self._take(byte, text)
        return bytes(text)

    def _take(self, byte: int, text: bytearray) -> None:
        match self._state:
            case _State.TEXT:
                self._take_text(byte, text)
            case _State.CR:
                self._state = _State.TEXT
                if byte not in (_LF, _NUL):
                    self._take_text(byte, text)
            case _State.COMMAND:
                self._take_command(byte, text)
            case _State.OPTION:
                if self._verb in _REFUSALS and len(self.refusals) < _REFUSAL_BYTES:
                    self.refusals += bytes((_IAC, _REFUSALS[self._verb], byte))
                self._state = _State.TEXT
            case _State.INSIDE | _State.INSIDE_COMMAND:
                self._take_inside(byte)

    def _take_text(self, byte: int, text: bytearray) -> None:
        if byte == _IAC:
            self._state = _State.COMMAND
        elif byte == _CR:
            self._state = _State.CR
            text.append(_LF)
        else:
            text.append(byte)

    def _take_command(self, byte: int, text: bytearray) -> None:
        self._state = _State.TEXT
        if byte in (_WILL, _WONT, _DO, _DONT):
            self._state = _State.OPTION
            self._verb = byte
        elif byte == _SB:
            self._state = _State.INSIDE
            self._inside = 0
        elif byte == _IAC:
            text.append(_IAC)
        elif byte < _FIRST_COMMAND:
            text.append(_IAC)
            self._take_text(byte, text)

    def _take_inside(self, byte: int) -> None:
        self._inside += 1
        if self._state is _State.INSIDE_COMMAND:
            self._state = _State.TEXT if byte == _SE else _State.INSIDE
        elif byte == _IAC:
            self._state = _State.INSIDE_COMMAND
        if self._inside >= _SUBNEGOTIATION_BYTES:
            self._state = _State.TEXT
