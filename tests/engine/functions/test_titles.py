"""A task's title tells it from others of its function."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from desktop.contract.states import State
from desktop.engine.functions.titles import title_with


@pytest.mark.parametrize(
    ("args", "kwargs", "title"),
    [
        ((), {}, None),
        ((7, "a@example.com"), {}, "Note: 7, a@example.com"),
        ((date(2026, 7, 1),), {"loudly": True}, "Note: 2026-07-01, loudly True"),
        (
            (datetime(2026, 7, 1, tzinfo=UTC), State.FAILED),
            {},
            "Note: 2026-07-01 00:00:00+00:00, FAILED",
        ),
        (([1, 2], {"a": 1}, None, b"x"), {"rows": [3]}, None),
        (("two\nlines", "", 7), {}, "Note: 7"),
        (("a" * 1000, 7), {}, f"Note: {'a' * 39}…"),
    ],
)
def test_values_of_one_line_are_shown(
    args: tuple[Any, ...], kwargs: dict[str, Any], title: str | None
) -> None:
    assert title_with("Note", args, kwargs) == title
