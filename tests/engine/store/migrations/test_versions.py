"""What each migration makes of a store of an earlier version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from desktop.engine.attempts.outcomes import Failed
from desktop.engine.store.file.database import open_store
from desktop.engine.store.reads.batches.batches import LeavingTimes, batch_of, read_record
from desktop.engine.store.reads.causes import read_causes
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.reads.tasks.pages import read_page
from desktop.engine.store.reads.vocabulary import spelled, words
from desktop.engine.store.tables import schema
from desktop.engine.store.tables.item_statements import DIFFERENT
from desktop.engine.verbs.change import SEEN, change
from tests.engine.scan import check_causes
from tests.engine.stepped import Stepped, registry
from tests.engine.store.test_plans import PLANS, plan


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Give a store as the first version left it."""
    path = tmp_path / "first.db"
    connection = sqlite3.connect(path)
    connection.executescript(Path(__file__).with_name("version_0001.sql").read_text("utf-8"))
    connection.close()
    return path


NEW_SINCE_15 = {
    "batch_rows": ("corrections", "origin"),
    "batches": ("continues", "corrected", "unused", "marked", "later"),
    "corrections": ("address",),
}
INDEXES_SINCE_17 = ("corrections_by_address", "tasks_with_repeats")
NEW = {
    "scheduled_in_batches",
    *("pauses", "starts", "corrections", "batches", "batch_rows", "causes", "batch_causes"),
    *("followers", "tokens", "sources", "schedules", "due_times", "steps", "contexts", "pace"),
}


def content(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.name: connection.execute(f"SELECT * FROM {table.name}").fetchall()  # noqa: S608
        for table in schema.metadata.sorted_tables
        if table.name not in NEW
    }


def test_a_store_of_the_first_version_keeps_everything(first: Path) -> None:
    before = content(old := sqlite3.connect(first))
    old.close()
    connection = open_store(first)
    after = content(connection)
    kept = {
        name: [row[: len(was[0])] for row in after[name]] for name, was in before.items() if was
    }
    assert kept == {name: rows for name, rows in before.items() if rows}
    delayed = connection.execute("SELECT id, delayed FROM tasks").fetchall()
    assert delayed == [(1, 0), (2, 0), (3, 1), (4, 0)]
    words = "SELECT rowid FROM words WHERE words MATCH 'ada OR four' ORDER BY rowid"
    assert connection.execute(words).fetchall() == [(1,), (4,)]
    connection.close()


def test_its_statements_go_by_the_indexes_of_a_new_one(first: Path) -> None:
    """SQLite chooses between two that seem alike by which was made later."""
    connection = open_store(first)
    plans = {query: plan(connection, query) for query in PLANS}
    connection.close()
    assert not [q for q, parts in PLANS.items() if any(part not in plans[q] for part in parts)]


def test_what_older_versions_told_in_words_is_a_reason(first: Path) -> None:
    old = sqlite3.connect(first)
    old.execute("""UPDATE tasks SET result = '"Kept in the outbox; practice"' WHERE id = 1""")
    old.commit()
    old.close()
    connection = open_store(first)
    reasons = connection.execute("SELECT id, reason FROM tasks ORDER BY id").fetchall()
    assert reasons == [(1, "kept"), (2, "delayed"), (3, "retry_later"), (4, None)]
    connection.close()


def test_loose_tasks_are_found_by_their_items_title_and_failures_can_be_seen(
    first: Path,
) -> None:
    old = sqlite3.connect(first)
    (item,) = old.execute("SELECT min(id) FROM items").fetchone()
    old.execute(
        """UPDATE items SET body = '{"title":"Opera"}', task_count = 0 WHERE id = ?""", [item]
    )
    old.execute("UPDATE tasks SET item_id = ?, state = 'failed' WHERE id = 4", [item])
    old.commit()
    old.close()
    connection = open_store(first)
    words = "SELECT rowid FROM words WHERE words MATCH ?"
    assert (4,) in connection.execute(words, ("opera",)).fetchall()
    assert (4,) in connection.execute(words, ("four",)).fetchall()
    assert connection.execute("SELECT id FROM tasks WHERE seen = 0").fetchall() == [(4,)]
    connection.close()


def test_older_errors_are_asked_alone(first: Path) -> None:
    old = sqlite3.connect(first)
    old.execute("UPDATE tasks SET error = 'No such person' WHERE id = 4")
    found = "SELECT id, title, recipient, arguments FROM tasks WHERE id = 4"
    number, *shallow, arguments = old.execute(found).fetchone()
    was = (number, words(*shallow))
    old.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", was)
    deep = (number, words(*shallow, spelled(arguments), "No such person"))
    old.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", deep)
    old.execute("INSERT INTO meta VALUES ('searched_to', '4')")
    old.commit()
    old.close()
    connection = open_store(first)
    for wanted in (Filter(error="person"), Filter(text="person")):
        page = read_page(connection, Query(wanted), "store")
        assert [row["id"] for row in page["tasks"]] == [4]
    assert read_page(connection, Query(Filter(error="four")), "store")["tasks"] == []
    ((everything,),) = connection.execute("PRAGMA integrity_check")
    assert everything == "ok"
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    connection.close()


def test_older_failures_have_the_cause_that_their_data_tell(first: Path) -> None:
    old = sqlite3.connect(first)
    old.execute("UPDATE tasks SET state = 'failed', why = 'No attempt is left.' WHERE id IN (1, 4)")
    old.execute("UPDATE tasks SET finished_at = 5000 WHERE id = 4")
    old.commit()
    old.close()
    connection = open_store(first)
    causes = read_causes(connection)
    assert [(each["title"], each["states"]) for each in causes] == [
        ("No attempt is left", {"failed": 2}),
        ("The last attempt failed", {"waiting": 1}),
    ]
    assert causes[0]["last_at"] == "1970-01-01T00:00:05.000Z"
    assert causes[0]["about"]["task_title"] == "Work"
    check_causes(connection)
    connection.close()


def test_older_failures_that_were_seen_are_counted_as_seen(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    stepped = Stepped(path, registry())
    for _ in range(3):
        stepped.end(stepped.add("work"), Failed("No such user.", "", final=True))
    stepped.change(change, 2, SEEN)
    stepped.close()
    old = sqlite3.connect(path)
    for table in ("causes", "batch_causes"):
        for state in ("failed", "uncertain"):
            old.execute(f"ALTER TABLE {table} DROP COLUMN {state}_seen")
    old.execute("DROP INDEX tasks_by_repeated")
    old.execute("DROP TABLE scheduled_in_batches")
    old.execute("ALTER TABLE tasks DROP COLUMN past_errors")
    for index in ("batch_rows_by_origin", "batches_by_continued", *INDEXES_SINCE_17):
        old.execute(f"DROP INDEX {index}")
    for table, columns in NEW_SINCE_15.items():
        for column in columns:
            old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    old.execute("UPDATE tasks SET batch_id = 1 WHERE id < 3")
    for number, recipient in enumerate(("P1 <P1@New.example>", "P1@New.example"), 1):
        old.execute("INSERT INTO corrections VALUES (?, 1, 0, '{}', ?)", (number, recipient))
    (cause,) = old.execute("SELECT id FROM causes").fetchone()
    old.execute(
        "INSERT INTO batch_causes (batch_id, cause, failed) VALUES (1, ?, 2)",
        (cause,),
    )
    old.execute("UPDATE alembic_version SET version_num = '0013'")
    old.commit()
    old.close()
    connection = open_store(path)
    assert [each["states"] for each in read_causes(connection)] == [{"failed": 2}]
    check_causes(connection)
    addresses = connection.execute("SELECT address FROM corrections").fetchall()
    assert addresses == [("p1@new.example",)] * 2
    connection.close()


OLD_ROWS = (
    """INSERT INTO batches (id, name, state, created_at, changed_at, started_at, key, tasks,
        columns, twice)
    VALUES (1, 'one', 'done', 1, 1, 1, '[]', '[]', '{}', 4),
        (2, 'two', 'done', 1, 1, 1, '[]', '[]', '{}', 1)""",
    """INSERT INTO batch_rows (batch_id, row, revision, item, content, checked, data)
    VALUES (1, 1, 1, '{}', '', 'twice', '{"batch_id": 2, "row": 1}'),
        (1, 2, 1, '{}', '', 'twice', '{"batch_id": 2, "row": 2}'),
        (1, 3, 1, '{}', '', 'twice', '{"batch_id": 10, "row": 1}'),
        (1, 4, 1, '{}', '', 'twice', '{"row": 1}'),
        (2, 1, 1, '{}', '', 'twice', '{"row": 1}'),
        (2, 2, 1, '{}', '', 'same', '{"batch_id": 1, "row": 1}')""",
    """INSERT INTO batch_rows (batch_id, row, revision, item, content, checked, outcome, ended_at,
        answer)
    VALUES (2, 3, 1, '{}', '', 'ready', 'sent', 5, 'A person said that it was done.'),
        (2, 4, 1, '{}', '', 'ready', 'sent', 6, '250 Ok')""",
)
"""Rows that are in later batches, one that a person said was sent, and some others."""
TIMES = "SELECT ended_at FROM batch_rows WHERE outcome = 'sent' ORDER BY row"


def test_an_older_batch_tells_what_later_ones_have_and_a_person_settled(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    old = sqlite3.connect(path)
    old.execute("ALTER TABLE batches DROP COLUMN later")
    old.execute("DROP TABLE scheduled_in_batches")
    old.execute("ALTER TABLE tasks DROP COLUMN past_errors")
    for index in INDEXES_SINCE_17:
        old.execute(f"DROP INDEX {index}")
    old.execute("ALTER TABLE corrections DROP COLUMN address")
    for statement in OLD_ROWS:
        old.execute(statement)
    old.execute("UPDATE alembic_version SET version_num = '0017'")
    old.commit()
    old.close()
    connection = open_store(path)
    told = [
        batch_of(read_record(connection, number), lambda _: LeavingTimes(), connection)["later"]
        for number in (1, 2)
    ]
    assert told == [{"count": 3, "first": 2, "last": 10}, None]
    assert connection.execute(TIMES).fetchall() == [(None,), (6,)]
    connection.close()


@pytest.mark.parametrize(
    ("state", "word"), [("failed", "no"), ("uncertain", "not_sure"), ("waiting", "not_yet")]
)
def test_older_items_say_whether_a_person_was_told(first: Path, state: str, word: str) -> None:
    old = sqlite3.connect(first)
    old.execute("UPDATE tasks SET item_id = 7, reference = '<1@example.org>', state = ?", [state])
    old.commit()
    old.close()
    connection = open_store(first)
    assert connection.execute("SELECT informed FROM items WHERE id = 7").fetchone() == (word,)
    assert connection.execute(DIFFERENT).fetchall() == []
    connection.close()


def shape(connection: sqlite3.Connection) -> dict[str, object]:
    """Tell every table's columns, and every index as it was written."""
    found: dict[str, object] = {}
    for kind, name, text in connection.execute("SELECT type, name, sql FROM sqlite_schema"):
        if kind == "table":
            found[name] = connection.execute(f"PRAGMA table_info({name})").fetchall()
        else:
            found[name] = text
    return found


def test_a_migrated_store_has_the_shape_of_a_new_one(first: Path, tmp_path: Path) -> None:
    migrated, new = open_store(first), open_store(tmp_path / "new.db")
    assert shape(migrated) == shape(new)
    migrated.close()
    new.close()


def test_an_engine_goes_on_with_a_store_of_the_first_version(first: Path) -> None:
    stepped = Stepped(first, registry())
    stepped.settle()
    assert stepped.states() == {1: "succeeded", 2: "scheduled", 3: "waiting", 4: "running"}
    assert stepped.add() == 5
    stepped.check()
    stepped.close()
