"""Retry: exactly what failed."""

from __future__ import annotations

from functools import partial

import pytest

from desktop.contract.causes import Cure
from desktop.engine.attempts.outcomes import Held, LeftUncertain
from desktop.engine.errors import Conflict
from desktop.engine.submission import Idempotency, Resend
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.change import SEEN, change
from desktop.engine.verbs.remove import remove
from desktop.engine.verbs.resend import resend_once
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.tell_held import tell_held
from desktop.items.batches import acting
from tests.items.batches.office import REFUSED, SENT, Office, row


def test_exactly_the_failed_rows_are_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "STEP", 3)
    number = office.draft(20)
    office.start(number)
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
    number = office.draft(2)
    office.start(number)
    office.stepped.cross(1)
    office.end(LeftUncertain("no answer", ""))
    office.end(REFUSED)
    assert office.counts(number) == {"rows": 2, "ready": 2, "uncertain": 1, "failed": 1}
    office.batches.act("retry", number).result(0)
    office.finish()
    assert office.told(number) == {1: "uncertain", 2: "sent"}


def test_what_a_person_put_aside_is_counted_apart_and_left_alone(office: Office) -> None:
    number = office.draft(4)
    office.start(number)
    office.finish(REFUSED)
    office.stepped.change(change, 1, SEEN)
    office.stepped.change(change, 2, SEEN)
    assert office.batches.get(number)["to_retry"] == 2
    office.stepped.do(partial(resend_once, task_id=2, wanted=Resend()))
    office.finish(REFUSED)
    assert office.batches.get(number)["to_retry"] == 3
    assert office.retry(number) == 3
    office.finish()
    assert office.told(number) == {1: "failed", 2: "sent", 3: "sent", 4: "sent"}


def test_the_rate_of_the_batch_holds_for_it_too(office: Office) -> None:
    number = office.draft(3, rate="3/min")
    office.start(number)
    office.finish(REFUSED)
    office.batches.act("retry", number).result(0)
    assert office.stepped.lane.running == {}
    assert office.stepped.task(1)["reason"] == "batch_limit"
    office.stepped.clock.time += 60
    office.stepped.settle()
    office.finish()
    assert office.counts(number)["sent"] == 3


def test_a_draft_has_nothing_to_retry(office: Office) -> None:
    with pytest.raises(Conflict):
        office.batches.act("retry", office.draft(1)).result(0)


@pytest.mark.parametrize("has_left", [True, False])
def test_rows_that_a_later_batch_has_sent_since_are_not_sent_once_more(
    office: Office, has_left: bool
) -> None:
    number = office.draft(3)
    office.start(number)
    office.end(SENT)
    office.finish(REFUSED)
    again = office.draft()
    office.put(again, [row(2)])
    office.start(again, send_same=True)
    if has_left:
        office.finish()
    assert office.batches.get(number)["to_retry"] == 1
    assert office.retry(number) == 1
    office.finish()
    assert office.told(number) == {1: "sent", 2: "failed", 3: "sent"}
    assert office.told(again) == {2: "sent"}


def test_rows_that_failed_in_a_later_batch_too_are_tried_again(office: Office) -> None:
    number = office.draft(1)
    office.start(number)
    office.finish(REFUSED)
    again = office.draft(1)
    office.start(again, send_same=True)
    office.finish(REFUSED)
    assert office.retry(number) == 1
    assert office.retry(again) == 0  # it is on its way


def test_rows_of_a_later_batch_that_the_older_ones_retry_sends_are_not_retried(
    office: Office,
) -> None:
    number = office.draft(2)
    office.start(number)
    office.finish(REFUSED)
    again = office.draft(2)
    office.start(again, send_same=True)
    office.finish(REFUSED)
    office.stepped.clock.time += 1
    office.batches.act("retry", number).result(0)
    office.end(REFUSED)
    office.finish()
    assert office.retry(again) == 1  # the other has left


def test_rows_whose_tasks_were_removed_are_told_for_they_cannot_be_tried_again(
    office: Office,
) -> None:
    number = office.draft(3)
    office.start(number)
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
    number = office.draft(9, rate="3/day")
    office.start(number)
    for _ in range(3):
        office.end(Held("No fee.", "", False))
    assert not office.stepped.lane.running
    office.stepped.do(partial(_retry, 1))
    assert not office.stepped.lane.running, "it may be what was handed over"
    office.stepped.do(lambda group: tell_held(group, {2: None, 3: None}, Cure.EDIT_TEMPLATE))
    for task in (2, 3):
        office.stepped.do(partial(_retry, task))
    assert len(office.stepped.lane.running) == 2
    office.finish()
    assert office.counts(number) == {"rows": 9, "ready": 9, "open": 7, "sent": 2}
