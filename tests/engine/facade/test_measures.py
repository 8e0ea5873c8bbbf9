"""What a monitor asks of an engine that runs."""

from __future__ import annotations

from desktop.engine.facade.engine import Engine
from desktop.engine.submission import NewTask, Submission, TaskOptions
from tests import WITHIN
from tests.engine.facade.stage import Stage, state, wait_for


def test_rates_and_lanes_are_told(engine: Engine, stage: Stage) -> None:
    number = engine.add_task("slow")
    stage.entered.acquire()
    stats = engine.stats()
    assert stats["lanes"]["io"] == {"slots": 40, "busy": 1}
    assert stats["rates"]["started"] > 0
    assert stats["counts"]["running"] == 1
    stage.go_on.set()
    wait_for(engine, lambda: state(engine, number) == "succeeded")


def test_the_next_start_is_told(engine: Engine) -> None:
    assert engine.stats()["next_at"] is None
    engine.submit(Submission(tasks=[NewTask("quick", options=TaskOptions(delay=900))])).result(
        WITHIN
    )
    first = engine.submit(
        Submission(tasks=[NewTask("quick", options=TaskOptions(delay=600))])
    ).result(WITHIN)
    (number,) = first.task_ids
    assert engine.stats()["next_at"] == engine.task(number)["run_at"]
