"""Every hot query goes by the index made for it."""

from __future__ import annotations

import sqlite3

import pytest

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON
from sendoff_tasks.store.reads import detail, rows, searches
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.pages import NEWEST, ordered_ids
from sendoff_tasks.store.reads.query import KeysetPlace
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.store.reads.walks import SortOrder, walks
from sendoff_tasks.store.tables import (
    acts,
    beside_tasks,
    causes,
    cursor,
    pace,
    schema,
    statements,
)
from sendoff_tasks.store.tables.cursor import to_text

PLANS = {
    statements.TASK: ["INTEGER PRIMARY KEY"],
    statements.TASKS: ["SEARCH tasks USING INTEGER PRIMARY KEY"],
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 1): ["INTEGER PRIMARY KEY"],
    cursor.update_rows(schema.tasks, ("rev", "state"), cursor.FENCE, 4): [
        "SEARCH tasks USING INTEGER PRIMARY KEY"
    ],
    statements.CLAIMABLE: ["INDEX tasks_claimable (function=?)"],
    statements.RUNNING: ["INDEX tasks_by_state (state=?)"],
    statements.DUE: ["INDEX tasks_due (run_at<?)"],
    statements.NEXT_DUE: ["INDEX tasks_due (run_at>?)"],
    statements.EXPIRED: ["INDEX tasks_with_deadline (deadline<?)"],
    statements.NEXT_DEADLINE: ["INDEX tasks_with_deadline (deadline>?)"],
    statements.HELD: ["INDEX tasks_held (held=? AND function=?)"],
    statements.HELD_BEHIND: ["INDEX tasks_held (held=? AND function=? AND rowid>?)"],
    statements.DELETE_TASKS: ["SEARCH tasks USING INTEGER PRIMARY KEY"],
    statements.DELETE_LOG: ["SEARCH log USING INTEGER PRIMARY KEY", "INDEX ix_log_task_id"],
    statements.DELETE_ATTEMPTS: ["PRIMARY KEY (task_id=? AND attempt=?)", "KEY (task_id=?)"],
    statements.TASKS_BEHIND: ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid>?)"],
    detail.REPEATS: ["INDEX tasks_by_repeated (resend_of=?)"],
    detail.REPEATS_OF: ["INDEX tasks_by_repeated (resend_of=?)"],
    statements.ENDED: ["INDEX tasks_by_end (finished_at>? AND finished_at<?)"],
    statements.OLDEST_IN: ["INDEX tasks_by_state (state=?)"],
    statements.DELETE_ANSWERS: ["INDEX ix_idempotency_created_at (created_at<?)"],
    statements.ANSWER: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
    statements.ANSWER_OF_EITHER: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
    statements.CHANGE_KEY: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
    statements.CHANGE_ANSWER: ["INDEX sqlite_autoindex_idempotency_1 (key=?)"],
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
    statements.FIRST_QUEUED: ["INDEX tasks_claimable (function=?)"],
    statements.QUEUED_BY_AGE: ["INDEX tasks_queued (function=?)"],
    statements.QUEUED_SINCE: ["INDEX tasks_queued (function=?)", "PRIMARY KEY (task_id=?)"],
    statements.WAITING_SINCE: ["INDEX tasks_by_state (state=?)", "PRIMARY KEY (task_id=?)"],
    statements.OPEN_KEYS: ["INDEX tasks_by_key (key=?)"],
    statements.MOVE_DELAYS: ["INDEX tasks_due (run_at>?)"],
    statements.MOVE_DEADLINES: ["INDEX tasks_with_deadline (deadline>?)"],
    statements.MOVE_ANSWERS: ["INDEX ix_idempotency_created_at (created_at>? AND created_at<?)"],
    statements.DELETE_STARTS: ["PRIMARY KEY (queue=? AND at<?)"],
    acts.NEWEST_ACTS: ["PRIMARY KEY (rowid<?)"],
    acts.DELETE_ACTS: ["INDEX ix_acts_at (at<?)"],
    causes.CAUSE: ["PRIMARY KEY (id=?)"],
    causes.CAUSE_IN_BATCH: ["PRIMARY KEY (batch_id=? AND cause=?)"],
    causes.SCHEDULED_OF_BATCH: ["PRIMARY KEY (batch_id=?)"],
    causes.AGAIN_BY_CAUSE: ["PRIMARY KEY (batch_id=?)"],
    causes.PUT_ASIDE: ["SCAN scheduled_in_batches"],  # a row for many tasks
    causes.FORGET_SCHEDULED: ["PRIMARY KEY (batch_id=?)"],
    causes.SCHEDULED_BY_CAUSE: ["PRIMARY KEY (batch_id=?)"],
    causes.QUEUED_WITH_CAUSE: ["INDEX tasks_by_cause (cause=? AND state=?)"],
    causes.CAUSES_OF_BATCH: ["PRIMARY KEY (batch_id=?)", "PRIMARY KEY (id=?)"],
    causes.DELETE_CAUSE: ["PRIMARY KEY (id=?)"],
    causes.DELETE_CAUSE_IN_BATCH: ["PRIMARY KEY (batch_id=? AND cause=?)"],
    pace.PACE_OF: ["PRIMARY KEY (span=? AND at=? AND function=?)"],
    pace.PACE_SINCE: ["PRIMARY KEY (span=? AND at>? AND at<?)"],
    pace.DELETE_PACE: ["PRIMARY KEY (span=? AND at<?)"],
    rows.CHANGED: ["INTEGER PRIMARY KEY (rowid>?)"],
    rows.ROWS: ["tasks USING INTEGER PRIMARY KEY", "functions USING INTEGER PRIMARY KEY"],
    statements.CREATED_FIRST: ["INTEGER PRIMARY KEY", "INDEX tasks_by_state (state=?)"],
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


ACTIVE = TaskFilter(states=("running", "queued"), standing=False)
BY_NUMBER = "SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)"
PAGES = [
    (TaskFilter(), "id", ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"]),
    (TaskFilter(states=("failed",)), "id", ["INDEX tasks_by_state (state=? AND rowid<?)"]),
    (
        TaskFilter(states=("running", "queued")),
        "id",
        ["INDEX tasks_by_state (state=? AND rowid<?)"],
    ),
    (TaskFilter(task="mail"), "id", ["INDEX tasks_by_function (function=? AND rowid<?)"]),
    (TaskFilter(batch_id=3), "id", ["INDEX tasks_by_batch (batch_id=? AND state=? AND id<?)"]),
    (TaskFilter(batch_id=3, states=("queued",)), "id", ["tasks_by_batch (batch_id=? AND state=?"]),
    (TaskFilter(cause="c"), "id", ["INDEX tasks_by_cause (cause=? AND state=? AND id<?)"]),
    (TaskFilter(cause="c", states=("failed",)), "id", ["tasks_by_cause (cause=? AND state=?"]),
    (TaskFilter(cause="c", states=("failed",), seen=False), "id", ["tasks_by_cause (cause=?"]),
    (TaskFilter(queue="mail"), "id", ["INDEX tasks_by_function (function=? AND rowid<?)"]),
    (TaskFilter(item_id=3), "id", ["INDEX tasks_by_item (item_id=? AND rowid<?)"]),
    (TaskFilter(reasons=("kept",)), "id", ["INDEX tasks_by_reason (reason=? AND id<?)"]),
    (
        TaskFilter(states=("succeeded",), reasons=(NO_REASON,)),
        "id",
        ["INDEX tasks_by_state (state=? AND rowid<?)"],
    ),
    (
        TaskFilter(states=("failed", "waiting"), seen=False, reasons=("final_answer", "cut_short")),
        "id",
        ["INDEX tasks_by_reason (reason=? AND id<?)"],
    ),
    (TaskFilter(seen=True), "id", ["INDEX tasks_by_seen (seen=? AND state=? AND id<?)"]),
    (
        TaskFilter(states=("failed", "uncertain"), seen=False),
        "id",
        ["INDEX tasks_by_seen (seen=? AND state=? AND id<?)"],
    ),
    (TaskFilter(seen=False), "id", ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"]),
    (TaskFilter(ids=(3, 9)), "id", [BY_NUMBER]),
    (TaskFilter(ids=(3, 9), states=("failed",)), "id", [BY_NUMBER]),
    (TaskFilter(ids=(3, 9), task="mail"), "id", [BY_NUMBER]),
    (TaskFilter(ids=(3, 9), batch_id=3), "id", [BY_NUMBER]),
    (TaskFilter(ids=(3, 9), seen=True), "id", [BY_NUMBER]),
    (ACTIVE, "id", ["INDEX tasks_by_state (state=? AND rowid<?)"]),
    (TaskFilter(), "created_at", ["INDEX tasks_by_creation (created_at<?)"]),
    (
        TaskFilter(),
        "finished_at",
        [
            "INDEX tasks_by_end (finished_at=?)",
            "INDEX tasks_by_end (finished_at=? AND rowid<?)",
            "INDEX tasks_by_end (finished_at>? AND finished_at<?)",
        ],
    ),
    (
        TaskFilter(),
        "took",
        [
            "INDEX tasks_by_end (finished_at=?)",
            "INDEX tasks_by_took (<expr>=? AND rowid<?)",
            "INDEX tasks_by_took (<expr><?)",
        ],
    ),
    (
        TaskFilter(),
        "item_id",
        ["INDEX tasks_by_item (item_id=?)", "(item_id=? AND rowid<?)", "(item_id>? AND item_id<?)"],
    ),
    (TaskFilter(), "task", ["INDEX tasks_by_function (function=?"]),
    (TaskFilter(states=("succeeded",)), "took", ["INDEX tasks_by_took (<expr><?)"]),
    (TaskFilter(states=("queued",)), "took", ["INDEX tasks_by_end (finished_at=?)"]),
    (TaskFilter(), "to", ["INDEX tasks_by_recipient (recipient<?)"]),
    (TaskFilter(), "state", ["INDEX tasks_by_state (state<?)", "(state=? AND rowid<?)"]),
    (
        TaskFilter(states=("succeeded",)),
        "finished_at",
        ["INDEX tasks_by_end (finished_at>? AND finished_at<?)"],
    ),
]


@pytest.mark.parametrize(("wanted", "key", "parts"), PAGES)
def test_pages_of_a_large_table_walk_an_index_and_never_sort_it(
    connection: sqlite3.Connection, wanted: TaskFilter, key: str, parts: list[str]
) -> None:
    at = "x" if key in {"state", "to", "task"} else 7
    order = SortOrder(key, descending=True, after=KeysetPlace(at, 5))
    parts_of_page = walks(wanted, order, Catalogue(connection, NOTHING_KNOWN))
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
    (TaskFilter(text="ada"), ["SCAN words VIRTUAL TABLE INDEX"]),
    (TaskFilter(text="ada lov"), [MERGE, WORD]),
    (
        TaskFilter(text="ada", states=("queued",)),
        [MERGE, WORD, "tasks_by_state (state=? AND rowid>?"],
    ),
    (
        TaskFilter(text="ada", task="mail"),
        [MERGE, WORD, "tasks_by_function (function=? AND rowid>?"],
    ),
    (TaskFilter(text="mail", states=("queued",)), [MERGE, "tasks_by_function", "tasks_by_state"]),
    (TaskFilter(text="ada", since=1), [WORD, "SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)"]),
]


@pytest.mark.parametrize(("wanted", "parts"), SEARCHES)
def test_searches_merge_indexes_that_are_in_order(
    connection: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    wanted: TaskFilter,
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
    search = searches.Search(connection, wanted, Catalogue(connection, NOTHING_KNOWN))
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
    wanted = TaskFilter(states=("failed",))
    query, _ = to_text(
        ordered_ids(connection, wanted, order, Catalogue(connection, NOTHING_KNOWN), 0, 256)
    )
    assert "INDEX tasks_by_state (state=?)" in plan(connection, query)
