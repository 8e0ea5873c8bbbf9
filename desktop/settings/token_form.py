"""How a token that has a name reads: ``sendoff_viewer_ID_SECRET``.

The id finds its hash at the backend. The kind in front tells a window, before it has asked, what
it will be allowed; the backend believes its own file alone.
"""

from __future__ import annotations

import re
from typing import Final

from desktop.contract.access import Access

ID_BYTES: Final = 8
SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"sendoff_(full|viewer)_([0-9a-f]{16})_[0-9a-f]{64}")


def token_id(token: str) -> str | None:
    """Read the id of a token that has a name; ``None`` for any other."""
    found = _FORM.fullmatch(token)
    return found[2] if found else None


def is_viewer(token: str) -> bool:
    """Tell whether a token is one that allows to look only."""
    found = _FORM.fullmatch(token)
    return found is not None and found[1] == Access.VIEWER


def digest(token: str) -> str:
    """Return the SHA-256 of a token: a plain hash is enough for 256 random bits."""
    import hashlib  # brings OpenSSL along, which the window's start can do without

    return hashlib.sha256(token.encode()).hexdigest()


def proof_key(token: str) -> str:
    """Return what both sides prove to know: of a token with a name the backend has the hash."""
    return token if token_id(token) is None else digest(token)
