"""The terminal client as a program: every way it can begin and end, with its sentence and its exit code."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from gettext import gettext as _

from chatapp.client.chat import NotAllSaid, chat
from chatapp.client.config import Launch, data_dir
from chatapp.client.connection import NoServer
from chatapp.client.failures import complain, nobody_reads, note
from chatapp.client.local_server import NotStarted, is_this_machine, start_server
from chatapp.client.passwords import ask_passwords
from chatapp.client.settings import ServerEntry
from chatapp.client.trust import Distrusted, KeyChanged
from chatapp.client.tty import has_terminal, needs_lines
from chatapp.irc.fingerprint import short
from chatapp.irc.visible import visible
from chatapp.system_errors import reason_of

_FINE, _FAILED, _NO_TERMINAL = 0, 1, 2


def run(launch: Launch) -> int:
    """Chat until the person leaves; the exit code: 0, 1 where that failed, 2 where there is no terminal."""
    if needs_lines():
        launch = replace(launch, linear=True)
    if not launch.linear and not has_terminal():
        complain(_("chat-client needs a terminal, and its input or output is something else here."))
        complain(_("For scripts there are chat-client send, tail and --linear."))
        return _NO_TERMINAL
    try:
        return _chat_or_offer(ask_passwords(launch))
    except KeyboardInterrupt:
        print()
        return _FAILED
    except (NotAllSaid, Distrusted) as failure:
        complain(str(failure))
        return _FAILED
    except BrokenPipeError:
        nobody_reads()
        return _FAILED
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence for the person, the rest for the log
        complain(note(error))
        return _FAILED


def _chat_or_offer(launch: Launch) -> int:
    """Chat; where there is no server, offer to start one; where its key is new, ask whether to take it."""
    try:
        asyncio.run(chat(launch))
    except KeyChanged as changed:
        if not has_terminal():
            raise
        if not _takes(changed):
            return _FAILED
        asyncio.run(chat(launch.trusting(changed.key)))
    except NoServer as nobody:
        if not has_terminal():
            complain(str(nobody))
            return _FAILED
        print(nobody)
        words = _start_one(launch.server)
        if not words:
            return _FAILED
        print(words)
        asyncio.run(chat(launch, words))
    places = ", ".join(entry.label for entry in launch.servers)
    try:
        print(_("You have left {host}.").format(host=visible(places)))
    except BrokenPipeError:
        raise
    except OSError:  # the terminal is gone
        nobody_reads()
    return _FINE


def _start_one(server: ServerEntry) -> str:
    """Offer to start a server where the client looked for one; words about it, "" if there is none now."""
    command = f"chat-server --{'udp-port' if server.udp else 'port'} {server.port}"
    if server.udp or server.host.startswith("/") or not is_this_machine(server.host):
        print(_("Is it running there? One starts it with: {command}").format(command=command))
        return ""
    print(_("It can be started with: {command}").format(command=command))
    if not _wants(_("Start one here now? [Y/n] ")):
        return ""
    folder = data_dir()
    try:
        started = asyncio.run(start_server(server.host, server.port, folder / "server.log"))
    except (NotStarted, OSError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        print(_("It did not start: {reason}").format(reason=visible(reason)))
        return ""
    words = _("A server runs in the background now. Data: {folder}. Log: {log}. Stop it with: {command}")
    return words.format(folder=folder, log=started.log, command=started.stop_command)


def _takes(changed: KeyChanged) -> bool:
    """Tell of the new key; whether the person shows that they have looked at it, and takes it."""
    print(changed)
    question = _("To take the new key, type its first four characters; Enter leaves: ")
    return _answer(question).casefold() == short(changed.key)[:4]


def _wants(question: str) -> bool:
    return _answer(question).casefold()[:1] in ("", "y", "j", "s")


def _answer(question: str) -> str:
    """What the person says; a blank word, which is no answer at all, where they close the input."""
    try:
        return input(question).strip()
    except EOFError:
        print()
        return " "
