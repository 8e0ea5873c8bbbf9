"""Each attempt is counted with how long its task was ready before, and how long it ran."""

from __future__ import annotations

from desktop.engine.attempts.outcomes import Failed, Later, Succeeded
from desktop.engine.writer.durations import Attempts
from tests.engine.stepped import Stepped


def times(attempts: Attempts, queue: str) -> tuple[int, float, int, float]:
    """Sum up: how many waits and their seconds, how many runs and theirs."""
    waited, ran = attempts.waited[queue], attempts.ran[queue]
    return sum(waited.counts), waited.total, sum(ran.counts), ran.total


def test_a_wait_begins_when_the_task_is_ready_and_ends_with_its_start(stepped: Stepped) -> None:
    first, second, third = (stepped.add("narrow") for _ in range(3))  # two at once
    stepped.clock.time += 3
    stepped.end(first, Succeeded("1"))
    stepped.end(second, Later("not yet", "", after=60))
    delayed = stepped.add(delay=50)
    for seconds in (50, 10):
        stepped.clock.time += seconds
        stepped.settle()
    stepped.end(second, Failed("no", "", final=True))
    stepped.end(third, Succeeded("1"))
    stepped.end(delayed, Succeeded("1"))
    attempts = stepped.core.durations.read()
    assert times(attempts, "narrow") == (4, 3.0, 4, 3.0 + 3.0 + 60.0)
    assert times(attempts, "work") == (1, 0.0, 1, 10.0)
    assert attempts.started == {"narrow": 4, "work": 1}
    assert attempts.finished == {
        ("narrow", "succeeded"): 2,
        ("narrow", "waiting"): 1,
        ("narrow", "failed"): 1,
        ("work", "succeeded"): 1,
    }


def test_of_a_task_from_before_the_restart_the_wait_is_not_known(stepped: Stepped) -> None:
    first, *_ = (stepped.add("narrow") for _ in range(3))
    stepped.clock.time += 7
    stepped.restart()
    stepped.settle()
    stepped.end(first, Succeeded("1"))
    attempts = stepped.core.durations.read()
    assert attempts.started == {"narrow": 3}
    assert times(attempts, "narrow")[:2] == (2, 0.0)  # of those that are run again
