"""A task without a title of its own is told from others of its function by its arguments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desktop.contract.states import State
from desktop.engine.functions.arguments import encode
from desktop.engine.store.reads.rows import with_arguments


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
        (("a" * 30, True), {"strict": False}, f"Note: {'a' * 30}, True, …"),
    ],
)
def test_values_of_one_line_are_shown(
    args: tuple[Any, ...], kwargs: dict[str, Any], title: str
) -> None:
    assert with_arguments("Note", encode(args, kwargs)) == title
