"""The address of a backend elsewhere, as a person or a command names it."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from desktop.settings.backend_file import LOOPBACK


class UrlFault(StrEnum):
    """What is wrong with an address."""

    NONE_GIVEN = "none_given"
    NO_ADDRESS = "no_address"
    """It is not of the form https://host:port."""
    UNENCRYPTED = "unencrypted"
    """The token would travel through a network in the clear."""
    SECRET = "secret"  # noqa: S105 - a word
    """It holds a name, a password or a token, which an address is shown with."""


class BadUrl(ValueError):
    """An address that is refused; it is not quoted."""

    def __init__(self, fault: UrlFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def server_url(typed: str) -> str:
    """Return the address in one form, without a slash at its end. Raises ``BadUrl``."""
    typed = typed.strip()
    if not typed:
        raise BadUrl(UrlFault.NONE_GIVEN)
    try:
        address = urlsplit(typed)
        is_whole = address.scheme in {"http", "https"} and address.port != 0
    except ValueError as error:
        raise BadUrl(UrlFault.NO_ADDRESS) from error
    if address.username is not None or address.query or address.fragment:
        raise BadUrl(UrlFault.SECRET)
    if not is_whole or not address.hostname or not typed.isprintable() or " " in typed:
        raise BadUrl(UrlFault.NO_ADDRESS)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        raise BadUrl(UrlFault.UNENCRYPTED)
    return f"{address.scheme}://{address.netloc.lower()}{address.path.rstrip('/')}"


def guessed_url(typed: str) -> str:
    """Return the address that a person means: without ``https://`` in front it is added.

    On this computer it is ``http://``. Raises ``BadUrl``.
    """
    typed = typed.strip()
    if typed and "://" not in typed:
        try:
            is_here = urlsplit(f"//{typed}").hostname in LOOPBACK
        except ValueError as error:
            raise BadUrl(UrlFault.NO_ADDRESS) from error
        typed = f"{'http' if is_here else 'https'}://{typed}"
    return server_url(typed)
