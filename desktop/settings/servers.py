"""Backends elsewhere: how an address is written, and which ones a person has opened from here.

Each server that was opened has a folder of its window's own.
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


def remembered_servers(home: DataFolder) -> list[str]:
    """Return their addresses, the one opened last first."""
    files = sorted(home.servers.glob("*/address"), key=_opened_at, reverse=True)
    return [url for file in files if (url := _address(file))]


def forget_server(home: DataFolder, url: str) -> None:
    """Name it no more; drafts that were typed for it stay for the day it is opened again."""
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
