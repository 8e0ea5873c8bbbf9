"""Records: rows of batches and of their rows, as the writer holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

from desktop.contract.batches import BatchState, SheetReading

DELETING: Final = "deleting"
"""The state of a batch whose rows are being deleted; readers do not see the batch."""
UNDOING: Final = "undoing"
"""The state of a batch whose items are being taken back; readers see a draft."""
WORKED_ON: Final = frozenset({BatchState.RUNNING, BatchState.PAUSED, UNDOING, DELETING})
"""The states of batches that the engine works on."""


@dataclass(slots=True)
class BatchRecord:
    """One row of ``batches``, in the table's order; times are epoch ms."""

    id: int
    rev: int
    name: str
    state: str
    created_at: int
    changed_at: int
    started_at: int | None
    finished_at: int | None
    paused_at: int | None
    key: str
    template: str | None
    tasks: str
    rate: str | None
    run_at: int | None
    columns: str
    reading: str | None
    sheet: str | None
    revision: int = 0
    grace_until: int = 0
    sends: str = ""
    fed_to: int = 0
    stopped_at: int | None = None
    rows: int = 0
    ready: int = 0
    problems: int = 0
    same: int = 0
    changed: int = 0
    twice: int = 0
    left_out: int = 0
    open: int = 0
    sent: int = 0
    kept: int = 0
    failed: int = 0
    uncertain: int = 0
    cancelled: int = 0
    continues: int | None = None
    corrected: int = 0
    unused: int = 0
    marked: int = 0

    @property
    def is_draft(self) -> bool:
        """Whether it has not been started."""
        return self.state == BatchState.DRAFT

    @property
    def is_sending(self) -> bool:
        """Whether its rows are being sent."""
        return self.state == BatchState.RUNNING

    @property
    def is_under_way(self) -> bool:
        """Whether the engine works on it: it has open rows, or is being taken apart."""
        return self.state in WORKED_ON

    def values(self) -> tuple[Any, ...]:
        """Return the row's values in the table's order."""
        return _values(self)


_values = attrgetter(*(field.name for field in fields(BatchRecord)))


class RowRecord(NamedTuple):
    """One row of ``batch_rows``, in the table's order; times are epoch ms."""

    batch_id: int
    row: int
    revision: int
    item: str
    recipient: str | None
    identity: str | None
    content: str
    checked: str
    problem: str | None = None
    data: str | None = None
    path: str | None = None
    outcome: str | None = None
    item_id: int | None = None
    task_id: int | None = None
    ended_at: int | None = None
    answer: str | None = None
    message_id: str | None = None
    corrections: str | None = None
    origin: str | None = None


def columns_of(batch: BatchRecord) -> dict[str, str | None]:
    """Return the target of each column of a batch."""
    columns: dict[str, str | None] = json.loads(batch.columns)
    return columns


def reading_of(batch: BatchRecord) -> SheetReading | None:
    """Return how the spreadsheet of a batch was read."""
    reading: SheetReading | None = json.loads(batch.reading or "null")
    return reading


PLAIN: Final = "plain"
"""The key of a stored item for the values that the spreadsheet shows in another way."""


def item_of(row: RowRecord) -> dict[str, Any]:
    """Return the item of a row."""
    item: dict[str, Any] = json.loads(row.item)
    item.pop(PLAIN, None)
    return item


def plain_of(row: RowRecord) -> dict[str, str]:
    """Return the values of a row that its spreadsheet shows in another way, by their paths."""
    plain: dict[str, str] = json.loads(row.item).get(PLAIN, {})
    return plain
