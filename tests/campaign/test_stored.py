"""A store is sound while the counts that are kept are those of its tasks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.campaign.stored import is_sound

COUNTED = "INSERT INTO counts SELECT function, state, count(*) FROM tasks GROUP BY function, state"


@pytest.mark.parametrize(
    ("wrong", "sound"),
    [
        ("INSERT INTO counts VALUES (1, 'failed', 0)", True),
        ("UPDATE counts SET n = n + 1 WHERE state = 'queued'", False),
        ("DELETE FROM counts WHERE state = 'queued'", False),
        ("INSERT INTO counts VALUES (2, 'queued', 1)", False),
    ],
)
def test_counts_that_are_not_those_of_the_tasks_are_seen(
    tmp_path: Path, wrong: str, sound: bool
) -> None:
    place = tmp_path / "some.db"
    with closing(sqlite3.connect(place)) as store, store:
        store.execute("CREATE TABLE tasks (function, state)")
        store.execute("CREATE TABLE counts (function, state, n)")
        store.execute("INSERT INTO tasks VALUES (1, 'queued'), (1, 'queued'), (1, 'running')")
        store.execute(COUNTED)
        store.execute(wrong)
    assert is_sound(place) == sound
