"""Reads the time in a cell: a date of the spreadsheet, ISO 8601, or one in the system's format."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import product
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.text import trimmed

if TYPE_CHECKING:
    from desktop.sheets.reader.files.cells import Cell, Wording

DOTTED: Final = "%d.%m.%Y"
"""The format of a date with dots."""


def moment_of(cell: Cell, wording: Wording) -> str | None:
    """Read a time as RFC 3339 with the offset of this computer's zone; ``None`` if it is none.

    A cell may be a date or time of the spreadsheet, ISO 8601, or a date in the format of this
    computer's settings, with or without a time. A date alone means its beginning. In a date with
    dots, the day comes first unless the settings say otherwise, as in the window.
    """
    match cell:
        case datetime():
            moment = cell
        case date():
            moment = datetime.combine(cell, time())
        case str():
            read = _read_moment(trimmed(cell), wording)
            if read is None:
                return None
            moment = read
        case _:
            return None
    try:
        local = moment if moment.tzinfo else moment.astimezone()
        return local.isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # before the year 1, or beyond the system's range
        return None


def _read_moment(text: str, wording: Wording) -> datetime | None:
    if not text[:1].isdigit():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for written in product((wording.date, DOTTED), ("", " %H:%M", " %H:%M:%S")):
        try:
            return datetime.strptime(text, "".join(written))  # noqa: DTZ007 - the caller's zone
        except ValueError:
            continue
    return None
