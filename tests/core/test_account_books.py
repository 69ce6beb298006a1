"""The books balance with accounts too: logging in and out, sharing a nick, staying, giving up, restarting."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, plain
from core.test_books import NICKS, PEOPLE, ROOMS, Books, Seat
from dialogue import Table
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from chatapp.core.settings import AccountSettings, Settings

ACCOUNTS = st.sampled_from(["ana", "Bob", "çim"])
CERTIFICATES = st.sampled_from(["a" * 64, "b" * 64])
PASSWORDS = st.sampled_from(["secret", "secret", "secret", "wrong"])


class AccountBooks(Books):
    """As `Books`, where Ana and Bob have accounts, made after guests had sat down on their names."""

    @initialize(
        ownership=st.sampled_from(["strict", "optional"]),
        always_on=st.sampled_from(["disabled", "opt-in", "opt-out", "mandatory"]),
        multiclient=st.booleans(),
        has_founder=st.booleans(),
    )
    def open(self, ownership, always_on, multiclient, has_founder):
        self.table = Table(
            Settings(
                accounts=AccountSettings(
                    login_throttle=0,
                    sasl_mechanisms=("PLAIN", "EXTERNAL"),
                    nick_ownership=ownership,
                    always_on=always_on,
                    multiclient=multiclient,
                )
            )
        )
        self.world = self.table.world
        self.seats = [Seat(self.table) for _ in range(4)]
        self.texts = 0
        self.spoken = {}
        for seat, nick in zip(self.seats[:3], ("ana", "bob", "eve"), strict=False):
            for text in (f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #a"):
                self.do(seat, text)
        have(self.table, "Ana")
        have(self.table, "bob")
        for text in [*plain("Ana"), "CS REGISTER #a"] if has_founder else []:
            self.do(self.seats[0], text)
        self.hear_all()

    @rule(who=PEOPLE, account=ACCOUNTS, password=PASSWORDS)
    def log_in(self, who, account, password):
        for text in plain(account, password):
            self.line(who, text)

    @rule(who=PEOPLE, account=ACCOUNTS)
    def come_in_as(self, who, account):
        """On a new connection, under the account's nick."""
        self.connect_anew(who)
        for text in ("CAP REQ :sasl", *plain(account), f"NICK {account}", "USER u 0 * :u", "CAP END"):
            self.line(who, text)

    @rule(
        who=PEOPLE,
        certificate=CERTIFICATES,
        request=st.sampled_from(["ADD", "DEL", ""]),
        is_shown=st.booleans(),
    )
    def use_certificate(self, who, certificate, request, is_shown):
        """Show it or only write it down; add it, take it away or log in by it."""
        session = self.seats[who].person.session
        session.is_secure, session.certificate = is_shown, certificate if is_shown else ""
        if request:
            self.line(who, f"NS CERT {request} {certificate}")
        else:
            self.line(who, "AUTHENTICATE EXTERNAL")
            self.line(who, "AUTHENTICATE +")

    @rule(who=PEOPLE)
    def register(self, who):
        self.line(who, "REGISTER * * secret")

    @rule(
        who=PEOPLE,
        request=st.sampled_from(
            ["LOGOUT", "SET ALWAYS-ON ON", "SET ALWAYS-ON OFF", "SET MULTICLIENT ON", "SET MULTICLIENT OFF",
             "DROP secret", "PASSWD secret secret", "INFO"]
        ),
    )  # fmt: skip
    def ask_nickserv(self, who, request):
        self.line(who, f"NS {request}")

    @rule(who=PEOPLE, request=st.sampled_from(["REGISTER", "DROP", "OP", "INFO"]), room=ROOMS)
    def ask_chanserv(self, who, request, room):
        self.line(who, f"CS {request} {room}")

    @rule(
        who=PEOPLE, room=ROOMS, modes=st.sampled_from(["+i", "-i", "+m", "-m", "+v bob", "+o ana", "-o ana"])
    )
    def mode(self, who, room, modes):
        self.line(who, f"MODE {room} {modes}")

    @rule(who=PEOPLE, nick=NICKS)
    def whisper(self, who, nick):
        """All connections of whom it is for hear it, and the speaker's other ones."""
        session = self.seats[who].person.session
        if session.ended:
            return
        text = self.new_text()
        target = self.world.users.get(self.world.fold(nick))
        if session.user is not None and target is not None:
            for seat in self.seats:
                other = seat.person.session
                if not other.ended and (
                    other.user is target or (other.user is session.user and other is not session)
                ):
                    seat.expected.append(text)
            if "echo-message" in session.caps:
                self.seats[who].expected.append(text)
        self.do(self.seats[who], f"PRIVMSG {nick or '*'} :{text}")

    # What must be true

    @invariant()
    def users_and_sessions_agree(self):
        world = getattr(self, "world", None)
        if world is None:
            return
        for folded, user in world.users.items():
            assert user.folded == folded == world.fold(user.nick)
            assert user.sessions or user.stays
            assert all(session.user is user and not session.ended for session in user.sessions)
            assert bool(user.away) is (not user.sessions or all(each.away for each in user.sessions))
        alive = {seat.person.session for seat in self.seats if not seat.person.session.ended}
        assert world.sessions == alive
        for session in alive:
            assert (session.user is None) is (session.registration is not None)
            assert session.user is None or session in session.user.sessions

    @invariant()
    def users_and_accounts_agree(self):
        world = getattr(self, "world", None)
        if world is None:
            return
        owners = {account.owner for account in world.accounts}
        for user in world.users.values():
            account = world.accounts.of(user)
            assert (account is None) is (user.account == "")
            assert account is None or (account.name, account.owner) == (user.account, user.owner)
            assert account is not None or user.owner not in owners
            assert not user.stays or (account is not None and account.user is user)
        for account in world.accounts:
            assert not account.is_gone
            if account.user is not None:
                assert account.user.stays
                assert world.users[account.user.folded] is account.user
        shown = [(digest, account) for account in world.accounts for digest in account.certificates]
        assert len({digest for digest, _account in shown}) == len(shown)
        assert all(account.unseen <= set(account.certificates) for account in world.accounts)
        for digest in ("a" * 64, "b" * 64):
            assert world.accounts.holder_of(digest) is dict(shown).get(digest)
        names = {account.name for account in world.accounts}
        assert {channel.founder for channel in world.channels.values()} <= names | {""}

    def teardown(self):
        if not hasattr(self, "world"):
            return
        super().teardown()
        kept = {account.folded: account.state() for account in self.world.accounts}
        assert self.table.store.held_accounts == kept
        again = self.table.restarted().world
        staying = {account.folded: account.user for account in self.world.accounts if account.user}
        assert set(again.users) == set(staying)
        for folded, before in staying.items():
            after = again.users[folded]
            assert where(after) == where(before)
            assert (after.stays, after.sessions, after.owner) == (True, [], before.owner)


def where(user):
    """The rooms of ``user``, and their modes there."""
    return {channel.folded: member.modes for channel, member in user.channels.items()}


AccountBooks.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestAccountBooks = pytest.mark.slow(AccountBooks.TestCase)
