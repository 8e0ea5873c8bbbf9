"""The blocking calls of the import sheet: they run on worker threads and use no widget."""

from __future__ import annotations

import filecmp
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.contract.batches import BatchState, RowCheck
from desktop.contract.rules.templates import names_now
from desktop.gui.importing.row_check_words import check_words, report_words
from desktop.gui.words.system_locale import system_writing
from desktop.sheets import (
    PROBLEM_HEADING,
    REPORT_HEADINGS,
    SheetError,
    describe,
    read_rows,
    report_cells,
    report_suffix,
    write_report,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batch_rows import BatchRow
    from desktop.contract.batches import Batch, NewBatch
    from desktop.sheets import Chunk, Description, SheetChoice, Stop


PAGE: Final = 1000
"""Rows per page when a spreadsheet is written."""
WITHOUT_TEMPLATE: Final = " without template"
"""Suffix of the key of a draft that is made without the wanted template."""


class Uploaded(NamedTuple):
    """A draft with all rows of its file.

    ``lost`` counts corrections of the replaced draft in rows that this one does not have.
    """

    batch: Batch
    lost: int


class Upload:
    """Reads the rows of a file into a draft, piece by piece.

    The first ``there`` rows are in the draft already, so their pieces are not sent. Once all are
    read, the draft that this one ``replaces`` is deleted.
    """

    def __init__(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        number: int,
        stop: Stop,
        there: int,
        replaces: int | None,
    ) -> None:
        self.number = number
        self._replaces = replaces
        self._there = there
        self._lock = threading.Lock()
        self._pieces = cast("Generator[Chunk]", read_rows(found, columns, stop, system_writing()))
        self._piece: Chunk | None = None  # not confirmed by the backend yet

    def put_next(self, api: Api) -> float | Uploaded:
        """Read and send a piece; return the share of the file read, 0 to 1, or the full draft.

        After an error it can be called again: it repeats the same piece in its own place. Raises
        ``SheetError`` for the file and ``ClientError`` for the backend.
        """
        with self._lock:
            if self._piece is None:
                self._piece = next(self._pieces, None)
                self._there -= self._piece.count if self._piece else 0
            piece = self._piece
            if piece is None:
                batch = api.batches.one(self.number)
                lost = 0 if self._replaces is None else _delete_replaced(api, self._replaces, batch)
                return Uploaded(batch, lost)
            if self._there < 0:
                api.batches.add_rows(self.number, piece.body)
            self._piece = None
            return piece.share

    def close(self) -> None:
        """End the reading process."""
        with self._lock:
            self._pieces.close()


def describe_file(path: Path, choice: SheetChoice | None, stop: Stop, copy_in: Path) -> Description:
    """Describe a copy of a file: the file may change before its rows are read.

    Dates and numbers are written in the system's format.
    """
    return describe(path, choice, stop, writing=system_writing(), copy_in=copy_in)


def same_draft(api: Api, numbers: Iterable[int], sheet: Path) -> Batch | None:
    """Find the draft of the same spreadsheet, by name and content, among ``numbers``."""
    for number in numbers:
        try:
            batch = api.batches.one(number)
        except Refused:  # it was deleted
            continue
        if batch["state"] != BatchState.DRAFT or batch["sheet"] != sheet.name:
            continue
        with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
            kept = _kept_sheet(api, batch, Path(folder))
            if filecmp.cmp(kept, sheet, shallow=False):
                return batch
    return None


def find_or_create(
    api: Api,
    *,
    wanted: NewBatch,
    sheet: Path,
    key: str,
    before: int | None = None,
    among: Sequence[int] = (),
) -> tuple[Batch, bool]:
    """Find the draft of a spreadsheet ``among`` these, else make one; return whether it is new.

    With ``before``, that draft of the same file is deleted, and none is searched for. After an
    error it can be called again: the same ``key`` makes no second draft.
    """
    found = same_draft(api, among, sheet) if before is None else None
    if found is not None:
        return found, False
    templates = api.templates.all()
    names = {str(each["name"]) for each in templates} | names_now(templates).keys()
    if wanted.get("template") not in names:  # deleted since, or none chosen
        wanted = cast("NewBatch", {k: v for k, v in wanted.items() if k != "template"})
        key += WITHOUT_TEMPLATE
    batch = api.batches.keep_sheet(api.batches.create(wanted, key), sheet)
    if before is not None:
        with suppress(Refused):  # already deleted: the answer was lost
            api.batches.delete(before)
    return batch, True


def fetch_draft(api: Api, *, number: int, folder: Path) -> tuple[Batch, Description | None]:
    """Read a draft and the description of its spreadsheet, if it has one that can be read."""
    batch = api.batches.one(number)
    if batch["sheet"] is None:
        return batch, None
    try:
        sheet = _kept_sheet(api, batch, folder)
        return batch, describe(sheet, columns=batch["columns"], writing=system_writing())
    except SheetError:
        return batch, None


def save_problem_rows(api: Api, *, number: int, place: Path, in_place: bool = False) -> int:
    """Write the rows with a problem to a new spreadsheet; return their number.

    With ``in_place``, each row keeps its number in the batch's spreadsheet.

    Raises ``SheetError`` if it cannot be written.
    """
    batch = api.batches.one(number)
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = _kept_sheet(api, batch, Path(folder))
        problems = _pages(api, number, [RowCheck.PROBLEM])
        cells = (
            [_with_problem(row) for row in page if "sent_later" not in row["data"]]
            for page in problems
        )
        headings = [PROBLEM_HEADING]
        columns = batch["columns"]
        return write_report(
            source, place, columns, headings, cells, only_given=True, in_place=in_place
        )


def draft_of_problems(api: Api, *, number: int, name: str, folder: Path) -> int:
    """Find or make the draft of a started batch's rows with a problem, with the same settings.

    ``name`` is the name of its spreadsheet, with ``{}`` for the batch's, which may be such a draft
    itself. Returns the draft's number. Raises ``SheetError`` if the spreadsheet cannot be written.
    """
    batch = api.batches.one(number)
    draft = batch["continued_by"]
    if draft is not None and api.batches.one(draft)["sheet"] is not None:
        return draft
    source = Path(batch["sheet"] or "")
    stem = source.stem.removesuffix(name.format(""))
    place = folder / (name.format(stem) + report_suffix(source))
    save_problem_rows(api, number=number, place=place, in_place=True)
    if draft is None:
        draft = api.batches.create(_set_up_alike(batch, place.name), new_key())
    api.batches.keep_sheet(draft, place)
    return draft


def _set_up_alike(batch: Batch, name: str) -> NewBatch:
    wanted: NewBatch = {"name": name, "key": batch["key"], "columns": batch["columns"]}
    if batch["template"] is not None:
        wanted["template"] = batch["template"]
    if batch["tasks"] is not None:
        wanted["tasks"] = batch["tasks"]
    return {**wanted, "rate": batch["rate"], "continues": batch["batch_id"]}


def save_report(api: Api, *, number: int, place: Path) -> int:
    """Write the report of a batch: its spreadsheet with each row's outcome; return the row count.

    Raises ``SheetError`` if it cannot be written.
    """
    batch = api.batches.one(number)
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = _kept_sheet(api, batch, Path(folder))
        words = report_words()
        pages = ([report_cells(row, words) for row in page] for page in _pages(api, number))
        columns, is_part = batch["columns"], batch["continues"] is not None
        return write_report(
            source, place, columns, REPORT_HEADINGS, pages, only_given=is_part, in_place=is_part
        )


def attach_all(api: Api, *, number: int, paths: Sequence[Path]) -> Batch:
    """Attach files to the rows that name them; return the draft."""
    for path in paths:
        api.batches.attach(number, path)
    return api.batches.one(number)


def _delete_replaced(api: Api, number: int, by: Batch) -> int:
    """Delete a draft that was read differently; return the number of its corrections lost."""
    try:
        batch = api.batches.one(number)
        if batch["state"] != BatchState.DRAFT:
            return 0
        api.batches.delete(number)
    except Refused:  # it was deleted meanwhile
        return 0
    return max(batch["corrected"] + batch["unused"] - by["corrected"] - by["unused"], 0)


def _pages(api: Api, number: int, checks: Sequence[str] = ()) -> Iterator[list[BatchRow]]:
    after: str | None = None
    while True:
        page = api.batches.rows(number, check=checks, after=after, limit=PAGE)
        yield page["rows"]
        after = page["next"]
        if after is None:
            return


def _with_problem(row: BatchRow) -> tuple[int, list[str], str]:
    return row["row"], [check_words(row)], ""


def _kept_sheet(api: Api, batch: Any, folder: Path) -> Path:
    place = folder / f"{batch['batch_id']}" / str(batch["sheet"] or "")
    place.parent.mkdir(exist_ok=True)
    api.batches.sheet(batch["batch_id"], place)
    return place


def act_on_batch(api: Api, verb: str, number: int, key: str) -> Any:
    """Carry out a verb for a batch."""
    if verb == "retry":
        return api.batches.retry(number, key)
    if verb in {"take_back", "delete"}:
        return api.batches.delete(number)
    try:
        return getattr(api.batches, verb)(number)
    except Refused:
        if verb != "cancel":
            raise
        return api.batches.one(number)  # every row has ended meanwhile
