"""Dates and numbers of a spreadsheet are written in the language of the person's system."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale

from desktop.gui.kit.words.system_locale import locale_name, writing_of, writings
from desktop.sheets import SheetChoice, Writing, describe, read_rows
from desktop.sheets.description import strftime_of
from tests.sheets.files import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "written", "point"),
    [
        ("de_DE", "02.01.2001", ","),
        ("de_CH", "02.01.2001", "."),
        ("en_US", "01/02/2001", "."),
        ("en_GB", "02/01/2001", "."),
        ("sv_SE", "2001-01-02", ","),
        ("hu_HU", "2001. 01. 02.", ","),
        ("bg_BG", "02.01.2001\u202fг.", ","),
    ],
)
def test_a_date_has_four_digits_of_its_year(name: str, written: str, point: str) -> None:
    writing = writing_of(QLocale(name))
    assert writing is not None
    assert (date(2001, 1, 2).strftime(strftime_of(writing.short_date)), writing.point) == (
        written,
        point,
    )
    assert writing_of(QLocale.c()) is None


def test_the_way_in_use_and_the_systems_are_offered_first() -> None:
    swiss = writing_of(QLocale("de_CH"))
    assert swiss is not None
    offered = writings(swiss)
    assert next(iter(offered)) == "de_CH"
    assert offered["de_CH"] == swiss
    assert offered["en_US"].example == "1,234.50 · 12/31/2026"
    assert offered["de_DE"].long_date == "dddd, d. mmmm yyyy"
    assert offered["de_DE"].names[2][11] == "Dez"
    assert locale_name("de_DE") == "Deutsch (Deutschland)"
    assert locale_name("") == ""


def test_rows_are_written_so(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["E-Mail", "Born", "Fee"],
        ["ada@example.org", date(2001, 1, 2), 36.5],
    ]
    sheet = write_xlsx(tmp_path / "members.xlsx", rows)
    found = describe(sheet, SheetChoice(writing=Writing("dd.mm.yyyy", ",")))
    (chunk,) = read_rows(found, found.mapping)
    assert chunk.rows[0]["item"]["fields"] == {"Born": "02.01.2001", "Fee": "36,5"}
