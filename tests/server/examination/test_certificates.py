"""The certificate: which, for whom, until when; and what to do when it is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from server.examination.findings import FIX, LOOK, OK, told, worse

from chatapp.server.certificate import CertificateFacts, facts_of, self_signed
from chatapp.server.examination import certificates as module
from chatapp.server.examination.certificates import certificates
from chatapp.server.settings import Config, ListenerSettings

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def named(tmp_path):
    """A server with a certificate of its operator's."""
    path = tmp_path / "cert.pem"
    path.write_bytes(self_signed(["chat.example", "10.0.0.7"]))
    return Config(listeners=(ListenerSettings(tls_certificate=str(path)),)), path


def dated(monkeypatch, since, until):
    monkeypatch.setattr(module, "facts_of", lambda _path: CertificateFacts(["chat.example"], since, until))


def test_what_a_certificate_says(named):
    facts = facts_of(named[1])

    assert facts.names == ["chat.example", "10.0.0.7"]
    assert facts.since < datetime.now(UTC) < facts.until


def test_a_good_one(named, tmp_path):
    config, path = named
    ((mark, text),) = told(certificates(config, tmp_path, datetime.now(UTC)))

    assert mark is OK
    words = f"{path} for chat.example, 10.0.0.7, good until "
    assert re.fullmatch(re.escape(words) + r"\d{4}-\d\d-\d\d; key ([0-9a-f]{4}-?){8}\.", text)


@pytest.mark.parametrize(
    ("begins", "ends", "mark", "words", "remedy"),
    [
        (-90, -3, FIX, "has expired on 2026-11-17.", "renew it"),
        (-90, 0, FIX, "has expired on 2026-11-20.", "renew it"),
        (-90, 5, LOOK, "expires in 5 days.", "renew it"),
        (-90, 1, LOOK, "expires in 1 day.", "renew it"),
        (3, 90, FIX, "is good from 2026-11-23 on only.", "set the clock"),
    ],
)
def test_one_that_is_not_good_now(named, monkeypatch, begins, ends, mark, words, remedy):
    config, path = named
    dated(monkeypatch, NOW + timedelta(begins), NOW + timedelta(ends))
    (found,) = worse(certificates(config, None, NOW))

    assert found[:2] == (mark, f"{path} for chat.example {words}")
    assert found[2].startswith(remedy)


def test_the_servers_own(tmp_path, monkeypatch):
    assert told(certificates(Config(), tmp_path, NOW)) == [
        (OK, "The server makes a key and a certificate at its first start.")
    ]
    (tmp_path / "tls.pem").write_bytes(self_signed(["localhost"]))
    ((mark, text),) = told(certificates(Config(), tmp_path, datetime.now(UTC)))
    assert (mark, text[:31]) == (OK, "The server's own, good until 20")
    dated(monkeypatch, NOW - timedelta(9), NOW)
    (found,) = worse(certificates(Config(), tmp_path, NOW))
    assert found[2].startswith(f"remove {tmp_path / 'tls.pem'} and restart")


def test_where_nothing_is_kept_there_is_a_new_one_each_time():
    assert told(certificates(Config(), None, NOW)) == [
        (OK, "The server makes a new key at each start, since nothing is kept.")
    ]


def test_one_that_cannot_be_used(tmp_path):
    (tmp_path / "tls.pem").write_text("nothing")
    other = tmp_path / "none.pem"
    config = Config(listeners=(ListenerSettings(), ListenerSettings(tls_certificate=str(other))))

    own, named = worse(certificates(config, tmp_path, NOW))
    assert own[0] is FIX
    assert own[1] == f"{tmp_path / 'tls.pem'}: there is no certificate in it."
    assert own[2].startswith("bring it back from a backup")
    assert named == (
        FIX,
        f"{other}: there is no such file or folder.",
        "put the file right, or name another; tls = false does without TLS",
    )


def test_each_file_is_looked_at_once_and_only_where_there_is_tls(named):
    (listener,) = named[0].listeners
    more = (
        listener,
        ListenerSettings(tls_certificate=listener.tls_certificate, port=2),
        ListenerSettings(tls=False),
        ListenerSettings(path="x"),
    )

    assert len(certificates(Config(listeners=more), None, NOW)) == 1
