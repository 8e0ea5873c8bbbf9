"""Tables out: any number of rows as a workbook or as separated values."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop.sheets.child import ReaderChild
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.frames import FrameKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from desktop.sheets.child import Stop

Kind = Literal["text", "number", "moment"]
"""What a column holds; a moment is given in RFC 3339 and written in local time."""


def write_table(
    out: Path,
    columns: Sequence[tuple[str, Kind]],
    pages: Iterable[Sequence[Sequence[Any]]],
    *,
    delimiter: str = ",",
    stop: Stop | None = None,
) -> int:
    """Write a table with a line of headings; returns how many rows it has.

    ``pages`` are rows, a cell per column, ``None`` for an empty one. ``out`` is replaced once all
    are written: a workbook, or text with ``delimiter`` where it ends in ``.csv``.

    Raises:
        SheetError: ``NOT_WRITABLE``, or ``CANCELLED`` after ``Stop.now``.
    """
    request = {
        "verb": "table",
        "name": out.name,
        "columns": [list(column) for column in columns],
        "delimiter": delimiter,
    }
    with made_beside(out) as folder:
        return fill(request | {"folder": str(folder)}, pages, stop)


@contextmanager
def made_beside(out: Path) -> Iterator[Path]:
    """Give a folder beside ``out``; the one file that is made there takes its place at the end.

    Raises:
        SheetError: ``NOT_WRITABLE``.
    """
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=".sendoff-report-", dir=out.absolute().parent))
        yield folder
        (made,) = folder.iterdir()
        made.replace(out)
    except OSError as error:
        raise SheetError(SheetFault.NOT_WRITABLE, text=error.strerror or str(error)) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def fill(request: dict[str, Any], pages: Iterable[Sequence[Any]], stop: Stop | None) -> int:
    """Have a child write what ``pages`` give, one whenever it asks; returns how many rows."""
    left = iter(pages)
    written = 0
    with ReaderChild(request, stop) as child:
        for kind, body in child.frames():
            if kind is FrameKind.MORE:
                child.tell(FrameKind.PAGE, next((page for page in left if page), []))
            elif kind is FrameKind.DONE:
                written = int(body)
    return written
