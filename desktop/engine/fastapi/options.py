"""Checks of ``install``'s options; the ``ValueError`` names the option."""

from __future__ import annotations

import ipaddress
import math
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from desktop.engine.facade.opening import is_on_server
from desktop.settings.paths import DataFolder

ANY_PORT: Final = ("127.0.0.1", 0)
"""Address of a monitor that clients find through its data folder."""
SHORTEST_TOKEN: Final = 16
"""Shortest token, in characters."""


def check_options(
    io_slots: int, cpu_slots: int | None, grace: float, retention: timedelta | None
) -> None:
    """Raise ``ValueError`` or ``TypeError`` for the first unusable option."""
    for name, slots in (("io_slots", io_slots), ("cpu_slots", cpu_slots)):
        if slots is not None and slots < 1:
            raise ValueError(f"{name}: {slots} is not a number from 1")
    if not (math.isfinite(grace) and grace >= 0):
        raise ValueError(f"grace: {grace} is not a number of seconds")
    if retention is not None and not isinstance(retention, timedelta):
        raise TypeError(f"retention is a timedelta, as in timedelta(days=7), got {retention!r}")
    if retention is not None and retention <= timedelta(0):
        raise ValueError(f"retention: {retention} is not a time to keep tasks")


def place_of(data_dir: str | Path | None, database: str | None) -> DataFolder | str:
    """Return where tasks are stored: a folder, or the address of a database on a server."""
    if database is not None:
        if not is_on_server(database):
            raise ValueError("database must begin with postgresql://")
        return database
    folder = folder_of(data_dir, needed=False)
    if folder is None:
        raise ValueError("Give data_dir or database.")
    return folder


def folder_of(data_dir: str | Path | None, *, needed: bool) -> DataFolder | None:
    """Return the folder of the tasks, or of their monitor, which ``needed`` says must be given."""
    if data_dir is None:
        if needed:
            raise ValueError("monitor: beside a database it needs a data_dir for its settings")
        return None
    folder = Path(data_dir).absolute()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"data_dir: {folder} is a file, and tasks are kept in a folder")
    return DataFolder(folder)


def address_of(monitor: str) -> tuple[str, int]:
    """Parse ``127.0.0.1:9108``; raise ``ValueError`` for an address that others can reach.

    The token would be sent unencrypted. For remote access, put a proxy with TLS in front.
    """
    try:
        parts = urlsplit(f"//{monitor}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if port is None or parts.netloc != monitor:
        raise ValueError(f"monitor: {monitor!r} is not an address such as 127.0.0.1:9108")
    if host != "localhost" and not _is_loopback(host):
        raise ValueError(
            f"monitor: {host} is not an address of this computer alone; use 127.0.0.1, and a proxy "
            "with TLS for others"
        )
    return host, port


def check_token(token: str | None) -> None:
    """Raise ``ValueError`` for a token that is too short or that no header can carry."""
    if token is None:
        return
    if len(token) < SHORTEST_TOKEN or not (token.isascii() and token.isprintable()):
        raise ValueError(f"token: it needs {SHORTEST_TOKEN} characters of ASCII or more")
    if " " in token:
        raise ValueError("token: it cannot have a space")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in {*map(ipaddress.ip_address, ("127.0.0.1", "::1"))}
    except ValueError:
        return False
