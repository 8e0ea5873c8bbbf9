"""Actions that wait, on more tasks than an answer names."""

from __future__ import annotations

from functools import partial

import pytest

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.verbs import pending as verb
from sendoff_tasks.verbs.bulk import BulkTasks, bulk, choose
from sendoff_tasks.verbs.pause_queue import pause
from sendoff_tasks.verbs.pending import act_later
from tests.engine.stepped import Stepped
from tests.engine.verbs.test_bulk import STEP
from tests.engine.verbs.test_pending import (
    DELAY,
    ask,
    failed,
    queue_many,
    told,
    wait,
)


def test_more_than_can_be_checked_leave_other_actions_what_they_do_not_fit(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "BULK_LIMIT", 2)
    stepped.do(lambda group: pause(group, None))
    tasks = [stepped.add() for _ in range(4)]
    ask(stepped, "cancel", tasks[:2])
    ask(stepped, "remove", TaskFilter(), delay=60.0)
    wait(stepped)
    assert [stepped.states()[number] for number in tasks] == ["cancelled"] * 2 + ["queued"] * 2


def test_more_than_can_be_checked_leave_a_later_action_all_its_tasks(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "BULK_LIMIT", 2)
    failed(stepped, 3)
    stepped.do(lambda group: pause(group, None))
    tried = ask(stepped, "retry", TaskFilter())["pending"]["id"]
    wait(stepped, 1.0)
    cancelled = ask(stepped, "cancel", TaskFilter())["pending"]["id"]
    wait(stepped)
    assert [each["answer"]["touched"] for each in told(stepped, tried, cancelled)] == [3, 3]
    assert {*stepped.states().values()} == {"cancelled"}


def test_more_than_can_be_checked_take_their_tasks_out_of_an_earlier_action(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = queue_many(stepped, monkeypatch, STEP)
    monkeypatch.setattr(verb, "BULK_LIMIT", 2)
    removed = ask(stepped, "done", tasks, delay=2 * DELAY)["pending"]
    assert removed["touched"] == len(tasks), "of so many, each is judged when it is done"
    ask(stepped, "cancel", TaskFilter())
    wait(stepped)
    assert told(stepped, removed["id"]) == []


def test_so_does_an_action_that_a_later_one_has_made_smaller(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "BULK_LIMIT", 2)
    first, second, third, _ = failed(stepped, 4)
    earlier = ask(stepped, "resend", [first], delay=60.0)["pending"]["id"]
    ask(stepped, "retry", TaskFilter())
    later = ask(stepped, "resend", [second, third], delay=60.0)["pending"]["id"]
    stepped.do(lambda group: pause(group, None))
    wait(stepped)
    assert stepped.states()[first] == "queued"
    assert [each["id"] for each in told(stepped)] == [later]
    assert told(stepped, earlier) == []


def test_more_than_can_be_checked_take_the_place_of_the_same_action(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "BULK_LIMIT", 2)
    tasks = failed(stepped, 4)
    ask(stepped, "resend", TaskFilter())
    ask(stepped, "resend", tasks[:1])
    last = ask(stepped, "resend", TaskFilter(), delay=60.0)["pending"]["id"]
    assert [each["id"] for each in told(stepped)] == [last]
    wait(stepped, 60.0)
    assert len(stepped.states()) == 2 * len(tasks)


def test_an_action_that_is_asked_between_two_steps_of_a_call_keeps_its_tasks(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = queue_many(stepped, monkeypatch, 4 * STEP)
    chosen = choose(tasks, stepped.reader, known=NOTHING_KNOWN)
    cancelled = stepped.ask(partial(bulk, action="cancel", chosen=chosen))
    stepped.step()
    assert not cancelled.done()
    later = stepped.ask(act_later("cancel", BulkTasks(tasks[-1:]), DELAY))
    stepped.settle()
    assert cancelled.result(0).answer["touched"] == len(tasks)
    number = later.result(0).answer["pending"]["id"]
    assert [each["touched"] for each in told(stepped, number)] == [1]
