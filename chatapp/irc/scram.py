"""SCRAM-SHA-256 for both sides: to know a password is shown, the password is not sent (RFC 5802, RFC 7677).

No dice: nonces and salts are handed in. `derive` is slow on purpose, and so is the client's second answer; a
server calls `derive` where nobody else waits for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import stringprep
import unicodedata
from typing import NamedTuple

from chatapp.irc.sasl import SCRAM_SHA_256, SaslError, text_of

#: RFC 7677 4: no server may ask for fewer.
LEAST_ITERATIONS = 4096
#: What a client works through for a server: about a second; more would be an attack on it.
MOST_ITERATIONS = 1_000_000
_ATTRIBUTE = re.compile(r"([A-Za-z])=(.*)", re.DOTALL)


class Verifier(NamedTuple):
    """What a server keeps of a password: enough to check it, too little to log in elsewhere (RFC 5802 3)."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes


def derive(password: str, salt: bytes, iterations: int) -> Verifier:
    """The verifier of ``password``. Takes some milliseconds: about one for 4,000 iterations."""
    salted = hashlib.pbkdf2_hmac("sha256", prepare(password), salt, iterations)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    return Verifier(salt, iterations, stored_key, _hmac(salted, b"Server Key"))


def is_same(one: Verifier, other: Verifier) -> bool:
    """Whether two verifiers are of the same password, in a time that does not tell how alike they are."""
    return hmac.compare_digest(one.stored_key, other.stored_key)


def prepare(password: str) -> bytes:
    """``password`` by SASLprep (RFC 4013), so that it is the same from every keyboard.

    What SASLprep forbids is taken as it is: a password that a person could set opens the door again.
    """
    if password.isascii() and password.isprintable():
        return password.encode()
    kept = (" " if stringprep.in_table_c12(c) else c for c in password if not stringprep.in_table_b1(c))
    prepared = unicodedata.normalize("NFKC", "".join(kept))
    if not prepared or any(map(_is_forbidden, prepared)):
        prepared = password
    return prepared.encode()


class ScramClient:
    """A proof that one knows the password, which itself is not sent (RFC 5802, 7677).

    ``nonce`` is printable text without a comma, new each time, of at least 18 bytes of chance. The second
    `answer` takes as long as `derive`.
    """

    mechanism = SCRAM_SHA_256

    def __init__(self, account: str, password: str, nonce: str) -> None:
        self._password = password
        self._nonce = nonce
        self._first = f"n={_escaped(account)},r={nonce}"
        self._signature = b""
        self._step = 0
        self.is_proven = False

    def answer(self, challenge: bytes) -> bytes:
        self._step += 1
        match self._step:
            case 1:
                return f"n,,{self._first}".encode()
            case 2:
                return self._prove(text_of(challenge))
            case 3:
                self._check(text_of(challenge))
                return b""
        raise SaslError("The server asks for more than there is to say")

    def _prove(self, server_first: str) -> bytes:
        given = _attributes(server_first)
        nonce, salt = given.get("r", ""), _decoded(given.get("s", ""))
        iterations = _number(given.get("i", ""))
        if not nonce.startswith(self._nonce) or nonce == self._nonce or not salt:
            raise SaslError("The server's challenge is not an answer to this client")
        if not LEAST_ITERATIONS <= iterations <= MOST_ITERATIONS:
            raise SaslError(f"The server asks for {iterations} rounds of hashing")
        salted = hashlib.pbkdf2_hmac("sha256", prepare(self._password), salt, iterations)
        client_key = _hmac(salted, b"Client Key")
        without_proof = f"c=biws,r={nonce}"
        said = f"{self._first},{server_first},{without_proof}".encode()
        proof = _xor(client_key, _hmac(hashlib.sha256(client_key).digest(), said))
        self._signature = _hmac(_hmac(salted, b"Server Key"), said)
        return f"{without_proof},p={_encoded(proof)}".encode()

    def _check(self, server_final: str) -> None:
        given = _attributes(server_final)
        if "e" in given:
            raise SaslError(f"The server refuses: {given['e']}")
        if not hmac.compare_digest(_decoded(given.get("v", "")), self._signature):
            raise SaslError("The server does not know the password: it is not the one it says it is")
        self.is_proven = True


class ScramServer:
    """One exchange: `begin`, `challenge`, `finish`. ``nonce`` as in `ScramClient`."""

    __slots__ = ("_expected", "_nonce", "_said", "_verifier", "account")

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce
        self._said = ""
        self._expected = ""
        self._verifier: Verifier | None = None
        self.account = ""

    def begin(self, client_first: bytes) -> str:
        """Take the client's first message; give the account that it names.

        Raises:
            SaslError: It is malformed, or asks for what we do not offer.
        """
        binding, _, rest = text_of(client_first).partition(",")
        wanted, _, bare = rest.partition(",")
        given = _attributes(bare)
        name, nonce = given.get("n", ""), given.get("r", "")
        if binding not in ("n", "y"):
            raise SaslError("Channel binding is not offered here")
        if not name or not nonce or "m" in given or re.search("=(?!2C|3D)", name):
            raise SaslError("This is not the beginning of SCRAM")
        if wanted not in ("", f"a={name}"):
            raise SaslError("One cannot log in as somebody else")
        self._nonce = nonce + self._nonce
        self._said = bare
        self._expected = f"c={_encoded(f'{binding},{wanted},'.encode())},r={self._nonce}"
        self.account = name.replace("=2C", ",").replace("=3D", "=")
        return self.account

    def is_about(self, verifier: Verifier) -> bool:
        """Whether what was proven is the password behind ``verifier``, not one that it had before."""
        return self._verifier == verifier

    def challenge(self, verifier: Verifier) -> bytes:
        """What the client must work on: for an account with ``verifier``, or a made up one for nobody's."""
        self._verifier = verifier
        reply = f"r={self._nonce},s={_encoded(verifier.salt)},i={verifier.iterations}"
        self._said += f",{reply},{self._expected}"
        return reply.encode()

    def finish(self, client_final: bytes) -> bytes:
        """Check the client's proof; give the server's.

        Raises:
            SaslError: The password is wrong, or the message malformed.
        """
        assert self._verifier is not None
        without_proof, comma, proof = text_of(client_final).rpartition(",p=")
        if not comma or without_proof != self._expected:
            raise SaslError("This does not go on what was said before")
        said = self._said.encode()
        client_key = _xor(_decoded(proof), _hmac(self._verifier.stored_key, said))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self._verifier.stored_key):
            raise SaslError("The password is wrong")
        return f"v={_encoded(_hmac(self._verifier.server_key, said))}".encode()


# Parts of messages


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    if len(one) != len(other):
        raise SaslError("A proof has 32 bytes")
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _attributes(text: str) -> dict[str, str]:
    found = [_ATTRIBUTE.fullmatch(part) for part in text.split(",")]
    return {match[1]: match[2] for match in found if match is not None}


def _escaped(name: str) -> str:
    return name.replace("=", "=3D").replace(",", "=2C")


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SaslError("A value is not base64") from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _is_forbidden(char: str) -> bool:
    """Whether SASLprep allows no ``char`` (RFC 4013 2.3); right-to-left text is let through."""
    tables = (
        stringprep.in_table_c21_c22,
        stringprep.in_table_c3,
        stringprep.in_table_c4,
        stringprep.in_table_c5,
        stringprep.in_table_c6,
        stringprep.in_table_c7,
        stringprep.in_table_c8,
        stringprep.in_table_c9,
    )
    return any(table(char) for table in tables)
