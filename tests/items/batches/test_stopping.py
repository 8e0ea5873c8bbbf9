"""Pause, resume and cancel; what a pause or a limit keeps, as a cause and in a task's words."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from desktop.contract.office import OfficeCure
from desktop.items.batches import acting
from desktop.items.reads.batches import BATCHES
from sendoff_tasks.attempts.outcomes import (
    AGAIN_S,
    Deferred,
    Held,
    Later,
    NotBegun,
    Outcome,
)
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.causes import CASES
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.model.times import Rate, wire_time
from sendoff_tasks.queues.limits import QueueLimit
from sendoff_tasks.store.reads.pages import all_ids, read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.verbs.bulk import BulkTasks, bulk, preview
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import NOW, change
from sendoff_tasks.verbs.pause_queue import pause, release, resume
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.update_hold_text import update_hold_text
from tests.items.batches.office import REFUSED, Office, row
from tests.refusing import refused


def test_a_paused_batch_starts_nothing_more_and_says_since_when(office: Office) -> None:
    number = office.started(6)
    assert office.batches.pause(number).result(0)["state"] == "paused"
    office.finish()
    assert office.counts(number) == {"rows": 6, "ready": 6, "sent": 3, "open": 3}
    assert office.batches.get(number)["leaves"]["last_at"] is None
    office.stepped.restart()
    assert office.stepped.lane.running == {}
    assert office.batches.pause(number).result(0)["state"] == "paused"
    assert office.batches.resume(number).result(0)["state"] == "running"
    office.finish()
    assert office.counts(number)["sent"] == 6


def test_what_is_queued_goes_back_when_its_batch_is_paused(office: Office) -> None:
    number = office.draft(2)
    office.stepped.core.claiming = False
    office.start(number)
    office.stepped.core.claiming = True
    office.batches.pause(number).result(0)
    assert "queued" not in office.stepped.states().values()
    office.batches.resume(number).result(0)
    office.finish()
    assert office.counts(number)["sent"] == 2


def test_a_task_put_aside_tells_the_pause(office: Office) -> None:
    number = office.started(1, rate="1/min")
    office.batches.pause(number).result(0)
    office.end(Later("451", "", after=1))
    office.wait(20)
    task = office.stepped.task(1)
    assert (task["state"], task["reason"]) == ("scheduled", "batch_paused")
    assert task["reason_data"]["since"] == "2027-01-15T08:00:00.000Z"


def test_cancel_ends_every_open_row(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "STEP", 2)
    number = office.started(8, rate="4/day")
    office.end()
    office.batches.act("cancel", number).result(0)
    batch = office.batches.get(number)
    assert (batch["counts"]["cancelled"], batch["counts"]["open"]) == (4, 3)
    assert office.stepped.lane.asked_to_stop == [2, 3, 4]
    office.finish()  # they were too late to stop
    assert office.counts(number) == {"rows": 8, "ready": 8, "sent": 4, "cancelled": 4}
    with pytest.raises(Conflict):
        office.batches.act("cancel", office.sent(0)).result(0)


def test_rows_that_never_became_items_stay_cancelled(office: Office) -> None:
    number = office.draft(3)
    office.start(number, undo_for=5)
    office.batches.act("cancel", number).result(0)
    assert office.batches.get(number)["state"] == "done"
    assert office.told(number) == dict.fromkeys(range(1, 4), "cancelled")
    office.wait(10)
    assert office.stepped.states() == {}
    office.batches.act("cancel", number).result(0)
    assert office.batches.get(number)["state"] == "done"


def test_the_limit_of_a_running_batch_can_be_changed(office: Office) -> None:
    number = office.sent(9, rate="2/day")
    assert office.counts(number)["sent"] == 2
    assert office.batches.limit(number, "5/day").result(0)["rate"] == "5/day"
    office.finish()
    assert office.counts(number)["sent"] == 5
    limited = office.batches.limit(number, "3/day").result(0)
    assert limited["leaves"]["limited_by"] == {"limit": "3/day"}
    office.batches.limit(number, None).result(0)
    office.finish()
    assert office.counts(number)["sent"] == 9
    with pytest.raises(Conflict):
        office.batches.limit(office.draft(1), "5/day").result(0)


def test_what_was_sent_without_a_limit_counts_for_a_new_one(office: Office) -> None:
    number = office.started(40)
    office.end()
    begun = sum(state != "queued" for state in office.stepped.states().values())
    office.batches.limit(number, f"{begun}/day").result(0)
    office.finish()
    assert office.counts(number)["sent"] == begun


@pytest.mark.parametrize("early", [Later("not whole", "", after=0.0, counts=False), NotBegun("")])
def test_attempts_that_were_too_early_count_for_no_new_limit(
    office: Office, early: Outcome
) -> None:
    number = office.started(3)
    for task in list(office.stepped.lane.running):
        office.stepped.end(task, early)
    office.stepped.clock.time += AGAIN_S
    office.batches.limit(number, "3/day").result(0)
    office.finish()
    assert office.counts(number)["sent"] == 3


def test_a_draft_cannot_be_paused(office: Office) -> None:
    with pytest.raises(Conflict):
        office.batches.pause(office.draft(1)).result(0)


def test_it_says_why_none_of_it_leaves(office: Office) -> None:
    number = office.started(9, rate="8/day")

    def why() -> str | None:
        return office.batches.get(number)["leaves"]["reason"]

    assert why() is None
    office.stepped.do(lambda group: pause(group, "mail"))
    assert why() == "queue_paused"
    office.stepped.do(lambda group: resume(group, "mail"))
    office.end(Deferred("Oh.", "", Reason.QUOTA, 300.0, answer=ServerAnswer("mx", 452)))
    assert why() == "quota"
    leaves = office.batches.get(number)["leaves"]
    assert leaves["reason_data"]["until"] == "2027-01-15T08:05:00.000Z"
    office.end(Held("Wrong password.", "", True, "mail_settings"))
    assert why() == "queue_held"
    office.stepped.do(lambda group: release(group, "mail"))
    assert why() is None


def test_a_batch_that_waits_for_its_date_does_not_wait_for_the_server(office: Office) -> None:
    office.start(office.draft(1))
    day = round((office.stepped.clock.time + 86_400) * 1000)
    later = office.started([row(2)], run_at=day)
    office.end(Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    told = office.batches.get(later)["leaves"]
    assert (told["reason"], told["next_at"]) == (None, "2027-01-16T08:00:00.000Z")
    office.stepped.do(lambda group: pause(group, "mail"))
    assert office.batches.get(later)["leaves"]["reason"] == "queue_paused"
    office.stepped.do(lambda group: resume(group, "mail"))
    office.stepped.clock.time += 86_400
    assert office.batches.get(later)["leaves"]["reason"] == "offline"


def test_while_a_server_takes_no_more_the_limits_of_the_batch_still_count(office: Office) -> None:
    limited, other = office.draft(9, rate="2/day"), office.draft()
    office.put(other, [row(20), row(21)])
    for number in (limited, other):
        office.start(number)
    answer = ServerAnswer("mx", 452)
    office.end()
    office.end(Deferred("Oh.", "", Reason.QUOTA, 300.0, answer=answer))
    told = office.batches.get(limited)["leaves"]
    assert (told["reason"], told["limited_by"], told["next_at"]) == ("quota", None, None)
    assert told["reason_data"]["until"] == "2027-01-15T08:05:00.000Z"
    assert told["last_at"] == "2027-01-19T08:00:00.000Z"
    told = office.batches.get(other)["leaves"]
    assert (told["reason"], told["last_at"]) == ("quota", None)
    office.wait(300)
    office.end()
    office.end(Deferred("Oh.", "", Reason.QUOTA, 300.0, answer=answer))
    told = office.batches.get(limited)["leaves"]
    assert (told["reason"], told["limited_by"]) == (None, {"limit": "2/day"})
    assert told["next_at"] == "2027-01-16T08:00:00.000Z"
    assert told["last_at"] == "2027-01-19T08:00:00.000Z"


def test_a_batch_that_reached_its_limit_does_not_wait_for_the_server(office: Office) -> None:
    limited, other = office.draft(3, rate="2/day"), office.draft()
    office.put(other, [row(20), row(21)])
    for number in (limited, other):
        office.start(number)
    office.end()
    office.end(Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    assert office.batches.get(limited)["leaves"]["reason"] == "offline"  # one of it has begun
    office.wait(60)
    office.end()
    office.end(Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    told = office.batches.get(limited)["leaves"]
    assert (told["reason"], told["limited_by"]) == (None, {"limit": "2/day"})
    assert told["next_at"] == told["last_at"] == "2027-01-16T08:00:00.000Z"
    assert office.batches.get(other)["leaves"]["reason"] == "offline"


def test_the_cause_of_an_outage_counts_the_rows_that_wait_behind_it(office: Office) -> None:
    tomorrow = round((office.stepped.clock.time + 86_400) * 1000)
    for first, count, run_at in ((100, 9, None), (200, 7, tomorrow), (300, 5, None)):
        number = office.started([row(first + n) for n in range(count)], run_at=run_at)
    office.batches.pause(number).result(0)
    office.finish(Deferred("Oh.", "", Reason.OFFLINE, 60.0, answer=ServerAnswer("mx")))
    cause, paused = office.causes()
    assert (paused["about"]["reason"], paused["behind"] + paused["count"]) == ("batch_paused", 5)
    waiting = cause["states"]["waiting"]
    assert waiting == cause["count"] < 9
    assert waiting + cause["behind"] == 9
    assert [each["behind"] for each in office.causes(batch_id=1)] == [9 - waiting]
    assert office.causes("failed") == []
    office.wait(60)
    office.finish()
    assert office.causes() == [paused]


def test_it_says_which_limit_keeps_the_next_one(office: Office) -> None:
    office.stepped.limits.want({"mail": QueueLimit(16, Rate(2, 86_400_000))})
    number = office.started(9, rate="3/day")
    assert office.batches.get(number)["leaves"]["limited_by"] == {"limit": "2/day", "queue": "mail"}


def test_it_says_that_all_that_is_left_is_on_hold(office: Office) -> None:
    number = office.started(3)
    for text in ("No fee.", "No fee.", "No name."):
        assert office.batches.get(number)["leaves"]["reason"] is None
        office.end(Held(text, "", False))
        told = office.batches.get(number)["leaves"]
    assert (told["reason"], told["reason_data"]) == ("held_for_person", {})
    office.stepped.do(lambda group: cancel(group, group.read(3)))
    told = office.batches.get(number)["leaves"]
    assert (told["reason"], told["reason_data"]["text"]) == ("held_for_person", "No fee.")
    assert told["last_at"] is None


def test_what_can_be_tried_again_is_counted_while_the_rest_leaves(office: Office) -> None:
    number = office.started(5)
    for _ in range(2):
        office.end(Held("No fee.", "", False))
    office.stepped.do(
        lambda group: update_hold_text(group, {1: None, 2: None}, OfficeCure.EDIT_TEMPLATE)
    )
    (cause,) = office.batches.get(number)["causes"]
    assert (cause["about"]["reason"], cause["count"]) == ("held_for_person", 2)


def test_it_says_when_what_is_left_is_tried_again(office: Office) -> None:
    number = office.started(3)
    said = "451 4.7.1 Greylisted"
    office.end(Later("451", "", after=600, answer=ServerAnswer("mx", 451, said=said)))
    batch, last = office.batches.get(number), "2027-01-15T08:10:00.000Z"
    mx, leaves = {"server": "mx", "code": 451}, batch["leaves"]
    assert (leaves["reason"], leaves["next_at"], leaves["last_at"]) == (None, None, last)
    assert leaves["put_off"] == {**mx, "said": said, "until": last, "count": 1}
    before = batch["rev"]
    office.end(Later("451", "", after=60, answer=ServerAnswer("mx", 451)))
    assert office.batches.get(number)["rev"] > before
    office.end()
    batch = office.batches.get(number)
    until, leaves = "2027-01-15T08:01:00.000Z", batch["leaves"]
    assert (leaves["reason"], leaves["reason_data"]) == ("retry_later", {**mx, "until": until})
    assert leaves["put_off"] == {**mx, "until": until, "count": 2}
    assert (leaves["next_at"], leaves["last_at"]) == (until, last)
    before = batch["rev"]
    office.wait(61)
    batch = office.batches.get(number)
    assert (batch["leaves"]["reason"], batch["leaves"]["next_at"]) == (None, None)
    assert batch["rev"] > before


@pytest.mark.parametrize("kept_by", ["provider", "batch", "quota"])
def test_what_is_put_off_waits_longer_where_all_of_the_batch_does(
    office: Office, kept_by: str
) -> None:
    if kept_by == "provider":
        office.stepped.limits.want({"mail": QueueLimit(16, Rate(5, 86_400_000))})
    number = office.started(6, rate="5/day" if kept_by == "batch" else None)
    answer = ServerAnswer("mx", 451)
    for _ in range(5):
        office.end(Later("451", "", after=600, answer=answer))
    if kept_by == "quota":
        office.end(Deferred("Oh.", "", Reason.QUOTA, 3600.0, answer=answer))
    told = office.batches.get(number)["leaves"]
    assert told["put_off"] is None
    limited = None if kept_by == "quota" else "2027-01-16T08:00:00.000Z"
    assert (told["reason"] == "quota", told["next_at"]) == (limited is None, limited)


def test_it_says_when_rows_leave_that_have_times_of_their_own(office: Office) -> None:
    number, times = office.draft(), ["2027-01-15T09:00:00.000Z", "2027-01-15T11:00:00.000Z"]
    office.put(number, [row(n, run_at=at) for n, at in enumerate(times, 1)])
    office.start(number)
    told = office.batches.get(number)["leaves"]
    assert (told["next_at"], told["last_at"]) == (times[0], times[1])
    assert told["reason"] is None


def test_a_limit_counts_beside_the_time_of_the_next_attempt(office: Office) -> None:
    number = office.started(1, rate="1/day")
    office.end(Later("451", "", after=600))
    told = office.batches.get(number)["leaves"]
    assert told["next_at"] == "2027-01-16T08:00:00.000Z"
    assert told["reason"] is None


def test_it_says_that_all_that_is_left_waits_for_what_is_uncertain(office: Office) -> None:
    office.started(1)
    office.lose(1)
    second = office.draft([row(1, title="Ballet"), row(2)])
    assert office.start(second)["leaves"]["reason"] is None
    office.finish()
    batch = office.batches.get(second)["leaves"]
    assert (batch["reason"], batch["reason_data"]) == ("unsettled", {"count": 1})


def test_a_paused_batch_is_the_cause_of_all_that_it_keeps(office: Office) -> None:
    other = office.started(2)
    office.finish(REFUSED)
    number = office.draft(9, name="Members")
    office.put(number, [row(n, item=n + 100) for n in range(1, 10)])
    office.start(number)
    office.end(REFUSED)
    office.stepped.clock.time += 60
    office.batches.pause(number).result(0)
    office.batches.pause(other).result(0)
    office.batches.act("retry", number).result(0)
    told = {each["title"]: each for each in office.causes(*CASES, *OPEN)}
    assert set(told) == {"… no such user", "The batch Members is paused"}
    assert told["… no such user"]["states"] == {"failed": 2}
    wanted = TaskFilter(cause=told["… no such user"]["cause"])
    assert len(all_ids(office.stepped.connection, wanted, known=BATCHES)) == 2
    cause = told["The batch Members is paused"]
    about = {"kind": "reason", "reason": "batch_paused", "batch_id": number, "batch": "Members"}
    about["text"] = cause["title"]
    assert (cause["about"], cause["cure"]) == (about, "resume")
    assert cause["first_at"] == cause["last_at"] == "2027-01-15T08:01:00.000Z"
    states = office.stepped.states()
    aside = [task for task, state in states.items() if state == "scheduled"]
    running = [task for task, state in states.items() if state == "running"]
    assert aside
    assert cause["states"] == {"waiting": len(aside)}
    assert len(aside) + cause["behind"] + len(running) == 9
    wanted = TaskFilter(cause=cause["cause"], seen=False)
    assert list(all_ids(office.stepped.connection, wanted, known=BATCHES)) == aside
    page = read_page(
        office.stepped.connection,
        TaskQuery(TaskFilter(cause=cause["cause"])),
        "store",
        known=BATCHES,
    )
    assert (page["total"], len(page["tasks"])) == (len(aside), len(aside))
    assert {office.stepped.task(task)["cause"] for task in aside} == {cause["cause"]}
    assert [each["cause"] for each in office.causes(batch_id=number)] == [cause["cause"]]
    assert office.causes("failed", batch_id=number) == []
    office.batches.resume(number).result(0)
    assert [each["title"] for each in office.causes()] == ["… no such user"]


def test_what_is_to_be_tried_again_says_that_its_batch_is_paused(office: Office) -> None:
    numbers = [office.draft(1), office.draft()]
    office.put(numbers[1], [row(1, item=9)])
    for number in numbers:
        office.start(number)
        office.end(Later("451", "", after=10))
    office.batches.pause(numbers[0]).result(0)
    (cause,) = office.causes()
    assert (cause["states"], cause["paused"]) == ({"waiting": 2}, {str(numbers[0]): 1})
    assert office.causes(batch_id=numbers[1])[0]["paused"] == {}
    paused, other = (office.stepped.task(number) for number in (1, 2))
    since = wire_time(round(office.stepped.clock.time * 1000))
    assert (paused["state"], paused["reason"]) == ("waiting", "retry_later")
    assert paused["reason_data"] | {"paused": since, "batch_id": 1} == paused["reason_data"]
    assert "paused" not in other["reason_data"]


def test_what_a_batch_has_put_aside_tells_the_pause_of_all(office: Office) -> None:
    number = office.started(1)
    office.batches.pause(number).result(0)
    office.end(Later("451", "", after=1))
    office.wait(20)
    office.stepped.do(lambda group: pause(group, None))
    office.batches.resume(number).result(0)
    (cause,) = office.causes()
    assert (cause["title"], cause["states"]) == ("Everything is paused", {"waiting": 1})
    assert list(
        all_ids(office.stepped.connection, TaskFilter(cause=cause["cause"]), known=BATCHES)
    ) == [1]
    assert [each["cause"] for each in office.causes(batch_id=number)] == [cause["cause"]]
    task = office.stepped.task(1)
    assert task["cause"] == cause["cause"]
    since = wire_time(round(office.stepped.clock.time * 1000))
    told = (task["state"], task["reason"], task["reason_data"]["since"])
    assert told == ("scheduled", "all_paused", since)


def test_what_a_batch_has_put_aside_says_what_its_queue_waits_for(office: Office) -> None:
    office.started(4, rate="3/day")
    office.stepped.end(1, Later("451", "", after=1))
    office.wait(20)
    office.started([row(9)])

    def told() -> tuple[str, str | None, object]:
        row = office.stepped.task(1)
        return row["state"], row["reason"], row["reason_data"].get("until")

    full_until = "2027-01-16T08:00:00.000Z"
    assert told() == ("scheduled", "batch_limit", full_until)
    office.stepped.end(4, Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    assert told()[:2] == ("scheduled", "offline")
    office.stepped.end(2, Held("Wrong password.", "", True, "mail_settings"))
    assert told() == ("scheduled", "queue_held", None)
    assert office.stepped.task(1)["reason_data"]["text"] == "Wrong password."
    (cause,) = office.causes()
    assert cause["about"]["reason"] == "queue_held"
    assert office.stepped.task(1)["cause"] == cause["cause"]


def test_what_a_paused_batch_keeps_is_not_started_alone(office: Office) -> None:
    number = office.started(1)
    office.end(Later("451", "", after=1))
    office.batches.pause(number).result(0)
    office.wait(20)

    with refused("batch_paused"):
        office.stepped.change(change, 1, NOW)
    assert "at once" not in str(office.stepped.task(1)["log"])
    office.batches.resume(number).result(0)
    assert office.stepped.state(1) == "running"


def looked(office: Office, action: BulkAction, *tasks: int) -> Any:
    return office.stepped.do(partial(preview, action=action, chosen=BulkTasks(tasks))).answer


@pytest.mark.parametrize("is_paused", [True, False], ids=["paused", "at its limit"])
def test_what_its_batch_lets_start_later_is_not_promised_to_start_now(
    office: Office, is_paused: bool
) -> None:
    number = office.started(4, rate=None if is_paused else "3/day")
    office.stepped.end(1, Held("No fee.", "", False))
    office.stepped.end(2, REFUSED)
    office.stepped.end(3, Later("451", "", after=60))
    if is_paused:
        office.batches.pause(number).result(0)
    why = "batch_paused" if is_paused else "batch_limit"
    with refused(why):
        office.stepped.change(retry, 3)
    tried = looked(office, "retry", 1, 2, 3)
    assert (tried["touched"], tried["aside"]) == (2, {why: {"mail": 2}})
    assert [(each["refusal"], each["count"]) for each in tried["skipped"]] == [(why, 1)]
    assert office.stepped.state(3) == "waiting"
    office.stepped.change(retry, 1)
    assert office.stepped.task(1)["reason"] == why
    assert looked(office, "run_now", 1)["skipped"][0]["refusal"] == why
    assert "aside" not in looked(office, "cancel", 1, 3)
    if is_paused:
        office.batches.resume(number).result(0)
    else:
        office.stepped.clock.time += 86_400
    assert "aside" not in looked(office, "retry", 2)


def test_of_more_than_a_limit_allows_some_start_now(office: Office) -> None:
    office.started(5, rate="3/min")
    for _ in range(2):
        office.finish(REFUSED)
        office.wait(60)
    tried = looked(office, "retry", *range(1, 6))
    assert (tried["touched"], tried["aside"]) == (5, {"batch_limit": {"mail": 2}})


def test_what_stopped_a_task_stays_its_cause_when_its_retry_falls_due_in_a_pause(
    office: Office,
) -> None:
    number = office.started(2)
    office.end(Later("451", "", after=1))
    met, first = office.causes()[0]["cause"], office.causes()[0]["first_at"]
    office.batches.pause(number).result(0)
    office.end(Later("451", "", after=1))
    office.wait(20)
    assert office.stepped.states() == {1: "scheduled", 2: "scheduled"}
    (cause,) = office.causes()
    assert (cause["cause"], cause["states"], cause["first_at"]) == (met, {"waiting": 2}, first)
    assert cause["paused"] == {str(number): 2}
    assert office.causes(batch_id=number) == [cause]
    assert [office.stepped.task(n)["cause"] for n in (1, 2)] == [met, met]
    assert [*all_ids(office.stepped.connection, TaskFilter(cause=met), known=BATCHES)] == [1, 2]
    office.stepped.check()
    office.batches.resume(number).result(0)
    office.end(Later("451", "", after=1))
    (cause,) = office.causes()
    assert (cause["cause"], cause["first_at"]) == (met, first)


def held_at_its_limit(office: Office) -> int:
    """Return a batch of 3 a day of which two failed and are tried again: they have to wait."""
    number = office.started(4, rate="3/day")
    for _ in range(3):
        office.finish(REFUSED)
    for task in (1, 2):
        office.stepped.change(retry, task)
        assert office.stepped.task(task)["reason"] == "batch_limit"
    return number


def test_one_message_leaves_past_the_limit_of_its_batch(office: Office) -> None:
    held_at_its_limit(office)
    wanted = partial(bulk, action="run_anyway", chosen=BulkTasks((2,)))
    assert looked(office, "run_anyway", 2)["touched"] == 1
    assert "aside" not in looked(office, "run_anyway", 2)
    assert office.stepped.do(wanted).answer["touched"] == 1
    assert office.stepped.state(2) == "running"
    assert office.stepped.task(1)["reason"] == "batch_limit"


def test_what_was_let_past_the_limit_counts_for_it(office: Office) -> None:
    held_at_its_limit(office)
    office.stepped.do(partial(bulk, action="run_anyway", chosen=BulkTasks((2,))))
    office.finish(REFUSED)
    office.wait(86_400)
    assert office.stepped.states() == {1: "running", 2: "failed", 3: "failed", 4: "running"}


def test_a_pause_also_holds_what_was_let_past_the_limit(office: Office) -> None:
    number = held_at_its_limit(office)
    office.batches.pause(number).result(0)
    told = looked(office, "run_anyway", 2)["skipped"]
    assert [each["refusal"] for each in told] == ["batch_paused"]


def test_so_does_a_cancel_that_waits(office: Office) -> None:
    number = held_at_its_limit(office)
    office.stepped.do(partial(pause, queue=None))
    office.stepped.do(partial(bulk, action="run_anyway", chosen=BulkTasks((2,))))
    assert office.stepped.state(2) == "queued"
    office.batches.act("cancel", number, 5.0).result(0)
    office.stepped.do(partial(resume, queue=None))
    assert office.stepped.state(2) == "scheduled"
