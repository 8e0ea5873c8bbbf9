"""Tasks that have ended are removed by a person, with items that have none left."""

from __future__ import annotations

import pytest

from desktop.engine.attempts.outcomes import Failed, LeftUncertain, Succeeded
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.tables.item_statements import DIFFERENT
from desktop.engine.submission import NewItemRow, NewTask, Submission
from desktop.engine.verbs import remove as module
from desktop.engine.verbs.bulk.bulk import STEP
from desktop.engine.verbs.cancel import cancel
from tests.engine.stepped import Stepped
from tests.engine.verbs.bulk.test_bulk import act


def item(engine: Stepped, number: int | None = None, tasks: int = 1) -> list[int]:
    rows = [NewTask("work", to="Ada <ada@example.org>")] * tasks
    return engine.submit(Submission(items=[NewItemRow(number, {}, rows)])).task_ids[0]


def test_what_is_open_or_has_to_be_seen_stays(stepped: Stepped) -> None:
    running, done, failed, unsure, seen = (stepped.add() for _ in range(5))
    later, cancelled = stepped.add(delay=60), stepped.add(delay=60)
    stepped.end(done, Succeeded("1", kept=True))
    for task in (failed, seen):
        stepped.end(task, Failed("no", "", final=True))
    stepped.end(unsure, LeftUncertain("no answer", ""))
    stepped.change(cancel, cancelled)
    act(stepped, "seen", [seen])
    answer = act(stepped, "remove", Filter()).answer
    assert answer["touched"] == 3
    assert {each["why"] for each in answer["skipped"]} == {
        "It is running; only tasks that have ended are removed.",
        "It is scheduled; only tasks that have ended are removed.",
        "It is failed and not marked as seen.",
        "It is uncertain and not marked as seen.",
    }
    assert set(stepped.states()) == {running, failed, unsure, later}


def test_a_task_that_another_waits_for_stays(stepped: Stepped) -> None:
    first = stepped.add()
    stepped.end(first, Succeeded("1"))
    second = stepped.add(delay=60, after=first)
    assert act(stepped, "remove", [first]).answer["touched"] == 0
    stepped.clock.time += 60
    stepped.settle()
    assert stepped.state(second) == "running"
    assert act(stepped, "remove", [first]).answer["touched"] == 1


def test_an_item_goes_with_its_last_task_and_its_number_is_not_given_out_again(
    stepped: Stepped,
) -> None:
    first, second = item(stepped, 7, tasks=2)
    stepped.end(first, Succeeded("1"))
    act(stepped, "remove", Filter())
    there = "SELECT count(*) FROM items"
    assert stepped.connection.execute(there).fetchone() == (1,)
    assert stepped.connection.execute(DIFFERENT).fetchall() == []
    stepped.end(second, Succeeded("1"))
    act(stepped, "remove", Filter())
    assert stepped.connection.execute(there).fetchone() == (0,)
    accepted = stepped.submit(Submission(items=[NewItemRow(None, {}, [])]))
    assert accepted.item_ids == [8]


def test_many_go_in_steps_also_where_one_has_much_log(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINES", 20)
    task = stepped.add()
    for number in range(50):
        stepped.ledger.log(stepped.lane.running[task], "info", f"line {number}")
    stepped.end(task, Succeeded("1"))
    stepped.submit(Submission(tasks=[NewTask("work", delay=60)] * (STEP + 3)))
    act(stepped, "cancel", Filter(states=("scheduled",)))
    assert act(stepped, "remove", Filter()).answer == {"touched": STEP + 4, "skipped": []}
    assert stepped.states() == {}
    for table in ("log", "attempts"):
        assert stepped.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
