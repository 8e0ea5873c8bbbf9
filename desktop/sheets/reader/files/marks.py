"""Finds marks in a workbook that its values do not show: hidden rows, filters, formulas."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import IO, TYPE_CHECKING, Final

from desktop.sheets.description import Kind, Note
from desktop.sheets.reader.files.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = 1 << 18
_LONGEST: Final = 1 << 10
"""Bytes that two blocks share; every mark is shorter, so none is missed between blocks."""
_XLSX: Final = {
    Note.HIDDEN_ROWS: re.compile(rb'<row\b[^>]{0,400}\bhidden="(?:1|true)"'),
    Note.FILTERED_ROWS: re.compile(rb"<filterColumn\b"),
    Note.FORMULAS: re.compile(rb"<f[ >/]"),
    Note.ERROR_CELLS: re.compile(rb'\bt="e"'),
    Note.MERGED_CELLS: re.compile(rb"<mergeCell\b"),
}
_ODS: Final = {
    Note.HIDDEN_ROWS: re.compile(rb'table:visibility="collapse"'),
    Note.FILTERED_ROWS: re.compile(rb'table:visibility="filter"'),
    Note.FORMULAS: re.compile(rb"table:formula="),
    Note.ERROR_CELLS: re.compile(rb'calcext:value-type="error"'),
    Note.MERGED_CELLS: re.compile(rb'table:number-(?:rows|columns)-spanned="(?!1")'),
}
_ODS_TABLE: Final = re.compile(rb'<table:table\b[^>]{0,900}?\btable:name="([^"]*)"')


def marks_of(file: IO[bytes], kind: Kind, sheet: str) -> set[Note]:
    """Find the marks of one sheet; none if it cannot be searched."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            if kind is Kind.ODS:
                with parts.open("content.xml") as content:
                    return _in_blocks(_of_table(content, sheet), _ODS)
            package = Package(parts)
            part = package.sheet(sheet)
            if part is None:
                return set()
            with package.open(part) as content:
                return _in_blocks(_blocks(content), _XLSX)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError, EOFError):
        return set()  # calamine is more tolerant and has read it


def _in_blocks(blocks: Iterator[bytes], marks: dict[Note, re.Pattern[bytes]]) -> set[Note]:
    found: set[Note] = set()
    for block in blocks:
        found |= {note for note in marks.keys() - found if marks[note].search(block)}
    return found


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    """Read a part in overlapping blocks."""
    kept = b""
    while block := content.read(_BLOCK):
        yield kept + block
        kept = block[-_LONGEST:]


def _of_table(content: IO[bytes], sheet: str) -> Iterator[bytes]:
    """Read the blocks of one table; all tables are in one part, one after the other."""
    is_ours = False
    for block in _blocks(content):
        at = 0
        for begin in _ODS_TABLE.finditer(block):
            if is_ours:
                yield block[at : begin.start()]
            is_ours = unescape(begin[1].decode(errors="replace")) == sheet
            at = begin.end()
        if is_ours:
            yield block[at:]
