"""A bot written with a library from PyPI, as most bots are: it logs in, hears and answers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from system.server_process import ServerProcess
from system.talker import Talker

BOT = '''
import sys

import irc.bot


class Clock(irc.bot.SingleServerIRCBot):
    """Tells the time to whoever asks, in the room or alone."""

    def on_welcome(self, connection, event):
        connection.join("#sala")

    def on_pubmsg(self, connection, event):
        if event.arguments[0] == "!hora":
            connection.privmsg(event.target, f"{event.source.nick}: 9:30")
            names = sorted(self.channels["#sala"].users())
            connection.privmsg(event.target, "here: " + " ".join(names))

    def on_privmsg(self, connection, event):
        if event.arguments[0] == "adeus":
            self.die("até logo")
        connection.notice(event.source.nick, "só na sala")

    def on_nicknameinuse(self, connection, event):
        sys.exit("somebody has my name")

    def on_disconnect(self, connection, event):
        sys.exit(event.arguments[0])


Clock([("127.0.0.1", int(sys.argv[1]), sys.argv[2])], "relogio", "a bot", sasl_login="relogio").start()
'''


@pytest.fixture
def server(tmp_path):
    server = ServerProcess(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.slow
def test_a_bot_of_a_library_logs_in_and_answers(server):
    owner = Talker(server.address, "relogio")
    owner.say("REGISTER * * segredo-do-bot")
    owner.waits_for("REGISTER SUCCESS relogio")
    owner.say("QUIT")
    owner.hears_until_the_end()
    owner.socket.close()
    ana = Talker(server.address, "ana", "account-tag extended-join")
    ana.join("#sala")

    command = [sys.executable, "-W", "ignore", "-c", BOT, str(server.address[1]), "segredo-do-bot"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as bot:
        try:
            assert " JOIN #sala relogio :" in ana.waits_for("relogio!")
            ana.say("PRIVMSG #sala :!hora")
            assert ana.waits_for("ana: 9:30").startswith("@account=relogio ")
            ana.waits_for("here: ana relogio")
            ana.say("PRIVMSG relogio :oi")
            ana.waits_for("NOTICE ana :só na sala")
            ana.say("PRIVMSG relogio :adeus")
            assert "até logo" in ana.waits_for(" QUIT ")
        finally:
            bot.kill()
            ana.socket.close()
