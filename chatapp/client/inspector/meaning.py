"""What the fields of a line mean, a sentence each (Modern IRC; IRCv3)."""

from __future__ import annotations

from gettext import gettext as _
from typing import NamedTuple

from chatapp.client.inspector.anatomy import Field, Part, command_of, dissect
from chatapp.client.inspector.recorder import Direction, WireLine
from chatapp.client.inspector.vocabulary import COMMANDS, NUMERICS, REPLIES, TAGS, About
from chatapp.irc import numerics
from chatapp.irc.catalogue import N_
from chatapp.irc.line import unescape_tag

#: The names of numbered replies: ``332`` is RPL_TOPIC.
_NAMES = {value.code: name for name, value in vars(numerics).items() if isinstance(value, numerics.Numeric)}
#: Those whose last parameter says nothing that the number does not say.
_HAS_WORDS = {
    value.code for value in vars(numerics).values() if isinstance(value, numerics.Numeric) and value.text
}
_UNKNOWN = About(N_("a command that this program does not know"))
_ANSWERS = {
    "0": N_("an answer of the server to the sign-in"),
    "2": N_("an answer of the server"),
    "3": N_("an answer of the server"),
    "4": N_("the server says no"),
    "5": N_("the server says no"),
    "6": N_("an answer of the server"),
    "7": N_("an answer of the server"),
    "9": N_("an answer of the server about the account"),
}
_RECIPIENT = N_("whom the answer is for; * before one has a name")
_ABOUT = N_("what it is about")
_WORDS = N_("the same in words, for a person")
_ANSWER = N_("the answer itself")
_RULE = N_("a rule of this server")


class Meaning(NamedTuple):
    """A field with its kind in a word, its text as it came, and a sentence on what it means."""

    field: Field
    kind: str
    text: str
    sentence: str


def meanings(line: WireLine) -> list[Meaning]:
    """Every field of ``line`` explained, in the order of the line."""
    fields = dissect(line.data)
    command = command_of(line.data, fields)
    about = _about(command, line.direction)
    names = [field for field in fields if field.part is Part.PARAM]
    found = []
    for field in fields:
        text = line.data[field.start : field.end].decode("utf-8", "replace")
        match field.part:
            case Part.TAG:
                found.append(_tag(field, text))
            case Part.SOURCE:
                found.append(Meaning(field, _("source"), text, _source(text)))
            case Part.COMMAND:
                name = f"{text} {_NAMES[command]}" if command in _NAMES else text
                words = about.sentence
                found.append(Meaning(field, _("command"), name, _(words)))
            case Part.PARAM:
                words = _param(command, about, names.index(field), len(names))
                found.append(Meaning(field, _("parameter"), text, _(words)))
    return found


def _about(command: str, direction: Direction) -> About:
    if direction is Direction.RECEIVED and command in REPLIES:
        return REPLIES[command]
    if command in COMMANDS:
        return COMMANDS[command]
    if len(command) == 3 and command.isascii() and command.isdecimal():
        words = NUMERICS.get(command) or _ANSWERS.get(command[0], _UNKNOWN.sentence)
        return About(words, (_RECIPIENT,))
    return _UNKNOWN


def _param(command: str, about: About, at: int, count: int) -> str:
    """What the parameter ``at`` of ``count`` means."""
    if command.isdecimal() and at > 0:
        if at < count - 1:
            return _RULE if command == numerics.RPL_ISUPPORT.code else _ABOUT
        return _WORDS if command in _HAS_WORDS else _ANSWER
    if at < len(about.params):
        return about.params[at]
    return about.params[-1] if about.params and about.goes_on else N_("more of it")


def _tag(field: Field, text: str) -> Meaning:
    key, equals, value = text.partition("=")
    words = TAGS.get(key)
    if words is None:
        words = N_("said by a client to clients") if key[:1] == "+" else N_("a tag that is not known here")
    shown = f"{key}={unescape_tag(value)}" if equals else key
    return Meaning(field, _("tag"), shown, _(words))


def _source(text: str) -> str:
    if "!" in text:
        return _("who it comes from: nick, user name and host")
    return _("who it comes from: a server, or a nick alone")
