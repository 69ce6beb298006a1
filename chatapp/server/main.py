"""chat-server: read the settings, serve in the foreground, end with a clear word."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import os
import sys
from collections.abc import Callable
from gettext import gettext as _
from typing import Any

from chatapp.core.ports import StoreError
from chatapp.server.app import App, CannotServe, opened, reload_on_hangup, stop_on_signals
from chatapp.server.banner import banner, dangers, lan_address, places
from chatapp.server.config import data_dir
from chatapp.server.console import Console, OpenScreen
from chatapp.server.fitting import fitted
from chatapp.server.logs import LogHandler, set_up_logging
from chatapp.server.memory import give_back_large_buffers
from chatapp.server.notify import Notifier
from chatapp.server.open_files import raise_file_limit
from chatapp.server.reload import Reload
from chatapp.server.scraping import metrics_offered
from chatapp.server.settings import Config
from chatapp.system_errors import reason_of

log = logging.getLogger("chatapp")


def run(config: Config, read: Callable[[], Config], open_screen: OpenScreen | None = None) -> int:
    """Serve until a signal, or until the operator stops it; give back the exit code.

    ``read`` reads the settings again. ``open_screen`` makes the operator's console on the terminal, where
    there is to be one.
    """
    try:
        logs = set_up_logging(config.log)
    except OSError as why:
        print(
            _("Cannot write the log to {file}: {reason}").format(file=config.log.to, reason=reason_of(why)),
            file=sys.stderr,
        )
        return 1
    raise_file_limit()
    give_back_large_buffers()
    try:
        with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
            runner.run(_serve(config, read, logs, open_screen))
    except CannotServe as why:
        print(why, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before there was anything to stop
        return 130
    except StoreError as why:
        log.critical(_("The server stopped because it could not keep what was said: %s"), why)
        if config.log.to != "stderr":  # whoever started it looks here first
            print(why, file=sys.stderr)
        return 1
    if _is_on_terminal():
        _say(_("The server has stopped; everything said is kept."))
    return 0


async def _serve(
    config: Config, read: Callable[[], Config], logs: LogHandler, open_screen: OpenScreen | None
) -> None:
    on_terminal = _is_on_terminal()
    report = log.info if on_terminal else log.debug
    async with opened(config, report) as app, metrics_offered(config.metrics, app.sights()) as metrics:
        asyncio.get_running_loop().set_exception_handler(_note_exception)
        app.read_again = Reload(config, read, app.follow)
        app.notifier = Notifier(os.environ)
        stop_on_signals(app)
        reload_on_hangup(app)
        if metrics:
            log.info(_("The metrics are at %s"), metrics)
        words = await _announce(app, config, on_terminal, open_screen is not None)
        app.tell_ready()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        if open_screen is None:
            await app.serve(logs.tell_left_out)
        else:
            await _serve_with(Console(app, config.rules, words, open_screen), app, logs)


async def _serve_with(console: Console, app: App, logs: LogHandler) -> None:
    """Serve and show the console; what ends one of them ends both."""
    stop_on_signals(app, console.close)
    try:
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(app.serve(logs.tell_left_out))
            serving.add_done_callback(lambda _done: console.close())
            await console.run(logs)
            stop_on_signals(app)  # the screen has taken Ctrl-C for itself, and given it back to nobody
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def _note_exception(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What went wrong in a callback is in the log; the server serves on."""
    log.error("%s", context["message"], exc_info=context.get("exception"))


async def _announce(app: App, config: Config, on_terminal: bool, has_console: bool) -> list[str]:
    """Say where we are and what to take care of; on a terminal give back the lines."""
    server = config.rules.server
    warnings = app.store.warnings()
    if on_terminal:
        warnings += dangers(server.password, server.public, encrypts=bool(app.encryption.fingerprints))
        room, code = server.default_channel, await app.store.owner.first()
        keys = app.encryption.fingerprints
        text = banner(app.addresses, data_dir(config), room, lan_address(), warnings, code, has_console, keys)
        _say(fitted(text, sys.stdout))
        return text.split("\n")
    for warning in warnings:
        log.warning("%s", warning)
    for key in app.encryption.fingerprints:
        log.info(_("The key for TLS is %s"), key)
    _say(_("chatapp is listening on {where}").format(where=places(app.addresses)))
    return []


def _is_on_terminal() -> bool:
    return sys.stdout.isatty()


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError as why:  # as in chat-server | head -1; the server serves on
        log.warning(_("Nobody reads the standard output: %s"), reason_of(why))
        sys.stdout = io.StringIO()


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one; ``None`` for the standard loop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
