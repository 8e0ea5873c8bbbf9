"""What a sheet hides is found, however a program wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.sheets.description import Note, SheetChoice
from tests.sheets.files import described, rezipped, rows_of, workbook, write_ods

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def members(path: Path) -> Path:
    """Write a workbook that hides all that a workbook can hide."""
    with workbook(path) as book:
        page = book.add_worksheet("Members")
        page.write_row(0, 0, ["E-Mail", "Name", "Seat", "IBAN", "Fee", "Total"])
        for at in range(1, 6):
            page.write_row(at, 0, [f"p{at}@example.org", f"Person {at}", "A", "DE00", 12])
            page.write_formula(at, 5, "=E2*2", None, 24)
        page.write_formula(2, 2, "=NA()", None, "#N/A")
        page.write_formula(3, 5, "=1/0", None, "#DIV/0!")
        page.write_formula(4, 5, "=E5*2", None, "")
        page.write_formula(5, 5, '=""&""', None, "")
        page.set_row(1, None, None, {"hidden": True})
        page.set_row(4, None, None, {"hidden": True})
        page.set_row(90, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})
        page.set_column(9, 9, None, None, {"hidden": True})
        page.merge_range(4, 1, 5, 1, "Family")
        book.add_worksheet("Cancelled")
        book.add_worksheet("Old").hide()
        book.add_worksheet("Older").very_hidden()
    return path


NOTES = {
    Note.HIDDEN_ROWS: 2,
    Note.HIDDEN_COLUMNS: 1,
    Note.MERGED_CELLS: 1,
    Note.UNSAVED_FORMULAS: 1,
    Note.ERROR_CELLS: 2,
    Note.OTHER_SHEETS: 1,
    Note.HIDDEN_SHEETS: 2,
}


def saved_as_text(sheet: bytes) -> bytes:
    """Save the empty text of the formula in F6 as Excel does."""
    return sheet.replace(b'<c r="F6">', b'<c r="F6" t="str">')


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda sheet: sheet,
        lambda sheet: re.sub(rb"<(/?)(\w+)", rb"<\1x:\2", sheet).replace(
            b' xmlns="' + MAIN, b' xmlns:x="' + MAIN
        ),
        lambda sheet: re.sub(rb' r="[A-Z]+\d+"', b"", sheet),
        lambda sheet: sheet.replace(b'"', b"'"),
        lambda sheet: re.sub(rb'hidden="1"', b'hidden="true"', sheet),
    ],
    ids=["as Excel", "with a prefix", "without references", "other quotes", "in words"],
)
def test_what_a_workbook_hides_is_noted_with_its_count(
    rewritten: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = rezipped(
        members(tmp_path / "a.xlsx"),
        tmp_path / "members.xlsx",
        lambda name, part: rewritten(saved_as_text(part)) if name.endswith("sheet1.xml") else part,
    )
    found = described(path)
    assert found.notes == NOTES
    assert found.hidden_rows == (2, 5)
    assert list(found.notes) == list(NOTES)
    assert found.mapping["IBAN"] is None
    fields = [row["item"]["fields"] for row in rows_of(found)]
    assert [each["Seat"] for each in fields] == ["A", "#N/A", "A", "A", "A"]
    assert [each.get("Total") for each in fields] == ["24", "24", "#DIV/0!", None, None]


@pytest.mark.parametrize("each_address", [False, True])
def test_hidden_rows_are_left_out_if_that_is_chosen(each_address: bool, tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    with workbook(path) as book:
        page = book.add_worksheet()
        for at, cells in enumerate(
            (["E-Mail", "Seat"], ["a@x.org", "A"], ["b@x.org, c@x.org", "B"], ["d@x.org", "D"])
        ):
            page.write_row(at, 0, cells)
        page.set_row(2, None, None, {"hidden": True})
    found = described(path, SheetChoice(visible_only=True, each_address=each_address))
    assert [row["row"] for row in rows_of(found)] == [2, 4]
    assert (found.rows_with(found.mapping), found.notes) == (2, {Note.HIDDEN_ROWS: 1})
    assert found.reading(found.mapping)["visible_only"]


def test_a_sheet_that_is_hidden_itself_is_noted(tmp_path: Path) -> None:
    with workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Cover").write(0, 0, "Members")
        page = book.add_worksheet("Members")
        page.write_column(0, 0, ["E-Mail", "ada@example.org"])
        page.hide()
    found = described(tmp_path / "a.xlsx")
    assert found.sheet == "Members"
    assert found.notes == {Note.HIDDEN_SHEET: 1, Note.OTHER_SHEETS: 1}


ODS = """
<table:table table:name="Notes"><table:table-row table:visibility="collapse"/></table:table>
<table:table table:name="Members">
<table:table-column table:number-columns-repeated="2"/>
<table:table-column table:visibility="collapse"/><table:table-column/>
<table:table-row>CELL(E-Mail)CELL(Name)CELL(IBAN)CELL(Seat)</table:table-row>
<table:table-row table:visibility="filter" table:number-rows-repeated="2">
CELL(a@example.org)CELL(Ada)CELL(DE00)CELL(A)</table:table-row>
<table:table-row>CELL(b@example.org)
<table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>Bo</text:p>
</table:table-cell>CELL(DE00)
<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""
 calcext:value-type="error"><text:p>#NV</text:p></table:table-cell></table:table-row>
<table:table-row>CELL(c@example.org)<table:covered-table-cell/>CELL(DE00)
<table:table-cell table:formula="of:=[.A1]"/></table:table-row>
<table:table-row table:visibility="collapse" table:number-rows-repeated="1048571">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>"""


def test_what_an_ods_hides_is_noted_with_its_count(tmp_path: Path) -> None:
    cell = r'<table:table-cell office:value-type="string"><text:p>\1</text:p></table:table-cell>'
    path = write_ods(
        tmp_path / "members.ods", re.sub(r"CELL\((.*?)\)", cell, ODS.replace("\n", ""))
    )
    found = described(path)
    assert found.notes == {
        Note.HIDDEN_ROWS: 2,
        Note.HIDDEN_COLUMNS: 1,
        Note.MERGED_CELLS: 1,
        Note.UNSAVED_FORMULAS: 1,
        Note.ERROR_CELLS: 1,
        Note.OTHER_SHEETS: 1,
    }
    assert [row["item"].get("fields") for row in rows_of(found)] == [
        {"Seat": "A"}, {"Seat": "A"}, {"Seat": "#NV"}, None
    ]  # fmt: skip


def test_rows_with_nothing_but_errors_were_only_prepared(tmp_path: Path) -> None:
    """Formulas that look a person up are copied down beyond the last one."""
    path = tmp_path / "members.csv"
    path.write_text("Nr;E-Mail;Seat\n71;ada@example.org;A\n72;#NV;#NV\n;#NV;#NV\n;#NV;\n")
    found = described(path)
    assert (found.rows, [row["row"] for row in rows_of(found)]) == (2, [2, 3])
