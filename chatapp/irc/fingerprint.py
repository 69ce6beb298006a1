"""The fingerprint of a server's key: how both sides write it down so that two people can compare it.

It is the SHA-256 of the public key (its SubjectPublicKeyInfo, RFC 5280 section 4.1), so it stays the same
when a certificate is renewed with the same key. People see the first 128 bits as 8 groups of 4 hex digits;
what a program keeps is the whole.
"""

from __future__ import annotations

import hashlib
import re

_GROUP = 4
_SHORT_DIGITS = 32
_WHOLE_DIGITS = 64
_SEPARATORS = re.compile(r"[\s:.-]+")
_SEQUENCE, _VERSION = 0x30, 0xA0
#: What stands before the key in a certificate: serial number, algorithm, issuer, validity, subject.
_BEFORE_THE_KEY = 5


def key_digest(certificate: bytes) -> str:
    """The SHA-256, as 64 hex digits, of the public key in ``certificate`` (DER).

    Raises:
        ValueError: This is no X.509 certificate.
    """
    return hashlib.sha256(_public_key(certificate)).hexdigest()


def short(digest: str) -> str:
    """``digest`` as people compare it: ``1f2e-3d4c-...``, 8 groups."""
    return "-".join(digest[at : at + _GROUP] for at in range(0, _SHORT_DIGITS, _GROUP))


def read_fingerprint(text: str) -> str:
    """The digits of a fingerprint that a person wrote: the short form or the whole, with any separators.

    Raises:
        ValueError: It is neither.
    """
    digits = _SEPARATORS.sub("", text.strip().lower().removeprefix("sha256"))
    if not re.fullmatch(rf"[0-9a-f]{{{_SHORT_DIGITS}}}|[0-9a-f]{{{_WHOLE_DIGITS}}}", digits):
        raise ValueError(text)
    return digits


def _public_key(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo, whole, of a certificate."""
    _start, at, _end = _element(certificate, 0, _SEQUENCE)  # Certificate
    _start, at, end = _element(certificate, at, _SEQUENCE)  # TBSCertificate
    if certificate[at : at + 1] == bytes([_VERSION]):
        at = _element(certificate, at)[2]
    for _field in range(_BEFORE_THE_KEY):
        at = _element(certificate, at)[2]
    start, _inside, after = _element(certificate, at, _SEQUENCE)
    if after > end:
        raise ValueError("a key that is longer than its certificate")
    return certificate[start:after]


def _element(der: bytes, at: int, tag: int | None = None) -> tuple[int, int, int]:
    """Where the element at ``at`` begins, where its content does, and where it ends."""
    if at + 2 > len(der) or (tag is not None and der[at] != tag):
        raise ValueError("not a certificate")
    length, inside = der[at + 1], at + 2
    if length & 0x80:
        inside += length & 0x7F
        length = int.from_bytes(der[at + 2 : inside], "big")
    if inside + length > len(der):
        raise ValueError("not a certificate: it is cut off")
    return at, inside, inside + length
