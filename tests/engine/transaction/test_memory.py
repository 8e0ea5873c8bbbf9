"""What the writer remembers of the store: pauses, holds, attempts under way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.engine import task
from desktop.engine.attempts.outcomes import Failed, Succeeded
from desktop.engine.dispatch.claimer import Begun
from desktop.engine.errors import Fenced
from desktop.engine.store.tables.records import ALL_QUEUES
from desktop.engine.transaction.function_rows import unfinished
from desktop.engine.transaction.memory import Memory
from tests.engine.stepped import Stepped


def test_a_queue_is_paused_since_its_own_pause_or_that_of_all_if_that_is_older() -> None:
    memory = Memory()
    assert memory.paused_since("post") is None
    memory.pauses = {"post": 20}
    assert (memory.paused_since("post"), memory.paused_since("other")) == (20, None)
    memory.pauses[ALL_QUEUES] = 10
    assert (memory.paused_since("post"), memory.paused_since("other")) == (10, 10)


def test_an_attempt_is_under_way_until_it_ends_and_no_other_is(stepped: Stepped) -> None:
    task = stepped.add()
    memory, claim = stepped.core.memory, stepped.lane.running[task]
    assert memory.under_way(claim).record.id == task
    with pytest.raises(Fenced):
        memory.under_way(replace(claim, attempt=2))
    stepped.end(task, Succeeded("1"))
    with pytest.raises(Fenced):
        memory.under_way(claim)


def test_slots_in_use_are_counted_by_lane_and_queue_as_they_are_read_again(
    stepped: Stepped,
) -> None:
    first, _ = stepped.add(), stepped.add()
    stepped.end(first, Succeeded("1"))
    memory, begun = stepped.core.memory, stepped.core.memory.part(Begun)
    assert (memory.busy_lanes["io"], memory.busy_queues["work"]) == (1, 1)
    assert (begun.lanes["io"], begun.queues["work"]) == (2, 2)
    memory.load(stepped.connection)
    assert (memory.busy_lanes["io"], memory.busy_queues["work"]) == (1, 1)


def test_functions_with_tasks_that_may_run_again_are_named(stepped: Stepped) -> None:
    stepped.ended(Succeeded("1"), "work")
    stepped.ended(Failed("no", "", final=True), "narrow")
    assert unfinished(stepped.core.memory) == {"narrow": "tests.engine.stepped:narrow"}


def test_a_function_that_has_moved_is_named_with_its_new_place(stepped: Stepped) -> None:
    def moved() -> None: ...

    stepped.add("narrow", delay=1)
    stepped.registry.exchange({"narrow": ""}, [task(name="narrow")(moved)])
    stepped.restart()
    place = f"{__name__}:{moved.__qualname__}"
    assert unfinished(stepped.core.memory) == {"narrow": place}
