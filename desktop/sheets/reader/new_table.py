"""A new table: its columns say what they hold, its rows come page by page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.writers import CsvWriter, NewText, XlsxWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop.sheets.reader.files.cells import Cell
    from desktop.sheets.reader.writers import TableWriter


def write_new_table(wanted: dict[str, Any], folder: Path, rows: Iterator[Sequence[Any]]) -> int:
    """Write the table that ``write_table`` asks for; returns how many rows it has.

    Raises:
        SheetError: ``NOT_WRITABLE``.
    """
    kinds = [kind for _, kind in wanted["columns"]]
    written = 0
    try:
        with _writer(folder / wanted["name"], wanted["delimiter"]) as writer:
            writer.write([heading for heading, _ in wanted["columns"]])
            for row in rows:
                writer.write([_cell(*each) for each in zip(row, kinds, strict=True)])
                written += 1
    except OSError as error:
        raise SheetError(SheetFault.NOT_WRITABLE, text=error.strerror or str(error)) from error
    return written


def _writer(path: Path, delimiter: str) -> TableWriter:
    if path.suffix.lower() == ".csv":
        return CsvWriter(NewText(delimiter), path)
    return XlsxWriter(path, path.stem)


def _cell(value: Any, kind: str) -> Cell:
    if value is None:
        return ""
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone().replace(tzinfo=None, microsecond=0)
    return value if kind == "number" else str(value)
