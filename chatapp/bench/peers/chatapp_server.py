"""Ours, as it is installed: everything on, history on disk with ``synchronous=FULL``, no flood limits."""

from __future__ import annotations

from chatapp.bench.peers.peer import Peer

OURS = Peer(
    name="chatapp",
    program="chat-server",
    words=("--host", "127.0.0.1", "--port", "{port}", "--data-dir", "{data}", "--no-console"),
    install="pip install chatapp",
    caps=frozenset({"message-tags", "server-time", "echo-message"}),
    environment={
        "CHATAPP_LIMITS__FLOOD_PROTECTION": "false",
        "CHATAPP_LIMITS__CONNECTIONS_PER_PRIVATE_IP": "0",
        "CHATAPP_LIMITS__SENDQ_BYTES": "268435456",
        "CHATAPP_HISTORY__SYNCHRONOUS": "full",
    },
)
