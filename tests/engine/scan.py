"""Causes as a scan of all tasks counts them, beside the counts that are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

STATES = ("scheduled", "queued", "running", "waiting", "failed", "uncertain")
Counts = dict[tuple[object, ...], int]


def check_causes(connection: sqlite3.Connection) -> None:
    """Assert that each cause is counted as its tasks are, in all and by batch."""
    execute = connection.execute
    scan = "SELECT cause, state, count(*) FROM tasks WHERE cause IS NOT NULL GROUP BY 1, 2"
    kept = _told(
        execute("SELECT id, scheduled, queued, running, waiting, failed, uncertain FROM causes")
    )
    assert kept == {(cause, state): n for cause, state, n in execute(scan)}
    assert {(cause,) for cause, _ in kept} == set(execute("SELECT id FROM causes"))
    scan = (
        "SELECT batch_id, cause, state, count(*) FROM tasks "
        "WHERE cause IS NOT NULL AND batch_id IS NOT NULL GROUP BY 1, 2, 3"
    )
    kept = _told(execute("SELECT * FROM batch_causes"))
    assert kept == {(batch, cause, state): n for batch, cause, state, n in execute(scan)}
    assert {key[:2] for key in kept} == set(execute("SELECT batch_id, cause FROM batch_causes"))
    wrong = (
        "SELECT id, state, cause FROM tasks WHERE reason IS NOT NULL AND CASE "
        "WHEN state IN ('failed', 'waiting', 'uncertain') THEN cause IS NULL "
        "WHEN state IN ('succeeded', 'cancelled') THEN cause IS NOT NULL END"
    )
    assert execute(wrong).fetchall() == []


def _told(rows: Iterable[tuple[object, ...]]) -> Counts:
    width = len(STATES)
    return {
        (*row[:-width], state): n
        for row in rows
        for state, n in zip(STATES, row[-width:], strict=True)
        if isinstance(n, int) and n
    }
