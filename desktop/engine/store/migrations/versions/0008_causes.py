"""Causes: what failures have in common, counted with the tasks."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from desktop.contract.reasons import Reason
from desktop.engine.causes import FoundCause, cause_of_answer, cause_of_reason
from desktop.engine.reason_data import ServerAnswer

revision = "0008"
down_revision = "0007"

COUNTS = """
    scheduled INTEGER NOT NULL DEFAULT 0, queued INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0
"""
CAUSES = f"""
CREATE TABLE causes (
    id TEXT NOT NULL PRIMARY KEY, about TEXT NOT NULL, cure TEXT, places TEXT NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    retried_at INTEGER, failed_again INTEGER NOT NULL,
    {COUNTS}
) WITHOUT ROWID, STRICT
"""
BATCH_CAUSES = f"""
CREATE TABLE batch_causes (
    batch_id INTEGER NOT NULL, cause TEXT NOT NULL,
    {COUNTS},
    PRIMARY KEY (batch_id, cause)
) WITHOUT ROWID, STRICT
"""
TEXT = "CASE t.reason WHEN 'queue_held' THEN json_extract(t.reason_data, '$.text') END"
SERVER = "json_extract(t.reason_data, '$.server')"
CODE = "json_extract(t.reason_data, '$.code')"
ALIKE = f"""
SELECT f.name, f.queue, max(f.title), t.reason, {SERVER}, {CODE}, {TEXT},
       min(max(t.finished_at, t.created_at)), max(max(t.finished_at, t.created_at))
FROM tasks AS t JOIN functions AS f ON f.id = t.function
WHERE t.state IN ('failed', 'waiting', 'uncertain') AND t.reason IS NOT NULL
GROUP BY f.name, f.queue, t.reason, {SERVER}, {CODE}, {TEXT}
"""  # noqa: S608 - made of constants
"""Groups of tasks whose rows have the same data; their sentences are not read."""
SET = f"""
UPDATE tasks AS t SET cause = ?
WHERE state IN ('failed', 'waiting', 'uncertain') AND reason = ?
AND {SERVER} IS ? AND {CODE} IS ? AND {TEXT} IS ?
AND function IN (SELECT id FROM functions WHERE name = ? AND queue = ?)
"""  # noqa: S608
PUT = """
INSERT INTO causes (id, about, cure, places, first_at, last_at, failed_again)
VALUES (?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (id) DO UPDATE SET
    first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)
"""
COUNT = """
UPDATE causes SET
    waiting = (SELECT count(*) FROM tasks WHERE cause = causes.id AND state = 'waiting'),
    failed = (SELECT count(*) FROM tasks WHERE cause = causes.id AND state = 'failed'),
    uncertain = (SELECT count(*) FROM tasks WHERE cause = causes.id AND state = 'uncertain')
"""
COUNT_BATCHES = """
INSERT INTO batch_causes (batch_id, cause, waiting, failed, uncertain)
SELECT batch_id, cause, sum(state = 'waiting'), sum(state = 'failed'), sum(state = 'uncertain')
FROM tasks WHERE cause IS NOT NULL AND batch_id IS NOT NULL GROUP BY batch_id, cause
"""


def upgrade() -> None:
    """Make the tables, and give existing tasks the cause that follows from their data."""
    op.execute(CAUSES)
    op.execute(BATCH_CAUSES)
    op.add_column("queues", sa.Column("enhanced", sa.Text))
    op.add_column("tasks", sa.Column("cause", sa.Text))
    has_one = sa.text("cause IS NOT NULL")
    op.create_index("tasks_by_cause", "tasks", ["cause", "state", "id"], sqlite_where=has_one)
    run = op.get_bind().exec_driver_sql
    for row in run(ALIKE).fetchall():
        name, queue, title, reason, server, code, text, first, last = row
        found = _cause(name, queue, title, Reason(reason), ServerAnswer(server, code), text or "")
        places = json.dumps([] if found.place is None else [found.place])
        about = json.dumps(found.about, ensure_ascii=False)
        run(PUT, (found.id, about, found.cure, places, first, last))
        run(SET, (found.id, reason, server, code, text, name, queue))
    op.execute(COUNT)
    op.execute(COUNT_BATCHES)


def _cause(
    name: str, queue: str, title: str, reason: Reason, answer: ServerAnswer, text: str
) -> FoundCause:
    if reason == Reason.QUEUE_HELD:
        return cause_of_reason(reason, queue=queue, answer=answer, text=text)
    if answer.code is None:
        found = cause_of_reason(reason, task=name, answer=answer)
    else:
        found = cause_of_answer(name, answer, "")
    found.about["task_title"] = title
    return found
