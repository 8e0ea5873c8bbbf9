"""Cells are written as their sheet shows them, and compared by their plain values."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from desktop.sheets import Note, Writing, describe, read_rows
from tests.sheets.files import workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.batch_rows import NewRow

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ENGLISH = Writing("%m/%d/%Y", ".", ",")
GERMAN = Writing("%d.%m.%Y", ",", ".")
CELLS: dict[str, tuple[Any, str, str, str]] = {
    "Fee": (1234.5, '#,##0.00 "€"', "1,234.50 €", "1234.5"),
    "Share": (0.5, "0%", "50%", "0.5"),
    "Postcode": (1067, "00000", "01067", "1067"),
    "Month": (date(2026, 3, 1), "mmmm yyyy", "March 2026", "03/01/2026"),
    "Due": (date(2026, 3, 1), "m/d/yy", "3/1/26", "03/01/2026"),
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


def read(path: Path, writing: Writing = ENGLISH) -> list[NewRow]:
    found = describe(path, writing=writing)
    chunks = read_rows(found, found.mapping, writing=writing)
    return [row for chunk in chunks for row in chunk.rows]


def test_a_workbooks_cells_are_written_as_shown_and_kept_plainly_too(tmp_path: Path) -> None:
    path = members(tmp_path / "members.xlsx")
    (row,) = read(path)
    shown = {name: text for name, (_, _, text, _) in CELLS.items()}
    plain = {f"fields.{name}": text for name, (_, _, shown, text) in CELLS.items() if text != shown}
    assert row["item"]["fields"] == {**shown, "Plain": "12.5"}
    assert row["plain"] == {**plain, "fields.Hidden": "0"}
    assert row["item"]["item_id"] == 17
    assert row["item"]["run_at"].startswith("2026-12-01")
    samples = {each.header: each.samples for each in describe(path, writing=ENGLISH).columns}
    assert samples["No."] == ("00017",)
    assert samples["Fee"] == ("1,234.50 €",)


def test_signs_are_those_of_the_system(tmp_path: Path) -> None:
    (row,) = read(members(tmp_path / "members.xlsx"), GERMAN)
    assert row["item"]["fields"]["Fee"] == "1.234,50 €"
    assert row["item"]["fields"]["Plain"] == "12,5"


def test_a_rare_format_is_written_plainly_and_noted(tmp_path: Path) -> None:
    with workbook(tmp_path / "rare.xlsx") as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["E-Mail", "Part"])
        page.write_row(1, 0, ["ada@example.org"])
        page.write(1, 1, 0.5, book.add_format({"num_format": "# ?/?"}))
    path = tmp_path / "rare.xlsx"
    assert Note.PLAIN_VALUES in describe(path).notes
    (row,) = read(path)
    assert row["item"]["fields"] == {"Part": "0.5"}
    assert Note.PLAIN_VALUES not in describe(members(tmp_path / "members.xlsx")).notes


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda sheet: re.sub(rb' r="[A-Z]*\d+"', b"", sheet),
        lambda sheet: re.sub(rb"<(/?)(row|c|v)\b", rb"<\1x:\2", sheet).replace(
            b"<worksheet ", b'<worksheet xmlns:x="' + MAIN + b'" '
        ),
        lambda sheet: re.sub(rb'(<c r="\w+") (s="\d+")>', rb"\1 t='n' \2 ><f>1</f>", sheet),
        lambda sheet: sheet.replace(b'<row r="2"', b'<row r="2"/><row r="2"').replace(
            b"<c ", b'<!-- <c r="D2" s="1"><v>9</v></c> --><c '
        ),
    ],
    ids=["no references", "prefix", "formulas", "comments and empty rows"],
)
def test_cells_are_found_however_a_program_wrote_them(
    rewritten: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path, other = members(tmp_path / "members.xlsx"), tmp_path / "other.xlsx"
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(other, "w") as copy:
        for name in parts.namelist():
            content = parts.read(name)
            copy.writestr(name, rewritten(content) if "sheet1" in name else content)
    assert read(other) == read(path)


SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
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
    path = tmp_path / "members.ods"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr(
            "content.xml",
            f'<office:document-content{SPACES} office:version="1.2"><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    both = {"Fee": "12,50 €", "Tip": "12,50 €"}
    assert [row["item"]["fields"] for row in read(path)] == [{"Fee": "12,50 €"}, both, both]
    assert read(path)[0]["plain"] == {"fields.Fee": "12.5"}


@pytest.mark.parametrize("doctype", ["", '<!DOCTYPE x [<!ENTITY a "aaaa">]>'])
def test_a_sheet_with_entities_is_read_without_its_formats(doctype: str, tmp_path: Path) -> None:
    path = members(tmp_path / "members.xlsx")
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(other, "w") as copy:
        for name in parts.namelist():
            content = parts.read(name)
            if "sheet1" in name:
                content = content.replace(b"<worksheet", doctype.encode() + b"<worksheet", 1)
            copy.writestr(name, content)
    (row,) = read(other)
    assert row["item"]["fields"]["Share"] == ("0.5" if doctype else "50%")
    assert (Note.PLAIN_VALUES in describe(other).notes) == bool(doctype)
