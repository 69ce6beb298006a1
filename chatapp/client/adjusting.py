"""``/set``: look at the settings, change them, and have the change kept in client.toml."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.command import Argument, Command, Misused
from chatapp.client.settings import Option, options
from chatapp.irc.catalogue import N_
from chatapp.system_errors import reason_of

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: What is only looked at when the client starts.
_AT_START = frozenset({"name", "language", "linear", "history"})
#: What takes a text or a list away.
_NOTHING = frozenset({'""', "''", "-"})


def _set(session: Session, args: list[str]) -> None:
    if not args:
        _list(session)
        return
    option = _option(args[0])
    if len(args) > 1:
        _change(session, option, args[1])
    else:
        _show(session, option)


def _option(key: str) -> Option:
    from difflib import get_close_matches  # only for those who mistype

    known = options()
    if key in known:
        return known[key]
    near = get_close_matches(key.replace("-", "_"), known, 1, 0.5)
    words = (
        _("There is no setting {key}. Did you mean {near}?")
        if near
        else _("There is no setting {key}. /set shows them.")
    )
    raise Misused(words.format(key=key, near="".join(near)))


def _list(session: Session) -> None:
    for key, option in options().items():
        value = shown(getattr(session.preferences.settings, key))
        words = option.sentence
        session.inform(f"{key} = {value}: {_(words)}", session.model.current)


def _show(session: Session, option: Option) -> None:
    current = session.model.current
    words = option.sentence
    value = shown(getattr(session.preferences.settings, option.key))
    session.inform(f"{option.key} = {value}: {_(words)}", current)
    told = _("It takes {expected}; without a setting it is {default}.")
    session.inform(told.format(expected=option.expected, default=shown(option.default)), current)


def keep(session: Session, key: str, value: object) -> bool:
    """Have the setting ``key`` hold from now on and the next time; if only now, tell, and give back false."""
    try:
        session.preferences.change(key, value)
    except OSError as error:
        words = _("This holds until you leave; it could not be kept: {reason}")
        session.complain(words.format(reason=reason_of(error)), session.model.current)
        return False
    return True


def _change(session: Session, option: Option, text: str) -> None:
    is_free = not option.choices and option.type is not int
    value = option.read("" if is_free and text in _NOTHING else text)
    if value is None:
        words = _("{key} takes {expected}, not {found}.")
        raise Misused(words.format(key=option.key, expected=option.expected, found=text))
    current = session.model.current
    if not keep(session, option.key, value):
        return
    words = _("{key} = {value}")
    if option.key in _AT_START:
        words = _("{key} = {value}, from the next start on")
    session.inform(words.format(key=option.key, value=shown(value)), current)


def shown(value: object) -> str:
    """``value`` as one may type it after its key."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value) or '""'
    return str(value) or '""'


def choices(before: str) -> list[tuple[str, str]]:
    """What may follow ``/set`` and the words after it, each with what it means."""
    key, blank, value = before.partition(" ")
    if not blank:
        return [(each.key, _sentence(each)) for each in options().values() if each.key.startswith(key)]
    option = options().get(key)
    return [(each, "") for each in option.choices if each.startswith(value)] if option else []


def _sentence(option: Option) -> str:
    words = option.sentence
    return _(words)


ADJUSTING: tuple[Command, ...] = (
    Command(
        "set",
        N_("[SETTING [VALUE]]"),
        N_("show or change the settings"),
        (Argument.SETTING, Argument.SETTING),
        _set,
    ),
)
