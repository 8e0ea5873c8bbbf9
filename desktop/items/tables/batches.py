"""Batches and their rows, as the writer holds them, and the statements on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

from desktop.contract.batches import (
    SENT_ALWAYS,
    BatchState,
    Doubt,
    OptOut,
    RowCheck,
    RowOutcome,
    SheetReading,
)
from desktop.items.tables.item_statements import COUNTED_BELOW
from desktop.items.tables.schema import batch_rows, batches
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.store.tables.cursor import put_rows, update_rows

COUNT_OF: Final[Mapping[str, str]] = {
    RowCheck.READY: "ready",
    RowCheck.PROBLEM: "problems",
    RowCheck.SAME: "same",
    RowCheck.CHANGED: "changed",
    RowCheck.TWICE: "twice",
    RowCheck.DO_NOT_SEND: "do_not_send",
    RowCheck.SKIPPED: "skipped",
    RowCheck.OPTED_OUT: "opted_out",
    RowCheck.DOUBTFUL: "doubtful",
}
"""The count of a draft to which a row's check belongs."""
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
    do_not_send: int = 0
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
    bounced: int = 0
    editions: str = ""
    skipped: int = 0
    opted_out: int = 0
    doubtful: int = 0

    @property
    def unchecked(self) -> int:
        """How many rows of a draft have to be checked."""
        judged: int = sum(getattr(self, name) for name in COUNT_OF.values())
        return self.rows - judged

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
    bounced: str | None = None


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


OPTED_OUT: Final = "opted_out"
"""The key of a stored item for a cell that says that its person wants no e-mail."""
DOUBT: Final = "doubt"
"""The key of a stored item for its first value that looks wrong and was not accepted."""
BESIDE: Final = (PLAIN, OPTED_OUT, DOUBT)
"""The keys of a stored item that are no part of it."""


def item_of(row: RowRecord) -> dict[str, Any]:
    """Return the item of a row."""
    item: dict[str, Any] = json.loads(row.item)
    for key in BESIDE:
        item.pop(key, None)
    return item


def plain_of(row: RowRecord) -> dict[str, str]:
    """Return the values of a row that its spreadsheet shows in another way, by their paths."""
    plain: dict[str, str] = json.loads(row.item).get(PLAIN, {})
    return plain


def opt_out_of(row: RowRecord) -> OptOut | None:
    """Return the cell of a row that says that its person wants no e-mail, if there is one."""
    said: OptOut | None = json.loads(row.item).get(OPTED_OUT) if OPTED_OUT in row.item else None
    return said


def doubt_of(row: RowRecord) -> Doubt | None:
    """Return the first value of a row that looks wrong, if there is one."""
    doubt: Doubt | None = json.loads(row.item).get(DOUBT) if DOUBT in row.item else None
    return doubt


def editions_of(batch: BatchRecord) -> dict[str, str]:
    """Return by template the editions of which a started batch's messages are made."""
    editions: dict[str, str] = json.loads(batch.editions or "{}")
    return editions


BATCH: Final = "SELECT * FROM batches WHERE id = ?"
BATCHES_FLOOR: Final = "last_batch"
"""The key in ``meta`` of the highest number that a batch had, because it may have left files."""
LAST_BATCH: Final = f"""
SELECT coalesce(max(n), 0) FROM (SELECT max(id) AS n FROM batches
UNION ALL SELECT CAST(value AS bigint) FROM meta WHERE key = '{BATCHES_FLOOR}') AS known
"""  # noqa: S608
"""The number from which new batches are counted."""
_WORKED_ON: Final = ", ".join(f"'{state}'" for state in sorted(WORKED_ON))
UNDER_WAY: Final = f"SELECT * FROM batches WHERE state IN ({_WORKED_ON})"  # noqa: S608
WRITE_BATCH: Final = put_rows(batches)
TERMS: Final = "SELECT paused_at, rate FROM batches WHERE id = ?"
PAUSED: Final = "SELECT id FROM batches WHERE state = 'paused'"
TOLD_ROWS: Final = "SELECT count(*) FROM batch_rows WHERE batch_id = ? AND item <> '{}'"
"""Counts the rows of a batch whose person is not forgotten."""
DELETE_BATCH: Final = "DELETE FROM batches WHERE id = ?"

ROW: Final = "SELECT * FROM batch_rows WHERE batch_id = ? AND row = ?"
SOME_ROWS: Final = (
    "SELECT * FROM batch_rows WHERE batch_id = ? AND row IN (SELECT value FROM json_each(?))"
)
ROWS_ALIKE: Final = (
    "SELECT * FROM batch_rows WHERE identity IN (SELECT atom FROM json_each(?)) AND batch_id = ?"
)
ELSEWHERE: Final = (
    "SELECT DISTINCT identity FROM batch_rows "
    "WHERE identity IN (SELECT atom FROM json_each(?)) AND batch_id <> ?"
)
"""Those of the given identities that another batch has as well."""
ANY_CORRECTED: Final = "SELECT EXISTS (SELECT 1 FROM batch_rows WHERE origin IS NOT NULL)"
CORRECTED_BEFORE: Final = """
SELECT r.batch_id, r.row, r.origin, r.item, r.corrections, b.state
FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
WHERE r.origin IN (SELECT atom FROM json_each(?)) AND r.batch_id <> ?
AND (b.state IN ('running', 'paused', 'done') OR b.id = ?)
ORDER BY b.started_at IS NULL, b.started_at, r.batch_id, r.row
"""
"""Corrections of rows with these origins: in started batches, then in one more batch."""
CONTINUED_BY: Final = """
SELECT continues, max(id) FROM batches
WHERE continues IN (SELECT value FROM json_each(?)) AND state = 'draft' GROUP BY continues
"""
CONTINUE_FROM: Final = "UPDATE batches SET continues = ? WHERE continues = ?"
NEXT_ROWS: Final = "SELECT * FROM batch_rows WHERE batch_id = ? AND row > ? ORDER BY row LIMIT ?"
ROWS_WITH: Final = (
    "SELECT * FROM batch_rows WHERE batch_id = ? AND outcome = ? AND row > ? ORDER BY row LIMIT ?"
)
"""Rows with one outcome, in order."""
BUSY_ROWS: Final = """
SELECT * FROM batch_rows WHERE batch_id = ? AND outcome = 'open' AND task_id IS NULL AND row > ?
ORDER BY row LIMIT ?
"""
"""Rows that could not be handed in, because their item had a running or uncertain task."""
FED_AND_OPEN: Final = "SELECT count(*) FROM batch_rows WHERE batch_id = ? AND outcome = 'open'"
TEMPLATES_OF_ROWS: Final = (
    "SELECT DISTINCT json_extract(item, '$.template') FROM batch_rows WHERE batch_id = ?"
)
"""The templates that a batch's rows name; NULL for those of the batch's own."""
_MAY_BRING: Final = ", ".join(f"'{check}'" for check in (*SENT_ALWAYS, RowCheck.OPTED_OUT))
HIGHEST_NUMBER: Final = (
    f"SELECT max(number) FROM (SELECT CAST(json_extract(item, '$.item_id') AS bigint) AS number "  # noqa: S608
    f"FROM batch_rows WHERE batch_id = ? AND checked IN ({_MAY_BRING})) AS brought "
    f"WHERE number < {COUNTED_BELOW}"
)
"""The highest number to count on from that a draft's rows bring to new items."""
OLD_BATCH: Final = (
    "SELECT id FROM batches WHERE (state = 'draft' AND changed_at < ?) "
    "OR (state = 'done' AND finished_at < ?) LIMIT 1"
)
PUT_ROW: Final = put_rows(batch_rows)
_RESULT: Final = (
    *("checked", "problem", "data", "outcome", "item_id", "task_id", "ended_at", "answer"),
    *("message_id", "bounced"),
)
_PLACE: Final = ("batch_id", "row")
DELETE_ROWS: Final = (
    "DELETE FROM batch_rows WHERE batch_id = ? AND row IN "
    "(SELECT row FROM batch_rows WHERE batch_id = ? ORDER BY row LIMIT ?)"
)
CLEAR_ROWS: Final = (
    "UPDATE batch_rows SET outcome = NULL, item_id = NULL, task_id = NULL, ended_at = NULL, "
    "answer = NULL, message_id = NULL, bounced = NULL WHERE batch_id = ? AND row IN "
    "(SELECT row FROM batch_rows WHERE batch_id = ? AND outcome IS NOT NULL LIMIT ?)"
)
"""Clears the outcome of some rows of a batch that became a draft again."""
COUNTS_AS_SENT: Final = ", ".join(
    f"'{outcome}'"
    for outcome in RowOutcome
    if outcome not in {RowOutcome.LEFT_OUT, RowOutcome.CANCELLED}
)
WILL_BE_SENT: Final = (
    "(r.outcome IS NULL AND b.stopped_at IS NULL AND instr(b.sends, r.checked) > 0)"
)
_ELSEWHERE: Final = """
SELECT r.* FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
WHERE r.identity = ? AND r.batch_id <> ? AND b.state IN ('running', 'paused', 'done')
AND {} ORDER BY b.started_at DESC, b.id DESC LIMIT 1
"""
EARLIER: Final = _ELSEWHERE.format(f"(r.outcome IN ({COUNTS_AS_SENT}) OR {WILL_BE_SENT})")
"""The row with the same identity in the started batch that was started last."""
SENT_BEFORE: Final = _ELSEWHERE.format(f"r.outcome IN ({COUNTS_AS_SENT}) AND r.item_id IS NOT NULL")
"""The same, among rows that were handed in."""
CANCELLED_BEFORE: Final = _ELSEWHERE.format(
    f"r.outcome = '{RowOutcome.CANCELLED}' AND r.item_id IS NOT NULL"
)
"""The same, among rows that were cancelled after they had become items."""
_STARTED_LATER: Final = "(b.started_at, b.id) > (SELECT started_at, id FROM batches WHERE id = ?)"
_SAYS_OTHERWISE: Final = "(r.checked = 'same' AND r.content <> ?)"
CORRECTED_TO: Final = f"""
SELECT r.* FROM (
    SELECT DISTINCT item_id FROM corrections WHERE address = ? ORDER BY item_id DESC LIMIT 20
) AS c CROSS JOIN tasks AS t ON t.item_id = c.item_id CROSS JOIN batch_rows AS r
ON r.batch_id = t.batch_id AND r.row = t.batch_row AND r.item_id = t.item_id
JOIN batches AS b ON b.id = r.batch_id AND b.state IN ('running', 'paused', 'done')
WHERE t.batch_id <> ? AND r.outcome IN ({COUNTS_AS_SENT})
"""  # noqa: S608
"""The rows of other started batches whose items were corrected to an address."""
NEWER_WORDS: Final = _ELSEWHERE.format(
    f"{_STARTED_LATER} AND (r.outcome IN ({COUNTS_AS_SENT}) OR {WILL_BE_SENT} OR {_SAYS_OTHERWISE})"
)
"""The row with the same identity in a later batch, which decides what is sent instead."""
_IS_WAITING: Final = f"({WILL_BE_SENT} OR (r.outcome = 'open' AND r.task_id IS NULL))"
_WAITING: Final = f"""
SELECT r.* FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
WHERE r.identity = ? AND r.batch_id <> ? AND b.state IN ('running', 'paused')
AND (b.started_at, b.id) {{}} (SELECT started_at, id FROM batches WHERE id = ?)
AND {_IS_WAITING}
"""  # noqa: S608
WAITING_BEFORE: Final = _WAITING.format("<")
"""The rows of earlier batches with the same identity that wait and are not tasks yet."""
WAITING_SINCE: Final = _WAITING.format(">")
"""The same of later batches."""
TO_REPLACE: Final = f"""
SELECT r.batch_id, own.checked, count(*), min(b.run_at) FROM batch_rows AS own
JOIN batch_rows AS r ON r.batch_id = CAST(json_extract(own.data, '$.batch_id') AS bigint)
AND r.row = CAST(json_extract(own.data, '$.row') AS bigint)
JOIN batches AS b ON b.id = r.batch_id AND b.state IN ('running', 'paused')
WHERE own.batch_id = ? AND own.checked IN ('same', 'changed')
AND r.identity = own.identity AND {_IS_WAITING}
GROUP BY r.batch_id, own.checked ORDER BY r.batch_id, own.checked
"""  # noqa: S608
"""Counts the rows of other batches that a draft replaces for sure, whichever begins first.

A row that another key recognizes stays, and one that is a task may leave before.
"""
COUNT_OPTED_OUT: Final = f"""
SELECT json_extract(item, '$.{OPTED_OUT}'), count(*) FROM batch_rows
WHERE batch_id = ? AND checked = '{RowCheck.OPTED_OUT}' GROUP BY 1 ORDER BY min(row)
"""  # noqa: S608
_LINES: Final = ", ".join(
    f"CASE WHEN instr(item, '\"{name}\"') > 0 THEN json_extract(item, '$.{name}') END"
    for name in ("cc", "bcc", "template")
)  # quick: few rows have the words
_MAY_BE_SENT: Final = "batch_id = ? AND checked NOT IN ('problem', 'twice', 'skipped')"
LINES_OF_COPIES: Final = f"SELECT DISTINCT {_LINES} FROM batch_rows WHERE {_MAY_BE_SENT}"  # noqa: S608
"""The lines of copies in rows of a draft that may be sent, and the templates that rows name."""
_ADDRESS: Final = "lower(rtrim(substr(recipient, instr(recipient, '<') + 1), '>'))"
COUNT_COPIES: Final = f"""
SELECT checked, CASE WHEN {_ADDRESS} IN (SELECT atom FROM json_each(?)) THEN recipient END,
{_LINES}, count(*) FROM batch_rows WHERE {_MAY_BE_SENT} GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608
"""The same rows, counted by check; those to one of the given addresses by their recipient."""
COUNT_REPEATED: Final = f"""
SELECT count(*) FROM (SELECT 1 AS n FROM batch_rows
WHERE batch_id = ? AND checked IN ('ready', 'doubtful') AND recipient IS NOT NULL
GROUP BY {_ADDRESS} HAVING count(*) > 1) AS repeated
"""  # noqa: S608
"""Counts the addresses to which a draft sends more than one e-mail."""
REPLACED: Final = f"""
SELECT batch_id, CAST(json_extract(data, '$.batch_id') AS bigint), count(*) FROM batch_rows
WHERE batch_id IN (SELECT value FROM json_each(?)) AND outcome = '{RowOutcome.CANCELLED}'
AND checked = '{RowCheck.TWICE}' GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
"""Counts the rows of batches that later ones have taken over."""
PAGE_OF_BATCHES: Final = (
    f"SELECT * FROM batches WHERE id < ? AND state <> '{DELETING}' ORDER BY id DESC LIMIT ?"  # noqa: S608
)
NOT_INFORMED: Final = """
SELECT item_id, max(CASE WHEN state = 'uncertain' THEN id END),
max(CASE WHEN state = 'failed' THEN id END) FROM tasks
WHERE item_id IN (SELECT value FROM json_each(?)) AND addressee IS NULL
AND (+tasks.state = 'uncertain' OR (+tasks.state = 'failed' AND seen = 0)) GROUP BY item_id
"""
"""For each item, a task that is uncertain, and one that failed and is not seen.

The + makes the planner search by item, not by state.
"""
UNSETTLED_ROWS: Final = """
SELECT count(*) FROM batch_rows AS r
WHERE r.batch_id = ? AND r.outcome = 'open' AND r.task_id IS NULL AND EXISTS (
    SELECT 1 FROM tasks AS t WHERE t.item_id = CAST(json_extract(r.data, '$.item_id') AS bigint)
    AND t.state = 'uncertain' AND t.addressee IS NULL
)
"""
"""Counts the rows of a batch that wait because a message of their item is uncertain."""
_ONE_IN_BATCH: Final = "EXISTS (SELECT 1 FROM tasks WHERE batch_id = ? AND state "
MOVES_IN_BATCH: Final = (
    f"SELECT {_ONE_IN_BATCH} IN ('scheduled', 'queued', 'running')) "
    f"OR {_ONE_IN_BATCH} = 'waiting' AND held NOT IN ('person', 'crashes', 'function'))"
)
"""Whether a task of a batch runs or starts by itself, without a person or a cure."""
WHY_STOPPED: Final = (
    "SELECT count(*), min(reason), max(reason), min(reason_data), max(reason_data) "
    "FROM tasks WHERE batch_id = ? AND state = 'waiting'"
)
"""Counts the waiting tasks of a batch, with their reasons."""
LEAVES_NOW: Final = (
    "SELECT EXISTS (SELECT 1 FROM tasks WHERE batch_id = ? AND state IN ('queued', 'running')) "
    "OR EXISTS (SELECT 1 FROM tasks WHERE batch_id = ? AND state = 'scheduled' AND held = 'aside')"
)
"""Whether a task of a batch runs, or waits for nothing but its turn."""
BEGUN_IN_BATCH: Final = "SELECT count(*) FROM tasks WHERE batch_id = ? AND state = 'running'"
OPEN_BEFORE: Final = (
    "SELECT coalesce(sum(open), 0) FROM batches WHERE state = 'running' AND stopped_at IS NULL "
    "AND rate IS NULL AND tasks = ? AND coalesce(run_at, 0) <= ? AND id <> ? AND id < ?"
)
"""Counts the open rows of other batches that are fed before a batch, which has a number."""
HAS_NEXT_ROW: Final = "SELECT EXISTS (SELECT 1 FROM batch_rows WHERE batch_id = ? AND row > ?)"
"""Whether a batch has rows still to be handed in."""
_OF_ITS_OWN: Final = "FROM tasks WHERE batch_id = ? AND state IN ('scheduled', 'waiting')"
_PUT_OFF: Final = f"FILTER (WHERE reason = '{Reason.RETRY_LATER}')"
TIMES_OF_ITS_OWN: Final = (
    f"SELECT min(run_at), max(run_at), count(*) {_PUT_OFF}, min(run_at) {_PUT_OFF} "
    f"{_OF_ITS_OWN} AND run_at > ?"
)
"""When the first and the last of a batch's tasks with a start time of their own start.

Also how many of them wait for their next attempt, and when the first of those starts.
"""
PUT_OFF_UNTIL: Final = (
    "SELECT reason_data FROM tasks "  # noqa: S608
    f"WHERE +batch_id = ? AND run_at = ? AND reason = '{Reason.RETRY_LATER}' LIMIT 1"
)
"""The data of the reason of a task that is retried at a given time."""
OPEN_WITH_TASK: Final = (
    "SELECT count(*) FROM batch_rows "
    "WHERE batch_id = ? AND outcome = 'open' AND task_id IS NOT NULL"
)
UNCHECKED_ROWS: Final = (
    "SELECT * FROM batch_rows WHERE batch_id = ? AND row > ? AND revision <> ? ORDER BY row LIMIT ?"
)
DRAFTS: Final = "SELECT * FROM batches WHERE state = 'draft' AND rows > 0 ORDER BY id"
UNSENT_BY_TEMPLATE: Final = """
SELECT r.item, b.* FROM batches AS b CROSS JOIN batch_rows AS r
ON r.batch_id = b.id AND r.row > b.fed_to
WHERE b.state IN ('running', 'paused') AND b.stopped_at IS NULL
AND coalesce(b.template, ?) = ?
AND r.outcome IS NULL AND instr(b.sends, r.checked) > 0
ORDER BY b.id, r.row LIMIT ?
"""
"""The rows of started batches that are still to be fed."""
_JUDGED: Final = " + ".join(COUNT_OF.values())
UNCHECKED_DRAFTS: Final = (
    f"SELECT id FROM batches WHERE state = 'draft' AND rows > {_JUDGED} ORDER BY id"  # noqa: S608
)
QUEUED_OF_BATCH: Final = "SELECT count(*) FROM tasks WHERE batch_id = ? AND state = 'queued'"
HELD_OF_BATCH: Final = (
    "SELECT * FROM tasks WHERE batch_id = ? AND state = 'scheduled' AND held = 'aside' "
    "ORDER BY id LIMIT ?"
)
"""Tasks that their batch holds back."""
TASKS_OF_ROW: Final = """
SELECT * FROM tasks WHERE batch_id = ? AND item_id = ? AND batch_row = ? AND id <> ?
AND NOT (state = 'cancelled' AND attempt = 0 AND resend_of IS NOT NULL)
ORDER BY id DESC
"""
"""The tasks of a row, newest first, without a given task and without undone repeats."""
TASKS_IN_BATCH: Final = "SELECT * FROM tasks WHERE batch_id = ? AND state = ? ORDER BY id LIMIT ?"
WAS_TRIED: Final = "SELECT EXISTS (SELECT 1 FROM tasks WHERE batch_id = ? AND attempt > 0)"


result_of: Final = attrgetter(*_RESULT, *_PLACE)
"""Extracts the parameters of :func:`update_results` from a row's record."""


def update_results(rows: int) -> str:
    """Return the statement that writes the results of this many rows: see :data:`result_of`."""
    return update_rows(batch_rows, _RESULT, _PLACE, rows)
