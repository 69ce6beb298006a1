"""Keeping the peace: commands that put someone out, keep them out, or keep them quiet."""

from __future__ import annotations

import re
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.command import Argument, Command, Misused, check_words, room_of
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: What the server's EXTBAN has for those who may come in and not speak, and for what ends by itself.
_MUTE, _TIME = "m", "t"
#: How long: ``30m``, ``2h``, ``1d``, ``1w``, as minutes.
_DURATION = re.compile("([0-9]{1,5})([mhdw])")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}


def _kick(session: Session, args: list[str]) -> None:
    check_words(args[0])
    session.ask("KICK", room_of(session).name, *args)


def _ban(session: Session, args: list[str]) -> None:
    """A mask is banned as it is; someone's name is banned, and they are put out."""
    name, *reason = args
    check_words(name)
    room = room_of(session)
    time, reason = _time(session, " ".join(reason))
    session.ask("MODE", room.name, "+b", time + _mask(name))
    if _is_mask(name):
        words = _("Whoever is in {room} already stays there, and cannot speak. /kick NAME puts someone out.")
        session.inform(words.format(room=room.name))
    elif session.model.fold(name) in room.members:
        session.ask("KICK", room.name, name, *reason)


def _unban(session: Session, args: list[str]) -> None:
    check_words(args[0])
    mask = _mask(args[0])
    words = _("Nobody is banned here as {mask}; /bans shows who is.").format(mask=mask)
    session.ask("MODE", room_of(session).name, "-b", mask, if_nothing=words)


def _mute(session: Session, args: list[str]) -> None:
    """Whoever has a standing in the room may speak whatever its lists say, and so loses that as well."""
    name = args[0]
    check_words(name)
    room = room_of(session)
    time, unknown = _time(session, " ".join(args[1:]))
    if unknown:
        raise Misused
    member = room.members.get(session.model.fold(name))
    held = member.prefixes if member else ""
    letters = "".join(letter for letter, symbol in session.isupport.prefixes if symbol in held)
    changes = f"-{letters}+b" if letters else "+b"
    session.ask(
        "MODE", room.name, changes, *[name] * len(letters), time + _mute_prefix(session) + _mask(name)
    )


def _unmute(session: Session, args: list[str]) -> None:
    check_words(args[0])
    mask = _mask(args[0])
    words = _("Nobody is muted here as {mask}; /bans shows who is.").format(mask=mask)
    session.ask("MODE", room_of(session).name, "-b", _mute_prefix(session) + mask, if_nothing=words)


def _slow(session: Session, args: list[str]) -> None:
    """Seconds between two messages of one person; 0 ends it."""
    if not (args[0].isascii() and args[0].isdecimal()):
        raise Misused
    if "W" not in session.isupport.chanmodes.when_set:
        raise Misused(_("This server cannot slow a room down."))
    seconds = int(args[0])
    session.ask("MODE", room_of(session).name, *(("+W", str(seconds)) if seconds else ("-W",)))


def _knock(session: Session, args: list[str]) -> None:
    check_words(args[0])
    session.ask("KNOCK", args[0])


def _bans(session: Session, args: list[str]) -> None:
    session.ask("MODE", room_of(session).name, "b")


def _kill(session: Session, args: list[str]) -> None:
    check_words(args[0])
    session.ask("KILL", *args)


def _owner(session: Session, args: list[str]) -> None:
    check_words(args[0])
    session.ask("OWNER", args[0])


def _mask(name: str) -> str:
    """``name`` as a mask: a nick from wherever it comes; what is a mask already stays as it is."""
    return name if _is_mask(name) else f"{name}!*@*"


def _is_mask(name: str) -> bool:
    return bool(set(name) & set("!@*?:"))


def _time(session: Session, words: str) -> tuple[str, list[str]]:
    """How this server writes a mask that ends after the time at the beginning of ``words``; and the rest.

    Raises:
        Misused: It has no such thing.
    """
    first, _blank, rest = words.partition(" ")
    found = _DURATION.fullmatch(first)
    if found is None:
        return "", [words] if words else []
    prefix, _comma, types = session.isupport.get("EXTBAN", "").partition(",")
    if _TIME not in types:
        raise Misused(_("On this server a ban has no end: leave the time out, and /unban later."))
    minutes = int(found[1]) * _MINUTES[found[2]]
    return f"{prefix}{_TIME}:{minutes}:", [rest] if rest else []


def _mute_prefix(session: Session) -> str:
    """How this server writes a mask that only silences.

    Raises:
        Misused: It has no such thing.
    """
    prefix, _comma, types = session.isupport.get("EXTBAN", "").partition(",")
    if _MUTE not in types:
        raise Misused(_("This server cannot mute one person; /ban keeps someone out."))
    return f"{prefix}{_MUTE}:"


def _rename(session: Session, args: list[str]) -> None:
    room = room_of(session)
    name = args[0] if session.isupport.is_channel(args[0]) else f"#{args[0]}"
    check_words(name)
    session.ask("RENAME", room.name, name, *args[1:])


#: In the order of /help.
MODERATION: tuple[Command, ...] = (
    Command(
        "kick", N_("NAME [REASON]"), N_("remove someone"), (Argument.NICK, Argument.TEXT), _kick, 1, (), True
    ),
    Command(
        "ban",
        N_("NAME [TIME] [REASON]"),
        N_("remove someone, and keep them out, for 30m, 2h, 1d or until /unban"),
        (Argument.NICK, Argument.TEXT),
        _ban,
        1,
        (),
        True,
    ),
    Command("unban", N_("NAME"), N_("let someone in again"), (Argument.TEXT,), _unban, 1, (), True),
    Command("bans", "", N_("show who is kept out or quiet here"), (), _bans, 0, (), True),
    Command(
        "mute",
        N_("NAME [TIME]"),
        N_("let someone read, and not speak"),
        (Argument.NICK, Argument.TEXT),
        _mute,
        1,
        (),
        True,
    ),
    Command("unmute", N_("NAME"), N_("let someone speak again"), (Argument.NICK,), _unmute, 1, (), True),
    Command(
        "slow",
        N_("SECONDS"),
        N_("have everyone here wait so long between messages; 0 ends it"),
        (Argument.TEXT,),
        _slow,
        1,
        (),
        True,
    ),
    Command(
        "knock", N_("ROOM"), N_("ask to be let into a closed room"), (Argument.CHANNEL,), _knock, 1, (), True
    ),
    Command(
        "rename",
        N_("ROOM [REASON]"),
        N_("give the room another name; everyone comes along"),
        (Argument.TEXT, Argument.TEXT),
        _rename,
        1,
        (),
        True,
    ),
    Command(
        "kill",
        N_("NAME [REASON]"),
        N_("end someone's connection; for operators of the server"),
        (Argument.NICK, Argument.TEXT),
        _kill,
        1,
        (),
        True,
    ),
    Command(
        "owner",
        N_("CODE"),
        N_("become an operator of the server, with the code that it showed"),
        (Argument.TEXT,),
        _owner,
        1,
        (),
        True,
    ),
)
