"""The engine with its threads, on real lanes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from desktop.engine import NeedsPerson
from desktop.engine.errors import Closed
from desktop.engine.facade.engine import Engine
from desktop.engine.store.errors import StoreInUse
from desktop.engine.store.reads.query import Filter, ItemSearch, Query
from desktop.engine.submission import NewItemRow, NewTask, Submission, TaskOptions
from desktop.engine.verbs.bulk.bulk import STEP
from desktop.engine.writer.writer import Inbox
from tests import WITHIN
from tests.engine.facade.stage import Stage, state, wait_for


def test_a_task_is_accepted_run_and_remembered(engine: Engine, stage: Stage) -> None:
    number = engine.add_task("quick", 1, 2)
    wait_for(engine, lambda: state(engine, number) == "succeeded")
    assert stage.done == [(1, 2)]
    assert engine.task(number)["result"] == [1, 2]


def test_a_failing_task_is_tried_again_and_succeeds(engine: Engine, stage: Stage) -> None:
    stage.fail = [ValueError("no"), ValueError("no")]
    number = engine.add_task("quick")
    wait_for(engine, lambda: state(engine, number) == "succeeded")
    assert [a["outcome"] for a in engine.task(number)["history"]] == [
        "failed",
        "failed",
        "succeeded",
    ]


def test_a_running_task_is_cancelled(engine: Engine, stage: Stage) -> None:
    number = engine.add_task("slow")
    stage.entered.acquire()
    assert engine.cancel(number).result(WITHIN)["state"] == "running"
    wait_for(engine, lambda: state(engine, number) == "cancelled")


def test_a_held_queue_gives_one_notice_until_it_is_released(engine: Engine, stage: Stage) -> None:
    stage.fail = [NeedsPerson("wrong password", queue=True, notice_action="mail_settings")]
    number = engine.add_task("quick")
    wait_for(engine, lambda: state(engine, number) == "waiting")
    (notice,) = engine.notices()
    assert (notice["id"], notice["reason"]) == ("queue:quick", "queue_held")
    assert (notice["level"], notice["text"]) == ("error", "wrong password")
    assert (notice["action"], notice["active"]) == ("mail_settings", True)
    assert engine.release("quick").result(WITHIN) == 1
    wait_for(engine, lambda: state(engine, number) == "succeeded")
    assert engine.notices() == []


def test_stopping_gives_back_what_does_not_end_in_time(
    start: Callable[..., Engine], stage: Stage
) -> None:
    engine = start()
    numbers = [engine.add_task(name) for name in ("slow", "stubborn", "sending")]
    for _ in numbers:
        stage.entered.acquire()
    waiting = engine.add_task("quick")
    engine.stop(0.1)
    with pytest.raises(StoreInUse):  # two of the functions run on
        start(lanes=False)
    stage.go_on.set()
    engine.over.result(WITHIN)
    again = start(lanes=False)
    assert [state(again, number) for number in numbers] == ["queued", "queued", "uncertain"]
    outcomes = [again.task(number)["history"][-1]["outcome"] for number in numbers]
    assert outcomes == ["given back", "given back", "uncertain"]
    assert state(again, waiting) in {"queued", "succeeded"}


def test_after_the_stop_nothing_is_taken(start: Callable[..., Engine]) -> None:
    engine = start()
    engine.stop()
    with pytest.raises(Closed):
        engine.add_task("quick")
    with pytest.raises(Closed):
        engine.rows(Query())
    engine.stop()


def test_without_lanes_tasks_wait_for_an_engine_that_has_some(
    start: Callable[..., Engine], stage: Stage
) -> None:
    engine = start(lanes=False)
    number = engine.add_task("quick")
    assert state(engine, number) == "queued"
    assert engine.stats()["lanes"] == {}
    engine.stop()
    again = start()
    wait_for(again, lambda: state(again, number) == "succeeded")
    assert stage.done == [()]


def test_items_are_read_with_their_tasks(engine: Engine) -> None:
    body = {"title": "Opera", "recipient": {"email": "ada@example.org"}, "fields": {"row": 3}}
    task = NewTask("quick", options=TaskOptions(delay=60))
    engine.submit(Submission(items=[NewItemRow(n, body, [task]) for n in (3, 5, 4)])).result()
    assert engine.next_item_id() == 6
    assert [item["item_id"] for item in engine.items(ItemSearch())["items"]] == [5, 4, 3]
    next_one = ItemSearch(after=3, limit=1, descending=False)
    assert [item["item_id"] for item in engine.items(next_one)["items"]] == [4]
    item = engine.item(5)
    assert (item["title"], item["fields"], item["template"]) == ("Opera", {"row": 3}, None)
    assert [row["item_id"] for row in item["tasks"]] == [5]
    assert engine.rows(Query(Filter(item_id=5)))["total"] == 1
    engine.undo(5).result(WITHIN)
    assert engine.next_item_id() == 5


def test_a_bulk_call_does_not_keep_the_engine_from_stopping(engine: Engine) -> None:
    count = 20 * STEP
    engine.submit(
        Submission(tasks=[NewTask("quick", options=TaskOptions(delay=600))] * count)
    ).result(WITHIN)
    done = engine.bulk("cancel", Filter())
    engine.stop()
    with pytest.raises(Closed):
        done.result(0)


def test_a_writer_that_ends_by_itself_is_told(
    start: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()
    engine = start(on_failure=failed.set)

    def end(*args: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(Inbox, "take", end)
    with pytest.raises(Closed):
        engine.add_task("quick")
    assert failed.wait(WITHIN)
