"""The terminal client put together: session, connection and screen in one loop, and every way it can end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import os
import random
import signal
import sys
import time
import traceback
from dataclasses import replace
from gettext import gettext as _
from typing import Any, Protocol

from chatapp.client.config import ClientSettings, data_dir, known_servers
from chatapp.client.connection import Connection, NoServer
from chatapp.client.inspector.recorder import Recorder
from chatapp.client.known_servers import KnownServers
from chatapp.client.local_server import NotStarted, is_this_machine, start_server
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.linear import LinearScreen
from chatapp.client.screen.terminal import TerminalScreen
from chatapp.client.session import Session
from chatapp.client.tls import Security, Wishes
from chatapp.client.trust import Distrusted, KeyChanged
from chatapp.client.udp import Datagrams, in_the_clear
from chatapp.irc.fingerprint import short
from chatapp.irc.visible import visible

#: Seconds for which the server is waited for before the screen opens without it.
FIRST_ANSWER_WITHIN = 0.3
#: Seconds between attempts where a server was never there and the person has typed already.
_TRY_AGAIN_AFTER = 3.0

_FINE, _FAILED, _NO_TERMINAL = 0, 1, 2


def run(settings: ClientSettings) -> int:
    """Chat until the person leaves; the exit code: 0, 1 where that failed, 2 where there is no terminal."""
    if not settings.linear and not has_terminal():
        _complain(_("chat-client needs a terminal, and its input or output is something else here."))
        return _NO_TERMINAL
    try:
        return _chat_or_offer(settings)
    except KeyboardInterrupt:
        print()
        return _FAILED
    except (NotAllSaid, Distrusted) as failure:
        _complain(str(failure))
        return _FAILED
    except BrokenPipeError:
        # Whoever read our report has enough of it; Python must not try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence for the person, the rest for the log
        _complain(_note(error))
        return _FAILED


def has_terminal() -> bool:
    """Whether a person sits at both ends: keys come in, and a screen is there."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _chat_or_offer(settings: ClientSettings) -> int:
    """Chat; where there is no server, offer to start one; where its key is new, ask whether to take it."""
    try:
        asyncio.run(chat(settings))
    except KeyChanged as changed:
        if not has_terminal():
            raise
        if not _takes(changed):
            return _FAILED
        asyncio.run(chat(replace(settings, tls_fingerprint=changed.key)))
    except NoServer as nobody:
        if not has_terminal():
            _complain(str(nobody))
            return _FAILED
        print(nobody)
        words = _start_one(settings)
        if not words:
            return _FAILED
        print(words)
        asyncio.run(chat(settings, words))
    print(_("You have left {host}.").format(host=settings.host))
    return _FINE


class Screen(Protocol):
    """Where the person sits: a full screen or plain lines."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing half typed would be lost if it closed."""

    async def run(self) -> None:
        """Serve the person until they leave."""

    def close(self, error: BaseException | None = None) -> None:
        """Leave, as if the person had; with an ``error`` that `run` raises then."""


class NotAllSaid(Exception):
    """Something typed has not arrived, and there is nobody who could be asked."""


async def chat(settings: ClientSettings, words: str = "") -> None:
    """Connect and show the screen, with ``words`` in the room, until the person leaves.

    Raises:
        NoServer: Nobody is there, and the person has not typed anything yet.
        Distrusted: We do not talk to that server, and the person has not typed anything yet.
        NotAllSaid: Without a screen: something has not arrived.
    """
    model = Model(settings.name, settings.host)
    session = Session(
        model,
        settings.name,
        now=time.time,
        rooms=settings.rooms,
        password=settings.password,
        history_limit=settings.history_limit,
    )
    if settings.asked_name not in ("", settings.name):
        other = _("{old} cannot be a name here, so you are {new} for now. /nick changes it.")
        session.inform(other.format(old=settings.asked_name, new=settings.name), model.current)
    if words:
        session.inform(words, model.current)
    recorder = Recorder(time.monotonic)
    datagrams = Datagrams(settings.host, settings.port, random.random) if settings.udp else None
    if datagrams is not None:
        model.transport = _("UDP, not encrypted")
        session.inform(in_the_clear(), model.current)
    connection = Connection(
        session,
        settings.host,
        settings.port,
        dice=random.random,
        recorder=recorder,
        datagrams=datagrams,
        security=_security(settings),
    )
    screen = _screen(settings, model, session, recorder)
    _keep_collections_short()
    with _signals(screen):
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_stay_connected(connection, session, screen))
                await _first_answer(model)
                await screen.run()
                connection.quit()
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
    if settings.linear and session.speaking.outbox.unsent():
        raise NotAllSaid(_("Not everything that was typed has arrived."))


def _security(settings: ClientSettings) -> Security | None:
    """What decides about TLS; None where there is none: on this machine's sockets, and in datagrams."""
    if settings.udp or settings.host.startswith("/"):
        return None
    wishes = Wishes(settings.tls, settings.tls_fingerprint, has_password=bool(settings.password))
    return Security(settings.host, settings.port, wishes, KnownServers(known_servers()))


def _screen(settings: ClientSettings, model: Model, session: Session, recorder: Recorder) -> Screen:
    """What the person asked for: the full screen, or plain lines."""
    if settings.linear:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")
        return LinearScreen(model, session, recorder, time.monotonic)
    screen = TerminalScreen(model, session, recorder=recorder)
    screen.manner.inspecting = settings.inspect
    return screen


def _keep_collections_short() -> None:
    """Let the garbage collector leave alone what stays: a look at 100,000 messages is felt in the keys."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000)


async def _stay_connected(connection: Connection, session: Session, screen: Screen) -> None:
    """Keep the connection; a first attempt that fails ends everything, unless somebody is typing already."""
    while True:
        try:
            await connection.run()
            return
        except Distrusted as why:
            has_more_to_lose = not screen.is_idle or bool(session.speaking.outbox.unsent())
            if not connection.was_ever_welcome and not has_more_to_lose:
                raise
            for words in str(why).splitlines():
                session.complain(words, session.model.current)
            return
        except NoServer:
            if screen.is_idle and not session.speaking.outbox.unsent():
                raise
            session.disconnected("", time.time() + _TRY_AGAIN_AFTER)
            await asyncio.sleep(_TRY_AGAIN_AFTER)


async def _first_answer(model: Model) -> None:
    """Wait a moment for the server: where there is none, that is said without opening the screen."""
    answered = asyncio.Event()

    def look() -> None:
        if model.state in (ConnectionState.REGISTERING, ConnectionState.ONLINE):
            answered.set()

    model.on_change = look
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_ANSWER_WITHIN):
            await answered.wait()


@contextlib.contextmanager
def _signals(screen: Screen) -> Any:
    """While the screen is open: leave it properly when we are told to end, and when something breaks."""
    loop = asyncio.get_running_loop()
    ends = [] if sys.platform == "win32" else [signal.SIGTERM, signal.SIGHUP]
    for number in ends:
        loop.add_signal_handler(number, screen.close)
    loop.set_exception_handler(lambda _loop, context: _broken(screen, context))
    try:
        yield
    finally:
        for number in ends:
            loop.remove_signal_handler(number)


def _broken(screen: Screen, context: dict[str, Any]) -> None:
    """Something failed in a callback, where nobody can catch it."""
    error = context.get("exception")
    if error is None or "handle" not in context:
        _log(str(context.get("message")))
    else:
        screen.close(error)


def _start_one(settings: ClientSettings) -> str:
    """Offer to start a server where the client looked for one; words about it, "" if there is none now."""
    command = f"chat-server --{'udp-port' if settings.udp else 'port'} {settings.port}"
    if settings.udp or settings.host.startswith("/") or not is_this_machine(settings.host):
        print(_("Is it running there? One starts it with: {command}").format(command=command))
        return ""
    print(_("It can be started with: {command}").format(command=command))
    if not _wants(_("Start one here now? [Y/n] ")):
        return ""
    folder = data_dir()
    try:
        started = asyncio.run(start_server(settings.host, settings.port, folder / "server.log"))
    except (NotStarted, OSError) as error:
        print(_("It did not start: {reason}").format(reason=visible(str(error))))
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


def _note(error: BaseException) -> str:
    """Write ``error`` to the log; the sentence for the person."""
    log = _log("".join(traceback.format_exception(error)))
    reason = visible(f"{type(error).__name__}: {error}")
    if log:
        return _("The client has failed ({reason}). Details are in {log}.").format(reason=reason, log=log)
    return _("The client has failed ({reason}).").format(reason=reason)


def _log(text: str) -> str:
    """Put ``text`` into the client's log; its path, "" where it cannot be written."""
    path = data_dir() / "client.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")
    except OSError:
        return ""  # Nothing can be done about it, and the person has been told what failed.
    return str(path)


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)
