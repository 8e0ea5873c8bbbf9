"""A failed attempt is one log record, from whichever lane: an error where it was the last."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks import NeedsPerson, RetryLater, TaskContext, Uncertain, task
from sendoff_tasks.attempts.outcomes import Cancelled, Crashed, Failed, GivenBack, Held, Later
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.transaction import failures as log_of_failures
from sendoff_tasks.transaction.failures import Failure, FailureLog
from sendoff_tasks.verbs.cancel import cancel
from tests import WITHIN
from tests.engine.lanes.tasks import Untraceable
from tests.engine.stepped import Stepped
from tests.looking import eventually


@task(name="failing.io", retry=1)
def fail_io() -> None:
    raise ValueError("in a thread")


@task(name="failing.async", retry=1)
async def fail_async() -> None:
    raise ValueError("in a coroutine")


@task(name="failing.cpu", retry=1, lane="cpu")
def fail_cpu() -> None:
    raise ValueError("in a process")


@task(name="failing.later", retry=2)
def fail_later() -> None:
    raise RetryLater("not now", after=0)


@task(name="failing.held")
def hold() -> None:
    raise NeedsPerson("look at this")


@task(name="failing.uncertain")
def lose_answer(ctx: TaskContext) -> None:
    ctx.point_of_no_return()
    raise Uncertain("no answer")


FUNCTIONS = (fail_io, fail_async, fail_cpu, fail_later, hold, lose_answer)


def run_to_the_end(path: Path, functions: tuple[Callable[..., Any], ...]) -> None:
    known = Registry()
    for function in functions:
        known.add(function)
    engine = Engine(EngineConfig(path, known, cpu_slots=1))
    engine.start()
    try:
        for function in functions:
            engine.add_task(function)
        eventually(lambda: not are_under_way(engine.stats()["counts"]))
    finally:
        engine.stop()


def are_under_way(counts: dict[str, int]) -> bool:
    """Whether more is open than the task that waits for a person."""
    return sum(counts[state] for state in OPEN) > counts["waiting"] or counts["waiting"] > 1


def test_each_lane_tells_what_was_raised(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run_to_the_end(tmp_path / "store.db", FUNCTIONS)
    records = [record for record in caplog.records if record.name == "sendoff.task"]
    told: Any = sorted((r.task, r.attempt, r.levelname) for r in records)  # type: ignore[attr-defined]
    assert told == [
        ("failing.async", 1, "ERROR"),
        ("failing.cpu", 1, "ERROR"),
        ("failing.held", 1, "ERROR"),
        ("failing.io", 1, "ERROR"),
        ("failing.later", 1, "WARNING"),
        ("failing.later", 2, "ERROR"),
        ("failing.uncertain", 1, "ERROR"),
    ]
    by_task: dict[str, Any] = {record.task: record for record in records}  # type: ignore[attr-defined]
    for name in ("failing.io", "failing.async"):
        kind, error, _ = by_task[name].exc_info
        assert (kind, str(error)[:5]) == (ValueError, "in a ")
    formatted = logging.Formatter().format(by_task["failing.cpu"])
    assert 'raise ValueError("in a process")' in formatted
    assert formatted.count("in a process") == 4  # message, source line, trace, and its exception
    number = by_task["failing.io"].task_id
    assert by_task["failing.io"].getMessage() == (
        f"Attempt 1 of task {number} (failing.io) failed: ValueError: in a thread"
    )


@pytest.fixture
def told(stepped: Stepped) -> list[Failure]:
    heard: list[Failure] = []
    stepped.journal.on_failures = heard.extend
    return heard


@pytest.mark.parametrize(
    ("outcome", "is_last"),
    [
        (Failed("wrong", ""), False),
        (Failed("wrong", "", final=True), True),
        (Later("not now", "", 5), False),
        (Held("a person", ""), True),
        (Crashed("signal 9"), False),
    ],
)
def test_it_says_whether_the_task_is_tried_again(
    stepped: Stepped, told: list[Failure], outcome: Any, is_last: bool
) -> None:
    number = stepped.ended(outcome)
    (failure,) = told
    assert (failure.task, failure.task_id, failure.attempt) == ("work", number, 1)
    assert failure.is_last is is_last


@pytest.mark.parametrize("outcome", [GivenBack(begun=False), Cancelled("you said so")])
def test_what_did_not_fail_is_not_told(stepped: Stepped, told: list[Failure], outcome: Any) -> None:
    stepped.ended(outcome)
    number = stepped.add()
    stepped.change(cancel, number)
    stepped.end(number, Failed("wrong, but it is no longer wanted", ""))
    assert told == []


def test_attempt_that_a_stop_cut_short_is_told(stepped: Stepped, told: list[Failure]) -> None:
    number = stepped.ended(GivenBack())
    (failure,) = told
    assert (failure.task_id, failure.attempt, failure.is_last) == (number, 1, False)
    assert "stopped" in failure.error


def test_a_task_that_missed_its_deadline_is_told(stepped: Stepped, told: list[Failure]) -> None:
    stepped.add(delay=60, deadline=stepped.clock.time + 30)
    stepped.wait(31)
    assert [(each.attempt, each.is_last) for each in told] == [(0, True)]


def test_it_is_told_once_though_its_group_was_written_twice(
    stepped: Stepped, told: list[Failure]
) -> None:
    number = stepped.add()
    stepped.fuse.set(1, full=True)
    stepped.end(number, Failed("wrong", "", final=True))
    assert told == []
    stepped.fuse.set(None)
    stepped.wait(2)
    assert [each.task_id for each in told] == [number]


def test_a_slow_handler_delays_no_task_and_a_flood_is_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(log_of_failures, "WAITING", 5)
    go, begun = threading.Event(), threading.Event()

    class Slow(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            begun.set()
            go.wait(WITHIN)

    slow = Slow()
    log_of_failures.log.addHandler(slow)
    failures = FailureLog()
    one = Failure("work", 1, 1, is_last=True, error="wrong")
    failures.put([one])
    assert begun.wait(WITHIN)
    failures.put([one] * 100)
    go.set()
    failures.stop()
    log_of_failures.log.removeHandler(slow)
    said = [record.getMessage() for record in caplog.records if record.name == "sendoff.task"]
    assert len(said) == 1 + 5 + 1
    assert said[-1] == "95 more attempts failed; the log was too slow for them"


def test_one_that_no_handler_can_format_is_written_from_its_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures = FailureLog()
    odd = Untraceable("wrong")
    failures.put([Failure("work", 1, 1, is_last=True, error="odd", trace="at work", raised=odd)])
    failures.put([Failure("work", 2, 1, is_last=True, error="wrong")])
    failures.stop()
    assert "at work" in caplog.text
    assert "task 2 (work) failed: wrong" in caplog.text
