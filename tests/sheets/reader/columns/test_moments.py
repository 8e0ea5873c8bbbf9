"""A time in a cell is read in the zone and the format of this computer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from desktop.sheets.reader.columns.moments import moment_of
from desktop.sheets.reader.files.cells import Wording

if TYPE_CHECKING:
    from desktop.sheets.reader.files.cells import Cell

GERMAN = Wording("%d.%m.%Y", ",")


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (date(2026, 12, 1), "2026-12-01T00:00:00"),
        ("01.12.2026", "2026-12-01T00:00:00"),
        ("1.12.2026 9:30", "2026-12-01T09:30:00"),
        ("2026-12-01 09:30", "2026-12-01T09:30:00"),
        ("2026-12-01T09:30:15", "2026-12-01T09:30:15"),
    ],
)
def test_a_time_is_this_computers(cell: Cell, moment: str) -> None:
    expected = datetime.fromisoformat(moment).astimezone().isoformat(timespec="seconds")
    assert moment_of(cell, GERMAN) == expected


def test_between_dots_the_day_goes_first() -> None:
    american = Wording("%m/%d/%Y", ".")
    for typed, meant in (
        ("5/1/2027 9:00", "2027-05-01T09:00"),
        ("1.5.2027 9:00", "2027-05-01T09:00"),
    ):
        moment = datetime.fromisoformat(meant).astimezone()
        assert moment_of(typed, american) == moment.isoformat(timespec="seconds")
    assert moment_of("23.11.2026", Wording()) is not None
    assert moment_of("5.23.2026", american) is None


def test_a_time_with_its_own_offset_keeps_it() -> None:
    assert moment_of("2026-12-01T09:30:00+05:30", GERMAN) == "2026-12-01T09:30:00+05:30"
