"""The servers a person has opened from this computer: each has a folder of its window's own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder


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
