"""Servers of other people's, from Debian's packages, each on a terminal of its own: ngircd and InspIRCd."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path

from interop.screens import Screen, Terminals, program
from ports import free_port

_NGIRCD = """
[Global]
Name = irc.example.net
Info = A server of somebody else's
AdminEMail = admin@example.net
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Welcome, stranger
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnectionsIP = 0
[Options]
DNS = no
Ident = no
PAM = no
"""

_INSPIRCD = """
<server name="irc.example.net" description="A server of somebody else's" network="Example">
<admin name="Admin" nick="admin" email="admin@example.net">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect name="all" allow="*" timeout="60" threshold="10" pingfreq="120" recvq="8K" localmax="30"
         globalmax="30" resolvehostnames="no" useident="no" maxchans="20">
<dns server="127.0.0.1" timeout="1">
<options defaultmodes="not nt" casemapping="ascii">
"""
#: What InspIRCd has of IRCv3, as networks switch it on.
_MODULES = (
    "cap ircv3 ircv3_accounttag ircv3_batch ircv3_capnotify ircv3_chghost ircv3_ctctags ircv3_echomessage "
    "ircv3_invitenotify ircv3_labeledresponse ircv3_msgid ircv3_servertime"
)


class OtherServer(ABC):
    """A server that keeps no history. ``open`` and ``crash`` it as often as you like; the port stays."""

    name = ""
    is_open_when = ""

    def __init__(self, here: Terminals, folder: Path) -> None:
        self._here = here
        self._settings = folder / f"{self.name}.conf"
        self.port = free_port()
        self._settings.write_text(self.settings(), encoding="utf-8")
        folder.chmod(0o755)

    @abstractmethod
    def settings(self) -> str:
        """What its file of settings holds."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """How to start it, so that it stays on its terminal."""

    def open(self) -> None:
        screen = self._here.open(self.name, self.command(), (150, 40))
        screen.wait_for(self.is_open_when)

    def crash(self) -> None:
        self._here.close(self.name)

    def client(self, name: str, screen: str = "", *, knows_it: bool = True) -> Screen:
        """Somebody with our client, who has asked to come in.

        Who ``knows_it`` knows that it has no TLS; who does not asks for it, which takes two seconds here.
        """
        where = ["--host", "localhost", "--port", str(self.port), *(["--no-tls"] if knows_it else [])]
        return self._here.open(screen or name, [program("chat-client"), *where, "--name", name])


class Ngircd(OtherServer):
    """Offers next to none of what ours does: no echo, no labels, no tags."""

    name = "ngircd"
    is_open_when = "Now listening on"

    def settings(self) -> str:
        return _NGIRCD.format(port=self.port)

    def command(self) -> list[str | Path]:
        return ["ngircd", "-n", "-f", self._settings]


class InspIRCd(OtherServer):
    """Has echoes, labels and message ids, and no history."""

    name = "inspircd"
    is_open_when = "is now running as"

    def settings(self) -> str:
        modules = "".join(f'<module name="{module}">\n' for module in _MODULES.split())
        return _INSPIRCD.format(port=self.port) + modules

    def command(self) -> list[str | Path]:
        as_whom = ["--runasroot"] if os.getuid() == 0 else []
        return ["inspircd", "--nofork", "--nopid", *as_whom, "--config", self._settings]
