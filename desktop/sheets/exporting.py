"""Tables out: new ones page by page, and a spreadsheet once more with what became of its rows."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from desktop.contract.batches import RowCheck, RowOutcome
from desktop.contract.states import OPEN, State
from desktop.sheets.child import ReaderChild
from desktop.sheets.description import TEXT_SUFFIXES, Target
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.frames import FrameKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from desktop.contract.batch_rows import BatchRow
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


_TABLES: Final = frozenset({*TEXT_SUFFIXES, ".ods", ".xls", ".xlsb", ".xlsm", ".xlsx"})
"""How names of tables end, of which a report may be another kind."""
UNSETTLED: Final = "unsettled"
"""The status of a row that waits until a person says what became of its earlier message."""
LATER: Final = "later"
"""The status of a row that a batch has which was started later; its words take the number."""
SINCE: Final = "since"
"""The status of a row that failed and whose message another task has sent since."""
ON_ITS_WAY: Final = "on_its_way"
"""The status of one whose message another task will send."""
OUTCOME_WORDS: Final[Mapping[str, str]] = {
    RowOutcome.LEFT_OUT: "left out",
    RowOutcome.OPEN: "not sent yet",
    RowOutcome.SENT: "sent",
    RowOutcome.KEPT: "kept on this computer",
    RowOutcome.FAILED: "failed",
    RowOutcome.UNCERTAIN: "uncertain",
    RowOutcome.CANCELLED: "cancelled",
    RowCheck.READY: "ready",
    RowCheck.PROBLEM: "problem",
    RowCheck.SAME: "the same as before",
    RowCheck.CHANGED: "changed",
    RowCheck.TWICE: "twice in the spreadsheet",
    UNSETTLED: "uncertain earlier",
    LATER: "in batch {}",
    SINCE: "sent again since",
    ON_ITS_WAY: "on its way again",
}
"""A row's status in English: its outcome, or its check where it was left out or not started."""


def report_suffix(source: Path) -> str:
    """Return the suffix of the report on a spreadsheet: its own for text, else ``.xlsx``."""
    suffix = source.suffix.lower()
    return suffix if suffix in TEXT_SUFFIXES else ".xlsx"


def with_suffix(path: str, suffix: str) -> Path:
    """Return where a report is written: the ending of another kind of table gives way to its own.

    Never in the place of another file than the one that was named.
    """
    chosen = Path(path)
    if chosen.suffix.lower() == suffix:
        return chosen
    stem = chosen.stem if chosen.suffix.lower() in _TABLES else chosen.name
    names = chain([f"{stem}{suffix}"], (f"{stem} ({n}){suffix}" for n in count(2)))
    return next(each for name in names if not (each := chosen.with_name(name)).exists())


def report_cells(
    row: BatchRow, words: Mapping[str, str] = OUTCOME_WORDS
) -> tuple[int, list[str], str]:
    """Write the four cells of a row, and give its recipient; ``words`` says outcomes and checks.

    A row that was left out says why: what its check found, with the check's message as answer; so
    does one whose earlier message is uncertain.
    """
    outcome, check = row["outcome"], row["check"]
    is_unsettled = UNSETTLED in row["data"]
    is_left = outcome in {None, RowOutcome.LEFT_OUT} or is_unsettled
    status = check if is_left and check is not None else outcome
    answer = row["message"] if is_left else row["answer"]
    later: int | None = None
    if is_unsettled:
        status = UNSETTLED
    elif status == RowCheck.TWICE:
        later = row["data"].get("batch_id")
    elif status == RowOutcome.FAILED and "sent_since" in row["data"]:
        status = _status_since(row["data"]["sent_since"])
    elif status == RowOutcome.CANCELLED or is_sent_later(row):
        later = row["data"].get("sent_later")
        answer = None if later is not None and status == RowCheck.PROBLEM else answer
    if later is not None:
        status = LATER
    sent_at = row["sent_at"]
    cells = [
        words.get(status, status).format(later) if status is not None else "",
        "" if sent_at is None else _local(sent_at),
        answer or "",
        row["message_id"] or "",
    ]
    return row["row"], cells, "" if is_left else row["to"] or ""


def is_sent_later(row: BatchRow) -> bool:
    """Tell whether a later batch sends a row that was left out for a problem."""
    data = row["data"]
    return row["check"] == RowCheck.PROBLEM and "sent_later" in data and "left_later" not in data


def _status_since(state: str | None) -> str:
    """Return the status of a row by the state of the task that sent its message since."""
    if state in OPEN:
        return ON_ITS_WAY
    return RowOutcome.UNCERTAIN if state == State.UNCERTAIN else SINCE


def write_report(
    source: Path,
    out: Path,
    columns: Mapping[str, str | None],
    headings: Sequence[str],
    cells: Iterable[Sequence[tuple[int, Sequence[str], str]]],
    *,
    only_given: bool = False,
    in_place: bool = False,
) -> int:
    """Write a spreadsheet once more with columns added; returns how many of its rows it has.

    ``columns`` are the batch's: the sheet and its header are found by their headers. ``cells`` are
    pages of rows, ascending, each with a text per heading and its recipient: where the spreadsheet
    has another address, as after a correction, the recipient goes before the answer. ``only_given``
    leaves out all other rows below the header; ``in_place``, these are empty, and hidden in a
    workbook: each row keeps its number. ``out`` is replaced once the report is complete; it
    has the suffix that ``report_suffix`` gives.

    Raises:
        SheetError: with what is wrong with the source, or ``NOT_WRITABLE``.
    """
    request = {
        "verb": "report",
        "path": str(source.absolute()),
        "columns": list(columns),
        "addresses": next((name for name, each in columns.items() if each == Target.EMAIL), None),
        "headings": list(headings),
        "only_given": only_given,
        "in_place": in_place,
    }
    with made_beside(out) as folder:
        return fill(request | {"folder": str(folder)}, cells, None)


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"
