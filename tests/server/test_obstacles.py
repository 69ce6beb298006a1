"""What the operator reads when a port or a socket cannot be opened: a way out, not a number."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from chatapp.server.obstacles import cannot_listen, cannot_take_datagrams
from chatapp.server.settings import ListenerSettings


def why(number):
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(("port", "other"), [(12345, 12346), (65535, 65534)])
def test_a_port_in_use_names_another(port, other):
    words = cannot_listen(ListenerSettings(port=port), why(errno.EADDRINUSE))

    assert words.startswith(f"Cannot listen at * {port}: the port is in use")
    assert words.endswith(f"--port {other}")


def test_a_port_for_datagrams_has_its_own_flag():
    words = cannot_take_datagrams(ListenerSettings(udp_port=5002), why(errno.EADDRINUSE))

    assert words.endswith("for example --udp-port 5003")


def test_a_port_that_only_root_may_open_is_told_so():
    words = cannot_listen(ListenerSettings(port=80), why(errno.EACCES))

    assert "below 1024" in words
    assert words.endswith("--port 12345")


def test_what_is_not_known_is_told_in_the_words_of_the_system():
    words = cannot_listen(ListenerSettings(host="ana.example", port=2000), why(errno.ENOMEM))

    assert words == f"Cannot listen at ana.example 2000: {os.strerror(errno.ENOMEM)}"


def test_the_folder_of_a_socket_is_named(tmp_path):
    path = tmp_path / "away" / "chat.sock"

    assert f"the folder {path.parent} does not exist" in cannot_listen(
        ListenerSettings(path=str(path)), why(errno.ENOENT)
    )
    assert f"may not write in the folder {path.parent}" in cannot_listen(
        ListenerSettings(path=str(path)), why(errno.EACCES)
    )


def test_a_file_in_the_way_is_not_called_a_server(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")

    assert "a file that is no socket" in cannot_listen(
        ListenerSettings(path=str(path)), why(errno.EADDRINUSE)
    )


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no Unix sockets")
def test_another_server_at_a_socket_is_told_as_it_was_found(tmp_path):
    path = tmp_path / "chat.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))

        words = cannot_listen(ListenerSettings(path=str(path)), why(errno.EADDRINUSE))

    assert words == f"Cannot listen at {path}: another program listens there"
