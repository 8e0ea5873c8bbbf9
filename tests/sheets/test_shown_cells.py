"""Cells are written as their sheet shows them, and compared by their plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.contract.batches import NewRow
from desktop.contract.rules.corrections import with_values
from desktop.sheets.calls import write_report
from desktop.sheets.description import REPORT_HEADINGS, Column, Note, SheetChoice, Writing
from tests.sheets.files import described, rezipped, rows_of, workbook, write_ods

CORPUS = Path(__file__).parent / "corpus"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ENGLISH = Writing("mm/dd/yyyy", ".", ",")
GERMAN = Writing("dd.mm.yyyy", ",", ".")
CELLS: dict[str, tuple[Any, str, str, str]] = {
    "Fee": (1234.5, '#,##0.00 "€"', "1,234.50 €", "1234.5"),
    "Share": (0.5, "0%", "50%", "0.5"),
    "Postcode": (1067, "00000", "01067", "1067"),
    "Month": (date(2026, 3, 1), "mmmm yyyy", "March 2026", "2026-03-01"),
    "Due": (date(2026, 3, 1), "m/d/yy", "3/1/26", "2026-03-01"),
    "Time": (0.4375, "h:mm", "10:30", "10:30"),
    "Long": (1234567890123450, "0", "1234567890123450", "1.23456789012345e+15"),
}


def members(path: Path) -> Path:
    """Write a workbook of one person, whose cells have formats."""
    with workbook(path) as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["No.", "E-Mail", "Send at", *CELLS, "Plain", "Hidden"])
        page.write(1, 0, 17, book.add_format({"num_format": "00000"}))
        page.write(1, 1, "ada@example.org")
        page.write(1, 2, date(2026, 12, 1), book.add_format({"num_format": "mmm yyyy"}))
        for at, (value, code, _, _) in enumerate(CELLS.values(), 3):
            page.write(1, at, value, book.add_format({"num_format": code}))
        page.write(1, len(CELLS) + 3, 12.5)
        page.write(1, len(CELLS) + 4, 0, book.add_format({"num_format": "0;-0;;@"}))
    return path


def columns_of(path: Path) -> tuple[Column, ...]:
    return described(path, SheetChoice(writing=ENGLISH)).columns


def read(path: Path, writing: Writing = ENGLISH) -> list[NewRow]:
    return rows_of(described(path, SheetChoice(writing=writing)))


def test_a_workbooks_cells_are_written_as_shown_and_kept_plainly_too(tmp_path: Path) -> None:
    path = members(tmp_path / "members.xlsx")
    (row,) = read(path)
    shown = {name: text for name, (_, _, text, _) in CELLS.items()}
    plain = {f"fields.{name}": text for name, (_, _, _, text) in CELLS.items()}
    assert row["item"]["fields"] == {**shown, "Plain": "12.5"}
    assert row["plain"] == {**plain, "fields.Hidden": "0", "fields.Plain": "12.5"}
    assert row["item"]["item_id"] == 17
    assert row["item"]["run_at"].startswith("2026-12-01")
    samples = {each.header: each.samples for each in columns_of(path)}
    assert samples["No."] == ("00017",)
    assert samples["Fee"] == ("1,234.50 €",)


def test_a_column_can_have_its_plain_values(tmp_path: Path) -> None:
    path = members(tmp_path / "members.xlsx")
    found = described(path, SheetChoice(writing=ENGLISH))
    (plain,), (shown,) = rows_of(found, plain=["Fee", "Long"]), read(path)
    assert plain["item"]["fields"]["Fee"] == "1234.5"
    assert plain["item"]["fields"]["Long"] == "1234567890123450"
    assert plain["item"]["fields"]["Share"] == "50%"
    assert with_values(plain["item"], plain["plain"]) == with_values(shown["item"], shown["plain"])
    columns = {each.header: (each.shown, each.plain) for each in found.columns}
    assert columns["Fee"] == ("1,234.50 €", "1234.5")
    assert columns["Plain"] == (None, None)
    assert columns["Hidden"] == ("", "0")


@pytest.mark.usefixtures("forked_readers")
def test_a_report_shows_the_cells_as_its_spreadsheet_does(tmp_path: Path) -> None:
    path = members(tmp_path / "members.xlsx")
    found, out = described(path), tmp_path / "report.xlsx"
    write_report(
        path, out, found.mapping, REPORT_HEADINGS, [[(2, ["sent", "", "", "", ""])]], reading=None
    )
    (row,), (written,) = read(path), read(out)
    written["item"]["fields"].pop("Sendoff status", None)
    assert written == row


def test_signs_are_those_of_the_system(tmp_path: Path) -> None:
    (row,) = read(members(tmp_path / "members.xlsx"), GERMAN)
    assert row["item"]["fields"]["Fee"] == "1.234,50 €"
    assert row["item"]["fields"]["Plain"] == "12,5"


def test_a_rare_format_is_written_plainly_and_noted(tmp_path: Path) -> None:
    with workbook(tmp_path / "rare.xlsx") as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["E-Mail", "Part"])
        page.write_row(1, 0, ["ada@example.org"])
        page.write(1, 1, 0.5, book.add_format({"num_format": "[$-2000401]0.0"}))
    path = tmp_path / "rare.xlsx"
    assert Note.PLAIN_VALUES in described(path).notes
    (row,) = read(path)
    assert row["item"]["fields"] == {"Part": "0.5"}
    assert Note.PLAIN_VALUES not in described(members(tmp_path / "members.xlsx")).notes


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda sheet: re.sub(rb' r="[A-Z]*\d+"', b"", sheet),
        lambda sheet: re.sub(rb"<(/?)(row|c|v)\b", rb"<\1x:\2", sheet).replace(
            b"<worksheet ", b'<worksheet xmlns:x="' + MAIN + b'" '
        ),
        lambda sheet: re.sub(rb'(<c r="\w+") (s="\d+")>', rb"\1 t='n' \2 ><f>1</f>", sheet),
        lambda sheet: re.sub(
            rb'(<c r="[G]\d+" s="\d+")><v>46082<', rb'\1 t="d"><v>2026-03-01T00:00:00<', sheet
        ),
        lambda sheet: sheet.replace(b'<row r="2"', b'<row r="2"/><row r="2"').replace(
            b"<c ", b'<!-- <c r="D2" s="1"><v>9</v></c> --><c '
        ),
    ],
    ids=[
        "no references",
        "prefix",
        "formulas",
        "dates as text",
        "comments and empty rows",
    ],
)
def test_cells_are_found_however_a_program_wrote_them(
    rewritten: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = members(tmp_path / "members.xlsx")
    other = rezipped(
        path,
        tmp_path / "other.xlsx",
        lambda name, part: rewritten(part) if "sheet1" in name else part,
    )
    assert read(other) == read(path)


def test_a_date_with_a_zone_is_shown_by_its_format(tmp_path: Path) -> None:
    number = re.compile(rb'(<c r="G\d+" s="\d+")><v>46082<')
    path = members(tmp_path / "members.xlsx")
    other = rezipped(
        path,
        tmp_path / "other.xlsx",
        lambda _, part: number.sub(rb'\1 t="d"><v>2026-03-01T08:00:00.000Z<', part),
    )
    fields = [row["item"]["fields"]["Month"] for row in (*read(path), *read(other))]
    assert fields[0] == "March 2026"
    assert len({*fields}) == 1


def test_an_old_workbooks_cells_are_written_plainly_and_noted() -> None:
    (row,) = read(CORPUS / "formats.xls")
    fields = row["item"]["fields"]
    assert [fields[name] for name in ("Fee", "Share", "Postcode")] == ["1234.5", "0.5", "1067"]
    assert described(CORPUS / "formats.xls").notes == {Note.PLAIN_VALUES: 1}


@pytest.mark.parametrize("code", [None, "0", "#,##0", "0.00"])
def test_a_whole_number_of_sixteen_digits_is_not_rounded(code: str | None, tmp_path: Path) -> None:
    numbers = [10**15, 4111111111111111, 9007199254740992, -1234567890123456]
    with workbook(tmp_path / "a.xlsx") as book:
        page, look = book.add_worksheet(), code and book.add_format({"num_format": code})
        page.write_row(0, 0, ["E-Mail", *"ABCD"])
        page.write(1, 0, "ada@example.org")
        for at, number in enumerate(numbers, 1):
            page.write(1, at, number, look)
    (row,) = read(tmp_path / "a.xlsx")
    assert [*row["item"]["fields"].values()] == [
        {"#,##0": f"{number:,}", "0.00": f"{number}.00"}.get(code or "", str(number))
        for number in numbers
    ]


TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
FEE = (
    '<table:table-cell office:value-type="currency" office:value="12.5" {}>'
    "<office:annotation><text:p>secret</text:p></office:annotation>"
    "<text:p>12,50<text:s/>€</text:p></table:table-cell>"
)


def table(name: str, *rows: tuple[str, str]) -> str:
    lines = "".join(f"<table:table-row {given}>{cells}</table:table-row>" for given, cells in rows)
    return f'<table:table table:name="{name}">{lines}</table:table>'


def test_the_texts_of_an_ods_are_those_that_its_program_showed(tmp_path: Path) -> None:
    head = "".join(map(TEXT.format, ("E-Mail", "Fee", "Tip")))
    mail, twice = TEXT.format("ada@example.org"), FEE.format('table:number-columns-repeated="2"')
    rows = ("", head), ("", mail + FEE.format("")), ('table:number-rows-repeated="2"', mail + twice)
    tables = table("Other", ("", FEE.format(""))) + table("Members", *rows)
    path = write_ods(tmp_path / "members.ods", tables)
    both = {"Fee": "12,50 €", "Tip": "12,50 €"}
    assert [row["item"]["fields"] for row in read(path)] == [{"Fee": "12,50 €"}, both, both]
    assert read(path)[0]["plain"] == {"fields.Fee": "12.5"}


@pytest.mark.parametrize("doctype", ["", '<!DOCTYPE x [<!ENTITY a "aaaa">]>'])
def test_a_sheet_with_entities_is_read_without_its_formats(doctype: str, tmp_path: Path) -> None:
    other = rezipped(
        members(tmp_path / "members.xlsx"),
        tmp_path / "other.xlsx",
        lambda _, part: part.replace(b"<worksheet ", doctype.encode() + b"<worksheet ", 1),
    )
    (row,) = read(other)
    assert row["item"]["fields"]["Share"] == ("0.5" if doctype else "50%")
    assert (Note.PLAIN_VALUES in described(other).notes) == bool(doctype)
