"""Who one is to the server: logging in by SASL, while one comes in or later (IRCv3 sasl-3.1 and 3.2)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.model import ConnectionState
from chatapp.irc import caps
from chatapp.irc.sasl import (
    EXTERNAL,
    PLAIN,
    SCRAM_SHA_256,
    Chunks,
    Client,
    ExternalClient,
    PlainClient,
    SaslError,
    chunks,
)
from chatapp.irc.scram import ScramClient

if TYPE_CHECKING:
    from chatapp.client.session import Session


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account and how one shows that it is one's own; ``mechanism`` as in `ServerEntry.sasl`.

    ``has_certificate``: TLS shows one.
    """

    account: str = ""
    password: str = ""
    mechanism: str = "auto"
    has_certificate: bool = False

    def __repr__(self) -> str:
        return f"<Credentials of {self.account}>"  # nowhere, not even in a log of a failure, the password

    @property
    def can_log_in(self) -> bool:
        """Whether there is anything to show."""
        return self.mechanism != "off" and bool(self.password or self.has_certificate)


class Login:
    """Logging in, on each connection anew. ``nonce`` gives printable text of chance, new each time.

    What was refused is not tried again by itself: neither people nor servers like that.
    """

    def __init__(
        self,
        session: Session,
        credentials: Credentials | None = None,
        nonce: Callable[[], str] = lambda: secrets.token_urlsafe(24),
    ) -> None:
        self._session = session
        self._nonce = nonce
        self.credentials = credentials or Credentials()
        self.account = ""
        self.registering = ""
        self._new_password = ""
        self._was_accepted = self._was_refused = self._was_certificate_refused = False
        self.begin_anew()

    def begin_anew(self, is_private: bool = False) -> None:
        """A connection ends or begins: nothing is under way. ``is_private``: nobody can overhear us."""
        self.account = ""
        self.is_private = is_private
        self._exchange: Client | None = None
        self._tried = self.credentials
        self._gathered = Chunks()

    @property
    def is_under_way(self) -> bool:
        """Whether the server has still to say how it ended."""
        return self._exchange is not None

    def begin(self) -> bool:
        """Log in if that is wished and can be, while one comes in; whether it has begun."""
        if not self.credentials.can_log_in or self._was_refused:
            return False
        return self._start()

    def use(self, account: str, password: str) -> None:
        """Log in as ``account`` from now on; at once where one is connected."""
        has_certificate = self.credentials.has_certificate
        mechanism = "auto" if self.credentials.mechanism == "off" else self.credentials.mechanism
        self.credentials = Credentials(account, password, mechanism, has_certificate)
        self._was_refused = self._was_accepted = self._was_certificate_refused = False
        if self._session.model.state is ConnectionState.ONLINE:
            self._start()
        else:
            self._session.inform(_("You will be logged in once you are connected."))

    def challenge(self, parameter: str) -> None:
        """AUTHENTICATE: the server asks for the next part."""
        if self._exchange is None:
            return
        try:
            challenge = self._gathered.add(parameter)
            if challenge is None:
                return
            answer = self._exchange.answer(challenge)
        except SaslError as error:
            self._abort(str(error))
            return
        for part in chunks(answer):
            self._session.send("AUTHENTICATE", part)

    def succeeded(self) -> None:
        """RPL_SASLSUCCESS: believed only of a server that has shown that it knows the password, too."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None and self._tried is not self.credentials:
            if self._session.model.state is ConnectionState.ONLINE:
                self._start()  # what was given meanwhile has still to be tried
            return
        if exchange is not None and not exchange.is_proven:
            self._was_refused = True
            self._complain(_("The server said yes without showing that it knows the password."))
            return
        self._was_accepted = self._was_accepted or exchange is not None

    @property
    def is_by_certificate(self) -> bool:
        """Whether what is under way shows a certificate, not a password."""
        return self._exchange is not None and self._exchange.mechanism == EXTERNAL

    def tries_another(self) -> bool:
        """The server does not take it: whether something else is tried instead.

        That is what was given while the answer was on its way, or the password where it was the certificate:
        so one comes in who has a certificate that their account does not know yet.
        """
        mine = self.credentials
        if self._exchange is not None and self._tried is not mine:
            self._exchange = None
            return self._start()
        if not (self.is_by_certificate and mine.password and mine.mechanism == "auto"):
            return False
        self._exchange, self._was_certificate_refused = None, True
        return self._start()

    def failed(self, words: str) -> None:
        """The server does not take it: say so, and do not try the same again by itself."""
        if self._exchange is None:
            return
        self._exchange = None
        words = _("{reason}. /login [ACCOUNT] PASSWORD tries another one.").format(reason=words)
        # What was right before is not wrong now: the server may be overloaded, or tired of tries.
        self._was_refused = not self._was_accepted
        self._complain(words)

    def logged_in(self, account: str) -> None:
        """RPL_LOGGEDIN: one is ``account``; told where it was asked for, and quietly while one comes in."""
        model = self._session.model
        is_asked = self.is_under_way and model.state is ConnectionState.ONLINE
        if is_asked or account != self.account:
            words = _("You are logged in as {account}.").format(account=account)
            self._session.inform(words, model.current if is_asked else model.server)
        if account != self.account:
            self.account = account
            # A name that is the account's was refused to the stranger that one was.
            self._session.nick_is_free(self._session.wanted_nick)
            self._session.reading.correspondents.ask()

    def shares(self, nick: str) -> bool:
        """Come in anew to share ``nick``, which was refused to us: whether that is done.

        It is the name of our account, so another connection of ours has it, and only who logs in while
        coming in joins it. Not where the server keeps no history: what is said meanwhile would be lost.
        """
        session = self._session
        is_ours = bool(self.account) and session.model.fold(nick) == session.model.fold(self.account)
        if not (is_ours and self.credentials.can_log_in and caps.CHATHISTORY in session.caps.enabled):
            return False
        session.wanted_nick = nick
        words = _("You are {nick} on another connection, too: coming in once more, to share the name.")
        session.inform(words.format(nick=nick), session.model.current)
        session.is_coming_anew = True
        session.reading.markers.flush(at_once=True)
        session.send("QUIT")
        return True

    def logged_out(self) -> None:
        """RPL_LOGGEDOUT: one is nobody in particular."""
        self.account = ""
        self._session.inform(_("You are not logged in any more."), self._session.model.server)

    def register(self, email: str, password: str) -> None:
        """Ask for an account under our nick; ``email`` is "*" for none (draft/account-registration)."""
        self.registering, self._new_password = "", password
        self._session.ask("REGISTER", "*", email, password)

    def waits_for_code(self, account: str) -> None:
        """``account`` is made once a code was given."""
        self.registering = account

    def registered(self, account: str) -> None:
        """``account`` is ours: the next connection logs in to it."""
        self.registering = ""
        if self._new_password:
            self.credentials = replace(self.credentials, account=account, password=self._new_password)
            self._new_password = ""
            self._was_refused = False

    def _start(self) -> bool:
        session = self._session
        if self._exchange is not None:
            return True
        if not self.is_private:
            self._complain(_("The connection is not encrypted, so your password was not sent."))
            return False
        if caps.SASL not in session.caps.enabled:
            self._complain(_("This server knows no accounts to log in to here."))
            return False
        offered = session.caps.value(caps.SASL).upper().split(",")
        self._exchange = self._chosen([name for name in offered if name])
        if self._exchange is None:
            words = _("The server has no way to log in that can be used here: it offers {offered}.")
            self._complain(words.format(offered=", ".join(offered)))
            return False
        self._tried, self._gathered = self.credentials, Chunks()
        session.send("AUTHENTICATE", self._exchange.mechanism)
        return True

    def _chosen(self, offered: list[str]) -> Client | None:
        """The safest way that the server offers, or the one wished for; PLAIN where it does not say."""
        mine = self.credentials
        account = mine.account or self._session.wanted_nick
        wish = mine.mechanism.upper()
        for mechanism in (EXTERNAL, SCRAM_SHA_256, PLAIN):
            if offered and mechanism not in offered:
                continue
            if wish not in ("AUTO", mechanism):
                continue
            if mechanism == EXTERNAL and mine.has_certificate and not self._was_certificate_refused:
                return ExternalClient(mine.account)
            if mechanism == SCRAM_SHA_256 and mine.password and (offered or wish == mechanism):
                return ScramClient(account, mine.password, self._nonce())
            if mechanism == PLAIN and mine.password:
                return PlainClient(account, mine.password)
        return None

    def _abort(self, why: str) -> None:
        self._session.send("AUTHENTICATE", "*")
        self.failed(why)
        self._was_refused = True

    def _complain(self, words: str) -> None:
        tried = self.credentials.account or self._session.wanted_nick
        told = _("Not logged in as {account}: {reason}")
        if self.account:
            told = _("You are still logged in as {account}: {reason}")
        told = told.format(account=self.account or tried, reason=words)
        self._session.complain(told, self._session.model.current)
