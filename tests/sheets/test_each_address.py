"""Each address of a cell that has several can be a row of its own, which the report has too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.sheets import REPORT_HEADINGS, SheetChoice, describe, read_rows, write_report
from tests.sheets.files import described, texts, workbook, write_csv

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("forked_readers")
SPLIT = SheetChoice(each_address=True)
ROWS = [
    ["Child", "E-mail", "Fee"],
    ["Ida", "Ada <ada@x.org>, Bo <bo@x.org>, ada@x.org", "12,50"],
    ["Jo", "cy@x.org", "8"],
    ["", "", ""],
    ["Kim", "di@x.org / ed@x.org / fy@x.org", "9"],
]
COLUMNS = {"Child": "fields.Child", "E-mail": "email", "Fee": "fields.Fee"}
READ = [
    (2, "ada@x.org", "Ida"),
    (3, "cy@x.org", "Jo"),
    (5, "di@x.org", "Kim"),
    (6, "bo@x.org", "Ida"),
    (7, "ed@x.org", "Kim"),
    (8, "fy@x.org", "Kim"),
]


def read(path: Path, choice: SheetChoice | None = None) -> list[dict[str, Any]]:
    found = describe(path, choice)
    rows: list[Any] = [row for chunk in read_rows(found, COLUMNS) for row in chunk.rows]
    return [
        {"row": row["row"], **row["item"]["recipient"], **row["item"]["fields"]} for row in rows
    ]


def test_further_addresses_are_rows_after_the_last_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "children.csv", ROWS)
    rows = read(path, SPLIT)
    assert [(row["row"], row["email"], row["Child"]) for row in rows] == READ
    assert [row.get("name") for row in rows] == ["Ada", None, None, "Bo", None, None]
    assert [row["row"] for row in read(path)] == [2, 3, 5]  # no one chose it
    found = described(path)
    assert (found.rows, found.rows_with(COLUMNS), found.further(COLUMNS)) == (3, 3, 3)
    assert described(path, SPLIT).rows_with(COLUMNS) == 6


def test_each_row_of_a_cell_shows_what_the_sheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "children.xlsx"
    with workbook(path) as book:
        page, money = book.add_worksheet(), book.add_format({"num_format": "0.00"})
        for at, (child, emails, fee) in enumerate(ROWS):
            page.write_row(at, 0, [child, emails])
            page.write(at, 2, float(fee.replace(",", ".")) if at and fee else fee, money)
    rows = read(path, SPLIT)
    assert [(row["row"], row["email"], row["Child"]) for row in rows] == READ
    assert [row["Fee"] for row in rows] == ["12.50", "8.00", "9.00", "12.50", "9.00", "9.00"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_report_has_a_row_for_each_address(tmp_path: Path, suffix: str) -> None:
    source, out = tmp_path / f"children{suffix}", tmp_path / f"report{suffix}"
    if suffix == ".csv":
        write_csv(source, ROWS)
    else:
        with workbook(source) as book:
            for month, rows in (("January", ROWS[:3]), ("March", ROWS)):  # told apart by rows
                page = book.add_worksheet(month)
                for at, cells in enumerate(rows):
                    page.write_row(at, 0, cells)
    reading = describe(source, SPLIT).reading()
    given = [(row, ["sent", "", "", ""], email) for row, email, _ in READ]
    assert write_report(source, out, COLUMNS, REPORT_HEADINGS, [given], reading=reading) == 6
    written = texts(out)[1:]
    assert [each[1].rpartition("<")[2].rstrip(">") for each in written] == [
        *("ada@x.org", "cy@x.org", "", "di@x.org", "bo@x.org", "ed@x.org", "fy@x.org"),
    ]
    assert [each[3] for each in written if each[0]] == ["sent"] * 6
    assert {each[5] for each in written if each[0]} == {""}  # none went to another address
