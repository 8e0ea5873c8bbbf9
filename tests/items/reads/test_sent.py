"""Looking for e-mails that were sent since reads these alone."""

from __future__ import annotations

import pytest

from desktop.items.reads.sent import SENT_AFTER
from tests.engine.stepped import Stepped


@pytest.mark.usefixtures("in_file")
def test_what_was_sent_before_is_not_read(stepped: Stepped) -> None:
    values = (5, 9, 5, 1, "all")
    plan = stepped.connection.execute(f"EXPLAIN QUERY PLAN {SENT_AFTER}", values).fetchall()
    told = "\n".join(row[3] for row in plan)
    assert "tasks USING INDEX tasks_by_end (finished_at>? AND finished_at<?)" in told
    assert "TEMP B-TREE" not in told.replace("FOR LAST TERM OF ORDER BY", "")
