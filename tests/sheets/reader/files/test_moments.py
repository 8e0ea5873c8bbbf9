"""A time is read as a person wrote it, or not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desktop.sheets.reader.files.cells import CellValue, Wording
from desktop.sheets.reader.files.moments import as_column_writes, moment_of

GERMAN = Wording("dd.mm.yyyy", ",")
AMERICAN = Wording("m/d/yyyy", ".")
BRITISH = Wording("dd/mm/yyyy", ".")
NO_LANGUAGE = Wording()


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
def test_a_time_is_this_computers(cell: CellValue, moment: str) -> None:
    expected = datetime.fromisoformat(moment).astimezone().isoformat(timespec="seconds")
    assert moment_of(cell, GERMAN) == expected


def test_between_dots_the_day_goes_first() -> None:
    american = Wording("mm/dd/yyyy", ".")
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


@pytest.mark.parametrize("wording", [GERMAN, AMERICAN, BRITISH, NO_LANGUAGE])
@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("24.12.31 9:05", "2031-12-24T09:05"),
        ("24.12.2031, 9.05 Uhr", "2031-12-24T09:05"),
        ("24. 12. 2031 um 9 Uhr", "2031-12-24T09:00"),
        ("Mi., 24.12.2031 09:05", "2031-12-24T09:05"),
        ("24. Dezember 2031", "2031-12-24T00:00"),
        ("Mittwoch, 24. Dezember 2031, 9:05 Uhr", "2031-12-24T09:05"),
        ("24. Dez. 2031 09:05", "2031-12-24T09:05"),
        ("6. Jänner 2031", "2031-01-06T00:00"),
        ("24 December 2031 9:05 pm", "2031-12-24T21:05"),
        ("December 24, 2031 12:05 AM", "2031-12-24T00:05"),
        ("Dec 24th, 2031 at 12 p.m.", "2031-12-24T12:00"),
        ("24 décembre 2031 à 9h05", "2031-12-24T09:05"),
        ("1er mars 2031", "2031-03-01T00:00"),
        ("24 de diciembre de 2031", "2031-12-24T00:00"),
        ("24 december 2031 kl. 9:05", "2031-12-24T09:05"),
        ("2031/12/24 9:05", "2031-12-24T09:05"),
        ("2031. 12. 24.", "2031-12-24T00:00"),
        ("24.13.2031", None),
        ("31.2.2031", None),
        ("31-12-24", None),
        ("24.12.2031 9", None),
        ("24.12.2031 13:00 PM", None),
        ("24.12.2031 25:00", None),
        ("24.12.", None),
        ("24 Dezzember 2031", None),
        ("morgen", None),
        ("9:00", None),
        ("", None),
    ],
)
def test_a_time_that_means_one_thing_is_read_in_every_language(
    cell: str, moment: str | None, wording: Wording
) -> None:
    read = moment and datetime.fromisoformat(moment).astimezone().isoformat(timespec="seconds")
    assert moment_of(cell, wording) == read


@pytest.mark.parametrize(
    ("others", "month"),
    [
        ((), (3, 4, None)),
        (("25/04/2031 8:00",), (4, 4, 4)),
        (("04/25/2031",), (3, 3, 3)),
        (("25-04-2031", "7", date(2031, 1, 2)), (4, 4, 4)),
        (("25/04/2031", "04/25/2031"), (None, None, None)),
    ],
)
def test_a_column_tells_which_of_its_numbers_is_the_day(
    others: tuple[CellValue, ...], month: tuple[int | None, ...]
) -> None:
    cells = ["03/04/2031", *others]
    for wording, expected in zip((AMERICAN, BRITISH, NO_LANGUAGE), month, strict=True):
        read = moment_of(cells[0], as_column_writes(cells, wording))
        assert (read and datetime.fromisoformat(read).month) == expected
