"""The command line of chat-client: its flags and verbs, and what they come to together with client.toml."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from gettext import gettext as _

from chatapp.client.config import (
    DEFAULT_PORT,
    DEFAULT_ROOM,
    DEFAULT_UDP_PORT,
    Launch,
    default_name,
    nick_from,
    settings_file,
)
from chatapp.client.saved import Loaded, Saved, load
from chatapp.client.settings import Preferences, ServerEntry, Settings
from chatapp.irc.fingerprint import read_fingerprint
from chatapp.irc.names import CHANNEL_PREFIX, is_channel

#: What chat-client can do beside a chat, as its first word.
VERBS = ("send", "tail")
_PASSWORD_VARIABLE = "CHATAPP_ACCOUNT_PASSWORD"


def settings() -> Loaded:
    """What this person has set."""
    return load(settings_file())


def split(args: list[str]) -> tuple[str, list[str]]:
    """The verb of a command line, "" for a chat, and what follows it."""
    return (args[0], args[1:]) if args and args[0] in VERBS else ("", args)


def parser(verb: str, version: str) -> argparse.ArgumentParser:
    """The flags of ``verb``, "" for a chat."""
    made = {"": _chat_parser, "send": _send_parser, "tail": _tail_parser}[verb]()
    made.add_argument("--version", action="version", version=version, help=_("show the version and exit"))
    _add_server(made)
    _add_encryption(made)
    made.add_argument("--lang", metavar="pt-BR|en", help=_("the language of the program"))
    return made


def run(verb: str, flags: argparse.ArgumentParser, given: argparse.Namespace, found: Loaded) -> int:
    """Do what was asked for; the exit code."""
    _check(flags, given)
    launch = launch_of(given, found)
    if verb:
        from chatapp.client.scripts.run import run as script

        return script(verb, launch, given)
    from chatapp.client.app import run as chat

    return chat(launch)


def launch_of(given: argparse.Namespace, found: Loaded) -> Launch:
    """The flags over the settings."""
    settings = found.settings
    preferences = Preferences(settings, Saved(settings_file()).save)
    servers = _servers(given, settings)
    return Launch(
        servers,
        preferences,
        asked_name=given.name or settings.name,
        inspect=getattr(given, "inspect", False),
        inline=getattr(given, "inline", False),
        linear=getattr(given, "linear", False) or settings.linear,
        mistakes=found.mistakes,
    )


def _servers(given: argparse.Namespace, settings: Settings) -> tuple[ServerEntry, ...]:
    """The servers to go to: the one that a flag names, else those of the file, else this machine's."""
    is_named = given.host is not None or given.port is not None or given.udp
    known = [entry for entry in settings.servers if entry.connect and not is_named]
    first, *others = known or [_named(given.host, settings) or ServerEntry(rooms=(DEFAULT_ROOM,))]
    return tuple(_with_nick(entry, given, settings) for entry in (_with_flags(first, given), *others))


def _named(host: str | None, settings: Settings) -> ServerEntry | None:
    """The server that is called ``host`` in the file, or has this host; a new one if there is none."""
    if host is None:
        return None
    for entry in settings.servers:
        if host in (entry.name, entry.host):
            return entry
    return ServerEntry(host=host, rooms=(DEFAULT_ROOM,))


def _with_flags(entry: ServerEntry, given: argparse.Namespace) -> ServerEntry:
    tls = {None: None, True: "required", False: "off"}[given.tls]
    changes = {
        "udp": given.udp or None,
        "port": given.port or (DEFAULT_UDP_PORT if given.udp and entry.port == DEFAULT_PORT else None),
        "password": given.password,
        "tls": tls,
        "tls_fingerprint": given.tls_fingerprint,
        "account": given.account,
        "account_password": os.environ.get(_PASSWORD_VARIABLE),
        "rooms": tuple(given.room) if getattr(given, "room", None) else None,
    }
    return replace(entry, **{key: value for key, value in changes.items() if value is not None})


def _with_nick(entry: ServerEntry, given: argparse.Namespace, settings: Settings) -> ServerEntry:
    name = given.name or entry.nick or settings.name or entry.account
    return replace(entry, nick=nick_from(name) if name else default_name())


def _check(flags: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """End with a word where flags do not go together."""
    from chatapp.client.local_server import is_this_machine

    is_path = (given.host or "").startswith("/")
    if given.udp and is_path:
        flags.error(_("--udp needs the name or address of a host, not the path of a socket"))
    leaves_us = given.udp and given.password and not is_this_machine(given.host or ServerEntry().host)
    if leaves_us and given.tls is not False:
        flags.error(_("over UDP others could read the password on its way; --no-tls sends it all the same"))
    if given.tls_fingerprint and given.tls is False:
        flags.error(_("--tls-fingerprint and --no-tls exclude each other"))
    if (given.tls or given.tls_fingerprint) and (given.udp or is_path):
        flags.error(_("there is TLS over TCP only: not with --udp, nor through the path of a socket"))


def _chat_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="chat-client",
        description=_("A chat in the terminal, for this server and any other that speaks IRC."),
        epilog=_("For scripts: chat-client send #ROOM TEXT and chat-client tail #ROOM; see their --help."),
    )
    made.add_argument(
        "--room",
        action="append",
        metavar=_("#ROOM"),
        type=_room,
        help=_("a room to enter, several times if you like (#lobby)"),
    )
    made.add_argument(
        "--inspect", action="store_true", help=_("show every line on the wire: its bytes, bits and fields")
    )
    made.add_argument(
        "--inline",
        action="store_true",
        help=_("print what is said into the terminal's own scrollback, above an input line that stays"),
    )
    made.add_argument(
        "--linear",
        action="store_true",
        help=_("plain lines instead of a screen: for screen readers, simple terminals and files"),
    )
    return made


def _send_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="chat-client send",
        description=_("Say something in a room, or to a person, and leave once the server has kept it."),
    )
    made.add_argument("target", metavar=_("#ROOM or NAME"), type=_target, help=_("where it is said"))
    made.add_argument(
        "text", nargs="*", metavar=_("TEXT"), help=_("what is said; without it, each line of the input")
    )
    made.add_argument("--multiline", action="store_true", help=_("make one message of all lines"))
    made.add_argument("--notice", action="store_true", help=_("say it as programs do, so that none answers"))
    _add_timeout(made)
    return made


def _tail_parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="chat-client tail", description=_("Print what was said last in a room, a line for each message.")
    )
    made.add_argument("target", metavar=_("#ROOM"), type=_room, help=_("the room"))
    made.add_argument("--lines", type=_count, default=10, metavar="N", help=_("how many messages (10)"))
    made.add_argument("--follow", action="store_true", help=_("go on printing what is said from now on"))
    made.add_argument("--json", action="store_true", help=_("print a JSON object for each message"))
    _add_timeout(made)
    return made


def _add_timeout(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar=_("SECONDS"),
        help=_("how long the server may take, cut connections included (30)"),
    )


def _add_server(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--host",
        metavar=_("HOST"),
        help=_("the server, its name in client.toml, or the path of its Unix socket (localhost)"),
    )
    made.add_argument("--port", type=_port, metavar=_("PORT"), help=_("the server's port (12345)"))
    made.add_argument("--udp", action="store_true", help=_("go by datagrams (UDP), to port 5002"))
    made.add_argument(
        "--name",
        metavar=_("NAME"),
        help=_("what others call you (your account, or your name on this computer)"),
    )
    made.add_argument("--password", metavar=_("PASSWORD"), help=_("the server's password, if it has one"))
    made.add_argument(
        "--account", metavar=_("NAME"), help=_("log in to this account; its password is asked for")
    )


def _add_encryption(made: argparse.ArgumentParser) -> None:
    wish = made.add_mutually_exclusive_group()
    wish.add_argument(
        "--tls",
        action="store_true",
        default=None,
        help=_("insist on encryption (without this: wherever the server has it)"),
    )
    wish.add_argument(
        "--no-tls",
        dest="tls",
        action="store_false",
        default=None,
        help=_("go without encryption, readable for others on the network"),
    )
    made.add_argument(
        "--tls-fingerprint",
        type=_fingerprint,
        metavar="HEX",
        help=_("take this key of the server and no other: what chat-server shows when it starts"),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(
            _("expected a number from 1 to 65535; found {found!r}").format(found=text)
        )
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        words = _("expected a number from 0 to 999999; found {found!r}")
        raise argparse.ArgumentTypeError(words.format(found=text))
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(
            _("expected a number of seconds; found {found!r}").format(found=text)
        )
    return seconds


def _fingerprint(text: str) -> str:
    try:
        return read_fingerprint(text)
    except ValueError:
        words = _("expected 32 or 64 hexadecimal digits; found {found!r}")
        raise argparse.ArgumentTypeError(words.format(found=text)) from None


def _target(text: str) -> str:
    """A room or a nick, of whatever server: what no line can address is told at once."""
    if not text or text[0] == ":" or any(char in " ,*" or not char.isprintable() for char in text):
        raise argparse.ArgumentTypeError(
            _("expected a room such as #lobby, or a name; found {found!r}").format(found=text)
        )
    return text


def _room(text: str) -> str:
    room = text if text.startswith(CHANNEL_PREFIX) else CHANNEL_PREFIX + text
    if not is_channel(room, max_bytes=200):
        raise argparse.ArgumentTypeError(
            _("expected a room such as #lobby; found {found!r}").format(found=text)
        )
    return room
