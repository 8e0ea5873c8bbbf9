"""Values are written as a person reads them: short dates, whole numbers without a point."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QLocale

from desktop.contract.rules.locales import LOCALES, date_format
from desktop.gui.importing.writings import writing_of
from desktop.sheets.description import Writing
from desktop.sheets.reader.files.cells import (
    CellValue,
    Wording,
    system_writing,
)

GERMAN = Wording("dd.mm.yyyy", ",")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  007 ", "  007 "),
        (True, "TRUE"),
        (17.0, "17"),
        (-3, "-3"),
        (12.5, "12,5"),
        (0.1 + 0.2, "0,3"),
        (1e15, "1e+15"),
        (2**53, "9,00719925474099e+15"),
        (date(2026, 3, 1), "01.03.2026"),
        (datetime(2026, 3, 1, 0, 0), "01.03.2026"),  # noqa: DTZ001 - cells have no zone
        (datetime(2026, 3, 1, 9, 30), "01.03.2026 09:30"),  # noqa: DTZ001
        (time(9, 30, 5), "09:30:05"),
        (timedelta(hours=30, minutes=5), "30:05"),
        (-timedelta(minutes=1, seconds=30), "-0:01:30"),
        (float("inf"), "inf"),
    ],
)
def test_a_value_is_written_as_it_is_read(cell: CellValue, text: str) -> None:
    assert GERMAN.text(cell) == text


def test_a_value_in_a_letter_is_written_as_in_a_sheet() -> None:
    german = Wording("dd.mm.yyyy", ",", ".", locale="de_DE")
    assert [german.exact(cell) for cell in (True, False)] == ["WAHR", "FALSCH"]
    assert [Wording().exact(cell) for cell in (True, 0.00001)] == ["TRUE", "0.00001"]
    assert german.exact(0.000025) == "0,000025"
    assert german.exact(-2.5e-10) == "-2,5E-10"
    assert german.text(True) == "TRUE"  # rows are compared by it


@pytest.mark.parametrize("name", ["C", "POSIX", "xx_XX.not-there"])
def test_without_a_language_dates_are_iso(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", name)
    assert system_writing() == Writing()


@pytest.mark.parametrize("name", LOCALES)
def test_a_language_that_is_not_installed_is_that_of_its_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", f"{name}.not-there")
    found, window = system_writing(), writing_of(QLocale(name))
    assert window is not None
    assert (found.locale, found.point, found.group) == (name, window.point, window.group)
    assert (found.short_date, found.long_date) == (window.short_date, window.long_date)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("22.11.2000", "dd.mm.yyyy"),
        ("22/11/00", "dd/mm/yyyy"),
        ("11/22/2000", "mm/dd/yyyy"),
        ("2000-11-22", "yyyy-mm-dd"),
        ("22 Nov 2000", None),
    ],
)
def test_the_systems_date_is_kept_as_a_format_that_no_other_settings_change(
    written: str, code: str | None
) -> None:
    assert date_format(written) == code
