"""A session: what it is called, and how it changes what it hears by."""

from __future__ import annotations

from dialogue import Table

from chatapp.core.dialect import dialect_of
from chatapp.core.session import Session


class Silence:
    def write(self, data):
        raise AssertionError("nothing was to be said")

    def close(self, last_words=b""):
        raise AssertionError("nothing was to be closed")


def test_a_new_session_knows_nothing_of_itself():
    session = Session(Silence(), "127.0.0.1", 5)

    assert (session.nick, session.user, session.caps, session.ended) == ("*", None, frozenset(), False)
    assert (session.began, session.heard, session.pinged) == (5, 5, 0)
    assert session.dialect is dialect_of(frozenset())


def test_it_is_called_by_the_nick_it_asked_for_and_then_by_the_users():
    newcomer = Table().visit()
    newcomer.say("NICK ana")
    assert newcomer.session.nick == "ana"
    newcomer.say("USER a 0 * :A", "NICK Bia")
    assert newcomer.session.nick == "Bia"


def test_a_stranger_negotiates_with_no_channel_to_tell():
    session = Session(Silence(), "127.0.0.1", 5)

    session.negotiate(frozenset({"server-time", "batch"}))

    assert session.caps == {"server-time", "batch"}
    assert session.dialect is dialect_of(frozenset({"server-time"}))


def test_in_every_channel_one_hears_by_the_new_dialect():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#a", ana, bob)
    table.room("#b", ana, bob)

    ana.session.negotiate(frozenset({"server-time"}))

    for channel in ana.session.user.channels:
        assert ana.session in channel.audience
        assert set(channel.audience) == {ana.session, bob.session}
        assert len(channel.audience) == 2
        assert {group.dialect for group in channel.audience.groups()} == {
            ana.session.dialect,
            bob.session.dialect,
        }


def test_what_does_not_shape_lines_moves_nobody():
    table = Table()
    ana = table.sit("ana")
    table.room("#a", ana)
    (before,) = next(iter(ana.session.user.channels)).audience.groups()

    ana.session.negotiate(frozenset({"echo-message"}))

    (after,) = next(iter(ana.session.user.channels)).audience.groups()
    assert after is before
