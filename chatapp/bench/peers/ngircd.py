"""ngIRCd: a small IRC server in C, without history, echoes or message tags."""

from __future__ import annotations

from collections.abc import Mapping

from chatapp.bench.peers.peer import Peer

#: Its queues and its nine bytes for a nick are compiled in; penalties for who speaks fast are not.
_SETTINGS = """
[Global]
Name = irc.example.net
Info = Measured
AdminEMail = admin@example.net
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Welcome
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
PongTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
"""


def _files(port: int) -> Mapping[str, str]:
    return {"ngircd.conf": _SETTINGS.format(port=port)}


NGIRCD = Peer(
    name="ngircd",
    program="ngircd",
    words=("--nodaemon", "--config", "{folder}/ngircd.conf"),
    install="apt install ngircd",
    files=_files,
)
