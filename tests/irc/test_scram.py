"""SCRAM-SHA-256: the specification's example, both sides with each other, and what neither accepts."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.irc.sasl import SaslError
from chatapp.irc.scram import ScramClient, ScramServer, derive, is_same, prepare

SALT = bytes(range(16))
VERIFIER = derive("pencil", SALT, 4096)
#: RFC 7677 3.
CLIENT_FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
SERVER_FIRST = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
CLIENT_FINAL = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
SERVER_FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def challenged(server=None, first=b"n,,n=ana,r=abc", verifier=VERIFIER):
    server = server or ScramServer("xyz")
    server.begin(first)
    return server, server.challenge(verifier)


def test_the_client_says_what_the_specification_says():
    client = ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO")

    assert client.answer(b"") == CLIENT_FIRST
    assert client.answer(SERVER_FIRST) == CLIENT_FINAL
    assert not client.is_proven
    assert client.answer(SERVER_FINAL) == b""
    assert client.is_proven


def test_the_server_says_what_the_specification_says():
    server = ScramServer("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    verifier = derive("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)

    assert server.begin(CLIENT_FIRST) == "user"
    assert server.challenge(verifier) == SERVER_FIRST
    assert server.finish(CLIENT_FINAL) == SERVER_FINAL


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(str.isprintable), st.text(min_size=1, max_size=40))
def test_both_sides_understand_each_other_whatever_the_names(account, password):
    client, server = ScramClient(account, password, "abc"), ScramServer("xyz")

    assert server.begin(client.answer(b"")) == account
    challenge = server.challenge(derive(password, SALT, 4096))
    client.answer(server.finish(client.answer(challenge)))

    assert client.is_proven


def test_a_wrong_password_proves_nothing():
    client, (server, challenge) = ScramClient("ana", "pencils", "abc"), challenged()
    client.answer(b"")

    with pytest.raises(SaslError, match="wrong"):
        server.finish(client.answer(challenge))


def test_a_server_that_does_not_know_the_password_is_found_out():
    client, (_, challenge) = ScramClient("ana", "pencil", "abc"), challenged()
    client.answer(b"")
    client.answer(challenge)

    with pytest.raises(SaslError, match="not the one"):
        client.answer(b"v=" + base64.b64encode(bytes(32)))
    assert not client.is_proven


@pytest.mark.parametrize(
    ("challenge", "why"),
    [
        (b"r=other,s=AAAA,i=4096", "not an answer"),
        (b"r=abc,s=AAAA,i=4096", "not an answer"),
        (b"r=abcx,s=,i=4096", "not an answer"),
        (b"r=abcx,s=AAAA,i=4095", "4095 rounds"),
        (b"r=abcx,s=AAAA,i=1000001", "1000001 rounds"),
        (b"r=abcx,s=AAAA,i=many", "0 rounds"),
        (b"r=abcx,s=!,i=4096", "base64"),
        (b"\xff", "UTF-8"),
    ],
)
def test_the_client_works_on_no_challenge_that_is_none(challenge, why):
    client = ScramClient("ana", "pencil", "abc")
    client.answer(b"")

    with pytest.raises(SaslError, match=why):
        client.answer(challenge)


def test_the_client_tells_of_a_refusal_and_answers_no_fourth_time():
    client, (_, challenge) = ScramClient("ana", "pencil", "abc"), challenged()
    client.answer(b"")
    client.answer(challenge)

    with pytest.raises(SaslError, match="invalid-proof"):
        client.answer(b"e=invalid-proof")
    with pytest.raises(SaslError, match="more than"):
        client.answer(b"")


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (b"p=tls-unique,,n=ana,r=abc", "binding"),
        (b"n,,n=,r=abc", "beginning"),
        (b"n,,n=ana", "beginning"),
        (b"n,,m=x,n=ana,r=abc", "beginning"),
        (b"n,,n=an=a,r=abc", "beginning"),
        (b"n,a=bob,n=ana,r=abc", "somebody else"),
        (b"", "binding"),
        (b"n", "beginning"),
        (b"\xff", "UTF-8"),
    ],
)
def test_the_server_takes_no_beginning_that_is_none(first, why):
    with pytest.raises(SaslError, match=why):
        ScramServer("xyz").begin(first)


def test_a_name_may_be_said_twice_and_hold_what_scram_escapes():
    server = ScramServer("xyz")

    assert server.begin(b"y,a=a=2Cb=3D,n=a=2Cb=3D,r=abc") == "a,b="
    assert server.account == "a,b="


@pytest.mark.parametrize(
    "final",
    [b"", b"c=biws,r=abcxyz", b"c=eSws,r=abcxyz,p=AAAA", b"c=biws,r=abc,p=AAAA", b"c=biws,r=abcxyz,p=AAAA",
     b"c=biws,r=abcxyz,p=!", b"\xff"],
)  # fmt: skip
def test_the_server_takes_no_proof_that_is_none(final):
    server, _ = challenged()

    with pytest.raises(SaslError):
        server.finish(final)


def test_a_proof_is_good_for_one_exchange():
    client = ScramClient("ana", "pencil", "abc")
    first = client.answer(b"")
    server, challenge = challenged(first=first)
    proof = client.answer(challenge)
    server.finish(proof)

    again, _ = challenged(ScramServer("another"), first)
    with pytest.raises(SaslError):
        again.finish(proof)


def test_verifiers_are_the_same_for_one_password_alone():
    assert is_same(VERIFIER, derive("pencil", SALT, 4096))
    assert not is_same(VERIFIER, derive("pencil2", SALT, 4096))


@pytest.mark.parametrize(
    ("typed", "prepared"),
    [
        ("plain words", b"plain words"),
        ("I\u00adX", b"IX"),
        ("\u2168", b"IX"),
        ("\u00aa", b"a"),
        ("a\u00a0b", b"a b"),
        ("cora\u0063\u0327a\u0303o", "coração".encode()),
        ("a\u0007b", b"a\x07b"),
        ("\u00ad", "\u00ad".encode()),
    ],
)
def test_a_password_is_the_same_from_every_keyboard(typed, prepared):
    assert prepare(typed) == prepared
