"""The form of a named token: ``sendoff_viewer_ID_SECRET``.

The backend finds the token's hash by its id. The kind tells a window what it will be allowed before
it asks; the backend itself trusts only its file.
"""

from __future__ import annotations

import re
from typing import Final

from desktop.contract.access import Access

ID_BYTES: Final = 8
SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"sendoff_(full|viewer)_([0-9a-f]{16})_[0-9a-f]{64}")


def token_id(token: str) -> str | None:
    """Return the id of a named token; ``None`` for any other."""
    found = _FORM.fullmatch(token)
    return found[2] if found else None


def is_viewer(token: str) -> bool:
    """Tell whether a token gives read access only."""
    found = _FORM.fullmatch(token)
    return found is not None and found[1] == Access.VIEWER


def digest(token: str) -> str:
    """Return the SHA-256 of a token: a plain hash is enough for 256 random bits."""
    import hashlib  # loads OpenSSL, which the window's start does not need

    return hashlib.sha256(token.encode()).hexdigest()


def proof_key(token: str) -> str:
    """Return the key of a proof: the hash of a named token, which the backend has, else itself."""
    return token if token_id(token) is None else digest(token)
