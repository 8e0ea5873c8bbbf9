"""The doctor's check for work that waits for a person: paused, held or uncertain.

It also finds misspelt settings.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.times import local_time
from desktop.settings.preferences.settings_file import strange_keys
from desktop.shell.doctor import look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.shell.doctor import Finding

PAUSED: Final = "SELECT queue, since FROM pauses ORDER BY queue"
HELD_QUEUES: Final = "SELECT name, reason, held_at, until FROM queues ORDER BY name"
HELD_TASKS: Final = (
    "SELECT count(*), min(id), why FROM tasks "
    "WHERE held <> '' AND held NOT IN ('queue', 'batch', 'task') "
    "GROUP BY why ORDER BY min(id) LIMIT 20"
)
UNCERTAIN: Final = "SELECT coalesce(sum(n), 0) FROM counts WHERE state = 'uncertain'"


def look_for_standstill(database: Path, settings_file: Path) -> Iterator[Finding]:
    """Report everything that waits for a person."""
    with suppress(OSError):  # ``look_at_mail`` reports a file that cannot be read
        for slip in strange_keys(settings_file.read_bytes()):
            yield look(slip)
    if not database.is_file() or database.stat().st_size == 0:  # SQLite would delete its log
        return
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            yield from _waiting(connection)
    except sqlite3.Error:
        return  # ``look_at_store`` reports a fault of the store


def _waiting(connection: sqlite3.Connection) -> Iterator[Finding]:
    for queue, since in connection.execute(PAUSED):
        what, command = (
            (f"The queue {queue}", f"sendoff resume {queue}")
            if queue
            else ("Everything", "sendoff resume")
        )
        yield look(f"{what} has been paused since {local_time(since)}: `{command}` resumes it.")
    for queue, reason, since, until in connection.execute(HELD_QUEUES):
        if until is not None:
            waits = f"{queue} waits for its server since {local_time(since)}"
            yield look(f"{waits}, and continues by itself: {reason}")
            continue
        yield look(f"The queue {queue} is on hold: {reason}")
    for number, first, why in connection.execute(HELD_TASKS):
        others = f" and {number - 1} more" if number > 1 else ""
        yield look(f"Task {first}{others} is on hold: {why}")
    ((uncertain,),) = connection.execute(UNCERTAIN)
    if uncertain:
        yield look(f"{uncertain} uncertain: see `sendoff tasks --state uncertain`.")
