"""Whether a server that starts now could listen: ports and Unix sockets that are free, taken, impossible."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from server.examination.findings import FIX, OK, told

from chatapp.server.examination.listening import giving_metrics, listening
from chatapp.server.obstacles import cannot_listen
from chatapp.server.settings import ListenerSettings, MetricsSettings

unix = pytest.mark.skipif(sys.platform == "win32", reason="sockets of Unix")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder that one is in, by a short name: its whole path may be longer than a socket's may be."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatapp.server.examination.listening.Path.cwd", Path)
    return tmp_path


@pytest.fixture
def taken():
    """Sockets at ports that somebody has: for streams, and for datagrams."""
    with socket.socket() as streams, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        streams.bind(("127.0.0.1", 0))
        streams.listen()
        datagrams.bind(("127.0.0.1", 0))
        yield streams.getsockname()[1], datagrams.getsockname()[1]


def at(port, udp_port=0):
    return ListenerSettings(host="127.0.0.1", port=port, udp_port=udp_port)


def test_a_free_port():
    assert told(listening(at(0), False)) == [(OK, "127.0.0.1 port 0: free.")]


def test_ports_that_somebody_has(taken):
    port, udp_port = taken
    streams, datagrams = listening(at(port, udp_port), False)

    assert (streams.mark, datagrams.mark) == (FIX, FIX)
    assert streams.text.startswith(f"Cannot listen at 127.0.0.1 {port}: the port is in use, probably")
    assert datagrams.text.startswith(
        f"Cannot listen at 127.0.0.1 {udp_port} for datagrams: the port is in use"
    )
    assert streams.remedy == "a server with these settings would not start"


def test_ports_that_the_server_itself_has(taken):
    assert told(listening(at(*taken), True)) == [
        (OK, f"127.0.0.1 port {taken[0]}: the server that runs listens there."),
        (OK, f"127.0.0.1 port {taken[1]} for UDP: the server that runs listens there."),
    ]


def test_the_port_for_metrics(taken):
    assert list(giving_metrics(MetricsSettings(), False)) == []
    settings = MetricsSettings(port=taken[0])
    ((mark, text),) = told(giving_metrics(settings, False))
    assert (mark, text.split(";")[0]) == (
        FIX,
        f"Cannot listen at 127.0.0.1 {taken[0]} for metrics: the port is in use",
    )
    assert told(giving_metrics(settings, True))[0][0] is OK


def test_an_address_that_is_not_ours():
    ((mark, text),) = told(listening(ListenerSettings(host="192.0.2.1"), False))

    assert mark is FIX
    assert text.startswith("Cannot listen at 192.0.2.1 12345: ")


@unix
def test_a_path(here):
    def look(is_running=False, path="x.sock"):
        ((mark, text),) = told(listening(ListenerSettings(path=path), is_running))
        return mark, text.removeprefix(f"{path}: ")

    assert look() == (OK, "free.")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.sock")
        assert look()[1].endswith("free; what a server left there is taken away.")
        server.listen()
        assert look()[0] is FIX
        assert look()[1] == "Cannot listen at x.sock: another program listens there."
        assert look(is_running=True)[0] is OK
    (here / "file").touch()
    words = "Cannot listen at file: there is a file that is no socket; take another path, or remove it."
    assert look(path="file") == look(True, "file") == (FIX, words)
    words = "Cannot listen at none/x.sock: the folder none does not exist."
    assert look(path="none/x.sock") == (FIX, words)


@unix
def test_a_path_that_is_too_long():
    path = "x" * 120
    words = "the whole path is longer than that of a socket may be; take a shorter one"
    ((mark, text),) = told(listening(ListenerSettings(path=path), False))
    assert (mark, text) == (FIX, f"Cannot listen at {path}: {words}.")

    with socket.socket(socket.AF_UNIX) as server, pytest.raises(OSError, match="too long") as why:
        server.bind(path)
    assert cannot_listen(ListenerSettings(path=path), why.value) == f"Cannot listen at {path}: {words}"


@unix
@pytest.mark.parametrize("is_left_over", [False, True])
def test_a_path_in_a_folder_that_one_may_not_write_in(here, monkeypatch, is_left_over):
    """Nor can what a server left there be taken away."""
    monkeypatch.setattr("os.access", lambda path, mode: path != Path())
    monkeypatch.setattr("chatapp.server.examination.listening.is_stale", lambda path: is_left_over)
    ((mark, text),) = told(listening(ListenerSettings(path="x.sock"), False))

    assert (mark, text) == (FIX, "Cannot listen at x.sock: this user may not write in the folder ..")
