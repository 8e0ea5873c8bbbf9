"""Spreadsheets made for a test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import xlsxwriter

from desktop.sheets import Description, SheetChoice
from desktop.sheets.reader import describing
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.source import kind_of, opened
from desktop.sheets.reader.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HEADER = ["Number", "Name", "E-mail", "Title"]
ROWS = [
    HEADER,
    ["17", "Ada Lovelace", "ada@example.org", "Concert"],
    ["18", "Bo Müller", "bo@example.org", "Concert"],
]


def write_csv(path: Path, rows: Sequence[Sequence[str]] = ROWS, encoding: str = "utf-8") -> Path:
    """Write cells that need no quotes, separated by semicolons."""
    text = "".join(";".join(cells) + "\r\n" for cells in rows)
    path.write_bytes(text.encode(encoding))
    return path


@contextmanager
def workbook(path: Path, **options: Any) -> Iterator[xlsxwriter.Workbook]:
    """Make an .xlsx file."""
    with xlsxwriter.Workbook(str(path), options) as book:
        yield book


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]] = ROWS, sheet: str = "Members") -> Path:
    """Write a workbook of one sheet; numbers are numbers, dates have the short date's format."""
    with workbook(path, default_date_format=14) as book:
        page = book.add_worksheet(sheet)
        for at, cells in enumerate(rows):
            page.write_row(at, 0, cells)
    return path


def described(path: Path, choice: SheetChoice | None = None) -> Description:
    """Describe a file in this process."""
    with opened(path) as source:
        return describing.describe(source, choice or SheetChoice())


def texts(path: Path, sheet: str | None = None) -> list[list[str]]:
    """Read all cells of a file as text, in this process."""
    with opened(path) as source:
        table = table_of(source, kind_of(source), SheetChoice(sheet=sheet))
        return [[Wording().text(cell) for cell in cells] for _, cells in table.rows()]
