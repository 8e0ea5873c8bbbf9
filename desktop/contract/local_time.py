"""Moments as a person at this machine reads them."""

from __future__ import annotations

from datetime import datetime


def local_time(ms: int) -> str:
    """Write epoch ms as the clock on the wall shows it; with the day, unless that is today."""
    moment = datetime.fromtimestamp(ms / 1000).astimezone()
    time = f"{moment:%H:%M}"
    if moment.date() == datetime.now(moment.tzinfo).date():
        return time
    return f"{moment.day} {moment:%B}, {time}"
