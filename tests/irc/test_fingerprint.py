"""The fingerprint of a key: what openssl says, read as people write it, and no certificate crashes it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.fingerprint import key_digest, read_fingerprint, short

#: Self-signed; the digest is that of ``openssl x509 -pubkey -noout | openssl pkey -pubin -outform der``.
CERTIFICATE = base64.b64decode("""
MIIBcjCCARmgAwIBAgIUEzuicrOX8hrMJ11Gthm2urfqBNEwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjAwODAyMzRaFw0zNjExMTcwODAyMzRa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR9sJmk
ku3QCupfki4qlrmOy3A2CS/Fw2OfoAjw7yukEjNvbqJZWASh4NgvOm5XMOelWK6f
whIXYcgw/EhU/udso1MwUTAdBgNVHQ4EFgQU2mTsz0YHsV5Kd90PS2E+CFMh7SEw
HwYDVR0jBBgwFoAU2mTsz0YHsV5Kd90PS2E+CFMh7SEwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiBq6/MLVwQw8qm3GK8Itp+1LmACy3noxzaCzqJ7
fWK/7gIgXgG8/Lhk6sInXsgvXBT+SlC2DR2PW+J709UoWoQP43Q=
""")
DIGEST = "250d1d789ee00c0609cc555adf5ca52c56d97b7c5bfe95c034b4988af2a78c9a"


def test_it_is_the_digest_of_the_public_key():
    assert key_digest(CERTIFICATE) == DIGEST


def test_people_see_eight_groups():
    assert short("0123456789abcdef" * 4) == "0123-4567-89ab-cdef-0123-4567-89ab-cdef"


@pytest.mark.parametrize(
    "text",
    [
        short(DIGEST),
        short(DIGEST).upper().replace("-", " "),
        f" sha256:{DIGEST}\n",
        ":".join(DIGEST[at : at + 2] for at in range(0, 64, 2)),
    ],
)
def test_it_is_read_as_people_write_it(text):
    assert DIGEST.startswith(read_fingerprint(text))


@pytest.mark.parametrize("text", ["", "abcd", DIGEST[:31], DIGEST[:33], DIGEST + "0", "x" * 64, "é" * 32])
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError):
        read_fingerprint(text)


@given(st.integers(0, len(CERTIFICATE) - 1), st.binary(max_size=8))
def test_a_broken_certificate_is_refused_or_read(at, rubbish):
    broken = CERTIFICATE[:at] + rubbish + CERTIFICATE[at + len(rubbish) :]
    try:
        assert len(key_digest(broken)) == 64
    except ValueError:
        assert broken != CERTIFICATE


@given(st.integers(0, len(CERTIFICATE) - 1))
def test_a_certificate_that_is_cut_off_is_refused(length):
    with pytest.raises(ValueError, match="not a certificate"):
        key_digest(CERTIFICATE[:length])
