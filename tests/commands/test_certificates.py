"""Certificates: logging in by one that TLS was shown (SASL EXTERNAL), and whose it is (NickServ CERT)."""

from __future__ import annotations

import pytest
from commands.account_scenes import LOGGED_IN, SUCCESS, have, inside, plain, sit_logged_in, table_with
from commands.test_services import words

from chatapp.commands.nickserv import MOST_CERTIFICATES
from chatapp.irc.sasl import chunks

OURS, OTHER = "ab" * 32, "cd" * 32
UNKNOWN = ":chatapp 904 * :Your certificate belongs to no such account"
ALL = ("PLAIN", "SCRAM-SHA-256", "EXTERNAL")


def scene(*certificates):
    """Ana has an account with ``certificates``."""
    table = table_with(sasl_mechanisms=ALL)
    have(table, "Ana", certificates=certificates)
    return table


def show(person, certificate):
    """``person`` comes by TLS, and shows it."""
    person.session.is_secure, person.session.certificate = True, certificate
    return person


def visit(table, certificate=""):
    return show(table.visit("192.0.2.1"), certificate)


def external(name=""):
    """The lines of a login by a certificate."""
    return ["AUTHENTICATE EXTERNAL", *(f"AUTHENTICATE {part}" for part in chunks(name.encode()))]


def ana_at_home(*certificates, shown=OURS):
    table = scene(*certificates)
    return table, show(inside(sit_logged_in(table, "Ana")), shown)


# Logging in


@pytest.mark.parametrize("name", ["", "Ana", "aNA"])
def test_who_shows_a_certificate_is_whose_it_is(name):
    who = visit(scene(OTHER, OURS), OURS)

    assert who.asks(*external(name)) == [
        ":chatapp AUTHENTICATE +",
        LOGGED_IN.replace("127.0.0.1", "192.0.2.1"),
        SUCCESS,
    ]


@pytest.mark.parametrize(
    ("shown", "name", "answer"),
    [
        ("", "", ":chatapp 904 * :Your client has shown no certificate, or one with a short key"),
        ("", "Ana", ":chatapp 904 * :Your client has shown no certificate, or one with a short key"),
        (OTHER, "", UNKNOWN),
        (OTHER, "Ana", UNKNOWN),
        (OURS, "Bob", UNKNOWN),
        (OURS, "Zoe", UNKNOWN),
        (OURS, "Ana\0Bob", UNKNOWN),
    ],
)
def test_nobody_else_is(shown, name, answer):
    table = scene(OURS)
    have(table, "Bob")
    who = visit(table, shown)

    assert who.asks(*external(name)) == [":chatapp AUTHENTICATE +", answer]
    assert who.asks(*plain("Ana"))[2:] == [SUCCESS]


def test_a_name_that_is_no_text_is_refused():
    who = visit(scene(OURS), OURS)

    assert who.asks("AUTHENTICATE EXTERNAL", "AUTHENTICATE /w==")[1].startswith(":chatapp 904 * :")


def test_what_is_not_there_is_not_locked_by_wrong_passwords():
    table = scene(OURS)
    who = visit(table, OURS)
    for _number in range(5):
        who.say(*plain("Ana", "wrong"))

    assert who.asks(*external())[2:] == [SUCCESS]


def test_it_is_offered_where_certificates_can_be_shown():
    table = scene()

    for who, offered in (
        (visit(table), "sasl=PLAIN,SCRAM-SHA-256,EXTERNAL"),
        (table.visit(), "sasl=PLAIN,SCRAM-SHA-256"),
    ):
        told = " ".join(line.partition(" :")[2] for line in who.asks("CAP LS 302")).split()
        assert offered in told
    assert table.visit().asks("AUTHENTICATE EXTERNAL") == [
        ":chatapp 908 * PLAIN,SCRAM-SHA-256 :are the ways to log in",
        ":chatapp 904 * :There is no such way to log in",
    ]


def test_it_is_not_there_unless_the_operator_says_so():
    table = table_with()
    have(table, "Ana", certificates=(OURS,))

    assert visit(table, OURS).asks("AUTHENTICATE EXTERNAL")[-1].startswith(":chatapp 904 * ")


def test_one_logs_in_by_it_later_too():
    table = scene(OURS)
    bob = show(table.sit("bob"), OURS)

    assert [line.split()[1] for line in bob.asks(*external())] == ["AUTHENTICATE", "900", "903"]
    assert bob.session.user.account == "Ana"


# Whose it is


def test_the_one_that_is_shown_is_added_and_logs_in_after_a_restart():
    table, ana = ana_at_home()

    assert words(ana.asks("NS CERT LIST")) == ["No certificate logs in to your account"]
    assert words(ana.asks("NS CERT ADD")) == [f"The certificate {OURS} logs in to your account from now on"]
    assert words(ana.asks("NS CERT add")) == [f"The certificate {OURS} logs in to your account already"]
    assert visit(table.restarted(), OURS).asks(*external())[2:] == [SUCCESS]


def test_one_is_added_by_its_fingerprint_however_it_is_written():
    _, ana = ana_at_home(OURS)
    written = ":".join(["CD"] * 32)

    assert words(ana.asks(f"NS CERT ADD SHA256 {written}")) == [
        f"The certificate {OTHER} logs in to your account from now on",
        "The first time only together with the name Ana: SASL's, or the nick",
    ]
    assert words(ana.asks("PRIVMSG NickServ :cert list")) == [f"{OURS} (this connection's)", OTHER]


@pytest.mark.parametrize("written", ["ab", "ab" * 16, "xy" * 32, "ab" * 33, "é" * 64])
def test_what_is_no_fingerprint_is_refused(written):
    _, ana = ana_at_home()

    why = ["A fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits"]
    assert words(ana.asks(f"NS CERT ADD {written}")) == why
    assert words(ana.asks(f"NS CERT DEL {written}")) == why


@pytest.mark.parametrize("request_", ["CERT DANCE", "CERT DEL", "CERT DANCE x"])
def test_what_is_not_understood_is_told(request_):
    _, ana = ana_at_home()

    assert words(ana.asks(f"NS {request_}")) == [
        "There is CERT ADD [fingerprint], CERT LIST and CERT DEL <fingerprint>"
    ]


def test_who_shows_none_is_told_so():
    _, ana = ana_at_home(shown="")

    assert words(ana.asks("NS CERT ADD"))[0].startswith(
        "Your client has shown no certificate, or one with a short key"
    )


def test_a_guest_has_none():
    table = scene(OURS)
    bob = show(table.sit("bob"), OTHER)

    for request in ("ADD", f"ADD {OURS}", "LIST", f"DEL {OURS}"):
        assert words(bob.asks(f"NS CERT {request}")) == ["You are not logged in"]


def test_one_is_taken_away():
    table, ana = ana_at_home(OURS, OTHER)

    assert words(ana.asks(f"NS CERT DEL {OURS}")) == [
        f"The certificate {OURS} does not log in to your account any more"
    ]
    assert words(ana.asks(f"NS CERT DEL {OURS}")) == ["This certificate does not log in to your account"]
    for now in (table, table.restarted()):
        assert visit(now, OURS).asks(*external())[1:] == [UNKNOWN]
        assert visit(now, OTHER).asks(*external())[2:] == [SUCCESS]


def test_nobody_takes_that_of_somebody_else_who_only_writes_it_down():
    table, ana = ana_at_home(OURS)
    have(table, "Eve")
    eve = show(inside(sit_logged_in(table, "Eve")), OTHER)

    assert words(eve.asks(f"NS CERT ADD {OURS}")) == [
        "This certificate logs in to another account; show it to take it from there"
    ]
    assert words(eve.asks(f"NS CERT DEL {OURS}")) == ["This certificate does not log in to your account"]
    assert words(ana.asks("NS CERT LIST")) == [f"{OURS} (this connection's)"]


def test_who_shows_one_has_more_of_a_right_to_it_than_who_wrote_it_down():
    table, ana = ana_at_home()
    have(table, "Eve")
    eve = inside(sit_logged_in(table, "Eve"))
    eve.say(f"NS CERT ADD {OURS}")

    assert words(ana.asks("NS CERT ADD")) == [
        f"The certificate {OURS} logs in to your account from now on",
        "It does not log in to Eve any more",
    ]
    for now in (table, table.restarted()):
        assert visit(now, OURS).asks(*external())[1].endswith("logged in as Ana")
    assert table.store.held_accounts["eve"].certificates == ()


def test_who_changes_the_password_is_reminded_of_them():
    _, ana = ana_at_home(OURS)

    assert words(ana.asks("NS PASSWD secret better")) == [
        "The password is changed",
        "Certificates log in as before: CERT LIST shows them",
    ]


def written_down():
    """Ana's account with a certificate that nobody has shown yet."""
    table, ana = ana_at_home(shown="")
    ana.say(f"NS CERT ADD {OURS}")
    ana.leaves()
    return table


def test_what_was_only_written_down_draws_nobody_into_an_account_of_another():
    table = written_down()

    for now in (table, table.restarted()):
        assert visit(now, OURS).asks(*external())[1:] == [UNKNOWN]
        bob = visit(now, OURS)
        bob.say("NICK bob")
        assert bob.asks(*external())[1].startswith(":chatapp 904 bob ")


@pytest.mark.parametrize(("before", "name"), [(["NICK aNA"], ""), ([], "ana")])
def test_once_its_holder_has_come_by_it_the_name_is_not_needed_any_more(before, name):
    table = written_down()
    who = visit(table, OURS)
    who.say(*before)

    assert who.asks(*external(name))[2].split()[1] == "903"
    for now in (table, table.restarted()):
        assert visit(now, OURS).asks(*external())[2:] == [SUCCESS]


def test_what_was_written_down_is_seen_when_it_is_shown_and_added():
    table, ana = ana_at_home(OTHER, shown="")
    ana.say(f"NS CERT ADD {OURS}")
    ana = show(ana, OURS)

    assert words(ana.asks("NS CERT ADD")) == [f"The certificate {OURS} logs in to your account from now on"]
    assert visit(table.restarted(), OURS).asks(*external())[2:] == [SUCCESS]
    assert words(ana.asks("NS CERT LIST")) == [OTHER, f"{OURS} (this connection's)"]


def test_there_are_so_many_and_no_more():
    _, ana = ana_at_home(*(f"{number:064x}" for number in range(MOST_CERTIFICATES)))

    assert words(ana.asks("NS CERT ADD"))[0].startswith("An account has at most 16 certificates")
    ana.say(f"NS CERT DEL {0:064x}")
    assert words(ana.asks("NS CERT ADD"))[-1].startswith(f"The certificate {OURS} logs in")


def test_it_goes_with_the_account_and_is_free_again():
    table, ana = ana_at_home(OURS)
    ana.say("NS DROP secret")
    assert visit(table, OURS).asks(*external())[1:] == [UNKNOWN]
    have(table, "Bob")
    bob = show(inside(sit_logged_in(table, "Bob")), OURS)

    assert len(words(bob.asks("NS CERT ADD"))) == 1
    assert visit(table.restarted(), OURS).asks(*external())[1].endswith("logged in as Bob")


def test_nothing_changes_while_nothing_can_be_kept():
    table, ana = ana_at_home()
    table.world.mute_reason = "The disk is full"

    assert words(ana.asks("NS CERT ADD")) == ["The disk is full"]
    assert table.world.accounts.holder_of(OURS) is None
