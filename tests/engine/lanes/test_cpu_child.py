"""The inside of a cpu-lane process, without the process."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.engine.attempts.attempt import CpuOrder
from desktop.engine.attempts.control import CancelReason
from desktop.engine.errors import EngineError
from desktop.engine.functions.spec import spec_for
from desktop.engine.lanes.cpu_child import CpuRun, CpuRuns, StopMessage, WrittenMessage
from tests.engine.book import claim
from tests.engine.lanes import tasks


class Pipe:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any) -> None:
        self.sent.append(message)


def job() -> CpuRun:
    return CpuRun(CpuOrder.of(claim(spec_for(tasks.returns), 1)), Pipe())  # type: ignore[arg-type]


def test_two_threads_at_their_point_of_no_return_are_each_answered_in_their_order() -> None:
    running = job()
    of_none = claim(spec_for(tasks.returns), 1)
    first, second = (running.point_of_no_return(of_none, "", "") for _ in range(2))
    running.take(WrittenMessage())
    assert first.done()
    running.take(WrittenMessage(error="The disk is full."))
    assert first.result(0) is None
    with pytest.raises(EngineError, match="disk is full"):
        second.result(0)


def test_an_order_that_comes_after_the_engine_began_to_stop_is_stopped_too() -> None:
    jobs = CpuRuns()
    early, late = job(), job()
    jobs.begin(early)
    assert early.control.reason is None
    jobs.take(StopMessage())
    jobs.begin(late)
    assert [each.control.reason for each in (early, late)] == [CancelReason.STOP] * 2
