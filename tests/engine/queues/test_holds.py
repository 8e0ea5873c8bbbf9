"""Tasks whose function is gone wait for its return."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.engine.attempts.outcomes import Misfit, Succeeded
from desktop.engine.functions.registry import task as described
from desktop.engine.queues import holds
from desktop.engine.queues.holds import STEP
from desktop.engine.submission import NewTask, Submission
from desktop.engine.verbs.retry import retry
from tests.engine.stepped import Stepped, narrow, registry, work


def test_tasks_whose_function_is_gone_wait_for_its_return(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=0)
    task = stepped.add("narrow")
    stepped.registry, stepped.slots = registry(work), 3
    stepped.restart()
    assert stepped.state(task) == "waiting"
    assert "no task named “narrow”" in stepped.task(task)["why"]
    assert stepped.task(task)["title"] == "Narrow"
    with pytest.raises(Exception, match="no task named"):
        stepped.change(retry, task)
    stepped.registry = registry(work, narrow)
    stepped.restart()
    assert stepped.state(task) == "running"


def test_a_hold_for_a_function_is_logged_with_a_way_out(
    make: Callable[..., Stepped], caplog: pytest.LogCaptureFixture
) -> None:
    stepped = make(slots=0)
    stepped.submit(Submission(tasks=[NewTask("narrow")] * 3))
    stepped.registry, stepped.slots = registry(work), 3
    stepped.restart()
    stepped.settle()
    (record,) = [each for each in caplog.records if each.name == holds.__name__]
    assert record.levelname == "WARNING"
    assert "Tasks of narrow are held: There is no task named “narrow”." in record.getMessage()
    assert "aliases" in record.getMessage()


def test_many_tasks_whose_function_is_there_again_go_on_in_groups_that_stay_short(
    make: Callable[..., Stepped],
) -> None:
    stepped = make(slots=0)
    stepped.submit(Submission(tasks=[NewTask("narrow")] * (2 * STEP + 7)))
    stepped.registry = registry(work)
    stepped.slots = 3
    stepped.restart()
    stepped.settle()
    assert set(stepped.states().values()) == {"waiting"}
    stepped.registry = registry(work, narrow)
    stepped.restart()  # with one step
    assert list(stepped.states().values()).count("waiting") == STEP + 7
    stepped.settle()
    assert set(stepped.states().values()) == {"queued", "running"}


def test_a_task_stored_for_other_code_waits_for_its_return_and_counts_no_attempt(
    stepped: Stepped,
) -> None:
    task = stepped.add()
    stepped.end(task, Misfit("Its function takes other arguments now: too many.", "Traceback"))
    told = stepped.task(task)
    assert (told["state"], told["run_at"], told["max_attempts"]) == ("waiting", None, 4)
    assert told["why"] == told["error"] == "Its function takes other arguments now: too many."
    assert told["history"][0]["traceback"] == "Traceback"
    stepped.registry.exchange({"work": ""}, [work])  # as a changed file would
    stepped.settle()
    assert (stepped.state(task), stepped.task(task)["attempt"]) == ("running", 2)


def test_a_task_whose_code_came_back_while_it_was_on_its_way_is_not_held(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.registry.exchange({"work": "It broke."}, ())
    stepped.registry.exchange({}, [described(name="work")(lambda *args: None)])
    stepped.settle()
    stepped.end(task, Misfit("Its function cannot be loaded: SyntaxError", ""))
    assert (stepped.state(task), stepped.task(task)["attempt"]) == ("running", 2)
    stepped.end(task, Misfit("Its function cannot be loaded: SyntaxError", ""))
    assert stepped.state(task) == "waiting"


def test_all_that_wait_for_a_function_say_why_it_is_missing_by_now_a_few_a_group(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "STEP", 2)
    tasks = [stepped.add(delay=60) for _ in range(5)]
    stepped.registry.exchange({"work": "a.py is broken."}, ())
    stepped.clock.time += 60
    stepped.settle()
    for reason in ("a.py is gone.", "It is gone."):
        stepped.registry.exchange({"work": reason}, ())
        told = []
        for _ in range(3):
            stepped.step()
            told.append(sum(stepped.task(task)["why"].startswith(reason) for task in tasks))
        assert told == [2, 4, 5]


def test_a_function_that_is_withdrawn_holds_what_is_queued_and_its_return_lets_it_go(
    make: Callable[..., Stepped],
) -> None:
    stepped = make(work, slots=1)
    running, queued = stepped.add(), stepped.add()
    stepped.registry.exchange({"work": "The tasks in a.py cannot be used: line 3: no."}, ())
    stepped.settle()
    assert stepped.state(running) == "running"
    held = stepped.task(queued)
    assert (held["state"], held["run_at"]) == ("waiting", None)
    assert held["why"] == (
        "The tasks in a.py cannot be used: line 3: no. It waits for its function's return."
    )
    stepped.registry.exchange({"work": "a.py is gone."}, ())
    stepped.settle()
    assert stepped.task(queued)["why"] == "a.py is gone. It waits for its function's return."
    stepped.registry.add(work)
    stepped.settle()
    assert stepped.state(queued) == "queued"
    stepped.end(running, Succeeded("1"))
    assert stepped.state(queued) == "running"
