"""Histories that the model and the core once told differently."""

from __future__ import annotations

from functools import partial

import pytest

from desktop.engine.submission import TaskChange
from desktop.engine.verbs.change import change
from desktop.engine.verbs.retry import retry
from tests.engine.reference.correcting import remove_one
from tests.engine.reference.model_tasks import ModelTask
from tests.engine.writer.test_core import OUTCOMES, EngineMachine


def end(machine: EngineMachine, task: ModelTask, how: str) -> None:
    claim = machine.engine.lane.running.pop(task.id)
    machine.engine.ledger.finish(claim, OUTCOMES[how])
    machine.group(None, machine.engine.step, partial(machine.model.end, task, how))


@pytest.mark.parametrize(("how", "gone"), [("ok", 2), ("final", 2), ("ok", 3), ("final", 3)])
def test_a_message_stays_one_when_a_repeat_of_it_is_removed(how: str, gone: int) -> None:
    machine = EngineMachine()
    machine.submit(None, "work")
    tasks = machine.model.tasks
    for number, ends in ((1, "final"), (2, "final"), (3, how)):
        end(machine, tasks[number], ends)
        if number < 3:
            machine.send_again(None, tasks[number])
    machine.change(None, tasks[3], change, TaskChange(seen=True))
    machine.change(None, tasks[gone], remove_one)
    machine.tasks_are_as_the_model_says()
    machine.change(None, tasks[1], retry)
    machine.tasks_are_as_the_model_says()
    machine.teardown()


def test_a_rate_counts_the_same_after_a_cut_and_a_clock_set_back() -> None:
    machine = EngineMachine()
    machine.submit(None, "slow", count=3)
    for task in machine.model.running():
        end(machine, task, "ok")
    machine.wait(None, 60)  # the third begins, and the first two count no more
    for _ in range(2):
        machine.jump((0, False), -3600)
        machine.tasks_are_as_the_model_says()
    machine.teardown()
