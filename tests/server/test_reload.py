"""New settings while the server serves: what takes effect, what waits, and a mistake that changes nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from dataclasses import replace
from functools import partial

import pytest
from listeners.house import on_every_loop, run, settle
from server.test_app import call, enter, serving

from chatapp.core.settings import LimitSettings, Settings
from chatapp.server.app import reload_on_hangup
from chatapp.server.config import load
from chatapp.server.reload import Reload
from chatapp.server.settings import Config, ListenerSettings

BEFORE = """
[server]
motd = "old"
[limits]
nick_length = 20
connections_per_private_ip = 0
[[listener]]
host = "127.0.0.1"
port = 0
"""


def reload_of(path, text, apply=lambda rules: None):
    path.write_text(BEFORE, "utf-8")
    reload = Reload(load(path), partial(load, path), apply)
    path.write_text(text, "utf-8")
    return reload


def test_what_has_changed_is_told_and_applied(tmp_path):
    applied = []
    text = BEFORE.replace("20", "9").replace("old", "new")
    reload = reload_of(tmp_path / "chat.toml", text, applied.append)
    assert reload() == ["[server] motd has changed", "[limits] nick_length has changed"]
    assert (applied[0].limits.nick_length, applied[0].server.motd) == (9, "new")
    assert reload() == ["The settings were read again; nothing in them has changed"]


def test_in_the_log_only_what_needs_looking_after_is_a_warning(tmp_path, caplog):
    caplog.set_level(logging.INFO, "chatapp")
    path = tmp_path / "chat.toml"
    reload = reload_of(path, BEFORE.replace("20", "9").replace("[server]", '[server]\ncasemapping = "ascii"'))
    reload()
    path.write_text("[server", "utf-8")
    reload()
    path.write_text(BEFORE.replace("20", "9"), "utf-8")
    reload()

    assert [(record.levelname, record.getMessage()[:20]) for record in caplog.records] == [
        ("INFO", "[limits] nick_length"),
        ("WARNING", "[server] casemapping"),
        ("WARNING", "The settings stay wh"),
        ("INFO", "The settings were re"),
    ]


def test_operators_come_and_go(tmp_path):
    applied = []
    text = BEFORE + '[[operator]]\nname = "root"\npassword = "x"\n'
    reload = reload_of(tmp_path / "chat.toml", text, applied.append)
    assert reload() == ["[operator] has changed"]
    assert [operator.name for operator in applied[0].operators] == ["root"]


def test_what_others_build_on_waits_for_the_next_start(tmp_path):
    applied = []
    text = BEFORE.replace("[server]", '[server]\nname = "other"\ncasemapping = "ascii"\ndata_dir = "x"')
    text += '[log]\nlevel = "debug"\n[[listener]]\nport = 0\n'
    reload = reload_of(tmp_path / "chat.toml", text, applied.append)
    assert reload() == [
        "[server] name changes at the next start",
        "[server] network changes at the next start",
        "[server] casemapping changes at the next start",
        "[server] data_dir changes at the next start",
        "[listener] changes at the next start",
        "[log] changes at the next start",
    ]
    assert (applied[0].server.name, applied[0].server.casemapping) == ("chatapp", "unicode")


def test_a_mistake_changes_nothing(tmp_path):
    applied = []
    reload = reload_of(
        tmp_path / "chat.toml", BEFORE.replace("nick_length = 20", "nick_lenght = 9"), applied.append
    )
    (said,) = reload()
    assert said.startswith("The settings stay what they were: ")
    assert "nick_length" in said
    assert applied == []


def test_a_file_that_is_gone_changes_nothing(tmp_path):
    reload = reload_of(tmp_path / "chat.toml", BEFORE)
    (tmp_path / "chat.toml").unlink()
    assert reload()[0].startswith("The settings stay what they were: ")


@on_every_loop
def test_an_operator_has_them_read_with_rehash(loop_factory, tmp_path):
    async def story():
        config = Config(Settings(), listeners=(ListenerSettings(host="127.0.0.1", port=0),))
        config = replace(config, data=replace(config.data, data_dir=str(tmp_path)))
        limits = LimitSettings(nick_length=5, connections_per_private_ip=1)
        async with serving(config) as app:
            new = replace(config, rules=replace(config.rules, limits=limits))
            app.read_again = Reload(config, lambda: new, app.follow)
            ana = await enter(app, "ana")
            assert " 481 " in (await ana.asks("REHASH"))[0]
            app.world.users["ana"].set_mode("o", True)
            heard = await ana.asks("REHASH")
            assert " 382 ana " in heard[0]
            assert heard[1].endswith("NOTICE ana :[limits] connections_per_private_ip has changed")
            assert heard[2].endswith("NOTICE ana :[limits] nick_length has changed")
            assert " 432 " in (await ana.asks("NICK anastacia"))[0]
            late = await call(app)
            assert "There are 1 connections from your address already" in await late.rest()
            await ana.say("QUIT")
            await ana.rest()

    run(story, loop_factory)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGHUP")
@on_every_loop
def test_a_hangup_has_them_read(loop_factory, tmp_path):
    async def story():
        config = Config(Settings(), listeners=(ListenerSettings(host="127.0.0.1", port=0),))
        config = replace(config, data=replace(config.data, data_dir=str(tmp_path)))
        async with serving(config) as app:
            new = replace(config, rules=replace(config.rules, limits=LimitSettings(nick_length=5)))
            app.read_again = Reload(config, lambda: new, app.follow)
            reload_on_hangup(app)
            os.kill(os.getpid(), signal.SIGHUP)
            await settle(lambda: app.world.settings.limits.nick_length == 5)
            asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)

    run(story, loop_factory)
