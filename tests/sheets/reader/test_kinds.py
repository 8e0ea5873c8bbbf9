"""What a column counts as is proposed by its cells, and by its texts in the way of the import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.sheets.description import SheetChoice, Writing
from tests.sheets.files import described, rows_of, workbook, write_csv

GERMAN = Writing("dd.mm.yyyy", ",", ".")
ENGLISH = Writing("m/d/yyyy", ".", ",")
SWISS = Writing("dd.mm.yyyy", ".", "’")


@pytest.mark.parametrize(
    ("writing", "cells", "kind"),
    [
        (GERMAN, ["12,50 €", "7,00 €"], "number #,##0.00 €"),
        (GERMAN, ["1.234,50", "7,00"], "number #,##0.00"),
        (GERMAN, ["1234,50", "7,00"], "number 0.00"),
        (GERMAN, ["12,5", "7"], "number"),
        (GERMAN, ["12 €", "7 €"], "number #,##0.# €"),
        (GERMAN, ["12,50 €", "$7,00"], "number 0.00"),
        (GERMAN, ["19 %", "7 %"], "number #,##0.# %"),
        (ENGLISH, ["$1,234.50", "-$7.00"], "number $#,##0.00"),
        (SWISS, ["CHF 1’234.50", "CHF 7.00"], "number CHF #,##0.00"),
        (GERMAN, ["12,50", "8,00", "offen"], "number 0.00"),  # most of them tell
        (GERMAN, ["12,50", "offen", "später"], "text"),
        (ENGLISH, ["1.234", "12,50", "7"], "text"),  # as another country writes them
        (GERMAN, ["12,50", "8,00", "3.5"], "number 0.00"),  # one is mistyped
        (GERMAN, ["12.50", "7.00"], "text"),
        (GERMAN, ["01067", "10115"], "text"),
        (GERMAN, ["0351 123456", "030 99"], "text"),
        (GERMAN, ["4111111111111111", "4222222222222222"], "text"),
        (GERMAN, ["4.91701E+11", "4.91702E+11"], "text"),
        (GERMAN, ["24.12.2031", "03.01.2032"], "date"),
        (ENGLISH, ["12/24/2031", "1/3/2032 9:30"], "date"),
        (GERMAN, ["2031-12-24", "2032-01-03"], "date"),
        (ENGLISH, ["03/04/2031", "25/04/2031"], "date"),
        (GERMAN, ["24. Dezember 2031", "3. Jan. 2032"], "date"),
        (GERMAN, ["20311224", "20320103"], "number"),
        (GERMAN, ["Ja", "nein"], "yes_no"),
        (GERMAN, ["WAHR", "FALSCH"], "yes_no"),
        (GERMAN, ["FALSCH", "FALSCH"], "yes_no"),  # an empty check box is nothing else
        (GERMAN, ["ja", "ja"], "text"),
        (GERMAN, ["nein", "nein"], "text"),
        (GERMAN, ["x", ""], "text"),
        (GERMAN, ["ja", "nein", "vielleicht"], "text"),
        (GERMAN, ["ja", "no"], "text"),
        (GERMAN, ["0", "1"], "number"),
        (GERMAN, ["O", "N"], "text"),
        (GERMAN, ["Frau", "Herr", "Divers", ""], "text de"),
        (GERMAN, ["Mr", "Mrs", "Ms"], "text en"),
        (replace(GERMAN, locale="nl_NL"), ["m", "w", "w"], "text nl"),
        (GERMAN, ["m", "w"], "text en"),
        (GERMAN, ["M", "L", "S"], "text"),
        (GERMAN, ["Familie", "Einzel"], "text"),
        (GERMAN, ["Frau", "Kind", "Kind 2"], "text"),
        (GERMAN, [*["nein"] * 600, "ja"], "yes_no"),  # sorted by it
        (GERMAN, [*["Frau"] * 600, "Herr"], "text de"),
        (GERMAN, ["Frau", "Herr", *(f"Berg {at}" for at in range(40))], "text"),
    ],
)
def test_texts_count_as_what_they_are(
    writing: Writing, cells: list[str], kind: str, tmp_path: Path
) -> None:
    rows = [["E-Mail", "Feld"], *([f"a{at}@x.org", cell] for at, cell in enumerate(cells))]
    path = write_csv(tmp_path / "list.csv", rows)
    assert described(path, SheetChoice(writing=writing)).columns[1].kind == kind


@pytest.mark.parametrize(
    ("cells", "plain"),
    [
        (["03/04/2031", "25/04/2031"], ["2031-04-03", "2031-04-25"]),  # the column tells
        (["03/04/2031", "04/25/2031"], ["2031-03-04", "2031-04-25"]),
        (["03/04/2031", "05/04/2031"], ["2031-03-04", "2031-05-04"]),  # else the import
        (["24. Dezember 2031", "Jan 3, 2032 9 AM"], ["2031-12-24", "2032-01-03 09:00"]),
    ],
)
def test_texts_of_dates_have_their_value(
    cells: list[str], plain: list[str], tmp_path: Path
) -> None:
    rows = [["E-Mail", "Tag"], *([f"a{at}@x.org", cell] for at, cell in enumerate(cells))]
    found = described(write_csv(tmp_path / "list.csv", rows), SheetChoice(writing=ENGLISH))
    assert [row["plain"]["fields.Tag"] for row in rows_of(found)] == plain


@pytest.mark.parametrize(
    ("cells", "code", "kind", "plain"),
    [
        ([12.5, 1234.5], '#,##0.00 "€"', "number #,##0.00 €", "12.5"),
        ([12.5, 7], "General", "number", "12.5"),
        ([12.5], "General", "number", "12.5"),
        ([12, 7], '0 "kg"', "number #,##0.# kg", "12"),
        ([0.19, 0.07], "0 %", "number #,##0.# %", "0.19"),
        ([1067, 10115], "00000", "text", "1067"),
        ([True, False], "General", "yes_no", "TRUE"),
        ([False, False], "General", "yes_no", "FALSE"),
        ([date(2031, 12, 24), date(2032, 1, 3)], "mmmm yyyy", "date", "2031-12-24"),
        (["12,50 €", 7], '#,##0.00 "€"', "number #,##0.00 €", "12.5"),
    ],
)
@pytest.mark.parametrize("writing", [GERMAN, ENGLISH])
def test_typed_cells_count_as_what_they_are_and_keep_their_value_in_any_language(
    writing: Writing, cells: list[Any], code: str, kind: str, plain: str, tmp_path: Path
) -> None:
    with workbook(tmp_path / "list.xlsx") as book:
        page, form = book.add_worksheet(), book.add_format({"num_format": code})
        page.write_row(0, 0, ["E-Mail", "Feld"])
        for at, cell in enumerate(cells, 1):
            page.write_row(at, 0, [f"a{at}@x.org", None])
            page.write(at, 1, cell, form)
    found = described(tmp_path / "list.xlsx", SheetChoice(writing=writing))
    if isinstance(cells[0], str) and writing is ENGLISH:
        assert found.columns[1].kind == "text"  # 12,50 is no English number
        return
    assert found.columns[1].kind == kind
    row = rows_of(found)[0]
    assert row.get("plain", row["item"]["fields"]) in (
        {"fields.Feld": plain}, {"Feld": plain}
    )  # fmt: skip


def test_a_column_has_its_few_words_with_their_counts(tmp_path: Path) -> None:
    rows = [(f"a{at}@x.org", str(1 + (at >= 550)), f"Room {at}") for at in range(600)]
    rows += [("b@x.org", "Frau ", "Frau Dr."), ("c@x.org", "", "")]
    path = write_csv(tmp_path / "list.csv", [["E-Mail", "Anrede", "Raum"], *map(list, rows)])
    _, word, room = described(path).columns
    assert word.words == (("1", 550), ("2", 50), ("Frau", 1))
    assert room.words == ()
