"""The tables of batches and their rows, the records of both, and their statements."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects import sqlite

from desktop.contract.batches import BatchState, RowOutcome
from desktop.engine.store.tables.compiled import GIVEN, NO_OFFSET, p, sql
from desktop.engine.store.tables.schema import metadata, tasks

COUNTED: Final = (
    *("rows", "ready", "problems", "same", "changed", "twice"),
    *("left_out", "open", "sent", "kept", "failed", "uncertain", "cancelled"),
)
"""The counts kept with a batch: of a draft by check, of a started one by outcome."""
DELETING: Final = "deleting"
"""The state of a batch whose rows are being deleted; no reader sees it."""
UNDOING: Final = "undoing"
"""The state of one whose items are being taken back; readers take it for a draft."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=sql_text("0"))


batches = Table(
    # One spreadsheet each. Times are epoch ms, ``key``, ``tasks`` and ``columns`` JSON.
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
    Column("sheet", Text),
    _count("revision"),  # of a draft's settings: rows checked with an older one are unchecked
    _count("grace_until"),
    Column("sends", Text, nullable=False, server_default=""),  # the checks it was started for
    _count("fed_to"),  # the last row that was made an item, or left out
    Column("stopped_at", Integer),  # when a person cancelled it
    *(_count(name) for name in COUNTED),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

batch_rows = Table(
    # ``identity`` tells rows of the same key apart from others, ``content`` whether two of them
    # say the same. ``outcome`` is NULL before the row was fed.
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
Index("batch_rows_by_check", _rows.batch_id, _rows.checked, _rows.row)
Index(
    "batch_rows_by_outcome",
    _rows.batch_id,
    _rows.outcome,
    _rows.row,
    sqlite_where=sql_text("outcome IS NOT NULL"),
)


@dataclass(slots=True)
class BatchRecord:
    """One row of ``batches``, field by field in the table's order; times are epoch ms."""

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

    @property
    def is_draft(self) -> bool:
        """Whether it was not started."""
        return self.state == BatchState.DRAFT

    @property
    def is_under_way(self) -> bool:
        """Whether the engine works on it: it has open rows, or is being taken apart."""
        return self.state in _WORKED_ON

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


_BATCH_COLUMNS: Final = [column.name for column in batches.columns]
_ROW_COLUMNS: Final = [column.name for column in batch_rows.columns]
UNCHECKED: Final = ""
"""In ``checked``: what the row was checked as says nothing any more."""

BATCH: Final = sql(select(batches).where(batches.c.id == p("id")))
LAST_BATCH: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'batches'"
_WORKED_ON: Final = frozenset({BatchState.RUNNING, BatchState.PAUSED, UNDOING, DELETING})
UNDER_WAY: Final = sql(
    select(batches).where(
        batches.c.state.in_([literal_column(f"'{state}'") for state in sorted(_WORKED_ON)])
    )
)
_written = sqlite.insert(batches).values({name: bindparam(name) for name in _BATCH_COLUMNS})
WRITE_BATCH: Final = sql(
    _written.on_conflict_do_update(
        index_elements=[batches.c.id],
        set_={name: _written.excluded[name] for name in _BATCH_COLUMNS if name != "id"},
    )
)
DELETE_BATCH: Final = "DELETE FROM batches WHERE id = ?"

ROW: Final = sql(select(batch_rows).where(_rows.batch_id == p("batch"), _rows.row == p("row")))
SOME_ROWS: Final = sql(select(batch_rows).where(_rows.batch_id == p("batch"), _rows.row.in_(GIVEN)))
ROWS_ALIKE: Final = sql(
    select(batch_rows).where(_rows.identity.in_(GIVEN), _rows.batch_id == p("batch"))
)
ELSEWHERE: Final = """
SELECT value FROM json_each(?) WHERE EXISTS (
    SELECT 1 FROM batch_rows WHERE identity = value AND batch_id <> ?
)
"""
"""The identities of those given that another batch has as well."""
NEXT_ROWS: Final = sql(
    select(batch_rows)
    .where(_rows.batch_id == p("batch"), _rows.row > p("after"))
    .order_by(_rows.row)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
ROWS_WITH: Final = sql(
    select(batch_rows)
    .where(_rows.batch_id == p("batch"), _rows.outcome == p("outcome"), _rows.row > p("after"))
    .order_by(_rows.row)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
"""Rows of one outcome, in their order."""
BUSY_ROWS: Final = sql(
    select(batch_rows)
    .where(
        _rows.batch_id == p("batch"),
        _rows.outcome == literal_column("'open'"),
        _rows.task_id.is_(None),
    )
    .order_by(_rows.row)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
"""Rows whose item had a task that runs, or is uncertain, when their turn came."""
FED_AND_OPEN: Final = "SELECT count(*) FROM batch_rows WHERE batch_id = ? AND outcome = 'open'"
LIMIT_OF_BATCH: Final = "SELECT paused_at, rate FROM batches WHERE id = ?"
OLD_BATCH: Final = (
    "SELECT id FROM batches WHERE (state = 'draft' AND changed_at < ?) "
    "OR (state = 'done' AND finished_at < ?) LIMIT 1"
)
_put = sqlite.insert(batch_rows).values({name: bindparam(name) for name in _ROW_COLUMNS})
PUT_ROW: Final = sql(
    _put.on_conflict_do_update(
        index_elements=[_rows.batch_id, _rows.row],
        set_={
            name: _put.excluded[name] for name in _ROW_COLUMNS if name not in {"batch_id", "row"}
        },
    )
)
_told = ("checked", "problem", "data", "outcome", "item_id", "task_id", "ended_at", "answer")
TELL_ROW: Final = sql(
    update(batch_rows)
    .ordered_values(*((_rows[name], bindparam("v_" + name)) for name in (*_told, "message_id")))
    .where(_rows.batch_id == p("batch"), _rows.row == p("row"))
)
"""Writes what became of a row: see :func:`told`."""
DELETE_ROWS: Final = (
    "DELETE FROM batch_rows WHERE rowid IN "
    "(SELECT rowid FROM batch_rows WHERE batch_id = ? ORDER BY row LIMIT ?)"
)
CLEAR_ROWS: Final = (
    "UPDATE batch_rows SET outcome = NULL, item_id = NULL, task_id = NULL, ended_at = NULL, "
    "answer = NULL, message_id = NULL WHERE batch_id = ? AND outcome IS NOT NULL"
)
"""Forgets what became of the rows of a batch that is a draft again."""
_COUNTS_AS_SENT: Final = ", ".join(
    f"'{outcome}'"
    for outcome in RowOutcome
    if outcome not in {RowOutcome.LEFT_OUT, RowOutcome.CANCELLED}
)
_WILL_BE_SENT: Final = (
    "(r.outcome IS NULL AND b.stopped_at IS NULL AND instr(b.sends, r.checked) > 0)"
)
_ELSEWHERE: Final = """
SELECT r.* FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
WHERE r.identity = ? AND r.batch_id <> ? AND b.state IN ('running', 'paused', 'done')
AND {} ORDER BY b.started_at DESC, b.id DESC LIMIT 1
"""
EARLIER: Final = _ELSEWHERE.format(f"(r.outcome IN ({_COUNTS_AS_SENT}) OR {_WILL_BE_SENT})")
"""The row of a started batch with the same identity that was started last."""
SENT_BEFORE: Final = _ELSEWHERE.format(
    f"r.outcome IN ({_COUNTS_AS_SENT}) AND r.item_id IS NOT NULL"
)
"""The same, of those that were handed in."""
_STARTED_LATER: Final = "(b.started_at, b.id) > (SELECT started_at, id FROM batches WHERE id = ?)"
_SAYS_OTHERWISE: Final = "(r.checked = 'same' AND r.content <> ?)"
NEWER_WORDS: Final = _ELSEWHERE.format(
    f"{_STARTED_LATER} "
    f"AND (r.outcome IN ({_COUNTS_AS_SENT}) OR {_WILL_BE_SENT} OR {_SAYS_OTHERWISE})"
)
"""The row of a batch that was started later and says what is to be sent in this one's place."""
PAGE_OF_BATCHES: Final = (
    f"SELECT * FROM batches WHERE id < ? AND state <> '{DELETING}' ORDER BY id DESC LIMIT ?"  # noqa: S608
)
TOLD_ROWS: Final = """
SELECT r.*, t.state, t.error FROM ({}) AS page
CROSS JOIN batch_rows AS r ON r.batch_id = ? AND r.row = page.row
LEFT JOIN tasks AS t ON t.id = r.task_id ORDER BY r.row LIMIT ?
"""
"""The rows that another query finds, whole, each with its newest task's state and error."""
UNCHECKED_ROWS: Final = (
    "SELECT * FROM batch_rows WHERE batch_id = ? AND revision <> ? ORDER BY row LIMIT ?"
)
UNCHECKED_DRAFTS: Final = (
    "SELECT id FROM batches WHERE state = 'draft' "
    "AND rows > ready + problems + same + changed + twice ORDER BY id"
)
QUEUED_OF_BATCH: Final = "SELECT count(*) FROM tasks WHERE batch_id = ? AND state = 'queued'"
HELD_OF_BATCH: Final = sql(
    select(tasks)
    .where(
        tasks.c.batch_id == p("batch"),
        tasks.c.state == literal_column("'scheduled'"),
        tasks.c.held == literal_column("'batch'"),
    )
    .order_by(tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
"""Tasks that came back while their batch had no room for them."""
NEWEST_OF_ROW: Final = """
SELECT * FROM tasks WHERE batch_id = ? AND batch_row = ? AND id <> ?
AND NOT (state = 'cancelled' AND attempt = 0 AND resend_of IS NOT NULL) ORDER BY id DESC LIMIT 1
"""
"""The newest task of a row but for one, and but for those sent again of which nothing left."""
TASKS_IN_BATCH: Final = sql(
    select(tasks)
    .where(tasks.c.batch_id == p("batch"), tasks.c.state == p("state"))
    .order_by(tasks.c.id)
    .limit(p("limit"))
    .offset(NO_OFFSET)
)
HAS_LEFT: Final = "SELECT EXISTS (SELECT 1 FROM tasks WHERE batch_id = ? AND attempt > 0)"


def starts_of(batch_id: int) -> str:
    """Name a batch among the queues whose starts are counted; no queue's name begins so."""
    return f"\n{batch_id}"


def told(row: RowRecord) -> tuple[Any, ...]:
    """Return the parameters of :data:`TELL_ROW`."""
    return (*(getattr(row, name) for name in (*_told, "message_id")), row.batch_id, row.row)
