"""Moments: as a person at this machine reads them, and as they travel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

LATEST_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999."""


def local_time(ms: int) -> str:
    """Write epoch ms as the clock on the wall shows it; with the day, unless that is today."""
    moment = datetime.fromtimestamp(ms / 1000).astimezone()
    time = f"{moment:%H:%M}"
    if moment.date() == datetime.now(moment.tzinfo).date():
        return time
    return f"{moment.day} {moment:%B}, {time}"


def wire_time(ms: int) -> str:
    """Write epoch ms as RFC 3339 UTC with milliseconds; that format ends with the year 9999."""
    seconds, rest = divmod(min(ms, LATEST_MS), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest:03}Z"
