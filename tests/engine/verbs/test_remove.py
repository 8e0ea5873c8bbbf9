"""Tasks that have ended are removed by a person."""

from __future__ import annotations

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Succeeded
from sendoff_tasks.duties.pruner import prune
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.submission import NewTask
from sendoff_tasks.verbs import remove as module
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Stepped
from tests.engine.verbs.test_bulk import STEP, act
from tests.items.corrections import FINAL


def item(engine: Stepped, number: int | None = None, tasks: int = 1) -> list[int]:
    rows = [NewTask("work", to="Ada <ada@example.org>")] * tasks
    return engine.submit(ItemSubmission([NewItemRow(number, {}, rows)])).task_ids[0]


def test_what_is_open_or_has_to_be_seen_stays(stepped: Stepped) -> None:
    running, done, failed, unsure, seen = (stepped.add() for _ in range(5))
    later, cancelled = stepped.add(delay=60), stepped.add(delay=60)
    stepped.end(done, Succeeded("1", kept=True))
    for task in (failed, seen):
        stepped.end(task, Failed("no", "", final=True))
    stepped.end(unsure, LeftUncertain("no answer", ""))
    stepped.change(cancel, cancelled)
    act(stepped, "seen", [seen])
    answer = act(stepped, "remove", TaskFilter()).answer
    assert answer["touched"] == 3
    left = {each["refusal"]: each["count"] for each in answer["skipped"]}
    assert left == {Refusal.RUNNING: 1, Refusal.SCHEDULED: 1, Refusal.UNSEEN: 2}
    assert set(stepped.states()) == {running, failed, unsure, later}


def test_a_task_that_another_waits_for_stays(stepped: Stepped) -> None:
    first = stepped.ended(Failed("no", "", final=True))
    act(stepped, "seen", [first])
    second = stepped.add(after=(first,))
    assert act(stepped, "remove", [first]).answer["touched"] == 0
    stepped.change(retry, second)
    stepped.end(second, Succeeded("1"))
    assert act(stepped, "remove", [first]).answer["touched"] == 1


def test_many_go_in_steps_also_where_one_has_much_log(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINES", 20)
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.STEP", STEP)
    task = stepped.add()
    for number in range(50):
        stepped.ledger.log(stepped.lane.running[task], "info", f"line {number}")
    stepped.end(task, Succeeded("1"))
    stepped.add_many(STEP + 3, delay=60)
    act(stepped, "cancel", TaskFilter(states=("scheduled",)))
    assert act(stepped, "remove", TaskFilter()).answer == {"touched": STEP + 4, "skipped": []}
    assert stepped.states() == {}
    for table in ("log", "attempts"):
        assert stepped.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def letters(engine: Stepped, count: int) -> list[int]:
    """Have a message fail and sent again, each time by the task before."""
    (first,) = item(engine, 7)
    chain = [first]
    for _ in range(count - 1):
        engine.end(chain[-1], FINAL)
        chain.append(engine.send_again(chain[-1])["id"])
        engine.settle()
    return chain


def refused(engine: Stepped, task: int) -> bool:
    try:
        engine.change(retry, task)
    except Conflict as error:
        return error.refusal == Refusal.REPEATED
    return False


@pytest.mark.parametrize("gone", [[[1]], [[3]], [[1], [2]], [[3], [2]], [[1, 2]]])
def test_a_message_whose_repeats_are_removed_is_not_sent_once_more(
    stepped: Stepped, gone: list[list[int]]
) -> None:
    first, *between, last = letters(stepped, 5)
    stepped.end(last, Succeeded("1"))
    for together in gone:
        some = [between[place - 1] for place in together]
        assert act(stepped, "remove", some).answer["touched"] == len(some)
    left = [task for task in (first, *between) if task in stepped.states()]
    assert [stepped.task(task)["repeated_by"] for task in left] == [last] * len(left)
    assert all(refused(stepped, task) for task in left)
    known = {task: stepped.task(task)["resend_of"] for task in stepped.states()}
    assert known == dict(zip([first, *left[1:], last], [None, *left], strict=True))


def test_the_pruner_keeps_a_message_whole_too(stepped: Stepped) -> None:
    (first,) = item(stepped, 7)
    item(stepped, 8)  # the last item stays
    stepped.end(first, FINAL)
    second = stepped.send_again(first, delay=60)["id"]
    stepped.change(cancel, second)  # it is kept for a month, the first for three
    stepped.clock.time += 20 * 86400
    last = stepped.send_again(second)["id"]
    stepped.settle()
    stepped.end(last, Succeeded("1"))
    stepped.clock.time += 20 * 86400
    while stepped.do(prune):
        pass
    assert second not in stepped.states()
    assert stepped.task(last)["resend_of"] == first
    assert refused(stepped, first)


def test_what_has_left_by_a_second_repeat_is_not_sent_by_the_first_one(stepped: Stepped) -> None:
    first, second = letters(stepped, 2)
    stepped.end(second, FINAL)
    last = stepped.send_again(first)["id"]
    stepped.settle()
    stepped.end(last, Succeeded("1"))
    act(stepped, "remove", [last])
    assert refused(stepped, second)
    assert stepped.task(second)["repeated_by"] == last
    act(stepped, "remove", [first])
    assert refused(stepped, second)


def test_what_has_left_by_the_first_task_is_not_sent_by_its_repeat(stepped: Stepped) -> None:
    first, second = letters(stepped, 2)
    stepped.end(second, FINAL)
    stepped.clock.time += 1
    stepped.change(retry, first)
    stepped.end(first, Succeeded("1"))
    assert refused(stepped, second)
    act(stepped, "remove", [first])
    assert refused(stepped, second)


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_what_has_left_stays_known_when_it_is_sent_to_another_address_too(
    stepped: Stepped, is_cancelled: bool
) -> None:
    first, last = letters(stepped, 2)
    stepped.end(last, Succeeded("1"))
    act(stepped, "remove", [last])
    other = stepped.send_again(first, {"email": "bo@example.org"}, delay=5)["id"]
    if is_cancelled:
        stepped.change(cancel, other)
    else:
        stepped.wait(6)
        stepped.end(other, FINAL)
    assert refused(stepped, first)


def test_once_a_repeat_that_failed_is_removed_the_first_can_be_tried_again(
    stepped: Stepped,
) -> None:
    first, last = letters(stepped, 2)
    stepped.end(last, FINAL)
    act(stepped, "seen", [last])
    act(stepped, "remove", [last])
    assert stepped.task(first)["repeated_by"] is None
    assert not refused(stepped, first)
