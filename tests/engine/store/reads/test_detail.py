"""A task whole: its steps, and those that wait for it."""

from __future__ import annotations

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.store.tables.beside_tasks import INSERT_STEP
from sendoff_tasks.submission import NewTask, Place, Submission
from tests.engine.stepped import Stepped


def test_a_task_names_those_that_wait_for_it(stepped: Stepped) -> None:
    tasks = [NewTask("work"), *(NewTask("work", behind=Place(n)) for n in (0, 1))]
    first, second, third = stepped.submit(Submission(tasks=tasks)).task_ids
    assert stepped.task(first)["followers"] == [second]
    assert stepped.task(second)["followers"] == [third]
    stepped.settle()
    stepped.end(first, Succeeded("null"))
    assert stepped.task(first)["followers"] == []


def test_a_task_names_its_steps_in_their_order(stepped: Stepped) -> None:
    number = stepped.add("work")
    for at, name in enumerate(("pay", "deliver")):
        stepped.connection.execute(INSERT_STEP, (number, name, 1, at, "null"))
    assert stepped.task(number)["steps"] == ["pay", "deliver"]
