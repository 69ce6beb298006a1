"""The command lines: chat-server, chat-client, chat-bench. Each imports only what it needs, to start fast."""

from __future__ import annotations

import argparse
import gettext
import io
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial, wraps
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from chatapp import __version__
from chatapp.catalogue import keep_catalogue

if TYPE_CHECKING:
    from chatapp.server.console import Screen
    from chatapp.server.powers import Power

DOMAIN = "chatapp"
LOCALES = Path(__file__).parent / "locale"


#: The exit code of a program that its person ended with Ctrl-C (128 and SIGINT, as shells have it).
ENDED = 130


def _ends_calmly(program: Callable[[Sequence[str] | None], int]) -> Callable[[Sequence[str] | None], int]:
    """``program`` without a traceback where Ctrl-C comes early: while it reads its flags, or its own code."""

    @wraps(program)
    def run(argv: Sequence[str] | None = None) -> int:
        try:
            return program(argv)
        except KeyboardInterrupt:
            return ENDED

    return run


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m chatapp server|client|bench ...``."""
    commands = {"server": server, "client": client, "bench": bench}
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] not in commands:
        choose_language(args)
        print(_("usage: python -m chatapp {names} ...").format(names="|".join(commands)), file=sys.stderr)
        return 2
    return commands[args[0]](args[1:])


@_ends_calmly
def server(argv: Sequence[str] | None = None) -> int:
    """``chat-server``; gives back the exit code."""
    args = _begin(argv)
    from chatapp.server.verbs import table

    if verb := table.find(args):
        return verb.run(_parsed_verb(verb.load().parser(), args[1:]))
    parser = _server_parser()
    given = _parsed(parser, args)
    if given.verb is not None:
        parser.error(table.not_a_verb(given.verb, parser.prog))
    from chatapp.client.tty import has_terminal, is_dumb
    from chatapp.server.config import ConfigError, load
    from chatapp.server.main import run

    flags = {
        "server.name": given.name,
        "server.data_dir": given.data_dir,
        "server.public": given.public or None,
        "listener.host": given.host,
        "listener.port": given.port,
        "listener.udp_port": given.udp_port,
        "log.level": given.log_level,
    }
    read = partial(load, given.config, os.environ, flags)
    try:
        config = read()
    except ConfigError as mistakes:
        print(mistakes, file=sys.stderr)
        return 2
    keep_catalogue()
    has_console = has_terminal() and not is_dumb() and not given.no_console
    return run(config, read, _open_console if has_console else None)


@_ends_calmly
def client(argv: Sequence[str] | None = None) -> int:
    """``chat-client``; gives back the exit code."""
    args = _begin(argv)
    from chatapp.client import command_line

    found = command_line.settings()
    choose_language(args, found.settings.language)
    verb, flags = command_line.split(args)
    parser = command_line.parser(verb, _version("chat-client"))
    # Words of a message may stand behind flags, as in: send '#ops' --name bot done
    given = _parsed_verb(parser, flags)
    keep_catalogue()
    return command_line.run(verb, parser, given, found)


@_ends_calmly
def bench(argv: Sequence[str] | None = None) -> int:
    """``chat-bench``; gives back the exit code."""
    args = _begin(argv)
    from chatapp.bench.main import main as run

    return run(args)


def _begin(argv: Sequence[str] | None) -> list[str]:
    """What every program does first; give back its arguments."""
    _fill_standard_files()
    _show_what_can_be_shown()
    args = list(sys.argv[1:] if argv is None else argv)
    choose_language(args)
    return args


def _fill_standard_files() -> None:
    """Where a standard file was closed have one with nothing in it: no connection is ever taken for it."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  to the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  likewise


def _show_what_can_be_shown() -> None:
    """Where the standard output has not all letters, write codes for those: nobody's name ends a program."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def choose_language(args: Sequence[str], wanted: str = "") -> None:
    """Speak the language of ``--lang``, else ``wanted``, else of the locale.

    Before the parser is made: its help is translated too.
    """
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
    from chatapp.client.screen.paper import open_paper

    return OperatorConsole(nick, room, words, dial, powers, open_paper())


def _server_parser() -> argparse.ArgumentParser:
    from chatapp.server.verbs.table import overview

    parser = argparse.ArgumentParser(
        prog="chat-server",
        description=_("A chat server that keeps everything and that every IRC client can join."),
        epilog=overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=_version("chat-server"), help=_("show the version and exit")
    )
    parser.add_argument(
        "verb",
        nargs="?",
        metavar=_("COMMAND"),
        help=_("do something else than serve; the commands are below"),
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


def _parsed_verb(parser: argparse.ArgumentParser, args: Sequence[str]) -> argparse.Namespace:
    """As `_parsed`; what is no flag may stand before, between and behind the flags."""
    # argparse would cut as many letters off the front as "usage: " has, in every language.
    parser.usage = parser.format_usage().partition(": ")[2].rstrip()
    return _parsed(parser, args, parser.parse_known_intermixed_args)


def _parsed(
    parser: argparse.ArgumentParser,
    args: Sequence[str],
    read: Callable[[Sequence[str]], tuple[argparse.Namespace, list[str]]] | None = None,
) -> argparse.Namespace:
    """Read ``args``; what there is no flag for is told with the flag that was probably meant."""
    given, unknown = (read or parser.parse_known_args)(args)
    if unknown:
        import difflib  # only for those who mistype
        import re

        flags = re.findall(r"--[\w-]+", parser.format_help())
        near = difflib.get_close_matches(unknown[0].partition("=")[0], flags, 1)
        words = _("there is no {word}; did you mean {near}?") if near else _("there is no {word}; see --help")
        if not unknown[0].startswith("-"):  # such as the second of two files
            words = _("{word} is one word too many; see --help")
        if unknown[0] in ("send", "tail"):
            words = _("{word} stands before all flags: {program} {word} ...")
        parser.error(words.format(word=unknown[0], near="".join(near), program=parser.prog))
    return given


def _version(program: str) -> str:
    return f"{program} {__version__}"
