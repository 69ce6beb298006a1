"""InspIRCd: a large IRC server in C++, with echoes and message tags as modules, without history."""

from __future__ import annotations

import os
from collections.abc import Mapping

from chatapp.bench.peers.peer import Peer

#: Nothing slows down who speaks fast, no queue is short, nobody is looked up, and as many may wait to be
#: accepted as the system lets.
_SETTINGS = """
<server name="irc.example.net" description="Measured" network="Example">
<admin name="Admin" nick="admin" email="admin@example.net">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect name="all" allow="*" timeout="60" threshold="1000000" commandrate="1000000000" fakelag="no"
         pingfreq="3600" recvq="64M" softsendq="1G" hardsendq="1G" localmax="100000" globalmax="100000"
         limit="100000" maxconnwarn="no" resolvehostnames="no" useident="no" maxchans="1000">
<performance netbuffersize="65534" somaxconn="4096" softlimit="100000" clonesonconnect="no">
<dns server="127.0.0.1" timeout="1">
<options defaultmodes="not nt" casemapping="ascii">
"""
#: The modules for what the tagged rows ask for.
_MODULES = ("cap", "ircv3", "ircv3_ctctags", "ircv3_echomessage", "ircv3_msgid", "ircv3_servertime")


def _files(port: int) -> Mapping[str, str]:
    modules = "".join(f'<module name="{module}">\n' for module in _MODULES)
    return {"inspircd.conf": _SETTINGS.format(port=port) + modules}


#: As root it wants to be told that this is meant.
_AS_ROOT = ("--runasroot",) if hasattr(os, "getuid") and os.getuid() == 0 else ()

INSPIRCD = Peer(
    name="inspircd",
    program="inspircd",
    words=("--nofork", "--nopid", *_AS_ROOT, "--config", "{folder}/inspircd.conf"),
    install="apt install inspircd",
    caps=frozenset({"message-tags", "server-time", "echo-message"}),
    files=_files,
)
