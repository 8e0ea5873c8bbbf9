"""Makes every key, signs with it, and compares each secret: no other file does.

The page of this decision is the table of all secrets: who chooses a text, and what it opens.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from enum import Enum
from typing import Final

NONCE: Final = "[0-9a-fA-F]{32}"
"""The form of a nonce: a stranger chooses it, so no other use has a text of this form."""
_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 16


class Use(Enum):
    """What a key signs: the kind of the key, and the form of all texts of this use.

    No two uses of one kind of key have a text in common.
    """

    PROOF = ("token", NONCE.encode())
    """``/health`` proves that it knows a token."""
    SESSIONS = ("token", rb"\xffpage sessions")
    """The key of sessions. Its first byte is in no UTF-8, which is all that the ``/health`` of an
    earlier version signed."""
    SIDE = ("token", rb"owner|other")
    """The two sides of a connection to the owner of a folder prove that they know its token."""
    SESSION = ("sessions", rb"(start|[0-9a-f]{16} [0-9a-f]{64}) [0-9]{1,12}")
    """A session of the page: of the start's token, or of a named token's id and hash; and its end.
    """
    FINGERPRINT = ("do not send", rb"(?s:.*)")
    """What is kept of a forgotten text, by a secret of the store that has no other use."""

    def __init__(self, key: str, texts: bytes) -> None:
        self.key = key
        self.texts: Final = re.compile(texts)

    def sign(self, key: bytes, text: bytes) -> bytes:
        """Sign a text; raise ``ValueError`` for one that is not of this use."""
        if not self.texts.fullmatch(text):
            raise ValueError(f"{self.name}: it does not sign such a text")
        return hmac.digest(key, text, "sha256")


def new_secret() -> str:
    """Make a token or another secret of 256 random bits; a shell needs no quotes for it."""
    return secrets.token_hex(_SECRET_BYTES)


def new_nonce() -> str:
    """Make a nonce for one proof."""
    return secrets.token_hex(_NONCE_BYTES)


def hash_of(token: str) -> str:
    """Return the SHA-256 of a named token: a plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_same(shown: str | bytes, secret: str | bytes) -> bool:
    """Compare what somebody shows with a secret, in a time that tells nothing of the secret."""
    return hmac.compare_digest(_bytes(shown), _bytes(secret))


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode(errors="surrogatepass")


def proof(key: str, nonce: str) -> str:
    """Return the proof of a token that ``/health`` answers to a nonce."""
    return Use.PROOF.sign(key.encode(), nonce.encode()).hex()


def side_proof(token: str, side: str) -> str:
    """Return the proof of one side, *owner* or *other*, that it knows the owner's token."""
    return Use.SIDE.sign(token.encode(), side.encode()).hex()


def session_signature(start: str, holder: str, until: int) -> str:
    """Sign a session until an epoch second, by a key that only the start's token gives.

    ``holder`` is ``start``, or the id and the hash of a named token.
    """
    key = Use.SESSIONS.sign(start.encode(), b"\xffpage sessions")
    return Use.SESSION.sign(key, f"{holder} {until}".encode()).hex()


def fingerprint(secret: str, form: str) -> str:
    """Return what is kept of a forgotten text, given in its one form."""
    return f"#{Use.FINGERPRINT.sign(bytes.fromhex(secret), form.encode()).hex()}"
