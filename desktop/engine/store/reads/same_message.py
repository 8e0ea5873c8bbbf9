"""The tasks of one message (a task and its repeats), and which of them counts.

Also finds the rows of batches whose message a later task or batch has sent.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import bindparam

from desktop.contract.batches import LaterRows
from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.batch_statements import COUNTS_AS_SENT, WILL_BE_SENT
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.store.tables.compiled import GIVEN, all_of, sql
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.schema import HAS_REPEATS, tasks

REPEATS: Final = sql(
    all_of(tasks).where(tasks.c.resend_of == bindparam("task")).order_by(tasks.c.id)
)
"""The repeats of one task."""

REPEATS_OF: Final = sql(
    all_of(tasks).where(tasks.c.resend_of.in_(GIVEN), tasks.c.resend_of.is_not(None))
)
"""The repeats of several tasks."""

FAILED_ROWS: Final = f"""
SELECT batch_id, task_id, is_removed FROM (
    SELECT batch_id, task_id, (
        SELECT t.id FROM tasks AS t INDEXED BY tasks_by_batch
        WHERE t.batch_id = r.batch_id AND t.state = 'failed' AND t.id = r.task_id LIMIT 1
    ) IS NULL AS is_removed FROM (
        SELECT batch_id, task_id FROM batch_rows
        WHERE outcome = 'failed' AND batch_id IN (SELECT value FROM json_each(?))
        ORDER BY batch_id DESC LIMIT ?
    ) AS r
) AS r WHERE is_removed OR (
    SELECT t.resend_of FROM tasks AS t WHERE t.resend_of = r.task_id LIMIT 1
) IS NOT NULL OR (
    SELECT t.id FROM tasks AS t INDEXED BY tasks_with_repeats
    WHERE t.batch_id = r.batch_id AND t.state = 'failed' AND t.id = r.task_id AND {HAS_REPEATS}
    LIMIT 1
) IS NOT NULL
"""  # noqa: S608
"""The failed rows of batches whose task was removed or is connected with another task.

Each has its batch, its task, and whether the task was removed; the newest come first. For all other
rows nothing followed the failure. Only indexes are read, because rows and tasks lie far apart on
disk. PostgreSQL would read all failed rows for each ``EXISTS``.
"""

SENT_SINCE: Final = """
WITH RECURSIVE above AS (
    SELECT t.id AS failed, t.id, t.resend_of FROM tasks AS t
    WHERE t.id IN (SELECT value FROM json_each(?)) AND t.state = 'failed'
    UNION ALL
    SELECT above.failed, above.resend_of, t.resend_of
    FROM above LEFT JOIN tasks AS t ON t.id = above.resend_of
    WHERE above.resend_of IS NOT NULL
), same AS (
    SELECT failed, id FROM above WHERE resend_of IS NULL
    UNION ALL
    SELECT same.failed, t.id
    FROM same CROSS JOIN tasks AS t ON t.resend_of = same.id
)
SELECT same.failed, nullif(t.state, 'failed'), t.finished_at
FROM same CROSS JOIN tasks AS t ON t.id = same.id CROSS JOIN tasks AS f ON f.id = same.failed
WHERE (
    t.state NOT IN ('failed', 'cancelled')
    AND (t.state NOT IN ('succeeded', 'uncertain') OR t.id > f.id OR t.finished_at > f.created_at)
    AND json_extract(t.addressee, '$.to_me') IS NULL AND json_extract(t.addressee, '$.copy') IS NULL
) OR (
    t.id = f.id AND json_extract(t.reason_data, '$.task_id') IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM tasks AS other
        WHERE other.id = CAST(json_extract(t.reason_data, '$.task_id') AS bigint)
    )
) ORDER BY CASE t.state WHEN 'succeeded' THEN 1 ELSE 0 END, t.id
"""
"""Of some failed tasks, those whose message another task has sent since.

Each has the state of the other task (``NULL`` if it was removed) and when it ended. The last line
of a failed task tells most: a task that was sent, or else the newest.

The other task repeats the failed one, or is repeated by it and was tried again. It may still be on
its way, or have been removed. A copy to another address is another message.
"""

AGAIN_FAILED: Final = """
SELECT t.batch_id, count(*) FROM (
    SELECT batch_id, batch_row, id FROM tasks INDEXED BY tasks_with_repeats
    WHERE resend_of IS NOT NULL AND state IN ('failed', 'uncertain') AND seen = 0
    AND batch_id IN (SELECT value FROM json_each(?)) ORDER BY batch_id DESC LIMIT ?
) AS t
CROSS JOIN batch_rows AS r ON r.batch_id = t.batch_id AND r.row = t.batch_row AND r.task_id = t.id
WHERE r.outcome = 'sent' GROUP BY t.batch_id
"""
"""Counts the sent rows of batches for which sending again failed or is uncertain."""

SEEN_REPEATED: Final = f"""
SELECT batch_id, cause, count(*) FROM (
    SELECT batch_id, cause FROM tasks INDEXED BY tasks_with_repeats
    WHERE {HAS_REPEATS} AND state = 'failed' AND seen = 1 AND instr(reason_data, '"task_id"') > 0
    AND batch_id IN (SELECT value FROM json_each(?)) ORDER BY batch_id DESC LIMIT ?
) AS t GROUP BY batch_id, cause
"""  # noqa: S608
"""Counts by cause the failed tasks of batches that are seen because they were sent again."""

SENT_ONCE_MORE: Final = """
SELECT id FROM batches WHERE state IN ('running', 'paused', 'done')
AND (instr(sends, 'same') > 0 OR (changed > 0 AND instr(sends, 'changed') > 0))
AND (started_at, id) > (SELECT started_at, id FROM batches WHERE id = ?)
"""
"""The batches started later that also send rows of earlier batches."""

_LAST_WITH: Final = f"""(
    SELECT max(b.id) FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
    WHERE r.identity = own.identity AND {{}} AND (r.outcome IN ({COUNTS_AS_SENT}) OR {WILL_BE_SENT})
)"""  # noqa: S608
"""The last of some batches that has sent the row ``own``, or will send it."""

OVERTAKEN: Final = f"""
SELECT count(number), min(number), max(number) FROM (
    SELECT {_LAST_WITH.format("r.batch_id IN (SELECT value FROM json_each(?))")} AS number
    FROM batch_rows AS own
    WHERE own.batch_id = ? AND own.row > ? AND instr(?, own.checked) > 0 LIMIT ?
) AS waiting
"""  # noqa: S608
"""Counts the waiting rows of a batch that the given later batches contain, and which those are."""

_IN_LATER: Final = _LAST_WITH.format(
    "b.state IN ('running', 'paused', 'done') AND (b.started_at, b.id) > (?, ?)"
)
"""The last of the later batches that has sent the row, or will send it."""
SENT_LATER: Final = f"""
SELECT count(*), count(number), min(number), max(number) FROM (
    SELECT {_IN_LATER} AS number
    FROM (
        SELECT identity FROM batch_rows WHERE batch_id = ? AND outcome = 'cancelled'
        UNION ALL
        SELECT identity FROM batch_rows
        WHERE batch_id = ? AND row > ? AND outcome IS NULL AND instr(?, checked) > 0
        LIMIT ?
    ) AS own
) AS cancelled
"""  # noqa: S608
"""Counts the cancelled rows of a stopped batch, those in later batches, and which those are."""

ROWS_SENT_LATER: Final = f"""
SELECT own.row, {_IN_LATER} AS number FROM batch_rows AS own
WHERE own.batch_id = ? AND own.row IN (SELECT value FROM json_each(?))
"""  # noqa: S608
"""The later batch that contains each cancelled row; ``NULL`` if there is none."""

FAILED_BEFORE: Final = """
SELECT r.batch_id FROM (
    SELECT f.batch_id, f.identity, f.task_id FROM batches AS b
    CROSS JOIN batch_rows AS f ON f.batch_id = b.id AND f.outcome = 'failed'
    WHERE b.failed > 0 ORDER BY b.id DESC LIMIT ?
) AS f
CROSS JOIN tasks AS t ON t.id = f.task_id AND t.state = 'failed' AND t.seen = 0
CROSS JOIN batch_rows AS r
ON r.identity = f.identity AND r.batch_id IN (SELECT value FROM json_each(?))
CROSS JOIN batches AS d ON d.id = r.batch_id AND d.revision = r.revision
WHERE r.checked || '' = 'same'
AND CAST(json_extract(r.data, '$.batch_id') AS bigint) = f.batch_id
"""
"""The rows of drafts that are the same as a row that failed and was not dealt with.

Only the newest failed rows are read. The drafts' rows are found by identity, because finding them
by check would compare each with every failed row.
"""
ROWS_FAILED: Final = "SELECT coalesce(sum(failed), 0) FROM batches"

LOOKED_THROUGH_FOR_PAGE: Final = 5_000
"""Most rows read for one count on a page of batches, which is refreshed during sending."""

HAVE_LEFT: Final = frozenset({State.SUCCEEDED, State.UNCERTAIN})
"""The states of a task whose message has left, or may have left."""

Find = Callable[[int], TaskRecord | None]
FindRepeats = Callable[[int], Iterable[TaskRecord]]


def same_message(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> list[TaskRecord]:
    """Return the other tasks of a task's message, in no order.

    If the first task was removed, its number still connects the others.
    """
    first: TaskRecord | None = record
    number, found = record.id, {}
    while first is not None and first.resend_of is not None:
        number = first.resend_of
        first = find(number)
        if first is not None:
            found[number] = first
    below = [number]
    while below:
        for task in repeats_of(below.pop()):
            found[task.id] = task
            below.append(task.id)
    found.pop(record.id, None)
    return list(found.values())


def is_done_since(task: TaskRecord, record: TaskRecord) -> bool:
    """Return whether ``task`` will send the message of ``record``, or has since it was made.

    A copy to another address is another message.
    """
    if task.copy_for != record.copy_for:
        return False
    if task.state in OPEN:
        return True
    is_later = task.id > record.id or task.finished_at > record.created_at
    return task.state in HAVE_LEFT and is_later


def newest_repeat(record: TaskRecord, find: Find, repeats_of: FindRepeats) -> int | None:
    """Return the newest other task that sends the message of ``record``, or has sent it since.

    If there is none, return the repeat that a person has made.
    """
    others = same_message(record, find, repeats_of)
    done = (task.id for task in others if is_done_since(task, record))
    return max(done, default=record.noted_repeat)


def read_since_failed(connection: Source, batches: list[int]) -> tuple[Counter[int], Counter[int]]:
    """Count each batch's failed rows that were sent since, and those whose task was removed."""
    if not batches:
        return Counter(), Counter()
    found = connection.execute(
        FAILED_ROWS, (json.dumps(batches), LOOKED_THROUGH_FOR_PAGE)
    ).fetchall()
    removed = Counter(batch for batch, _, is_removed in found if is_removed)
    of = {task: batch for batch, task, is_removed in found if not is_removed}
    sent = connection.execute(SENT_SINCE, (json.dumps([*of]),)) if of else ()
    return Counter(of[task] for task in {task for task, *_ in sent}), removed


def read_seen_repeated(connection: Source, batches: Iterable[int]) -> Counter[tuple[int, str]]:
    """Count failed tasks that are seen because they were sent again, by batch and cause."""
    if not (numbers := [*batches]):
        return Counter()
    found = connection.execute(SEEN_REPEATED, (json.dumps(numbers), LOOKED_THROUGH_FOR_PAGE))
    return Counter({(batch, cause): count for batch, cause, count in found})


def read_failed_before(
    connection: Source, records: Iterable[BatchRecord]
) -> tuple[Counter[int], bool]:
    """Count the rows of drafts that failed before, and return whether the count is exact."""
    drafts = [each.id for each in records if each.started_at is None and each.same]
    if not drafts:
        return Counter(), True
    (failed,) = connection.execute(ROWS_FAILED).fetchone()
    found = connection.execute(FAILED_BEFORE, (LOOKED_THROUGH_FOR_PAGE, json.dumps(drafts)))
    return Counter(number for (number,) in found), failed <= LOOKED_THROUGH_FOR_PAGE


def read_sent_later(connection: Source, records: Iterable[BatchRecord]) -> dict[int, LaterRows]:
    """Count the cancelled rows of stopped batches that later batches have sent or will send.

    There is a limit on the rows read; batches given first are counted first.
    """
    found, room = {}, LOOKED_THROUGH_FOR_PAGE
    for record in records:
        if record.stopped_at is None or not record.cancelled or not room:
            continue
        place = (record.started_at, record.id)
        own = (record.id, record.id, record.fed_to, record.sends, room)
        seen, count, first, last = connection.execute(SENT_LATER, (*place, *own)).fetchone()
        room -= seen
        if count:
            found[record.id] = LaterRows(count=count, first=first, last=last)
    return found
