"""What is about to be cancelled does not start while that can be undone, and goes on by itself."""

from __future__ import annotations

from functools import partial

import pytest

from desktop.engine.attempts.outcomes import Failed, Later
from desktop.engine.errors import Conflict
from desktop.engine.verbs.bulk.bulk import bulk
from desktop.engine.verbs.bulk.choosing import choose
from desktop.engine.verbs.cancel import put_off
from tests.engine.stepped import START, Stepped

DELAY = 7.0


def wait(stepped: Stepped, seconds: float) -> None:
    stepped.clock.time += seconds
    stepped.settle()


def test_what_waits_starts_after_that_and_what_runs_goes_on(stepped: Stepped) -> None:
    runs, second, queued = (stepped.add("narrow") for _ in range(3))  # two at once
    soon, later, again = stepped.add(delay=3), stepped.add(delay=60), stepped.add()
    stepped.end(again, Later("451", "", after=5))
    tasks = [runs, queued, soon, later, again]
    chosen = choose(tasks, stepped.reader)
    done = stepped.do(partial(bulk, action="put_off", chosen=chosen, delay=DELAY))
    assert done.answer == {"touched": 5, "skipped": []}
    stepped.end(second, Failed("no", "", final=True))  # there is room for another one
    wait(stepped, DELAY - 1)
    stepped.restart()
    stepped.settle()
    states = stepped.states()
    assert [states[task] for task in tasks[1:]] == [*["scheduled"] * 3, "waiting"]
    wait(stepped, 2)
    states = stepped.states()
    assert states[later] == "scheduled"
    assert {states[task] for task in (queued, soon, again)} <= {"queued", "running"}


def test_one_that_has_to_be_done_by_then_is_left_as_it_is(stepped: Stepped) -> None:
    task = stepped.add(delay=3, deadline=START + 5)
    stepped.change(put_off, task, DELAY)
    wait(stepped, 4)
    assert stepped.state(task) == "running"


def test_what_cannot_be_cancelled_cannot_be_put_off(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.end(task, Failed("no", "", final=True))
    with pytest.raises(Conflict, match="already failed"):
        stepped.change(put_off, task, DELAY)
