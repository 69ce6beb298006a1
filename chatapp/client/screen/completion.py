"""Completion in the input line: commands with their help, nicks, rooms, places to go, emoji by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import NamedTuple

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from chatapp.client.adjusting import choices
from chatapp.client.buffer import SAID, Buffer, BufferKind
from chatapp.client.command import Argument, Command, usage
from chatapp.client.going import places
from chatapp.client.model import Model
from chatapp.client.notifying import LEVELS
from chatapp.client.shortcodes import matching
from chatapp.client.slash import COMMANDS, find
from chatapp.irc.visible import visible

#: So many entries are looked through for who spoke last.
_LOOK_BACK = 300
#: The beginning of an emoji's name; ``:)``, ``:D`` and 10:30 are none.
_SHORTCODE = re.compile(r"(?<![\w:]):([\w+-]{2,}):?\Z")


class Candidate(NamedTuple):
    """What may stand in place of the last ``typed`` characters before the cursor."""

    text: str
    typed: int
    shown: str
    about: str = ""


def candidates(model: Model, before: str, commands: Sequence[Command] = COMMANDS) -> list[Candidate]:
    """What the text ``before`` the cursor may become, the likeliest first."""
    word = before.rsplit(" ", 1)[-1].rsplit("\n", 1)[-1]
    if before == word and word.startswith("/"):
        return list(_commands(word, commands))
    kind = _argument_kind(before, commands)
    if kind is Argument.PLACE:
        return list(_places(model, word))
    if kind is Argument.CHANNEL or word.startswith("#"):
        return list(_rooms(model, word))
    if kind is Argument.COMMAND:
        return list(_commands(word, commands))
    if kind is Argument.LEVEL:
        return [Candidate(f"{level} ", len(word), level) for level in LEVELS if level.startswith(word)]
    if kind is Argument.SETTING:
        after = before.partition(" ")[2]
        return [Candidate(f"{text} ", len(word), text, about) for text, about in choices(after)]
    named = _SHORTCODE.search(before)
    if named:
        size = len(before) - named.start()
        return [Candidate(emoji, size, emoji, f":{name}:") for emoji, name in matching(named[1])]
    ending = ": " if before == word else " "
    return list(_nicks(model, word, ending))


def common_beginning(texts: Sequence[str]) -> str:
    """What all ``texts`` begin with, whatever the case; in the case of the first."""
    first, *others = texts
    for at, char in enumerate(first):
        if any(other[at : at + 1].casefold() != char.casefold() for other in others):
            return first[:at]
    return first


def names_emoji(before: str) -> bool:
    """Whether the text ``before`` the cursor ends in the beginning of an emoji's name."""
    return _SHORTCODE.search(before) is not None


def opens_menu(text: str, commands: Sequence[Command] = COMMANDS) -> bool:
    """Whether the menu opens by itself: while a command is named, and the place to go to."""
    if not text.startswith("/") or text.startswith("//") or "\n" in text:
        return False
    return " " not in text or _argument_kind(text, commands) is Argument.PLACE


class ScreenCompleter(Completer):
    """`candidates`, as prompt_toolkit's menu wants them."""

    def __init__(self, model: Model, commands: Sequence[Command] = COMMANDS) -> None:
        self._model = model
        self._commands = commands

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Offer what fits before the cursor; unasked, only where `opens_menu` says so.

        prompt_toolkit asks again when the text has changed meanwhile, so that has to be looked at here.
        """
        if not complete_event.completion_requested and not opens_menu(document.text, self._commands):
            return
        for text, typed, shown, about in candidates(self._model, document.text_before_cursor, self._commands):
            yield Completion(text, start_position=-typed, display=shown, display_meta=about)


def _argument_kind(before: str, commands: Sequence[Command]) -> Argument | None:
    """What the command at the beginning of ``before`` wants at its end."""
    if not before.startswith("/") or before.startswith("//"):
        return None
    name, *words = before[1:].split(" ")
    command = find(name, commands)
    if command is None or not words or not command.arguments:
        return None
    return command.arguments[min(len(words), len(command.arguments)) - 1]


def _commands(word: str, commands: Sequence[Command]) -> Iterator[Candidate]:
    wanted = word.removeprefix("/").casefold()
    slash = "/" if word.startswith("/") else ""
    for command in commands:
        if command.name.startswith(wanted):
            ending = " " if slash else ""
            yield Candidate(slash + command.name + ending, len(word), usage(command), _(command.help))


def _rooms(model: Model, word: str) -> Iterator[Candidate]:
    wanted = model.fold(word)
    for buffer in model.buffers:
        name = model.fold(buffer.name)
        if buffer.kind is BufferKind.CHANNEL and (name.startswith(wanted) or name[1:].startswith(wanted)):
            yield Candidate(buffer.name + " ", len(word), visible(buffer.name), visible(buffer.topic))


def _places(model: Model, word: str) -> Iterator[Candidate]:
    for name, buffer in places(model, word):
        about = _news(buffer) if buffer else _("a person here")
        yield Candidate(name + " ", len(word), visible(name), about)


def _news(buffer: Buffer) -> str:
    """What is new in a conversation, or else what it is about."""
    if buffer.mentions:
        return ngettext("{n} mention", "{n} mentions", buffer.mentions).format(n=buffer.mentions)
    if buffer.unread:
        return ngettext("{n} new message", "{n} new messages", buffer.unread).format(n=buffer.unread)
    return visible(buffer.topic)


def _nicks(model: Model, word: str, ending: str) -> Iterator[Candidate]:
    sign = "@" if word.startswith("@") else ""  # as elsewhere people are called
    wanted = model.fold(word.removeprefix(sign))
    own = model.fold(model.nick)
    for nick in _by_last_word(model, model.target):
        folded = model.fold(nick)
        if folded.startswith(wanted) and folded != own:
            yield Candidate(sign + nick + (" " if sign else ending), len(word), visible(sign + nick))


def _by_last_word(model: Model, buffer: Buffer) -> list[str]:
    """Who is here, those who spoke last first."""
    here = {folded: member.nick for folded, member in buffer.members.items()}
    if buffer.kind is BufferKind.DIRECT:
        here.setdefault(model.fold(buffer.name), buffer.name)
    found: dict[str, str] = {}
    for entry in reversed(buffer.entries[-_LOOK_BACK:]):
        folded = model.fold(entry.nick)
        if entry.kind in SAID and folded in here:
            found.setdefault(folded, here[folded])
    for folded in sorted(here):
        found.setdefault(folded, here[folded])
    return list(found.values())
