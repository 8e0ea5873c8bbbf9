"""The cure of a held queue has come."""

from __future__ import annotations

import pytest

from desktop.engine.attempts.outcomes import Held, Succeeded
from desktop.engine.queues.holds import STEP
from desktop.engine.submission import NewTask, Submission, TaskOptions
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.pause_queue import release
from tests.engine.stepped import Stepped


def hold_all(stepped: Stepped, count: int) -> None:
    """Fill the queue ``narrow`` with held tasks, as a cure that did not last would leave them."""
    stepped.submit(Submission(tasks=[NewTask("narrow", options=TaskOptions(delay=60))] * count))
    with stepped.connection:
        stepped.connection.execute(
            "UPDATE tasks SET state = 'waiting', held = 'queue', run_at = NULL, reason = NULL"
        )
        stepped.connection.execute("UPDATE counts SET n = 0")
        stepped.connection.execute(
            "UPDATE counts SET n = ? WHERE state = 'waiting' AND function ="
            " (SELECT id FROM functions WHERE name = 'narrow')",
            (count,),
        )
    stepped.restart()


def held(stepped: Stepped) -> int:
    return list(stepped.states().values()).count("waiting")


@pytest.mark.usefixtures("in_file")
def test_a_long_queue_is_released_in_groups_that_stay_short(stepped: Stepped) -> None:
    count = 2 * STEP + 7
    hold_all(stepped, count)
    future = stepped.ask(lambda group: release(group, "narrow"))
    stepped.step()
    assert held(stepped) == count - STEP
    stepped.settle()
    assert future.result(0) == count
    assert held(stepped) == 0


@pytest.mark.usefixtures("in_file")
def test_a_queue_that_is_held_again_keeps_the_rest(stepped: Stepped) -> None:
    count = 3 * STEP
    hold_all(stepped, count)
    future = stepped.ask(lambda group: release(group, "narrow"))
    stepped.step()
    task = next(iter(stepped.lane.running))
    stepped.end(task, Held("535 wrong password", "", whole_queue=True))
    assert future.result(0) == STEP
    assert held(stepped) == count - STEP + 1


def test_verbs_of_one_group_see_each_other(stepped: Stepped) -> None:
    task = stepped.add("narrow")
    stepped.end(task, Held("535", "", whole_queue=True))

    def twice(group: Group) -> tuple[object, object]:
        return release(group, "narrow"), release(group, "narrow")

    assert stepped.do(twice) == (1, 0)
    stepped.end(task, Succeeded("1"))
