"""Reads the rows of a described file as items, in pieces that can be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import RowProblem
from desktop.sheets.description import SheetChoice
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.columns.items import RowMapper
from desktop.sheets.reader.files.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desktop.contract.batch_rows import NewRow
    from desktop.sheets.description import Description
    from desktop.sheets.reader.files.cells import Wording
    from desktop.sheets.reader.files.source import SourceFile

ROWS: Final = 1_000
"""The limit of rows in a piece."""
BYTES: Final = 4 << 20
"""The limit of bytes in a piece."""


class Piece:
    """The rows of one request."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.size = 0

    def takes(self, row: bytes) -> bool:
        """Tell whether there is room for a row."""
        return len(self.rows) < ROWS and self.size + len(row) <= BYTES

    def add(self, row: bytes) -> None:
        """Add a row."""
        self.rows.append(row)
        self.size += len(row) + 1

    def body(self) -> bytes:
        """Return the JSON of ``POST /batches/{batch_id}/rows``."""
        return b'{"rows":[' + b",".join(self.rows) + b"]}"


def pieces(
    source: SourceFile, described: Description, mapping: Mapping[str, str | None], wording: Wording
) -> Iterator[tuple[dict[str, float], bytes]]:
    """Yield the progress (as ``Chunk`` has it) and the body of each piece.

    Raises:
        SheetError: ``CHANGED`` also after the last row.
    """
    if source.stamp != described.stamp:
        raise SheetError(SheetFault.CHANGED)
    choice = SheetChoice(sheet=described.sheet, encoding=described.encoding)
    table = table_of(source, described.kind, choice)
    mapper = RowMapper([column.header for column in described.columns], mapping, wording)
    piece, read = Piece(), 0
    for row, cells in table.rows():
        if row <= described.header or (made := mapper.item_of(row, cells)) is None:
            continue
        line = _line(made)
        if not piece.takes(line):
            yield {"count": len(piece.rows), "read": read, "share": table.share()}, piece.body()
            piece = Piece()
        piece.add(line)
        read += 1
    if piece.rows:
        yield {"count": len(piece.rows), "read": read, "share": 1.0}, piece.body()
    source.check_unchanged()


def _line(row: NewRow) -> bytes:
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    if len(line) <= BYTES:
        return line
    text = f"{len(line)} bytes"
    return json.dumps(
        {
            "row": row["row"],
            "item": {},
            "problem": {"problem": RowProblem.UNREADABLE.value, "path": "", "text": text},
        }
    ).encode()
