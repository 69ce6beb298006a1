"""The server's certificate: the one the operator has, else one of its own, made on the first run and kept."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import re
import socket
import ssl
import tempfile
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chatapp.irc.fingerprint import key_digest
from chatapp.listeners.tls import Layer
from chatapp.store.directory import CERTIFICATE
from chatapp.store.files import flush
from chatapp.system_errors import reason_of

if TYPE_CHECKING:
    from cryptography import x509

_DAYS = 3653
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class BadCertificate(Exception):
    """A certificate or key cannot be used; ``str()`` says why in words for the operator."""


def kept_certificate(folder: Path, names: list[str]) -> Path:
    """The file with this server's own key and certificate for ``names``; made if it is not there.

    Raises:
        BadCertificate: It cannot be made or written.
    """
    path = folder / CERTIFICATE  # with the key, so that they come and go together
    if not path.exists():
        try:
            _write(path, self_signed(names))
        except OSError as why:
            raise BadCertificate(f"{path}: {reason_of(why)}") from why
    return path


def server_names(lan: str) -> list[str]:
    """What this machine is called: localhost, its name, and ``lan``, its address for others, if any."""
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), lan]
    return [name for name in dict.fromkeys(names) if name]


def self_signed(names: list[str]) -> bytes:
    """A new key (ECDSA P-256) and a certificate for ``names``, good for ten years, as PEM.

    Raises:
        BadCertificate: The library that makes them does not work here.
    """
    try:
        # A fifteenth of a second, on the first run only.
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as why:
        words = _("a certificate cannot be made here ({reason}); set tls_certificate, or tls = false")
        raise BadCertificate(words.format(reason=why)) from why
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "chatapp")])
    began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)  # a clock may be behind
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(each)) if _is_address(each) else x509.DNSName(each)
        for each in names
        if each.isascii()
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def load_certificate(layer: Layer, certificate: Path, key: Path | None = None) -> str:
    """Give ``layer`` what is in the PEM files; without a ``key`` it is in the first. The key's SHA-256.

    Raises:
        BadCertificate: They cannot be read or do not belong together; ``layer`` is then of no use.
    """
    try:
        chain = certificate.read_text("ascii")
        (key or certificate).read_bytes()
    except UnicodeDecodeError as why:
        raise BadCertificate(_("{file}: is not in PEM form").format(file=certificate)) from why
    except OSError as why:
        raise BadCertificate(f"{why.filename}: {reason_of(why)}") from why
    found = _PEM.search(chain)
    if found is None:
        raise BadCertificate(_("{file}: there is no certificate in it").format(file=certificate))
    try:
        layer.load_cert_chain(certificate, key, password=lambda: _refuse_passphrase(key or certificate))
        return key_digest(ssl.PEM_cert_to_DER_cert(found[0]))
    except (ssl.SSLError, ValueError) as why:
        raise BadCertificate(_why(why, certificate, key)) from why


class CertificateFacts(NamedTuple):
    """What a certificate says: for which names, and from when to when (UTC) it is good."""

    names: list[str]
    since: datetime.datetime
    until: datetime.datetime


def facts_of(certificate: Path) -> CertificateFacts:
    """What the first certificate in a PEM file says that `load_certificate` has read.

    Raises:
        BadCertificate: It is odd, or the library that reads it does not work here.
    """
    found = _first(certificate)
    from cryptography import x509

    try:
        more = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [str(name.value) for name in more if isinstance(name, x509.DNSName | x509.IPAddress)]
    except (x509.ExtensionNotFound, ValueError):  # old, or odd: its subject will do
        names = [str(name.value) for name in found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    return CertificateFacts(names, found.not_valid_before_utc, found.not_valid_after_utc)


def is_vouched_for(certificate: Path) -> bool:
    """Whether the first certificate in a PEM file that `load_certificate` has read has another issuer.

    Of one that is odd nobody can tell, nor where the library does not work; TLS does without it.
    """
    try:
        found = _first(certificate)
    except BadCertificate:
        return False
    return found.issuer != found.subject


def _first(certificate: Path) -> x509.Certificate:
    """The first certificate in a PEM file; raise as `facts_of` does."""
    try:
        from cryptography import x509

        return x509.load_pem_x509_certificate(certificate.read_bytes())
    except (ImportError, ValueError) as why:
        words = _("{file}: what it says cannot be read here ({reason})")
        raise BadCertificate(words.format(file=certificate, reason=why)) from why


def load_ephemeral(layer: Layer, names: list[str]) -> str:
    """Give ``layer`` a key that ends with the server; its SHA-256.

    Raises:
        BadCertificate: There is nowhere to put it for a moment.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            return load_certificate(layer, kept_certificate(Path(folder), names))
    except OSError as why:
        raise BadCertificate(f"{why.filename}: {reason_of(why)}") from why


def _write(path: Path, pem: bytes) -> None:
    """Write a secret file that is either there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp's files are for their owner alone.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    new = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # the first error is the one to tell of
            new.unlink()
        raise
    flush(path.parent)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refuse_passphrase(key: Path) -> str:
    raise BadCertificate(_("{file}: the key has a passphrase; it must be without one").format(file=key))


def _why(why: Exception, certificate: Path, key: Path | None) -> str:
    if isinstance(why, ssl.SSLError) and why.reason == "KEY_VALUES_MISMATCH":
        return _("{file}: the key does not belong to the certificate").format(file=key or certificate)
    if key is None:
        return _("{file}: there is no usable key and certificate in it").format(file=certificate)
    words = _("{certificate} and {key}: no usable certificate and key")
    return words.format(certificate=certificate, key=key)
