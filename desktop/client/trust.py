"""The trusted certificates: those of the system, and those of certifi."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssl import SSLContext


@cache
def trusted() -> SSLContext:
    """Return the TLS context of all connections to servers; made at its first use.

    A company's own authority is in the system's store. Some Pythons have no such store and need
    certifi's certificates.
    """
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
