"""The calls on spreadsheets: describe, read, write, report; each in a child process."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from desktop.contract.batches import RowCheck, RowOutcome, Target
from desktop.sheets.child import FrameKind, SheetChild
from desktop.sheets.description import (
    REPORT_HEADINGS,
    SUFFIXES,
    TEXT_SUFFIXES,
    Description,
    SheetChoice,
)
from desktop.sheets.faults import writing_a_file
from sendoff_tasks.folder.safe_files import temporary_beside
from sendoff_tasks.model.text import whole_characters
from sendoff_tasks.model.times import local_stamp
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from desktop.contract.batches import Batch, BatchRow, NewRow, SheetReading
    from desktop.sheets.child import Stop


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 1,000 rows, ready to be sent.

    ``body`` is the JSON of ``POST /batches/{batch_id}/rows``, at most 4 MiB, with ``count`` rows.
    ``read`` rows were read so far, which is ``share`` (0 to 1) of the file's.
    """

    body: bytes
    count: int
    read: int
    share: float

    @property
    def rows(self) -> list[NewRow]:
        """The parsed rows."""
        return cast("list[NewRow]", json.loads(self.body)["rows"])


def describe(
    path: Path,
    choice: SheetChoice | None = None,
    stop: Stop | None = None,
    columns: Collection[str] = (),
    copy_in: Path | None = None,
) -> Description:
    """Describe a file; blocks while a child process reads it.

    - ``columns``: those of a batch made from this file; its sheet and header are found, and its
      encoding if the chosen one does not fit
    - ``copy_in``: a folder into which the file is copied first. The copy is described and read, so
      all rows are from one version of the file.

    Raises:
        SheetError: the fault of the file; ``CHANGED`` if it changed while it was copied.
    """
    request = {
        "verb": "describe",
        "path": str(path.absolute()),
        "choice": asdict(choice or SheetChoice()),
        "columns": list(columns),
        "copy_in": str(copy_in.absolute()) if copy_in else None,
    }
    with SheetChild(request, stop) as child:
        return Description.from_dict(child.result())


def read_rows(
    description: Description,
    mapping: Mapping[str, str | None],
    plain: Collection[str] = (),
    stop: Stop | None = None,
    kinds: Mapping[str, str] | None = None,
) -> Iterator[Chunk]:
    """Read the rows below the header as items, without blank rows.

    ``mapping`` has the target of each header (``is_target``), or null. The columns ``plain`` have
    plain values, not as the sheet shows them; all count as their ``kinds``, else as described. The
    child process waits while the caller works on a
    chunk, and ends when the iterator is closed.

    Raises:
        SheetError: ``CHANGED`` may be raised after the last row.
    """
    request = {
        "verb": "rows",
        "path": str(description.source),
        "description": description.as_dict(),
        "mapping": dict(mapping),
        "plain": [*plain],
        "kinds": dict(description.kinds if kinds is None else kinds),
    }
    with SheetChild(request, stop) as child:
        ahead = {}
        for kind, body in child.frames():
            if kind is FrameKind.AHEAD:
                ahead = json.loads(body)
            elif kind is FrameKind.ROWS:
                yield Chunk(body=body, **ahead)


class ListFile(NamedTuple):
    """The entries that a file has for a list, and the texts that may be some."""

    entries: list[str]
    others: list[str]


def list_entries(path: Path, stop: Stop | None = None) -> ListFile:
    """Return the addresses of a file, and its domains after an @; blocks as :func:`describe`.

    They are those of all its cells, on each sheet, hidden ones too. Raises ``SheetError``.
    """
    with SheetChild({"verb": "addresses", "path": str(path.absolute())}, stop) as child:
        return ListFile(*child.result())


def save_pasted(text: str, folder: Path) -> Path:
    """Write pasted cells to a file of tab-separated values, which is read like any other.

    Raises:
        OSError: if it cannot be written.
    """
    own = Path(tempfile.mkdtemp(dir=folder))
    file = own / f"pasted {time.strftime('%H.%M')}.tsv"
    file.write_text(whole_characters(text), encoding="utf-8", newline="")
    return file


CellKind = Literal["text", "number", "moment"]
"""The kind of a column; a moment is passed in RFC 3339 and written in local time."""


def write_table(
    out: Path,
    columns: Sequence[tuple[str, CellKind]],
    pages: Iterable[Sequence[Sequence[Any]]],
    *,
    delimiter: str,
    stop: Stop | None,
) -> int:
    """Write a table with a line of headings; returns its row count.

    ``pages`` are lists of rows, with a cell for each column, ``None`` for an empty one. ``out`` is
    replaced once all rows are written. It is text with ``delimiter`` if it ends with ``.csv``, else
    a workbook.

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
    """Give a folder beside ``out``; the one file created there replaces ``out`` at the end.

    Raises:
        SheetError: ``NOT_WRITABLE``.
    """
    with writing_a_file(), temporary_beside(out.absolute().with_name("sendoff-report")) as folder:
        folder.mkdir(mode=0o700)
        yield folder
        (made,) = folder.iterdir()
        made.replace(out)


def fill(request: dict[str, Any], pages: Iterable[Sequence[Any]], stop: Stop | None) -> int:
    """Have a child write ``pages``, which it asks for one by one; returns the row count."""
    left = iter(pages)
    written = 0
    with SheetChild(request, stop) as child:
        for kind, body in child.frames():
            if kind is FrameKind.MORE:
                child.tell(FrameKind.PAGE, next((page for page in left if page), []))
            elif kind is FrameKind.DONE:
                written = int(body)
    return written


def report_suffix(source: Path) -> str:
    """Return the suffix of the report on a spreadsheet: its own for text, else ``.xlsx``."""
    suffix = source.suffix.lower()
    return suffix if suffix in TEXT_SUFFIXES else ".xlsx"


def with_suffix(path: str, suffix: str) -> Path:
    """Return the path of a report: the suffix of another kind of table is replaced.

    A path that is not the given one never names an existing file.
    """
    chosen = Path(path)
    if chosen.suffix.lower() == suffix:
        return chosen
    stem = chosen.stem if chosen.suffix.lower() in SUFFIXES else chosen.name
    names = chain([f"{stem}{suffix}"], (f"{stem} ({n}){suffix}" for n in count(2)))
    return next(each for name in names if not (each := chosen.with_name(name)).exists())


Copies = tuple[str, str]
"""Who gets each message of a template: a line of copies, and one of blind ones."""
NO_COPIES: Final[Copies] = ("", "")


def _to(row: BatchRow, copies: Copies) -> str:
    """Return who got a row's message, with those who got a copy: the template's, then its own."""
    if not row["to"]:
        return ""
    item = row["item"]
    shared = NO_COPIES if "template" in item else copies
    lines = (shared[0], item.get("cc")), (shared[1], item.get("bcc"))
    cc, bcc = (", ".join(filter(None, each)) for each in lines)
    said = (row["to"], cc and f"Cc: {cc}", bcc and f"Bcc: {bcc}")
    return "; ".join(filter(None, said))


def report_cells(row: BatchRow, copies: Copies = NO_COPIES) -> tuple[int, list[str]]:
    """Return a row's number, and its five added cells in English.

    A row that was left out, or that waits until a person settles its earlier, uncertain message,
    has its check as status and the check's sentence as answer.
    """
    outcome, check = row["outcome"], row["check"]
    is_unsettled = "unsettled" in row["data"]
    is_left = outcome in {None, RowOutcome.LEFT_OUT} or is_unsettled
    status: str | None = check if is_left and check is not None else outcome
    later = row["data"].get("batch_id")
    is_twice = check == RowCheck.TWICE and outcome in {RowOutcome.LEFT_OUT, RowOutcome.CANCELLED}
    if is_unsettled:
        status = "unsettled"
    elif is_twice and later is not None:
        status = "in_batch"
    elif row["bounced"] is not None:
        status = "bounced"
    answer = row["message"] if is_left else row["bounced"] or row["answer"]
    if not (is_left or row["item"]):
        answer = ENGLISH.say("report", "forgotten")
    sent_at = row["sent_at"]
    cells = [
        ENGLISH.say("report", status, batch=later) if status else "",
        "" if sent_at is None else local_stamp(sent_at),
        "" if is_left else _to(row, copies),
        answer or "",
        row["message_id"] or "",
    ]
    return row["row"], cells


def write_batch_report(
    batch: Batch, source: Path, out: Path, pages: Iterable[Iterable[BatchRow]]
) -> int:
    """Write a copy of a batch's spreadsheet with the result of each row; returns its row count.

    ``pages`` are the batch's rows. Of a batch that continues another, only its own rows are
    written. Raises as :func:`write_report`.
    """
    return write_report(
        source,
        out,
        batch["columns"],
        REPORT_HEADINGS,
        ([report_cells(row, (batch["cc"], batch["bcc"])) for row in page] for page in pages),
        reading=batch["reading"],
        only_given=batch["continues"] is not None,
    )


def write_report(
    source: Path,
    out: Path,
    columns: Mapping[str, str | None],
    headings: Sequence[str],
    cells: Iterable[Sequence[tuple[int, Sequence[str]]]],
    *,
    reading: SheetReading | None,
    only_given: bool = False,
    name: str = "",
    forgets: Sequence[str] | None = None,
) -> int:
    """Write a copy of a spreadsheet with added columns; returns its row count.

    - ``out``: replaced once the report is complete; has the suffix of ``report_suffix``
    - ``columns``: those of the batch, by whose headers the table is found
    - ``reading``: how the batch read the spreadsheet
    - ``headings``: the headings of the added columns
    - ``cells``: pages of rows, ascending, each with a text for each heading
    - ``only_given``: leave all other rows below the header empty (hidden in a workbook), so each
      row keeps its number
    - ``name``: the name of the spreadsheet, if the file has another
    - ``forgets``: addresses; rows for one of them, cells with one, and the given rows are left
      empty. All rows keep their numbers in the copy, or ``DIFFERENT_COLUMNS`` is raised

    Raises:
        SheetError: the fault of the source, or ``NOT_WRITABLE``.
    """
    wanted = {
        "columns": list(columns),
        "sheet": None if reading is None else reading.get("sheet"),
        "addresses": next((name for name, each in columns.items() if each == Target.EMAIL), None),
        "headings": list(headings),
        "only_given": only_given,
        "each_address": reading is not None and reading.get("each_address", False),
        "name": name,
        "forgets": forgets,
        "visible_only": reading is not None and reading.get("visible_only", False),
    }
    request = {"verb": "report", "path": str(source.absolute()), "report": wanted}
    with made_beside(out) as folder:
        return fill(request | {"folder": str(folder)}, cells, None)
