"""Spreadsheets made for a test."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from desktop.contract.batches import NewRow
from desktop.sheets.description import Description, SheetChoice
from desktop.sheets.reader import describing
from desktop.sheets.reader.files.cells import Wording
from desktop.sheets.reader.files.source import kind_of, opened
from desktop.sheets.reader.rows import pieces
from desktop.sheets.reader.tables import table_of

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


def rezipped(path: Path, to: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a zipped workbook again with its parts, by name, changed."""
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            copy.writestr(name, change(name, parts.read(name)))
    return to


_SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def write_ods(path: Path, tables: str) -> Path:
    """Write an .ods with these tables, given as XML."""
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr(
            "content.xml",
            f'<office:document-content{_SPACES} xmlns:calcext="{_CALC}" office:version="1.2">'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def described(path: Path, choice: SheetChoice | None = None) -> Description:
    """Describe a file in this process, with its hidden rows unless ``choice`` says."""
    with opened(path) as source:
        return describing.describe(source, choice or SheetChoice(visible_only=False))


def rows_of(
    found: Description,
    mapping: Mapping[str, str | None] | None = None,
    plain: Collection[str] = (),
) -> list[NewRow]:
    """Read the rows of a described file as items, in this process."""
    return [row for rows in rows_by_piece(found, mapping, plain) for row in rows]


def rows_by_piece(
    found: Description,
    mapping: Mapping[str, str | None] | None = None,
    plain: Collection[str] = (),
) -> Iterator[list[NewRow]]:
    """Read them piece by piece."""
    with opened(found.source) as source:
        for _, body in pieces(source, found, mapping or found.mapping, plain, found.kinds):
            yield json.loads(body)["rows"]


def texts(path: Path, sheet: str | None = None) -> list[list[str]]:
    """Read all cells of a file as text, in this process."""
    with opened(path) as source:
        table = table_of(source, kind_of(source), SheetChoice(sheet=sheet))
        return [[Wording().text(cell) for cell in cells] for _, cells in table.rows()]
