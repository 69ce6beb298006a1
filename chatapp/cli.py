"""The command lines: chat-server, chat-client, chat-bench. Each imports only what it needs, to start fast."""

from __future__ import annotations

import argparse
import gettext
import os
import socket
import sys
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from chatapp import __version__
from chatapp.irc.fingerprint import read_fingerprint
from chatapp.irc.names import CHANNEL_PREFIX, is_channel

if TYPE_CHECKING:
    from chatapp.server.console import Screen
    from chatapp.server.powers import Power

_OWNER_CODE = "owner-code"
DOMAIN = "chatapp"
LOCALES = Path(__file__).parent / "locale"


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m chatapp server|client|bench ...``."""
    commands = {"server": server, "client": client, "bench": bench}
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] not in commands:
        choose_language(args)
        print(_("usage: python -m chatapp {names} ...").format(names="|".join(commands)), file=sys.stderr)
        return 2
    return commands[args[0]](args[1:])


def server(argv: Sequence[str] | None = None) -> int:
    """``chat-server``; gives back the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    choose_language(args)
    parser = _server_parser()
    given = _parsed(parser, args)
    if given.verb not in (None, _OWNER_CODE):
        words = _("there is no command {word}; there is {command}, and otherwise flags alone")
        parser.error(words.format(word=given.verb, command=_OWNER_CODE))
    from chatapp.server.config import ConfigError, load
    from chatapp.server.main import new_owner_code, run

    flags = {
        "server.name": given.name,
        "server.data_dir": given.data_dir,
        "server.public": given.public or None,
        "listener.host": given.host,
        "listener.port": given.port,
        "listener.udp_port": given.udp_port,
        "log.level": given.log_level,
    }
    try:
        config = load(given.config, os.environ, flags)
    except ConfigError as mistakes:
        print(mistakes, file=sys.stderr)
        return 2
    if given.verb == _OWNER_CODE:
        return new_owner_code(config)
    return run(config, None if given.no_console else _open_console)


def client(argv: Sequence[str] | None = None) -> int:
    """``chat-client``; gives back the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    choose_language(args)
    from chatapp.client.config import DEFAULT_UDP_PORT, ClientSettings, nick_from
    from chatapp.client.local_server import is_this_machine

    parser = _client_parser()
    given = _parsed(parser, args)
    if given.linear and not given.inspect:
        parser.error(_("--linear goes together with --inspect"))
    if given.udp and (given.host or "").startswith("/"):
        parser.error(_("--udp needs the name or address of a host, not the path of a socket"))
    leaves_us = not is_this_machine(given.host or ClientSettings().host)
    if given.udp and given.password and given.tls is not False and leaves_us:
        parser.error(_("over UDP others could read the password on its way; --no-tls sends it all the same"))
    if given.tls_fingerprint and given.tls is False:
        parser.error(_("--tls-fingerprint and --no-tls exclude each other"))
    if (given.tls or given.tls_fingerprint) and (given.udp or (given.host or "").startswith("/")):
        parser.error(_("there is TLS over TCP only: not with --udp, nor through the path of a socket"))
    wanted = {
        "host": given.host,
        "port": given.port or (DEFAULT_UDP_PORT if given.udp else None),
        "name": nick_from(given.name) if given.name else None,
        "asked_name": given.name,
        "rooms": tuple(given.room) if given.room else None,
        "password": given.password,
        "lang": given.lang,
        "inspect": given.inspect,
        "linear": given.linear,
        "udp": given.udp,
        "tls": given.tls,
        "tls_fingerprint": given.tls_fingerprint,
    }
    settings = ClientSettings(**{key: value for key, value in wanted.items() if value is not None})
    from chatapp.client.app import run

    return run(settings)


def bench(argv: Sequence[str] | None = None) -> int:
    """``chat-bench``; gives back the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    choose_language(args)
    from chatapp.bench.main import main as run

    return run(args)


def choose_language(args: Sequence[str]) -> None:
    """Speak the language of ``--lang``, else of the locale. Before the parser: its help is translated too."""
    wanted = ""
    for at, arg in enumerate(args):
        if arg.startswith("--lang="):
            wanted = arg.partition("=")[2]
        elif arg == "--lang" and at + 1 < len(args):
            wanted = args[at + 1]
    if wanted:
        os.environ["LANGUAGE"] = wanted.replace("-", "_")
    elif sys.platform == "win32" and not os.environ.get("LANGUAGE"):
        import locale

        os.environ["LANGUAGE"] = locale.getlocale()[0] or "en"
    gettext.bindtextdomain(DOMAIN, LOCALES)
    gettext.textdomain(DOMAIN)


def _open_console(
    nick: str,
    room: str,
    words: Sequence[str],
    dial: Callable[[], socket.socket],
    powers: Sequence[Power],
) -> Screen:
    """Lend the server the client's screen; it is loaded only where somebody looks at it."""
    from chatapp.client.console import OperatorConsole
    from chatapp.client.screen.paper import patient_terminal

    return OperatorConsole(nick, room, words, dial, powers, patient_terminal())


def _server_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-server",
        description=_("A chat server that keeps everything and that every IRC client can join."),
    )
    parser.add_argument(
        "--version", action="version", version=_version("chat-server"), help=_("show the version and exit")
    )
    parser.add_argument(
        "verb",
        nargs="?",
        metavar=_OWNER_CODE,
        help=_("make a code with which somebody becomes an operator; the server must be stopped"),
    )
    parser.add_argument(
        "--config", type=Path, metavar=_("FILE"), help=_("the settings; see docs/configuration.md")
    )
    parser.add_argument("--host", metavar=_("HOST"), help=_("the address to listen at (all of this machine)"))
    parser.add_argument("--port", metavar=_("PORT"), help=_("the port to listen at (12345)"))
    parser.add_argument("--udp-port", metavar=_("PORT"), help=_("the port for datagrams (none)"))
    parser.add_argument("--name", metavar=_("NAME"), help=_("the server's name"))
    parser.add_argument(
        "--data-dir", metavar=_("DIR"), help=_("where everything is kept; :memory: keeps nothing")
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help=_("let in callers from public addresses, not only from the local network"),
    )
    parser.add_argument(
        "--no-console", action="store_true", help=_("print what happens, without an input line of your own")
    )
    parser.add_argument("--log-level", metavar=_("LEVEL"), help=_("debug, info, warning or error"))
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    return parser


def _client_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-client",
        description=_("A chat in the terminal, for this server and any other that speaks IRC."),
    )
    parser.add_argument(
        "--version", action="version", version=_version("chat-client"), help=_("show the version and exit")
    )
    parser.add_argument(
        "--host", metavar=_("HOST"), help=_("the server, or the path of its Unix socket (localhost)")
    )
    parser.add_argument("--port", type=_port, metavar=_("PORT"), help=_("the server's port (12345)"))
    parser.add_argument("--udp", action="store_true", help=_("go by datagrams (UDP), to port 5002"))
    parser.add_argument(
        "--name", metavar=_("NAME"), help=_("what others call you (your name on this computer)")
    )
    parser.add_argument(
        "--room",
        action="append",
        metavar=_("#ROOM"),
        type=_room,
        help=_("a room to enter, several times if you like (#lobby)"),
    )
    parser.add_argument("--password", metavar=_("PASSWORD"), help=_("the server's password, if it has one"))
    _add_encryption(parser)
    parser.add_argument(
        "--inspect", action="store_true", help=_("show every line on the wire: its bytes, bits and fields")
    )
    parser.add_argument(
        "--linear",
        action="store_true",
        help=_("with --inspect: plain text without a screen, as for a file"),
    )
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of the program"))
    return parser


def _add_encryption(parser: argparse.ArgumentParser) -> None:
    wish = parser.add_mutually_exclusive_group()
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
    parser.add_argument(
        "--tls-fingerprint",
        type=_fingerprint,
        metavar="HEX",
        help=_("take this key of the server and no other: what chat-server shows when it starts"),
    )


def _parsed(parser: argparse.ArgumentParser, args: Sequence[str]) -> argparse.Namespace:
    """Read ``args``; what there is no flag for is told with the flag that was probably meant."""
    given, unknown = parser.parse_known_args(args)
    if unknown:
        import difflib  # only for those who mistype
        import re

        flags = re.findall(r"--[\w-]+", parser.format_help())
        near = difflib.get_close_matches(unknown[0].partition("=")[0], flags, 1)
        words = _("there is no {word}; did you mean {near}?") if near else _("there is no {word}; see --help")
        parser.error(words.format(word=unknown[0], near="".join(near)))
    return given


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(
            _("expected a number from 1 to 65535; found {found!r}").format(found=text)
        )
    return int(text)


def _fingerprint(text: str) -> str:
    try:
        return read_fingerprint(text)
    except ValueError:
        words = _("expected 32 or 64 hexadecimal digits; found {found!r}")
        raise argparse.ArgumentTypeError(words.format(found=text)) from None


def _room(text: str) -> str:
    room = text if text.startswith(CHANNEL_PREFIX) else CHANNEL_PREFIX + text
    if not is_channel(room, max_bytes=200):
        raise argparse.ArgumentTypeError(
            _("expected a room such as #lobby; found {found!r}").format(found=text)
        )
    return room


def _version(program: str) -> str:
    return f"{program} {__version__}"
