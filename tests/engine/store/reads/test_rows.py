"""From rows to what is sent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.contract.rules.times import wire_time
from desktop.contract.states import State
from desktop.engine.functions.arguments import encode
from desktop.engine.store.database import open_store
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import Query
from desktop.engine.store.reads.rows import with_arguments
from desktop.engine.store.reads.waits import NO_BATCHES
from tests.engine.store.reads.records import TITLES, fill, record


@pytest.mark.parametrize(
    ("args", "kwargs", "title"),
    [
        ((), {}, "Note"),
        ((7, "a@example.com"), {}, "Note: 7, a@example.com"),
        (
            (date(2026, 7, 1), Decimal("2.50")),
            {"loudly": True},
            "Note: 2026-07-01, 2.50, loudly True",
        ),
        ((State.FAILED,), {"why": "it rains"}, "Note: why it rains"),
        (([1, 2], {"a": 1}, None), {"rows": [3]}, "Note"),
        (("two\nlines", "", 7), {}, "Note: 7"),
        (("a" * 900, 7), {}, f"Note: {'a' * 39}…"),
        (("a" * 1000, 7), {}, "Note"),
        (("a" * 30, "b" * 30), {}, f"Note: {'a' * 30}, {'b' * 7}…"),
    ],
)
def test_values_of_one_line_are_shown(
    args: tuple[Any, ...], kwargs: dict[str, Any], title: str
) -> None:
    assert with_arguments("Note", encode(args, kwargs)) == title


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_782_864_000_007, "2026-07-01T00:00:00.007Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (10**18, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_is_written_as_the_format_can(ms: int, text: str) -> None:
    assert wire_time(ms) == text


def test_a_row_is_told_as_the_contract_says(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "store.db")
    one = record(
        7,
        "waiting",
        rev=12,
        item_id=3,
        function=1,
        recipient="Bo <bo@example.org>",
        why="Tries again later: 451",
        attempt=2,
        max_attempts=8,
        priority=-1,
        created_at=1_800_000_000_123,
        run_at=1_800_000_040_000,
        started_at=1_800_000_000_200,
        progress='{"done":1,"total":null,"text":"half"}',
        error="451",
    )
    fill(connection, [one])
    (row,) = read_page(connection, Query(), "store", known=NO_BATCHES)["tasks"]
    assert row == {
        "id": 7,
        "rev": 12,
        "item_id": 3,
        "task": "send_mail",
        "title": TITLES[0],
        "to": "Bo <bo@example.org>",
        "next_to": None,
        "state": "waiting",
        "why": "Tries again later: 451",
        "reason": None,
        "reason_data": {},
        "attempt": 2,
        "max_attempts": 8,
        "progress": {"done": 1, "total": None, "text": "half"},
        "lane": "io",
        "queue": "send_mail",
        "priority": -1,
        "created_at": "2027-01-15T08:00:00.123Z",
        "run_at": "2027-01-15T08:00:40.000Z",
        "started_at": "2027-01-15T08:00:00.200Z",
        "finished_at": None,
        "error": "451",
        "resend_of": None,
        "copy": False,
        "seen": False,
        "batch_id": None,
        "cause": None,
    }
    connection.close()
