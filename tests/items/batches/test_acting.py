"""Actions on batches: a cancel, a retry and a deletion, which may wait so they can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from desktop.contract.office import OfficeCure
from desktop.items.batches import acting
from desktop.items.batches.acting import BatchAction, act_on_batch
from desktop.items.batches.rows import DraftSettings
from sendoff_tasks.attempts.outcomes import Held, Later
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import BulkTasks, preview
from sendoff_tasks.verbs.change import SEEN, change
from sendoff_tasks.verbs.lines import Call, call
from sendoff_tasks.verbs.pending import act_later, undo_pending
from sendoff_tasks.verbs.remove import remove
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.update_hold_text import update_hold_text
from tests.items.batches.office import REFUSED, SENT, Office, row

DELAY = 5.0
AWAY = Later("451", "", after=3600)


def ask(
    office: Office, action: BatchAction, number: int, key: Idempotency | None = None
) -> int | None:
    pending = office.batches.act(action, number, DELAY, key).result(0).answer.get("pending")
    return None if pending is None else pending["id"]


def undo(office: Office, waits: int | None) -> None:
    office.do(lambda group: undo_pending(group, waits or 0)).result(0)


def told(office: Office, *numbers: int | None) -> list[Any]:
    given = [each or 0 for each in numbers] or None
    rows: list[Any] = office.read(read_pending, 0, given)
    return rows


def test_no_row_starts_while_a_cancel_waits_and_then_all_are_cancelled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 3)
    number = office.started(20)
    running = len(office.stepped.lane.running)
    waits = ask(office, "cancel", number)
    (row,) = told(office)
    assert (row["id"], row["action"], row["batch_id"]) == (waits, "cancel", number)
    assert (row["touched"], row["tasks"], row["filter"]) == (20, [], None)
    office.end()
    assert len(office.stepped.lane.running) == running - 1
    assert office.batches.get(number)["state"] == "running"
    office.wait(DELAY)
    assert told(office) == []
    (done,) = told(office, waits)
    assert done["answer"]["touched"] == 19
    assert done["answer"]["stopping"] == running - 1
    office.finish()
    counts = office.counts(number)
    assert counts["sent"] + counts["cancelled"] == 20
    office.check()


def wait_for(office: Office, action: BulkAction, tasks: list[int], delay: float) -> None:
    chosen = BulkTasks(tasks)
    office.do(act_later(action, chosen, delay)).result(0)


@pytest.mark.parametrize("delay", [0.0, DELAY])
@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_what_is_done_to_rows_leaves_an_earlier_action(
    office: Office, action: BatchAction, delay: float
) -> None:
    number = office.started(3)
    office.finish(REFUSED if action == "retry" else AWAY)
    wait_for(office, "resend" if action == "retry" else "retry", [1, 2], 2 * DELAY)
    office.batches.act(action, number, delay).result(0)
    office.wait(delay)
    assert told(office) == []
    office.finish()
    office.wait(2 * DELAY)
    assert office.stepped.lane.running == {}
    assert len(office.stepped.states()) == 3


@pytest.mark.parametrize(
    ("action", "later", "ends"),
    [
        ("cancel", "cancel", ["cancelled"] * 3),
        ("retry", "resend", ["failed"] * 2 + ["succeeded"] * 3),
    ],
)
def test_an_action_on_rows_leaves_alone_what_a_later_one_means(
    office: Office, action: BatchAction, later: BulkAction, ends: list[str]
) -> None:
    number = office.started(3)
    office.finish(REFUSED if action == "retry" else AWAY)
    office.batches.act(action, number, DELAY).result(0)
    wait_for(office, later, [1, 2], 2 * DELAY)
    office.wait(DELAY)
    assert [each["tasks"] for each in told(office)] == [[[1, 2]]]
    office.wait(DELAY)
    office.finish()
    assert [*office.stepped.states().values()] == ends


def test_an_action_on_rows_leaves_alone_what_was_done_to_them_since(office: Office) -> None:
    number = office.started(6)
    office.end(REFUSED)
    failed, *_ = (task for task, state in office.stepped.states().items() if state == "failed")
    ask(office, "cancel", number)
    office.do(partial(call, wanted=Call("retry", (failed,)))).result(0)
    office.wait(DELAY)
    office.finish()
    assert office.stepped.states()[failed] == "succeeded"


@pytest.mark.parametrize("seconds", [1.0, 100.0])
def test_a_cancel_survives_a_kill_and_is_done_once(office: Office, seconds: float) -> None:
    number = office.started(9)
    ask(office, "cancel", number)
    office.stepped.clock.time += seconds
    office.stepped.restart()
    office.stepped.settle()
    assert office.stepped.lane.running == {}
    office.wait(DELAY)
    office.finish()
    assert "open" not in office.counts(number)
    assert office.counts(number)["cancelled"]
    assert told(office) == []


def test_failed_rows_are_tried_again_after_a_while_and_are_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 2)
    number = office.started(5)
    office.finish(REFUSED)
    waits = ask(office, "retry", number, Idempotency("k", "h"))
    assert ask(office, "retry", number, Idempotency("k", "h")) == waits
    assert office.stepped.lane.running == {}
    assert [each["touched"] for each in told(office)] == [5]
    office.wait(DELAY / 2)
    assert office.counts(number)["failed"] == 5
    office.wait(DELAY)
    (done,) = told(office, waits)
    assert done["answer"] == {"touched": 5, "skipped": [], "ids": [1, 2, 3, 4, 5]}
    office.finish()
    assert office.counts(number)["sent"] == 5
    assert ask(office, "retry", number) is None


def test_a_draft_is_deleted_after_a_while_unless_it_is_started(office: Office) -> None:
    first, second, third = (office.draft(3) for _ in range(3))
    waits = [ask(office, "delete", number) for number in (first, second, third)]
    undo(office, waits[1])
    office.send(third)
    office.wait(DELAY)
    with pytest.raises(UnknownId):
        office.batches.get(first)
    assert office.batches.get(second)["state"] == "draft"
    assert office.batches.get(third)["state"] == "done"
    with pytest.raises(Conflict):
        ask(office, "delete", third)
    ask(office, "delete", second)
    with pytest.raises(Conflict):
        office.batches.act("cancel", second).result(0)
    assert len(told(office)) == 1


def test_a_draft_that_is_changed_is_not_deleted(office: Office) -> None:
    batches, number = office.batches, office.draft(3)
    settings = DraftSettings("Renamed", ["number"], ["mail"])
    changes: list[Callable[[], object]] = [
        lambda: office.put(number, [row(4)]),
        lambda: batches.correct_row(number, row(1), batches.revision(number)).result(0),
        lambda: batches.change(number, settings).result(0),
        lambda: batches.keep_sheet(number, "members.xlsx").result(0),
        lambda: batches.check_again(number).result(0),  # as after a new attachment
    ]
    for alter in changes:
        ask(office, "delete", number)
        alter()
        assert told(office) == []
    ask(office, "delete", number)
    office.check_drafts()
    office.wait(DELAY)
    with pytest.raises(UnknownId):
        batches.get(number)


@pytest.mark.parametrize("delay", [0, 1.0, DELAY])
def test_a_cancel_takes_the_place_of_a_retry_that_waits(office: Office, delay: float) -> None:
    number = office.started(6)
    for _ in range(2):
        office.end(REFUSED)
    ask(office, "retry", number)
    office.batches.act("cancel", number, delay).result(0)
    office.wait(DELAY)
    office.finish()
    assert office.counts(number)["failed"] == 2
    assert told(office) == []


@pytest.mark.parametrize("delay", [0, 1.0])
def test_a_retry_does_not_overtake_a_cancel_that_waits(office: Office, delay: float) -> None:
    number = office.started(6)
    for _ in range(2):
        office.end(REFUSED)
    ask(office, "cancel", number)
    retried = office.batches.act("retry", number, delay)
    office.wait(delay)
    assert office.counts(number)["failed"] == 2
    office.wait(DELAY)
    (done,) = told(office, retried.result(0).answer["pending"]["id"])
    assert done["answer"]["touched"] == 2
    office.finish()
    assert office.counts(number)["sent"] > 0
    assert "failed" not in office.counts(number)


def test_a_call_answers_what_was_done_until_it_was_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 2)
    number = office.started(6)
    office.finish(REFUSED)
    retried = office.stepped.ask(act_on_batch("retry", number, key=Idempotency("k", "h")))
    office.stepped.step()
    (row,) = told(office)
    undo(office, row["id"])
    office.stepped.settle()
    answer = retried.result(0).answer
    assert answer["stopped"]
    assert answer["touched"] < 6
    again = office.batches.act("retry", number, 0, Idempotency("k", "h")).result(0)
    assert again.answer == answer


def test_an_action_on_a_batch_takes_the_place_of_the_same_one(office: Office) -> None:
    number = office.started(3)
    first = ask(office, "cancel", number)
    second = ask(office, "cancel", number)
    assert [each["id"] for each in told(office)] == [second]
    office.batches.act("cancel", number).result(0)
    assert told(office) == []
    for each in (first, second):
        with pytest.raises(UnknownId):
            undo(office, each)


def test_an_action_that_has_begun_keeps_its_place_and_tells_what_it_did(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 4)
    number = office.started(12)
    office.finish(REFUSED)
    stepped = office.stepped
    first = ask(office, "retry", number)
    stepped.clock.time += DELAY
    stepped.core.step(stepped.clock.now(), stepped.clock.steady())
    assert [each["done"] for each in told(office)] == [4]
    stepped.ask(acting.act_on_batch("retry", number, DELAY))
    stepped.settle()
    (done,) = told(office, first)
    assert done["answer"]["touched"] == 12


@pytest.mark.parametrize("delay", [0.0, 1.0])
def test_rows_that_a_retry_has_yet_to_queue_are_cancelled_too(
    office: Office, monkeypatch: pytest.MonkeyPatch, delay: float
) -> None:
    monkeypatch.setattr(acting, "STEP", 4)
    number = office.started(24)
    for _ in range(20):
        office.end(REFUSED)
    stepped = office.stepped
    for task in (1, 2):  # not retried, so the retry goes through more rows than the cancel
        stepped.change(change, task, SEEN)
    ask(office, "retry", number)
    stepped.clock.time += DELAY
    stepped.core.step(stepped.clock.now(), stepped.clock.steady())
    assert [each["done"] for each in told(office)] == [4]
    stepped.ask(acting.act_on_batch("cancel", number, delay))
    office.wait(delay)
    running = len(stepped.lane.running)
    office.finish()
    assert office.counts(number)["sent"] <= running
    office.check()


def test_a_cancel_stays_when_failed_rows_are_to_be_tried_again(office: Office) -> None:
    number = office.started(20)
    office.end(REFUSED)
    ask(office, "cancel", number)
    ask(office, "retry", number)
    running = len(office.stepped.lane.running)
    office.wait(DELAY)
    office.finish()
    assert office.counts(number)["sent"] == running + 1


def test_a_cancel_is_over_once_every_row_has_ended_and_a_retry_starts(office: Office) -> None:
    number = office.started(1)
    waits = ask(office, "cancel", number)
    office.end(REFUSED)
    (done,) = told(office, waits)
    assert done["answer"] == {"touched": 0, "skipped": []}
    office.stepped.change(retry, 1)
    assert office.stepped.lane.running
    office.wait(DELAY)
    office.finish()
    assert office.counts(number)["sent"] == 1


@pytest.mark.parametrize("action", ["cancel", "retry", "delete"])
def test_what_was_undone_stays_undone_when_a_lost_answer_is_asked_for_again(
    office: Office, action: BatchAction
) -> None:
    if action == "delete":
        number = office.draft(1)
    else:
        number = office.started(2)
        office.end(REFUSED)
    key = Idempotency("k", "h")
    first = ask(office, action, number, key)
    undo(office, first)
    assert first is not None
    assert ask(office, action, number, key) == first
    assert told(office) == []


def test_where_nothing_is_left_to_do_nothing_is_done(office: Office) -> None:
    number = office.started(1)
    waits = ask(office, "cancel", number)
    office.finish()
    office.wait(DELAY)
    (done,) = told(office, waits)
    assert done["answer"] == {"touched": 0, "skipped": []}
    with pytest.raises(Conflict):
        ask(office, "cancel", number)
    assert ask(office, "retry", number) is None


def test_exactly_the_failed_rows_are_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 3)
    number = office.started(20)
    bad = {2, 3, 5, 7, 11, 13, 17}
    while office.stepped.lane.running:
        task = min(office.stepped.lane.running)
        office.end(REFUSED if task in bad else SENT)
    assert office.counts(number) == {"rows": 20, "ready": 20, "sent": 13, "failed": 7}
    done = office.stepped.lane.started.copy()
    retried = office.batches.act("retry", number, 0, Idempotency("k", "h")).result(0)
    assert (office.counts(number).get("failed", 0), retried.replayed) == (0, False)
    assert office.batches.get(number)["state"] == "running"
    office.finish()
    again = [task for task, _ in office.stepped.lane.started if (task, _) not in done]
    assert sorted(again) == sorted(bad)
    assert office.counts(number)["sent"] == 20
    replay = office.batches.act("retry", number, 0, Idempotency("k", "h")).result(0)
    assert replay.replayed
    assert office.counts(number)["sent"] == 20


def test_uncertain_rows_are_never_tried_again_by_it(office: Office) -> None:
    number = office.started(2)
    office.lose(1)
    office.end(REFUSED)
    assert office.counts(number) == {"rows": 2, "ready": 2, "uncertain": 1, "failed": 1}
    office.batches.act("retry", number).result(0)
    office.finish()
    assert office.told(number) == {1: "uncertain", 2: "sent"}


def test_what_a_person_put_aside_is_counted_apart_and_left_alone(office: Office) -> None:
    number = office.started(4)
    office.finish(REFUSED)
    office.stepped.change(change, 1, SEEN)
    office.stepped.change(change, 2, SEEN)
    assert office.batches.get(number)["to_retry"] == 2
    office.stepped.send_again(2)
    office.finish(REFUSED)
    assert office.batches.get(number)["to_retry"] == 3
    assert office.retry(number) == 3
    office.finish()
    assert office.told(number) == {1: "failed", 2: "sent", 3: "sent", 4: "sent"}


def test_a_retry_that_another_takes_the_place_of_is_answered(office: Office) -> None:
    number = office.started(3)
    office.finish(REFUSED)
    retry_rows = acting.act_on_batch("retry", number)
    asked = [office.stepped.ask(retry_rows) for _ in range(2)]  # in one group
    office.stepped.settle()
    assert [each.result(0).answer["touched"] for each in asked] == [0, 3]
    office.finish()
    assert office.counts(number)["sent"] == 3


def test_a_draft_has_nothing_to_retry(office: Office) -> None:
    with pytest.raises(Conflict):
        office.batches.act("retry", office.draft(1)).result(0)


@pytest.mark.parametrize("has_left", [True, False])
def test_rows_that_a_later_batch_has_sent_since_are_not_sent_once_more(
    office: Office, has_left: bool
) -> None:
    number = office.started(3)
    office.end(SENT)
    office.finish(REFUSED)
    again = office.draft([row(2)])
    office.start(again, send_same=True)
    if has_left:
        office.finish()
    assert office.batches.get(number)["to_retry"] == 1
    assert office.retry(number) == 1
    office.finish()
    assert office.told(number) == {1: "sent", 2: "failed", 3: "sent"}
    assert office.told(again) == {2: "sent"}


def test_rows_that_wait_in_a_later_batch_are_not_sent_beside(office: Office) -> None:
    first = office.started(3)
    office.finish(REFUSED)
    second = office.started([row(n, title="Ballet") for n in (1, 2, 3)], rate="1/day")
    office.finish()
    assert office.retry(first) == 0
    tasks = [office.batches.row(first, n)["task_id"] or 0 for n in (2, 3)]
    tried = office.do(lambda group: preview(group, "retry", BulkTasks(tasks))).result(0).answer
    assert [each["refusal"] for each in tried["skipped"]] == ["repeated"]
    office.batches.act("cancel", second).result(0)
    assert office.retry(first) == 2
    office.finish()


def test_a_row_that_waits_for_an_uncertain_one_does_not_keep_it_from_again(office: Office) -> None:
    first = office.started(1)
    office.lose(1)
    office.started([row(1, title="Ballet")])
    office.stepped.change(resolve, 1, "again")
    assert office.told(first) == {1: "cancelled"}  # the later one is sent in its place


def test_rows_that_failed_in_a_later_batch_too_are_tried_again_by_one_of_them(
    office: Office,
) -> None:
    number = office.started(2)
    office.finish(REFUSED)
    again = office.draft(2)
    office.start(again, send_same=True)
    office.finish(REFUSED)
    office.stepped.clock.time += 1
    assert office.retry(number) == 2
    assert office.retry(again) == 0  # they are on their way
    office.end(REFUSED)
    office.finish()
    assert office.retry(again) == 1  # the other has left


def test_rows_whose_tasks_were_removed_are_told_for_they_cannot_be_tried_again(
    office: Office,
) -> None:
    number = office.started(3)
    office.finish(REFUSED)
    rev = office.batches.get(number)["rev"]
    office.stepped.do(lambda group: remove(group, [group.read(task) for task in (1, 2)]))
    told = office.batches.get(number)
    assert (told["counts"]["failed"], told["to_retry"]) == (3, 1)
    assert told["rev"] > rev  # windows hear of it
    assert office.retry(number) == 1


def _retry(task: int, group: Group) -> None:
    retry(group, group.read(task))


def test_what_could_not_be_made_leaves_the_limit_of_its_batch_alone(office: Office) -> None:
    number = office.started(9, rate="3/day")
    for _ in range(3):
        office.end(Held("No fee.", "", False))
    assert not office.stepped.lane.running
    office.stepped.do(partial(_retry, 1))
    assert not office.stepped.lane.running, "it may be what was handed over"
    office.stepped.do(
        lambda group: update_hold_text(group, {2: None, 3: None}, OfficeCure.EDIT_TEMPLATE)
    )
    for task in (2, 3):
        office.stepped.do(partial(_retry, task))
    assert len(office.stepped.lane.running) == 2
    office.finish()
    assert office.counts(number) == {"rows": 9, "ready": 9, "open": 7, "sent": 2}


def test_a_preview_counts_the_room_of_a_batch_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.STEP", 3)
    number = office.started(6)
    office.finish(REFUSED)
    office.batches.limit(number, "8/day").result(0)
    chosen = BulkTasks([*office.stepped.states()])
    told = office.do(lambda group: preview(group, "retry", chosen)).result(0).answer
    assert told["aside"] == {"batch_limit": {"mail": 4}}


def test_a_planned_batch_gets_another_time_until_it_begins(office: Office) -> None:
    now = office.stepped.clock.time
    number = office.started(2, run_at=round((now + 3600) * 1000))
    office.batches.put_off(number, round((now + 60) * 1000)).result(0)
    office.wait(61)
    assert office.counts(number)["open"] == 2
    assert len(office.stepped.lane.running) > 0
    with pytest.raises(Conflict, match="planned for later"):
        office.batches.put_off(number, None).result(0)
    other = office.started([row(7)], run_at=round((now + 7200) * 1000))
    office.batches.put_off(other, None).result(0)
    office.finish()
    assert office.counts(other)["sent"] == 1
