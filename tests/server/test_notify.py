"""What systemd hears, on a real socket of its kind: ready, reloading, stopping, alive."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from functools import partial

import pytest
from listeners.house import on_every_loop, run
from server.test_app import config, serving

from chatapp.server.notify import Notifier

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there is no systemd here")


class Systemd:
    """A listener at ``address``, with what it has heard."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(60)

    def __enter__(self):
        return self

    def __exit__(self, *_about):
        self.socket.close()

    def hears(self):
        return self.socket.recv(4096).decode().split("\n")

    def hears_nothing(self):
        self.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            self.socket.recv(4096)
        return True


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the whole path may be longer than a socket's may be
    with Systemd("notify") as each:
        yield each


def environ(tmp_path, **more):
    return {"NOTIFY_SOCKET": str(tmp_path / "notify"), **more}


def test_it_tells_that_it_is_ready_in_one_line(systemd, tmp_path):
    Notifier(environ(tmp_path)).ready("listening on\nport 1\tREADY=0")

    assert systemd.hears() == ["READY=1", "STATUS=listening on port 1 READY=0"]


def test_a_reload_has_the_time_by_which_systemd_knows_it(systemd, tmp_path):
    notifier = Notifier(environ(tmp_path))
    notifier.reloading()
    notifier.reloading()

    first, second = systemd.hears(), systemd.hears()
    assert (first[0], second[0]) == ("RELOADING=1", "RELOADING=1")
    times = [int(each[1].removeprefix("MONOTONIC_USEC=")) for each in (first, second)]
    assert 0 < times[0] <= times[1]


def test_it_tells_that_it_stops(systemd, tmp_path):
    Notifier(environ(tmp_path)).stopping()

    assert systemd.hears() == ["STOPPING=1"]


@pytest.mark.skipif(sys.platform != "linux", reason="names without a file are Linux's")
def test_a_name_without_a_file():
    name = f"chatapp-test-{os.getpid()}"
    with Systemd(f"\0{name}") as systemd:
        Notifier({"NOTIFY_SOCKET": f"@{name}"}).stopping()

        assert systemd.hears() == ["STOPPING=1"]


@pytest.mark.parametrize("name", ["", "notify", "vsock:2:1234"])
def test_without_a_socket_that_it_knows_nobody_is_told(name, caplog, systemd):
    Notifier({"NOTIFY_SOCKET": name}).ready("here")

    assert systemd.hears_nothing()
    assert caplog.text == ""


def test_a_socket_that_is_gone_is_told_once(tmp_path, caplog):
    notifier = Notifier(environ(tmp_path))
    with caplog.at_level(logging.WARNING):
        notifier.ready("here")
        notifier.stopping()

    assert caplog.messages == ["systemd cannot be told how it goes: there is no such file or folder"]


def test_it_says_that_it_lives_twice_in_the_time_of_the_watchdog(systemd, tmp_path):
    async def scene():
        notifier = Notifier(environ(tmp_path, WATCHDOG_USEC="20000", WATCHDOG_PID=str(os.getpid())))
        life = asyncio.create_task(notifier.live())
        heard = [await asyncio.to_thread(systemd.hears) for _time in range(3)]
        life.cancel()
        return heard

    assert asyncio.run(scene()) == [["WATCHDOG=1"]] * 3


@pytest.mark.parametrize("about", [{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}])
def test_nobody_watches(systemd, tmp_path, about):
    asyncio.run(Notifier(environ(tmp_path, **about)).live())

    assert systemd.hears_nothing()


@on_every_loop
def test_a_server_tells_of_its_whole_life(loop_factory, systemd, tmp_path):
    async def scene():
        async with serving(config(tmp_path / "data")) as app:
            app.notifier = Notifier(environ(tmp_path))
            app.tell_ready()
            host, port = app.addresses[0]
            assert app.reload() == []
        assert systemd.hears() == ["READY=1", f"STATUS=listening on {host} port {port}"]
        assert systemd.hears()[0] == "RELOADING=1"
        assert systemd.hears()[0] == "READY=1"
        assert systemd.hears() == ["STOPPING=1"]
        assert systemd.hears_nothing()

    run(scene, loop_factory)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_chat_server_is_ready_for_systemd(systemd, tmp_path):
    command = [sys.executable, "-m", "chatapp", "server", "--host", "127.0.0.1", "--port", "0"]
    told = {**os.environ, **environ(tmp_path, WATCHDOG_USEC="30000000"), "LANGUAGE": "en"}
    start = partial(subprocess.Popen, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with start([*command, "--data-dir", str(tmp_path / "data")]) as server:
        heard = [systemd.hears(), systemd.hears()]
        assert ["WATCHDOG=1"] in heard
        heard.remove(["WATCHDOG=1"])
        assert re.fullmatch(r"STATUS=listening on 127\.0\.0\.1 port \d+", heard[0][1])
        server.send_signal(signal.SIGHUP)
        assert systemd.hears()[0] == "RELOADING=1"
        assert systemd.hears()[0] == "READY=1"
        server.terminate()
        assert systemd.hears() == ["STOPPING=1"]
        _, told = server.communicate(timeout=60)
    assert (server.returncode, told.count("systemd")) == (0, 0)
