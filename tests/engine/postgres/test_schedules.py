"""Several processes with one clock and one database: a due time has one task."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.schedules.__main__ import Year


@pytest.mark.long
def test_of_four_processes_one_makes_what_is_due_also_where_it_is_killed_meanwhile(
    url: str, tmp_path: Path
) -> None:
    year = Year(tmp_path, 3, url)
    try:
        assert year.play(kill_every=2, days=3)
    finally:
        year.stop()
    assert year.kills > 1
