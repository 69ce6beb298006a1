"""Every server there is to compare, ours first."""

from __future__ import annotations

from chatapp.bench.peers.chatapp_server import OURS
from chatapp.bench.peers.inspircd import INSPIRCD
from chatapp.bench.peers.nats_server import NATS_SERVER
from chatapp.bench.peers.ngircd import NGIRCD

PEERS = (OURS, INSPIRCD, NGIRCD, NATS_SERVER)
