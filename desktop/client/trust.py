"""Whose certificates are trusted: those the system trusts, and those that come with httpx."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssl import SSLContext


@cache
def trusted() -> SSLContext:
    """Return the one context of the window's connections to servers; made when it is needed.

    A company's own authority is in the system's store. Some Pythons have none, and use certifi's.
    """
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
