"""The rows of drafts: checked when they arrive, and again after templates or settings change."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from desktop.backend.shared.batches.batches import draft_of
from desktop.backend.shared.batches.row_check import Draft, RowChecker, unread, with_text
from desktop.backend.shared.batches.row_template import RowFault
from desktop.backend.wire.problems import ProblemError
from desktop.contract.batches import RowProblem
from desktop.contract.rules.corrections import with_corrections
from desktop.engine.batches.rows import CheckedRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.backend.shared.services import Services
    from desktop.backend.wire.batches import RowBody, RowCorrection
    from desktop.contract.batch_rows import UnreadRow
    from desktop.contract.batches import Batch
    from desktop.contract.rules.corrections import Correction
    from desktop.engine.batches.rows import StoredRow

SLICE: Final = 250
"""Rows that are checked in one transaction."""
BREATH_AFTER: Final = 20
"""Rows after which the thread pauses, so a request waits for a few milliseconds at most."""
BREATH: Final = 0.0001
"""Seconds."""


class DraftRows:
    """Checks rows against a draft and the templates, files and settings of this moment.

    ``revision`` is the draft's: rows that are stored with an older one are checked again.
    Raises ``UnknownId``; ``Conflict`` for a batch that was started.
    """

    def __init__(self, services: Services, batch_id: int) -> None:
        # Read first: a change after this line makes the revision an older one.
        self.revision = services.engine.batches.revision(batch_id)
        batch = draft_of(batch_id, services)
        registry = services.registry

        def why_no_task(name: str) -> str | None:
            return None if registry.get(name) else registry.why_unknown(name)

        files = services.letters.batch_files.attachments(batch_id)
        draft = Draft.of(batch, files)
        default = services.settings.default_recipient()
        self._check = RowChecker(draft, services.letters.templates, why_no_task, default)

    def checked(self, sent: Sequence[RowBody], at: int = 0) -> list[CheckedRow]:
        """Check the rows of a request; ``at`` is the place of the first one in it.

        Raises ``ProblemError`` 422 for an error that no cell can cause.
        """
        return [
            replace(
                self.one(row["row"], row["item"], row.get("problem"), f"rows.{at + place}.item."),
                plain=row.get("plain", {}),
            )
            for place, row in enumerate(_breathing(sent))
        ]

    def one(
        self, row: int, item: Mapping[str, Any], problem: UnreadRow | None = None, at: str = ""
    ) -> CheckedRow:
        """Check one row; ``at`` is the path of its item in the request."""
        item = self._check.with_files(item)
        if problem is None:
            return self._row(row, item, self._check.fault(item, at))
        item = with_text(item, problem)
        if problem["problem"] == RowProblem.UNREADABLE:
            self._check.fault(item, at)  # a wrong request is still refused
            return self._row(row, item, unread(problem))
        return self._row(row, item, self._check.fault(item, at))

    def corrected(self, row: CheckedRow, known: Sequence[Correction]) -> CheckedRow:
        """Check a row of the spreadsheet with the earlier corrections that fit it."""
        item = self._check.with_files(with_corrections(row.item, known))
        if item == row.item:
            return replace(row, corrections=known)
        checked = self._row(row.row, item, self._check.fault(item))
        return replace(checked, corrections=known, plain=row.plain)

    def again(self, stored: Sequence[StoredRow]) -> list[CheckedRow]:
        """Check stored rows again."""
        return [
            replace(self._checked_again(row), corrections=row.corrections, plain=row.plain)
            for row in _breathing(stored)
        ]

    def _checked_again(self, stored: StoredRow) -> CheckedRow:
        item = self._check.with_files(stored.body)
        if stored.number is not None:
            item = {**item, "item_id": stored.number}
        if stored.unread is not None:
            return self._row(stored.row, item, unread(stored.unread))
        try:
            fault = self._check.fault(item)
        except ProblemError as error:  # an older version accepted it
            path = error.errors[0]["path"] if error.errors else ""
            fault = RowFault(RowProblem.BAD_VALUE, path, {"text": error.detail})
        return self._row(stored.row, item, fault)

    def _row(self, row: int, item: Mapping[str, Any], fault: RowFault | None) -> CheckedRow:
        body = dict(item)
        number = body.pop("item_id") if isinstance(body.get("item_id"), int) else None
        to = self._check.to(item)
        if fault is None:
            return CheckedRow(row, body, number, to)
        return CheckedRow(row, body, number, to, fault.problem, fault.data, fault.path)


def check_some(services: Services, batch_id: int, beyond: int = 0) -> int | None:
    """Check up to ``SLICE`` unchecked rows of a draft after the row ``beyond``; takes its time.

    Returns the last row that was checked, or ``None`` if there are no more. Raises ``EngineError``
    if the draft is gone or was started, or if nothing can be written.
    """
    rows = DraftRows(services, batch_id)
    with services.drafting:  # a correction that arrives meanwhile is stored afterwards
        revision, stored = services.engine.batches.unchecked(batch_id, SLICE, beyond)
        if not stored:
            return None
        if revision != rows.revision:
            return beyond
        services.engine.batches.put_rows(batch_id, rows.again(stored), revision).result()
    return stored[-1].row


def put(
    services: Services, batch_id: int, sent: Sequence[RowBody], *, keep_corrections: bool = False
) -> Batch:
    """Check rows and store them in a draft, in place of earlier rows; takes its time.

    With ``keep_corrections``, they are rows of a spreadsheet: earlier corrections are applied.
    """
    rows = DraftRows(services, batch_id)
    checked = rows.checked(sent)
    batches = services.engine.batches
    with services.drafting:  # a correction that arrives meanwhile is stored afterwards
        if keep_corrections:
            found = batches.corrections(batch_id, checked)
            known = found.corrections
            checked = [rows.corrected(e, known[e.row]) if e.row in known else e for e in checked]
            checked += rows.again(found.as_read)
        batch = batches.put_rows(batch_id, checked, rows.revision).result()
    return _told(services, batch)


def correct(services: Services, batch_id: int, row: int, correction: RowCorrection) -> None:
    """Store a row of a draft as a person corrected it; takes its time."""
    rows = DraftRows(services, batch_id)
    corrected = rows.one(row, correction["item"], at="item.")
    typed = correction.get("typed", ())
    with services.drafting:
        change = services.engine.batches.correct_row(batch_id, corrected, rows.revision, typed)
        _told(services, change.result())


def _told(services: Services, batch: Batch) -> Batch:
    """Have rows checked in the background if the draft was changed meanwhile."""
    if batch["counts"]["unchecked"]:
        services.unchecked.set()
    return batch


def _breathing(rows: Sequence[Any]) -> Iterator[Any]:
    """Iterate over rows, with a pause for other threads after every ``BREATH_AFTER``."""
    for place, row in enumerate(rows, 1):
        yield row
        if not place % BREATH_AFTER:
            time.sleep(BREATH)
