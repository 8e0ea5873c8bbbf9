"""A table of any length becomes a workbook or separated values."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from desktop.sheets import writer as module
from desktop.sheets.calls import CellKind, write_table
from desktop.sheets.child import Stop
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.writer import XlsxWriter

pytestmark = pytest.mark.usefixtures("forked_readers")
COLUMNS: list[tuple[str, CellKind]] = [("Number", "number"), ("To", "text"), ("At", "moment")]
HALF_PAST_NINE = datetime.combine(date(2026, 3, 1), time(9, 30))
MOMENT = HALF_PAST_NINE.astimezone()
PAGES: list[list[list[object]]] = [
    [[1, "Ada", MOMENT.isoformat()]],
    [],
    [[2, "=1+1", None], [None, "+49 30 12", None]],
]


def test_a_workbook_has_numbers_times_and_no_formulas(tmp_path: Path) -> None:
    out = tmp_path / "tasks.xlsx"
    assert write_table(out, COLUMNS, PAGES, delimiter=",", stop=None) == 3
    book = CalamineWorkbook.from_path(out)
    assert book.sheet_names == ["tasks"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Number", "To", "At"],
        [1, "Ada", HALF_PAST_NINE],
        [2, "=1+1", ""],
        ["", "+49 30 12", ""],
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["tasks.xlsx"]


def test_text_is_what_excel_reads_and_no_formula(tmp_path: Path) -> None:
    out = tmp_path / "tasks.csv"
    out.write_text("an earlier one")
    write_table(out, COLUMNS, PAGES, delimiter=";", stop=None)
    assert out.read_bytes().decode("utf-8-sig") == (
        "Number;To;At\r\n1;Ada;2026-03-01 09:30:00\r\n2;'=1+1;\r\n;+49 30 12;\r\n"
    )
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_stopped_export_leaves_what_was_there(tmp_path: Path) -> None:
    out, stop = tmp_path / "tasks.xlsx", Stop()
    out.write_text("an earlier one")

    def pages() -> Iterator[list[list[Any]]]:
        yield [[1, "Ada", None]]
        stop.now()
        yield [[2, "Bo", None]]

    with pytest.raises(SheetError) as stopped:
        write_table(out, COLUMNS, pages(), stop=stop, delimiter=",")
    assert stopped.value.fault is SheetFault.CANCELLED
    assert out.read_text() == "an earlier one"
    assert [path.name for path in tmp_path.iterdir()] == ["tasks.xlsx"]


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as refused:
        write_table(tmp_path / "gone" / "tasks.csv", COLUMNS, PAGES, delimiter=",", stop=None)
    assert refused.value.fault is SheetFault.NOT_WRITABLE


def test_a_disk_that_is_full_when_the_workbook_is_closed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(book: Workbook) -> None:
        for sheet in book.worksheets():
            sheet._opt_close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "_store_workbook", full)
    wanted = {"name": "tasks.xlsx", "columns": COLUMNS, "delimiter": ","}
    with pytest.raises(SheetError) as refused:
        module.write_new_table(wanted, tmp_path, iter(PAGES[0]))
    assert refused.value.fault is SheetFault.NOT_WRITABLE
    assert refused.value.data == {"text": "No space left on device"}


def test_what_is_no_number_for_excel_is_an_error_in_its_cell(tmp_path: Path) -> None:
    with XlsxWriter(tmp_path / "a.xlsx", "a") as writer:
        writer.write([float("nan"), float("inf"), float("-inf"), 1.5])
    with ZipFile(tmp_path / "a.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall("<v>(.*?)</v>", sheet) == ["#NUM!", "#DIV/0!", "#DIV/0!", "1.5"]


def test_what_a_sheet_cannot_hold_goes_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROW_LIMIT", 3)
    with XlsxWriter(tmp_path / "long.xlsx", "long") as writer:
        for cells in (["Name"], ["Ada"], ["Bo"], ["Cy"]):
            writer.write(cells)
    book = CalamineWorkbook.from_path(tmp_path / "long.xlsx")
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert sheets == {"long": [["Name"], ["Ada"], ["Bo"]], "long 2": [["Name"], ["Cy"]]}
