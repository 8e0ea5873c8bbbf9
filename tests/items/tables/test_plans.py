"""Every hot query of the domain goes by the index made for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.items.reads.batches import READ_ALIKE
from desktop.items.reads.items import ITEM
from desktop.items.reads.messages import REFERENCES, WITH_TEMPLATE, NeedOf
from desktop.items.tables import batches, item_statements
from desktop.items.tables.schema import metadata
from sendoff_tasks.store.database import open_store
from tests.engine.store.test_plans import plan

PLANS = {
    batches.update_results(4): ["(batch_id=? AND row=?)"],
    item_statements.DELETE_EMPTY_ITEMS: ["SEARCH items USING INTEGER", "INDEX tasks_by_item"],
    item_statements.PRESENT: ["SEARCH items USING INTEGER PRIMARY KEY", "PRIMARY KEY (item_id=?)"],
    item_statements.TASKS_OF_ITEM: ["INDEX tasks_by_item (item_id=?)"],
    item_statements.ITEM: ["INTEGER PRIMARY KEY"],
    item_statements.CORRECTION: ["PRIMARY KEY (item_id=?)"],
    item_statements.DELETE_CORRECTIONS: ["PRIMARY KEY (item_id=?)", "INTEGER PRIMARY KEY"],
    item_statements.LAST_ITEM: ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"],
    item_statements.HIGHEST_ITEM: ["SEARCH items"],
    batches.ROW: ["(batch_id=? AND row=?)"],
    batches.ROWS_ALIKE: ["INDEX batch_rows_by_identity (identity=? AND batch_id=?)"],
    batches.CONTINUED_BY: ["INDEX batches_by_continued (continues=?)"],
    batches.CONTINUE_FROM: ["INDEX batches_by_continued (continues=?)"],
    batches.ANY_CORRECTED: ["INDEX batch_rows_by_origin"],
    batches.NEXT_ROWS: ["(batch_id=? AND row>?)"],
    batches.ROWS_WITH: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=? AND row>?)"],
    batches.BUSY_ROWS: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=? AND row>?)"],
    batches.CORRECTED_TO: [
        "SEARCH corrections USING COVERING INDEX corrections_by_address (address=?)",
        "SEARCH t USING INDEX tasks_by_item (item_id=?)",
        "SEARCH r USING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row=?)",
    ],
    batches.FED_AND_OPEN: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)"],
    batches.NOT_INFORMED: ["SEARCH tasks USING INDEX tasks_by_item (item_id=?)"],
    batches.UNSETTLED_ROWS: [
        "INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)",
        "SEARCH t USING INDEX tasks_by_item (item_id=?)",
    ],
    batches.QUEUED_OF_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.MOVES_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.LEAVES_NOW: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.BEGUN_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.HAS_NEXT_ROW: ["COVERING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)"],
    batches.TIMES_OF_ITS_OWN: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.PUT_OFF_UNTIL: ["INDEX tasks_due (run_at=?)"],
    batches.WHY_STOPPED: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.OPEN_WITH_TASK: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)"],
    batches.HELD_OF_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.TASKS_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batches.TASKS_OF_ROW: ["INDEX tasks_by_batch_item (batch_id=? AND item_id=?)"],
    batches.UNCHECKED_ROWS: ["INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)"],
    batches.UNSENT_BY_TEMPLATE: [
        "SCAN b",
        "SEARCH r USING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)",
    ],
    batches.CLEAR_ROWS: [
        "INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row=?)",
        "COVERING INDEX batch_rows_by_outcome (batch_id=? AND outcome>?)",
    ],
    batches.WAS_TRIED: ["INDEX tasks_by_batch"],
    batches.PAGE_OF_BATCHES: ["INTEGER PRIMARY KEY (rowid<?)"],
    batches.PAUSED: ["SCAN batches"],  # only for what is put aside or no task has met
    WITH_TEMPLATE[NeedOf.HELD]: ["INDEX tasks_held (held=?"],
    WITH_TEMPLATE[NeedOf.FIXED]: ["INDEX tasks_held (held=?"],
    REFERENCES: ["INDEX tasks_by_state (state=?)"],
    ITEM: ["SEARCH items USING INTEGER PRIMARY KEY", "PRIMARY KEY (item_id=?)"],
}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "store.db", metadata.sorted_tables)
    yield connection
    connection.close()


def test_the_statements_on_items_and_batches(connection: sqlite3.Connection) -> None:
    for query, parts in PLANS.items():
        told = plan(connection, query)
        for part in parts:
            assert part in told, query
        assert "TEMP B-TREE" not in told, query


def test_what_was_sent_before_is_found_by_its_identity(connection: sqlite3.Connection) -> None:
    for query in (
        batches.EARLIER,
        batches.SENT_BEFORE,
        batches.CANCELLED_BEFORE,
        batches.NEWER_WORDS,
        batches.WAITING_BEFORE,
        batches.WAITING_SINCE,
    ):
        told = plan(connection, query)
        assert "INDEX batch_rows_by_identity (identity=?)" in told
        assert "SEARCH b USING INTEGER PRIMARY KEY" in told


def test_what_was_corrected_before_is_found_by_its_origin(connection: sqlite3.Connection) -> None:
    told = plan(connection, batches.CORRECTED_BEFORE)
    assert "INDEX batch_rows_by_origin (origin=?)" in told
    assert "SEARCH b USING INTEGER PRIMARY KEY" in told
    told = plan(connection, READ_ALIKE)
    for index in ("origin (origin=? AND batch_id=?)", "identity (identity=? AND batch_id=?)"):
        assert f"INDEX batch_rows_by_{index}" in told
    assert "INDEX batch_rows_by_check (batch_id=? AND checked=?)" in told
