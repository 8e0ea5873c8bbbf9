"""The tables of batches and of their rows, and the records of both."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Index, Integer, Table, Text
from sqlalchemy import text as sql_text

from desktop.contract.batches import BatchState, SheetReading
from desktop.engine.store.tables.schema import metadata

COUNTED: Final = (
    *("rows", "ready", "problems", "same", "changed", "twice"),
    *("left_out", "open", "sent", "kept", "failed", "uncertain", "cancelled"),
)
"""The counts of a batch: of a draft by check, of a started one by outcome."""
DELETING: Final = "deleting"
"""The state of a batch whose rows are being deleted; readers do not see the batch."""
UNDOING: Final = "undoing"
"""The state of a batch whose items are being taken back; readers see a draft."""
WORKED_ON: Final = frozenset({BatchState.RUNNING, BatchState.PAUSED, UNDOING, DELETING})
"""The states of batches that the engine works on."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=sql_text("0"))


batches = Table(
    # A batch is one spreadsheet. Times are epoch ms; ``key``, ``tasks``, ``columns`` and
    # ``reading`` are JSON.
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    _count("rev"),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("changed_at", Integer, nullable=False),
    Column("started_at", Integer),
    Column("finished_at", Integer),
    Column("paused_at", Integer),
    Column("key", Text, nullable=False),
    Column("template", Text),
    Column("tasks", Text, nullable=False),
    Column("rate", Text),
    Column("run_at", Integer),
    Column("columns", Text, nullable=False),
    Column("reading", Text),
    Column("sheet", Text),
    _count("revision"),  # of a draft's settings; rows checked with an older one are unchecked
    _count("grace_until"),
    Column("sends", Text, nullable=False, server_default=""),  # the checks it was started for
    _count("fed_to"),  # the last row that was made an item or left out
    Column("stopped_at", Integer),  # when a person cancelled it
    *(_count(name) for name in COUNTED),
    Column("continues", Integer),  # the batch it continues
    _count("corrected"),  # values in its rows that a person typed
    _count("unused"),  # typed values that no longer apply, because the row was read otherwise
    _count("marked"),  # sent rows that a person has marked as sent
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

batch_rows = Table(
    # ``identity`` is equal for rows with the same key, ``content`` for rows that say the same.
    # ``outcome`` is NULL until the row is fed. ``ended_at`` is when its task ended; it is NULL for
    # a sent row that a person marked as sent. A corrected row has its ``corrections`` (JSON), and
    # as ``origin`` the key it was read with.
    "batch_rows",
    metadata,
    Column("batch_id", Integer, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("item", Text, nullable=False),
    Column("recipient", Text),
    Column("identity", Text),
    Column("content", Text, nullable=False),
    Column("checked", Text, nullable=False),
    Column("problem", Text),
    Column("data", Text),
    Column("path", Text),
    Column("outcome", Text),
    Column("item_id", Integer),
    Column("task_id", Integer),
    Column("ended_at", Integer),
    Column("answer", Text),
    Column("message_id", Text),
    Column("corrections", Text),
    Column("origin", Text),
    sqlite_strict=True,
)
_rows = batch_rows.c
Index(
    "batch_rows_by_identity",
    _rows.identity,
    _rows.batch_id,
    _rows.row,
    sqlite_where=sql_text("identity IS NOT NULL"),
)
Index(
    "batch_rows_by_origin",
    _rows.origin,
    _rows.batch_id,
    _rows.row,
    sqlite_where=sql_text("origin IS NOT NULL"),
)
Index(
    "batches_by_continued",
    batches.c.continues,
    batches.c.id,
    sqlite_where=sql_text("continues IS NOT NULL"),
)
Index("batch_rows_by_check", _rows.batch_id, _rows.checked, _rows.row)
Index(
    "batch_rows_by_outcome",
    _rows.batch_id,
    _rows.outcome,
    _rows.row,
    _rows.task_id,  # lets a page of batches find what became of failed rows in the index alone
    sqlite_where=sql_text("outcome IS NOT NULL"),
)


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
