"""The tables of items, batches and the list *Do not send*, and the indexes of hot queries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, text

from desktop.items.tables.to_0039 import TO_0039
from sendoff_tasks.store.migrations import KEY, History
from sendoff_tasks.store.tables.schema import NUMBERED

metadata = MetaData(info={KEY: History("items", (TO_0039,))})

ERASED: Final = "null"
"""The body of an item of which only its number, its times and the verdict are left."""

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created_at", Integer, nullable=False),
    Column("body", Text, nullable=False),
    # The tasks accepted with it, consecutive numbers, for the answer to the same submission.
    Column("first_task", Integer, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("joined", Text),  # JSON of all of them, if some were already open by key
    Column("informed", Text),  # a contract.items.Informed, where a message was asked for
    Column("informed_at", Integer),  # since when, epoch ms
    Column("past", Text),  # what it was when a task of the item was deleted last
    Column("words", Text),  # to find it by, if it has no task
    sqlite_strict=True,
)
Index("items_by_informed", items.c.informed, info=NUMBERED)
Index("items_alone", items.c.id, sqlite_where=text("words IS NOT NULL"))
Index("items_alone_by_age", items.c.created_at, sqlite_where=text("words IS NOT NULL"))
Index("items_erased", items.c.created_at, sqlite_where=text(f"body = '{ERASED}' AND words IS NULL"))

corrections = Table(
    # The corrections of items; the newest counts. ``items`` keeps the first body.
    "corrections",
    metadata,
    Column("item_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1 for the first one of an item
    Column("at", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # as its tasks show it
    Column("address", Text, nullable=False, server_default=""),  # of the recipient, case-folded
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("corrections_by_address", corrections.c.address)

do_not_send = Table(
    # Addresses that get no e-mail: in one form, a domain after an @, or the fingerprint of a
    # forgotten one after a #. One that a person allows again stays, so it is not offered again.
    "do_not_send",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("left_out", Integer, nullable=False, server_default=text("0")),
    Column("allowed_at", Integer),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

_BASELINE: Final = (
    *("rows", "ready", "problems", "same", "changed", "twice", "do_not_send"),
    *("left_out", "open", "sent", "kept", "failed", "uncertain", "cancelled"),
)
_LATER: Final = ("skipped", "opted_out", "doubtful")
COUNTED: Final = (*_BASELINE, *_LATER)
"""The counts of a batch: of a draft by check, of a started one by outcome."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


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
    *(_count(name) for name in _BASELINE),
    Column("continues", Integer),  # the batch it continues
    _count("corrected"),  # values in its rows that a person typed
    _count("unused"),  # typed values that no longer apply, because the row was read otherwise
    _count("marked"),  # sent rows that a person has marked as sent
    _count("bounced"),  # sent rows whose message came back
    Column("editions", Text, nullable=False, server_default=""),  # of its rows' templates, JSON
    *(_count(name) for name in _LATER),
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
    Column("bounced", Text),  # the words with which its message came back
    sqlite_strict=True,
)
_rows = batch_rows.c
Index(
    "batch_rows_by_identity",
    _rows.identity,
    _rows.batch_id,
    _rows.row,
    sqlite_where=text("identity IS NOT NULL"),
)
Index(
    "batch_rows_by_origin",
    _rows.origin,
    _rows.batch_id,
    _rows.row,
    sqlite_where=text("origin IS NOT NULL"),
)
Index(
    "batches_by_continued",
    batches.c.continues,
    batches.c.id,
    sqlite_where=text("continues IS NOT NULL"),
)
Index("batch_rows_by_check", _rows.batch_id, _rows.checked, _rows.row)
Index(
    "batch_rows_by_outcome",
    _rows.batch_id,
    _rows.outcome,
    _rows.row,
    _rows.task_id,  # lets a page of batches find what became of failed rows in the index alone
    sqlite_where=text("outcome IS NOT NULL"),
)
