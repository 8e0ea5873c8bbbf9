"""Every hot query goes by the index made for it."""

from __future__ import annotations

import sqlite3

import pytest

from desktop.engine.facade import measures
from desktop.engine.store.reads import detail, rows, searches
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.pages import NEWEST, ordered_ids
from desktop.engine.store.reads.query import Filter, KeysetPlace
from desktop.engine.store.reads.walks import SortOrder, walks
from desktop.engine.store.tables import (
    beside_tasks,
    causes,
    cursor,
    pace,
    queues,
    schema,
    statements,
)
from desktop.engine.store.tables.cursor import to_text
from desktop.items.reads.batches import READ_ALIKE
from desktop.items.reads.items import ITEM, VERSIONS
from desktop.items.reads.messages import HELD_WITH_TEMPLATE, REFERENCES
from desktop.items.tables import batch_statements, item_statements

PLANS = {
    statements.TASK: ["INTEGER PRIMARY KEY"],
    statements.TASKS: ["SEARCH tasks USING INTEGER PRIMARY KEY"],
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 1): ["INTEGER PRIMARY KEY"],
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 4): [
        "SEARCH tasks USING INTEGER PRIMARY KEY"
    ],
    batch_statements.update_results(4): ["(batch_id=? AND row=?)"],
    statements.CLAIMABLE: ["INDEX tasks_claimable (function=?)"],
    statements.RUNNING: ["INDEX tasks_by_state (state=?)"],
    statements.DUE: ["INDEX tasks_due (run_at<?)"],
    statements.NEXT_DUE: ["INDEX tasks_due (run_at>?)"],
    statements.EXPIRED: ["INDEX tasks_with_deadline (deadline<?)"],
    statements.NEXT_DEADLINE: ["INDEX tasks_with_deadline (deadline>?)"],
    statements.HELD: ["INDEX tasks_held (held=? AND function=?)"],
    statements.HELD_BEHIND: ["INDEX tasks_held (held=? AND function=? AND rowid>?)"],
    statements.TASKS_OF_ITEM: ["INDEX tasks_by_item (item_id=?)"],
    statements.DELETE_TASKS: ["SEARCH tasks USING INTEGER PRIMARY KEY"],
    statements.DELETE_LOG: ["SEARCH log USING INTEGER PRIMARY KEY", "INDEX ix_log_task_id"],
    statements.DELETE_ATTEMPTS: ["PRIMARY KEY (task_id=? AND attempt=?)", "KEY (task_id=?)"],
    item_statements.DELETE_EMPTY_ITEMS: ["SEARCH items USING INTEGER", "INDEX tasks_by_item"],
    item_statements.PRESENT: ["SEARCH items USING INTEGER PRIMARY KEY", "PRIMARY KEY (item_id=?)"],
    statements.TASKS_BEHIND: ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid>?)"],
    detail.REPEATS: ["INDEX tasks_by_repeated (resend_of=?)"],
    detail.REPEATS_OF: ["INDEX tasks_by_repeated (resend_of=?)"],
    statements.ENDED: ["INDEX tasks_by_end (finished_at>? AND finished_at<?)"],
    statements.OLDEST_IN: ["INDEX tasks_by_state (state=?)"],
    statements.DELETE_ANSWERS: ["INDEX ix_idempotency_created_at (created_at<?)"],
    statements.ANSWER: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
    statements.CHANGE_ANSWER: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
    item_statements.ITEM: ["INTEGER PRIMARY KEY"],
    item_statements.CORRECTION: ["PRIMARY KEY (item_id=?)"],
    item_statements.DELETE_CORRECTIONS: ["PRIMARY KEY (item_id=?)", "INTEGER PRIMARY KEY"],
    item_statements.LAST_ITEM: ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"],
    item_statements.LAST_ITEM_BELOW: ["SEARCH items USING INTEGER PRIMARY KEY (rowid<?)"],
    statements.LAST_EVENT: ["SEARCH events"],
    statements.OLDEST_EVENTS: ["SCAN events"],
    statements.DELETE_EVENTS: ["INTEGER PRIMARY KEY (rowid<?)"],
    beside_tasks.STEPS_OF: ["PRIMARY KEY (task_id=?)"],
    beside_tasks.DELETE_STEPS: ["PRIMARY KEY (task_id=?)"],
    beside_tasks.CONTEXT_OF: ["INTEGER PRIMARY KEY"],
    beside_tasks.DELETE_CONTEXTS: ["INTEGER PRIMARY KEY"],
    beside_tasks.DUE_TIME: ["PRIMARY KEY (name=? AND due_at=?)"],
    beside_tasks.DELETE_DUE_TIMES: [
        "PRIMARY KEY (name=? AND due_at=?)",
        "PRIMARY KEY (name=? AND due_at<?)",
    ],
    queues.OLDEST: [
        "SEARCH tasks USING INDEX tasks_claimable (function=? AND priority<?)",
        "SEARCH one USING INDEX tasks_claimable (function=? AND priority<?)",
        "SEARCH other USING INDEX tasks_claimable (function=? AND priority=?)",
    ],
    queues.FIRST_QUEUED: ["INDEX tasks_claimable (function=?)"],
    queues.LOWEST: ["INDEX tasks_claimable (function=?)"],
    statements.OPEN_KEYS: ["INDEX tasks_by_key (key=?)"],
    statements.MOVE_DELAYS: ["INDEX tasks_due (run_at>?)"],
    statements.MOVE_DEADLINES: ["INDEX tasks_with_deadline (deadline>?)"],
    statements.MOVE_ANSWERS: ["INDEX ix_idempotency_created_at (created_at>? AND created_at<?)"],
    queues.DELETE_STARTS: ["PRIMARY KEY (queue=? AND at<?)"],
    batch_statements.ROW: ["(batch_id=? AND row=?)"],
    batch_statements.ROWS_ALIKE: ["INDEX batch_rows_by_identity (identity=? AND batch_id=?)"],
    batch_statements.CONTINUED_BY: ["INDEX batches_by_continued (continues=?)"],
    batch_statements.CONTINUE_FROM: ["INDEX batches_by_continued (continues=?)"],
    batch_statements.ANY_CORRECTED: ["INDEX batch_rows_by_origin"],
    batch_statements.NEXT_ROWS: ["(batch_id=? AND row>?)"],
    batch_statements.ROWS_WITH: [
        "INDEX batch_rows_by_outcome (batch_id=? AND outcome=? AND row>?)"
    ],
    batch_statements.BUSY_ROWS: [
        "INDEX batch_rows_by_outcome (batch_id=? AND outcome=? AND row>?)"
    ],
    batch_statements.CORRECTED_TO: [
        "SEARCH corrections USING COVERING INDEX corrections_by_address (address=?)",
        "SEARCH t USING INDEX tasks_by_item (item_id=?)",
        "SEARCH r USING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row=?)",
    ],
    batch_statements.FED_AND_OPEN: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)"],
    batch_statements.NOT_INFORMED: ["SEARCH tasks USING INDEX tasks_by_item (item_id=?)"],
    batch_statements.UNSETTLED_ROWS: [
        "INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)",
        "SEARCH t USING INDEX tasks_by_item (item_id=?)",
    ],
    batch_statements.QUEUED_OF_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.MOVES_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.LEAVES_NOW: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.BEGUN_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.HAS_NEXT_ROW: [
        "COVERING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)"
    ],
    batch_statements.TIMES_OF_ITS_OWN: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.PUT_OFF_UNTIL: ["INDEX tasks_due (run_at=?)"],
    batch_statements.WHY_STOPPED: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.OPEN_WITH_TASK: ["INDEX batch_rows_by_outcome (batch_id=? AND outcome=?)"],
    batch_statements.HELD_OF_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.TASKS_IN_BATCH: ["INDEX tasks_by_batch (batch_id=? AND state=?)"],
    batch_statements.TASKS_OF_ROW: ["INDEX tasks_by_batch_item (batch_id=? AND item_id=?)"],
    batch_statements.UNCHECKED_ROWS: ["INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)"],
    batch_statements.UNSENT_BY_TEMPLATE: [
        "SCAN b",
        "SEARCH r USING INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row>?)",
    ],
    batch_statements.CLEAR_ROWS: [
        "INDEX sqlite_autoindex_batch_rows_1 (batch_id=? AND row=?)",
        "COVERING INDEX batch_rows_by_outcome (batch_id=? AND outcome>?)",
    ],
    batch_statements.WAS_TRIED: ["INDEX tasks_by_batch"],
    batch_statements.PAGE_OF_BATCHES: ["INTEGER PRIMARY KEY (rowid<?)"],
    causes.CAUSE: ["PRIMARY KEY (id=?)"],
    causes.CAUSE_IN_BATCH: ["PRIMARY KEY (batch_id=? AND cause=?)"],
    causes.SCHEDULED_OF_BATCH: ["PRIMARY KEY (batch_id=?)"],
    causes.AGAIN_BY_CAUSE: ["PRIMARY KEY (batch_id=?)"],
    causes.PUT_ASIDE: ["SCAN scheduled_in_batches"],  # a row for many tasks
    causes.FORGET_SCHEDULED: ["PRIMARY KEY (batch_id=?)"],
    causes.SCHEDULED_BY_CAUSE: ["PRIMARY KEY (batch_id=?)"],
    causes.QUEUED_WITH_CAUSE: ["INDEX tasks_by_cause (cause=? AND state=?)"],
    batch_statements.PAUSED: ["SCAN batches"],  # only for what is put aside or no task has met
    causes.CAUSES_OF_BATCH: ["PRIMARY KEY (batch_id=?)", "PRIMARY KEY (id=?)"],
    causes.DELETE_CAUSE: ["PRIMARY KEY (id=?)"],
    causes.DELETE_CAUSE_IN_BATCH: ["PRIMARY KEY (batch_id=? AND cause=?)"],
    pace.PACE_OF: ["PRIMARY KEY (span=? AND at=? AND function=?)"],
    pace.PACE_SINCE: ["PRIMARY KEY (span=? AND at>? AND at<?)"],
    pace.DELETE_PACE: ["PRIMARY KEY (span=? AND at<?)"],
    rows.CHANGED: ["INTEGER PRIMARY KEY (rowid>?)"],
    rows.ROWS: ["tasks USING INTEGER PRIMARY KEY", "functions USING INTEGER PRIMARY KEY"],
    measures.OLDEST: ["INTEGER PRIMARY KEY", "INDEX tasks_by_state (state=?)"],
    HELD_WITH_TEMPLATE: ["INDEX tasks_held (held=?"],
    REFERENCES: ["INDEX tasks_by_state (state=?)"],
    ITEM: ["SEARCH items USING INTEGER PRIMARY KEY", "PRIMARY KEY (item_id=?)"],
    VERSIONS: ["PRIMARY KEY (item_id=?)"],
    detail.LOG: ["INDEX ix_log_task_id (task_id=?)"],
    detail.HISTORY: ["PRIMARY KEY (task_id=?)"],
}


def plan(connection: sqlite3.Connection, query: str) -> str:
    parameters = (None,) * query.count("?")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {query}", parameters).fetchall()
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize("query", PLANS)
def test_the_writers_statements(connection: sqlite3.Connection, query: str) -> None:
    told = plan(connection, query)
    for part in PLANS[query]:
        assert part in told
    assert "TEMP B-TREE" not in told


def test_what_was_sent_before_is_found_by_its_identity(connection: sqlite3.Connection) -> None:
    for query in (
        batch_statements.EARLIER,
        batch_statements.SENT_BEFORE,
        batch_statements.NEWER_WORDS,
        batch_statements.WAITING_BEFORE,
    ):
        told = plan(connection, query)
        assert "INDEX batch_rows_by_identity (identity=?)" in told
        assert "SEARCH b USING INTEGER PRIMARY KEY" in told


def test_what_was_corrected_before_is_found_by_its_origin(connection: sqlite3.Connection) -> None:
    told = plan(connection, batch_statements.CORRECTED_BEFORE)
    assert "INDEX batch_rows_by_origin (origin=?)" in told
    assert "SEARCH b USING INTEGER PRIMARY KEY" in told
    told = plan(connection, READ_ALIKE)
    for index in ("origin (origin=? AND batch_id=?)", "identity (identity=? AND batch_id=?)"):
        assert f"INDEX batch_rows_by_{index}" in told
    assert "INDEX batch_rows_by_check (batch_id=? AND checked=?)" in told


ACTIVE = Filter(states=("running", "queued"), standing=False)
BY_NUMBER = "SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)"
PAGES = [
    (Filter(), "id", ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"]),
    (Filter(states=("failed",)), "id", ["INDEX tasks_by_state (state=? AND rowid<?)"]),
    (Filter(states=("running", "queued")), "id", ["INDEX tasks_by_state (state=? AND rowid<?)"]),
    (Filter(task="mail"), "id", ["INDEX tasks_by_function (function=? AND rowid<?)"]),
    (Filter(batch_id=3), "id", ["INDEX tasks_by_batch (batch_id=? AND state=? AND id<?)"]),
    (Filter(batch_id=3, states=("queued",)), "id", ["tasks_by_batch (batch_id=? AND state=?"]),
    (Filter(cause="c"), "id", ["INDEX tasks_by_cause (cause=? AND state=? AND id<?)"]),
    (Filter(cause="c", states=("failed",)), "id", ["tasks_by_cause (cause=? AND state=?"]),
    (Filter(cause="c", states=("failed",), seen=False), "id", ["tasks_by_cause (cause=?"]),
    (Filter(queue="mail"), "id", ["INDEX tasks_by_function (function=? AND rowid<?)"]),
    (Filter(item_id=3), "id", ["INDEX tasks_by_item (item_id=? AND rowid<?)"]),
    (Filter(reasons=("kept",)), "id", ["INDEX tasks_by_reason (reason=? AND id<?)"]),
    (Filter(seen=True), "id", ["INDEX tasks_by_seen (seen=? AND id<?)"]),
    (
        Filter(states=("failed", "uncertain"), seen=False),
        "id",
        ["INDEX tasks_by_seen (seen=? AND id<?)"],
    ),
    (Filter(seen=False), "id", ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"]),
    (Filter(ids=(3, 9)), "id", [BY_NUMBER]),
    (Filter(ids=(3, 9), states=("failed",)), "id", [BY_NUMBER]),
    (Filter(ids=(3, 9), task="mail"), "id", [BY_NUMBER]),
    (Filter(ids=(3, 9), batch_id=3), "id", [BY_NUMBER]),
    (Filter(ids=(3, 9), seen=True), "id", [BY_NUMBER]),
    (ACTIVE, "id", ["INDEX tasks_by_state (state=? AND rowid<?)"]),
    (Filter(), "created_at", ["INDEX tasks_by_creation (created_at<?)"]),
    (
        Filter(),
        "finished_at",
        [
            "INDEX tasks_by_end (finished_at=?)",
            "INDEX tasks_by_end (finished_at=? AND rowid<?)",
            "INDEX tasks_by_end (finished_at>? AND finished_at<?)",
        ],
    ),
    (
        Filter(),
        "took",
        [
            "INDEX tasks_by_end (finished_at=?)",
            "INDEX tasks_by_took (<expr>=? AND rowid<?)",
            "INDEX tasks_by_took (<expr><?)",
        ],
    ),
    (
        Filter(),
        "item_id",
        ["INDEX tasks_by_item (item_id=?)", "(item_id=? AND rowid<?)", "(item_id>? AND item_id<?)"],
    ),
    (Filter(), "task", ["INDEX tasks_by_function (function=?"]),
    (Filter(states=("succeeded",)), "took", ["INDEX tasks_by_took (<expr><?)"]),
    (Filter(states=("queued",)), "took", ["INDEX tasks_by_end (finished_at=?)"]),
    (Filter(), "to", ["INDEX tasks_by_recipient (recipient<?)"]),
    (Filter(), "state", ["INDEX tasks_by_state (state<?)", "(state=? AND rowid<?)"]),
    (
        Filter(states=("succeeded",)),
        "finished_at",
        ["INDEX tasks_by_end (finished_at>? AND finished_at<?)"],
    ),
]


@pytest.mark.parametrize(("wanted", "key", "parts"), PAGES)
def test_pages_of_a_large_table_walk_an_index_and_never_sort_it(
    connection: sqlite3.Connection, wanted: Filter, key: str, parts: list[str]
) -> None:
    at = "x" if key in {"state", "to", "task"} else 7
    order = SortOrder(key, descending=True, after=KeysetPlace(at, 5))
    parts_of_page = walks(wanted, order, Catalogue(connection))
    told = "\n".join(plan(connection, to_text(each.limit(256))[0]) for each in parts_of_page)
    for part in parts:
        assert part in told, told
    assert "SCAN tasks" not in told
    assert "TEMP B-TREE" not in told


def test_the_newest_tasks_are_read_from_the_end_and_never_sorted(
    connection: sqlite3.Connection,
) -> None:
    told = plan(connection, NEWEST)
    assert "SCAN tasks" in told  # along its numbers, as far as the limit
    assert "TEMP B-TREE" not in told


MERGE = "MERGE (INTERSECT)"
WORD = "SCAN words VIRTUAL TABLE INDEX 192:M1><"
"""The word index in the order of numbers, between two of them."""
SEARCHES = [
    (Filter(text="ada"), ["SCAN words VIRTUAL TABLE INDEX"]),
    (Filter(text="ada lov"), [MERGE, WORD]),
    (Filter(text="ada", states=("queued",)), [MERGE, WORD, "tasks_by_state (state=? AND rowid>?"]),
    (Filter(text="ada", task="mail"), [MERGE, WORD, "tasks_by_function (function=? AND rowid>?"]),
    (Filter(text="mail", states=("queued",)), [MERGE, "tasks_by_function", "tasks_by_state"]),
    (Filter(text="ada", since=1), [WORD, "SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)"]),
]


@pytest.mark.parametrize(("wanted", "parts"), SEARCHES)
def test_searches_merge_indexes_that_are_in_order(
    connection: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    wanted: Filter,
    parts: list[str],
) -> None:
    for limit in ("FEW", "RARE"):
        monkeypatch.setattr(searches, limit, 0)
    names = ("id", "function", "state", "attempt", "max_attempts", "crashes", "passed", "stopping")
    insert = cursor.insert_rows(schema.tasks, (*names, "arguments"), 1)
    for number in (1, 9):
        connection.execute(insert, (number, 1, "queued", 0, 1, 0, 0, 0, "[[],{}]"))
        connection.execute(statements.INSERT_WORDS, (number, "ada lovelace"))
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    search = searches.Search(connection, wanted, Catalogue(connection))
    found = search.find(256, patience=searches.PATIENCE)
    connection.set_trace_callback(None)
    (read,) = [each for each in asked if each.startswith("SELECT json_group_array")]
    told = plan(connection, read)
    assert found.ids == ([] if wanted.since else [9, 1])
    for part in parts:
        assert part in told, told
    assert "SCAN tasks" not in told
    assert "TEMP B-TREE" not in told or wanted.since  # what few rows are left of a leg


def test_few_tasks_are_sorted_instead(connection: sqlite3.Connection) -> None:
    order = SortOrder("finished_at", descending=True)
    wanted = Filter(states=("failed",))
    query, _ = to_text(ordered_ids(connection, wanted, order, Catalogue(connection), 0, 256))
    assert "INDEX tasks_by_state (state=?)" in plan(connection, query)
