"""Moments as they are written in requests: RFC 3339 with an offset."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_FIRST: Final = 0.0
_LAST: Final = 253_370_764_800.0
"""The start of the year 9999: later ones may fall out of the calendar in another time zone."""


def moment(text: str) -> float:
    """Read a moment; gives seconds since the epoch.

    Raises ``ValueError`` with a sentence for a person.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("This must be a time with its offset, as in 2026-03-01T09:30:00Z.")
    try:
        seconds = datetime.fromisoformat(text.upper()).timestamp()
    except ValueError as error:
        raise ValueError("There is no such time in the calendar.") from error
    if not _FIRST <= seconds < _LAST:
        raise ValueError("This must be a time between 1970 and 9998.")
    return seconds
