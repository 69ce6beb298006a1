"""A fake server with an account, and a client that logs in to it."""

from __future__ import annotations

from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.login import Credentials
from chatapp.irc.sasl import Chunks, SaslError, chunks, read_plain
from chatapp.irc.scram import ScramServer, derive

ANA = Credentials("ana", "s3gredo")


class SaslServer(FakeServer):
    """A fake server with one account, ana: s3gredo."""

    def __init__(self, mechanisms="PLAIN,SCRAM-SHA-256", **more):
        super().__init__(caps=f"{CAPS} sasl={mechanisms} draft/account-registration", **more)
        self.mechanisms = mechanisms.split(",")
        self.tries = 0
        self.knows_password = self.knows_certificate = True
        self.forget()

    def connect(self):
        super().connect()
        self.forget()

    def forget(self):
        self.mechanism, self.scram, self.chunks = "", None, Chunks()

    def on_cap(self, line):
        if line.params[0] == "REQ":  # it is asked for without the value
            names = {word.partition("=")[0] for word in self.caps.split()}
            known = names >= set(line.params[1].split())
            self.say(f"CAP {self.nick} {'ACK' if known else 'NAK'} :{line.params[1]}")
        else:
            super().on_cap(line)

    def on_authenticate(self, line):
        word = line.params[0]
        if word == "*":
            self.forget()
            self.say(f"906 {self.nick} :The login was broken off")
        elif not self.mechanism:
            self.tries += 1
            self.mechanism = word
            self.say("AUTHENTICATE +")
        else:
            response = self.chunks.add(word)
            if response is not None:
                self.answer(response)

    def answer(self, response):
        try:
            if self.mechanism == "PLAIN":
                account, password = read_plain(response)
                self.end(account == "ana" and password == "s3gredo")
            elif self.mechanism == "EXTERNAL":
                self.end(self.knows_certificate)
            elif self.scram is None:
                self.scram = ScramServer("server-side")
                self.scram.begin(response)
                self.ask(self.scram.challenge(derive("s3gredo", b"salt", 4096)))
            elif response:
                self.ask(self.scram.finish(response) if self.knows_password else b"v=bm90IGl0")
            else:
                self.end(True)
        except SaslError:
            self.end(False)

    def ask(self, challenge):
        for part in chunks(challenge):
            self.say(f"AUTHENTICATE {part}")

    def end(self, is_right):
        self.forget()
        if is_right:
            self.say(f"900 {self.nick} {self.source} ana :You are now logged in as ana")
            self.say(f"903 {self.nick} :The login has succeeded")
        else:
            self.say(f"904 {self.nick} :The login has failed")


class Visitor(Talk):
    """A client with credentials, on a connection that nobody overhears unless it is said."""

    def __init__(self, server=None, credentials=ANA, *, is_private=True, nick="Ana"):
        super().__init__(server or SaslServer(), nick)
        self.session.login.credentials = credentials
        self.is_private = is_private

    def open(self):
        self.server.connect()
        self.session.connecting()
        self.session.connected(is_private=self.is_private)

    @property
    def account(self):
        return self.session.login.account

    def complaints(self):
        return [note for note in self.notes("#lobby") if note.startswith("Not logged in")]
