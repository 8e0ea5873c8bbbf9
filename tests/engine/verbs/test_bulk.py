"""One verb for many tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from desktop.engine.errors import Conflict
from desktop.engine.outcomes import Failed, Held
from desktop.engine.query import Filter
from desktop.engine.submission import Idempotency, NewTask, Submission
from desktop.engine.verbs.bulk import STEP, BulkDone, bulk
from tests.engine.stepped import Stepped

KEY = Idempotency("key", "hash")


def act(
    stepped: Stepped, action: Any, which: Sequence[int] | Filter, key: Idempotency | None = None
) -> Any:
    return stepped.do(lambda group: bulk(group, action, which, key))


def test_each_reason_for_skipping_is_counted(stepped: Stepped) -> None:
    first = stepped.add()
    later = [stepped.add(delay=60) for _ in range(3)]
    stepped.end(first, Failed("no", "", final=True))
    done = act(stepped, "cancel", [first, *later, *later, 98, 99])
    assert done.answer == {
        "touched": 3,
        "skipped": [
            {"why": "There is no such task.", "count": 2},
            {"why": "It has already failed.", "count": 1},
        ],
    }


def test_a_filter_means_all_that_match_in_groups_that_stay_short(stepped: Stepped) -> None:
    count = 2 * STEP + 7
    stepped.submit(Submission(tasks=[NewTask("work", delay=60)] * count))
    other = stepped.add("narrow", delay=60)
    which = Filter(states=("scheduled",), task="work")
    future = stepped.ask(lambda group: bulk(group, "cancel", which))
    stepped.step()
    assert not future.done()
    assert list(stepped.states().values()).count("cancelled") == STEP
    stepped.add(delay=60)  # comes too late to be meant
    assert future.result(0).answer == {"touched": count, "skipped": []}
    assert stepped.state(other) == "scheduled"
    assert list(stepped.states().values()).count("scheduled") == 2


def test_retry_and_resolve_in_act(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.cross(task)
    stepped.restart()
    assert act(stepped, "retry", [task]).answer["touched"] == 0
    assert act(stepped, "again", [task]).answer["touched"] == 1
    assert stepped.state(task) == "running"


def test_a_key_answers_the_first_answer_again(stepped: Stepped) -> None:
    task = stepped.add(delay=60)
    first = act(stepped, "cancel", [task], KEY)
    assert not first.replayed
    act(stepped, "retry", [task])
    assert act(stepped, "cancel", [task], KEY) == BulkDone(first.answer, replayed=True)
    assert stepped.state(task) == "running"
    with pytest.raises(Conflict):
        act(stepped, "cancel", [task], Idempotency("key", "other"))


def test_a_held_queue_goes_on_once_however_many_of_its_tasks_are_retried(
    stepped: Stepped,
) -> None:
    heard = list[bool]()
    count = STEP + 7
    stepped.submit(Submission(tasks=[NewTask("narrow")] * count))
    held = Held("535", "", whole_queue=True)
    stepped.end(1, held)
    stepped.end(2, held)
    stepped.journal.on_notice(lambda notice: heard.append(notice["active"]))
    future = stepped.ask(lambda group: bulk(group, "retry", Filter(task="narrow")))
    stepped.step()
    stepped.end(1, held)  # it was not cured
    stepped.settle()
    assert future.result(0).answer == {"touched": count, "skipped": []}
    assert heard == [False, True]
