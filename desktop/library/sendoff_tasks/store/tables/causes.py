"""The tables of causes, in all and by batch, the record of a cause, and their statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Integer, Table, Text, text

from sendoff_tasks.model.causes import CASES, ON_THE_WAY
from sendoff_tasks.model.states import TROUBLED, State
from sendoff_tasks.store.tables.cursor import put_rows
from sendoff_tasks.store.tables.schema import metadata

STATES: Final = tuple(state.value for state in State if state in CASES | ON_THE_WAY)
"""The states in which a task has a cause; each has a count."""
SEEN: Final = {state.value: f"{state.value}_seen" for state in State if state in TROUBLED}
"""The columns that count the seen tasks of these states again."""
COUNTED: Final = (*STATES, *SEEN.values())
MOST: Final = 2_000
"""Most causes; beyond that, tasks' own texts no longer tell causes apart."""


def _counts() -> list[Column[int]]:
    zero = text("0")
    return [Column(name, Integer, nullable=False, server_default=zero) for name in COUNTED]


causes = Table(
    # What failures have in common, while any task has it. Times are epoch ms; ``about`` and
    # ``places`` are JSON.
    "causes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("about", Text, nullable=False),
    Column("cure", Text),
    Column("places", Text, nullable=False),
    Column("first_at", Integer, nullable=False),
    Column("last_at", Integer, nullable=False),
    Column("retried_at", Integer),  # when a person last retried some of its tasks
    Column("failed_again", Integer, nullable=False),  # tasks that met it after that
    *_counts(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

batch_causes = Table(
    # The same counts, of the tasks of one batch.
    "batch_causes",
    metadata,
    Column("batch_id", Integer, primary_key=True),
    Column("cause", Text, primary_key=True),
    *_counts(),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)


scheduled_in_batches = Table(
    # Counts of scheduled tasks of batches, of which there may be a million. ``cause`` is "" for
    # none. ``aside`` is 1 if their batch holds them back, ``again`` if they wait for another
    # attempt after an error.
    "scheduled_in_batches",
    metadata,
    Column("batch_id", Integer, primary_key=True),
    Column("function", Integer, primary_key=True),
    Column("cause", Text, primary_key=True),
    Column("aside", Integer, primary_key=True),
    Column("again", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)


class CauseRecord(NamedTuple):
    """One row of ``causes`` without its counts, in the table's order; times are epoch ms."""

    id: str
    about: str
    cure: str | None
    places: str
    first_at: int
    last_at: int
    retried_at: int | None = None
    failed_again: int = 0


WIDTH: Final = len(CauseRecord._fields)
CAUSE: Final = "SELECT * FROM causes WHERE id = ?"
_HAS_TASKS: Final = f"{' + '.join(STATES)} > 0"
CAUSES: Final = f"SELECT * FROM causes WHERE {_HAS_TASKS}"  # noqa: S608
"""The causes that tasks have."""
TOLD_CAUSES: Final = "SELECT id, about, places FROM causes"
SET_TOLD: Final = "UPDATE causes SET about = ?, places = ? WHERE id = ?"
HOW_MANY: Final = "SELECT count(*) FROM causes"
DELETE_CAUSE: Final = "DELETE FROM causes WHERE id = ?"
FORGET_CAUSES: Final = f"DELETE FROM causes WHERE NOT ({_HAS_TASKS}) AND last_at < ?"  # noqa: S608
CAUSE_IN_BATCH: Final = (
    f"SELECT {', '.join(COUNTED)} FROM batch_causes WHERE batch_id = ? AND cause = ?"  # noqa: S608
)
_COLUMNS: Final = ", ".join(
    [*(f"c.{name}" for name in CauseRecord._fields), *(f"b.{name}" for name in COUNTED)]
)
CAUSES_OF_BATCH: Final = f"""
SELECT {_COLUMNS} FROM batch_causes AS b JOIN causes AS c ON c.id = b.cause WHERE b.batch_id = ?
"""  # noqa: S608
DELETE_CAUSE_IN_BATCH: Final = "DELETE FROM batch_causes WHERE batch_id = ? AND cause = ?"
SCHEDULED_OF_BATCH: Final = (
    "SELECT coalesce(sum(n), 0) FROM scheduled_in_batches WHERE batch_id = ?"
)
SCHEDULED_BY_CAUSE: Final = (
    "SELECT cause, scheduled FROM batch_causes WHERE batch_id = ? AND scheduled > 0"
)
AGAIN_BY_CAUSE: Final = (
    "SELECT cause, n FROM scheduled_in_batches WHERE batch_id = ? AND again = 1 AND cause <> ''"
)
"""The scheduled tasks of a batch that wait for another attempt after an error.

A task that a person has retried has no error.
"""
WAITING_BY_CAUSE: Final = (
    "SELECT cause, waiting FROM batch_causes WHERE batch_id = ? AND waiting > 0"
)
QUEUED_IN_BATCH: Final = """
SELECT cause, function, batch_id, count(*) FROM tasks WHERE batch_id = ? AND state = 'queued'
GROUP BY cause, function, batch_id
"""
"""The queued tasks of a batch, which are at most as many as its room."""
QUEUED_WITH_CAUSE: Final = """
SELECT count(*) FROM tasks WHERE cause = ? AND state = 'queued'
AND function IN (SELECT value FROM json_each(?))
"""
PUT_ASIDE: Final = (
    "SELECT nullif(cause, ''), function, batch_id, sum(n) FROM scheduled_in_batches"
    " WHERE aside = 1 GROUP BY batch_id, function, cause"
)
"""The tasks that batches hold back."""
COUNT_SCHEDULED: Final = (
    "INSERT INTO scheduled_in_batches VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (batch_id, function, cause, aside, again)"
    " DO UPDATE SET n = scheduled_in_batches.n + excluded.n"
)
FORGET_SCHEDULED: Final = "DELETE FROM scheduled_in_batches WHERE batch_id = ? AND n = 0"


PUT_CAUSE: Final = put_rows(causes)
PUT_CAUSE_IN_BATCH: Final = put_rows(batch_causes)


def counts_of(row: Sequence[Any]) -> dict[str, int]:
    """Return the counts at the end of a row."""
    return dict(zip(COUNTED, row[-len(COUNTED) :], strict=True))


def by_state(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of all tasks with a cause, by state."""
    return {state: counts[state] for state in STATES if counts[state]}


def unseen(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of the tasks that are not seen, by state."""
    left = {state: n - counts.get(SEEN.get(state, ""), 0) for state, n in by_state(counts).items()}
    return {state: n for state, n in left.items() if n}
