"""The addresses of backends on servers: their form, and those that a person has opened.

Each opened server has a folder for its window.
"""

from __future__ import annotations

import contextlib
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.settings.backend_file import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder


class UrlFault(StrEnum):
    """What is wrong with an address."""

    NONE_GIVEN = "none_given"
    NO_ADDRESS = "no_address"
    """It does not have the form https://host:port."""
    UNENCRYPTED = "unencrypted"
    """The token would travel unencrypted through a network."""
    SECRET = "secret"  # noqa: S105 - a word
    """It contains a name, a password or a token, but addresses are shown on screen."""


class BadUrl(ValueError):
    """A refused address; the error does not quote it."""

    def __init__(self, fault: UrlFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def server_url(typed: str) -> str:
    """Return the address in its normal form, without a final slash. Raises ``BadUrl``."""
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
    """Return the address that a person means; a missing ``https://`` is added.

    For this computer, ``http://`` is added. Raises ``BadUrl``.
    """
    typed = typed.strip()
    if typed and "://" not in typed:
        try:
            is_here = urlsplit(f"//{typed}").hostname in LOOPBACK
        except ValueError as error:
            raise BadUrl(UrlFault.NO_ADDRESS) from error
        typed = f"{'http' if is_here else 'https'}://{typed}"
    return server_url(typed)


def remembered_servers(home: DataFolder) -> list[str]:
    """List the addresses of opened servers, the one opened last first."""
    files = sorted(home.servers.glob("*/address"), key=_opened_at, reverse=True)
    return [url for file in files if (url := _address(file))]


def forget_server(home: DataFolder, url: str) -> None:
    """Remove a server from the list; its drafts stay until it is opened again."""
    home.at_address(url).address_file.unlink(missing_ok=True)


def _opened_at(file: Path) -> float:
    with contextlib.suppress(OSError):
        return file.stat().st_mtime
    return 0.0


def _address(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
