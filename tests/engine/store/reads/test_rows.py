"""From rows to what is sent."""

from __future__ import annotations

import pytest

from desktop.contract.rules.times import wire_time


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
