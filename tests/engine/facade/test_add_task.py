"""Options are checked where they are given; calls by the type checker (``typed_calls``)."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.engine.facade.add_task import TakesOptions
from desktop.engine.submission import TaskOptions

NOW = 1_800_000_000.0


class Told(TakesOptions[TaskOptions]):
    def _with(self, options: TaskOptions) -> TaskOptions:
        return options

    def now(self) -> float:
        return NOW


NAIVE = datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"delay": -1}, ValueError, "delay must be 0 s or more, got -1"),
        ({"delay": math.nan}, ValueError, "delay must be 0 s or more, got nan"),
        ({"delay": "5"}, TypeError, "delay must be a number, got '5'"),
        ({"delay": math.inf}, ValueError, "delay is out of bounds: inf"),
        ({"run_at": "noon"}, TypeError, "run_at must be a number, got 'noon'"),
        (
            {"run_at": NAIVE},
            TypeError,
            "run_at must have a time zone, got datetime",
        ),
        ({"deadline": 0}, TypeError, "deadline must be more than 0"),
        ({"priority": 1.5}, TypeError, "priority must be a whole number"),
        ({"priority": 1 << 31}, ValueError, "a priority of 2147483648 is out of bounds"),
        ({"priority": True}, TypeError, "priority must be a whole number"),
        ({"key": " "}, ValueError, "a key is 1 to 200 printable characters"),
        ({"after": "17"}, TypeError, "after, where it is no task .* must be a whole number"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        Told().options(**options)


def test_times_are_epoch_seconds() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    told = Told().options(run_at=moment, deadline=moment)
    assert told.run_at == told.deadline == moment.timestamp()
    assert Told().options(deadline=60).deadline == NOW + 60
