"""The server's certificate: made once, kept secret, and a bad one told of in one clear sentence."""

from __future__ import annotations

import datetime
import stat
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from listeners.secure_house import LAYERS, AskingLayer, with_certificates

from chatapp.listeners.standard_tls import StandardLayer
from chatapp.server import certificate as module
from chatapp.server.certificate import (
    BadCertificate,
    facts_of,
    is_vouched_for,
    kept_certificate,
    load_certificate,
    load_ephemeral,
    self_signed,
    server_names,
)
from chatapp.server.encryption import Encryption
from chatapp.server.settings import ListenerSettings


def split(pem):
    """The key and the certificate of a file that holds both."""
    key, begin, rest = pem.partition(b"-----BEGIN CERTIFICATE-----")
    return key, begin + rest


@pytest.fixture
def own(tmp_path):
    """An operator's certificate and key in two files."""
    key, certificate = split(self_signed(["chat.example"]))
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(certificate)
    return tmp_path / "cert.pem", tmp_path / "key.pem"


def test_it_is_made_once_and_for_its_owner_alone(tmp_path):
    path = kept_certificate(tmp_path / "new" / "data", ["localhost"])

    first = path.read_bytes()
    assert kept_certificate(tmp_path / "new" / "data", ["other"]).read_bytes() == first
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_it_is():
    made = x509.load_pem_x509_certificate(
        split(self_signed(["localhost", "ana-pc", "é", "10.0.0.7", "::1"]))[1]
    )

    assert isinstance(made.public_key().curve, ec.SECP256R1)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "ana-pc"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.7", "::1"]
    now = datetime.datetime.now(datetime.UTC)
    assert made.not_valid_before_utc < now
    assert made.not_valid_after_utc > now + datetime.timedelta(days=3640)


def test_the_names_of_this_machine():
    assert server_names("10.0.0.7")[:3] == ["localhost", "127.0.0.1", "::1"]
    assert server_names("10.0.0.7")[-1] == "10.0.0.7"
    assert "" not in server_names("")


def test_where_it_cannot_be_written_that_is_said(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(BadCertificate, match="file"):
        kept_certificate(tmp_path / "file" / "data", ["localhost"])


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)

    with pytest.raises(BadCertificate, match="the disk is full"):
        kept_certificate(tmp_path, ["localhost"])
    assert list(tmp_path.iterdir()) == []


def test_without_the_library_that_makes_it_there_is_a_way_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)

    with pytest.raises(BadCertificate, match="set tls_certificate, or tls = false"):
        self_signed(["localhost"])


def test_without_it_the_operators_own_is_used_all_the_same(own, monkeypatch):
    """That is the way out which the sentence above names."""
    monkeypatch.setitem(sys.modules, "cryptography", None)

    assert load_certificate(StandardLayer(), *own)
    assert not is_vouched_for(own[0])
    with pytest.raises(BadCertificate, match=r"cert\.pem: what it says cannot be read here"):
        facts_of(own[0])


def test_the_operators_own(own):
    first = load_certificate(StandardLayer(), *own)

    both = own[0].parent / "both.pem"
    both.write_bytes(own[1].read_bytes() + own[0].read_bytes())
    assert load_certificate(StandardLayer(), both) == first


def test_an_ephemeral_one_is_another_each_time():
    assert load_ephemeral(StandardLayer(), ["localhost"]) != load_ephemeral(StandardLayer(), ["localhost"])


def with_passphrase(pem):
    key = serialization.load_pem_private_key(pem, None)
    encryption = serialization.BestAvailableEncryption(b"secret")
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda cert, key: cert.unlink(), "cert.pem: there is no such file"),
        (lambda cert, key: key.unlink(), "key.pem: there is no such file"),
        (lambda cert, key: cert.write_bytes(b"\xff\x00"), "cert.pem: is not in PEM form"),
        (lambda cert, key: cert.write_text("hello"), "cert.pem: there is no certificate in it"),
        (lambda cert, key: key.write_text("hello"), "cert.pem and .*key.pem: no usable certificate and key"),
        (
            lambda cert, key: cert.write_text(
                "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"
            ),
            "no usable certificate and key",
        ),
        (
            lambda cert, key: key.write_bytes(split(self_signed(["x"]))[0]),
            "key.pem: the key does not belong to the certificate",
        ),
        (
            lambda cert, key: key.write_bytes(with_passphrase(key.read_bytes())),
            "key.pem: the key has a passphrase",
        ),
    ],
)
@pytest.mark.parametrize("kind", LAYERS)
def test_a_bad_file_is_told_of(own, spoil, words, kind):
    spoil(*own)

    with pytest.raises(BadCertificate, match=words) as told:
        load_certificate(kind(), *own)
    assert "\n" not in str(told.value)


def test_a_certificate_without_its_key(own):
    with pytest.raises(BadCertificate, match="there is no usable key and certificate in it"):
        load_certificate(StandardLayer(), own[0])


class TestEncryption:
    def test_all_listeners_share_the_kept_key(self, tmp_path):
        listeners = [ListenerSettings(port=1), ListenerSettings(port=2)]
        encryption = Encryption(listeners, tmp_path)

        assert len(encryption.fingerprints) == 1
        assert Encryption(listeners, tmp_path).fingerprints == encryption.fingerprints
        assert all(isinstance(encryption.of(each).layer, StandardLayer) for each in listeners)

    def test_without_a_folder_nothing_is_kept_and_the_key_stays_as_long_as_the_server(self, tmp_path):
        listeners = [ListenerSettings(port=1), ListenerSettings(port=2)]
        encryption = Encryption(listeners, None)
        keys = encryption.fingerprints

        encryption.reload(asks=False)

        assert encryption.fingerprints == keys
        assert len(keys) == 1

    def test_not_where_it_is_not_wanted_or_makes_no_sense(self, tmp_path):
        listeners = [ListenerSettings(tls=False), ListenerSettings(path="chat.sock")]
        encryption = Encryption(listeners, tmp_path)

        assert [encryption.of(each) for each in listeners] == [None, None]
        assert encryption.fingerprints == []
        assert list(tmp_path.iterdir()) == []

    @with_certificates
    def test_callers_are_asked_for_certificates_where_one_logs_in_by_them(self, own):
        listener = ListenerSettings(tls_certificate=str(own[0]), tls_key=str(own[1]))
        encryption = Encryption([listener], None, asks=True)
        assert isinstance(encryption.of(listener).layer, AskingLayer)
        key = encryption.fingerprints

        encryption.reload(asks=False)
        assert isinstance(encryption.of(listener).layer, StandardLayer)
        encryption.reload(asks=True)
        assert isinstance(encryption.of(listener).layer, AskingLayer)
        assert encryption.fingerprints == key

    def test_without_the_extra_nobody_is_asked_and_the_operator_is_told(self, tmp_path, monkeypatch, caplog):
        encryption = Encryption([ListenerSettings()], tmp_path)
        monkeypatch.setitem(sys.modules, "chatapp.listeners.certfp", None)
        with pytest.raises(BadCertificate, match=r'pip install "chatapp\[certfp\]"'):
            Encryption([ListenerSettings()], tmp_path, asks=True)

        encryption.reload(asks=True)

        assert isinstance(encryption.of(ListenerSettings()).layer, StandardLayer)
        assert "The certificate stays what it was" in caplog.text

    def test_reload_takes_a_new_certificate(self, own):
        listener = ListenerSettings(tls_certificate=str(own[0]), tls_key=str(own[1]))
        encryption = Encryption([listener], None)
        before, key = encryption.of(listener).layer, encryption.fingerprints

        for path, pem in zip(own[::-1], split(self_signed(["new"])), strict=True):
            path.write_bytes(pem)
        encryption.reload(asks=False)

        assert encryption.of(listener).layer is not before
        assert encryption.fingerprints != key

    def test_reload_keeps_the_old_where_the_new_is_broken_and_says_so(self, own, caplog):
        listener = ListenerSettings(tls_certificate=str(own[0]), tls_key=str(own[1]))
        encryption = Encryption([listener], None)
        before, key = encryption.of(listener).layer, encryption.fingerprints

        own[1].write_text("rubbish")
        encryption.reload(asks=False)

        assert encryption.of(listener).layer is before
        assert encryption.fingerprints == key
        assert "The certificate stays what it was" in caplog.text
