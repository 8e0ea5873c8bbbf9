"""What a paused batch keeps from leaving, as a cause, and what its tasks say."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from desktop.contract.causes import CASES
from desktop.contract.reasons import Reason
from desktop.contract.rules.times import local_time, wire_time
from desktop.contract.states import OPEN
from desktop.contract.tasks import BulkAction
from desktop.engine.attempts.outcomes import Deferred, Held, Later
from desktop.engine.errors import Conflict
from desktop.engine.store.reads.pages import all_ids, read_page
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.verbs.bulk import Chosen, bulk, preview
from desktop.engine.verbs.change import NOW, change
from desktop.engine.verbs.pause_queue import pause
from desktop.engine.verbs.retry import retry
from desktop.items.reads.batches import BATCHES
from tests.items.batches.office import REFUSED, Office, row


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
    wanted = Filter(cause=told["… no such user"]["cause"])
    assert len(all_ids(office.stepped.connection, wanted, known=BATCHES)) == 2
    cause = told["The batch Members is paused"]
    about = {"kind": "reason", "reason": "batch_paused", "batch_id": number, "batch": "Members"}
    assert (cause["about"], cause["cure"]) == (about, "resume")
    assert cause["first_at"] == cause["last_at"] == "2027-01-15T08:01:00.000Z"
    states = office.stepped.states()
    aside = [task for task, state in states.items() if state == "scheduled"]
    running = [task for task, state in states.items() if state == "running"]
    assert aside
    assert cause["states"] == {"waiting": len(aside)}
    assert len(aside) + cause["behind"] + len(running) == 9
    wanted = Filter(cause=cause["cause"], seen=False)
    assert list(all_ids(office.stepped.connection, wanted, known=BATCHES)) == aside
    page = read_page(
        office.stepped.connection, Query(Filter(cause=cause["cause"])), "store", known=BATCHES
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
    assert "Its batch has been paused since " in paused["why"]
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
        all_ids(office.stepped.connection, Filter(cause=cause["cause"]), known=BATCHES)
    ) == [1]
    assert [each["cause"] for each in office.causes(batch_id=number)] == [cause["cause"]]
    task = office.stepped.task(1)
    assert task["cause"] == cause["cause"]
    since = local_time(round(office.stepped.clock.time * 1000))
    told = (task["state"], task["reason"], task["why"])
    assert told == ("scheduled", "all_paused", f"Paused since {since}.")


def test_what_a_batch_has_put_aside_says_what_its_queue_waits_for(office: Office) -> None:
    office.started(4, rate="3/day")
    office.stepped.end(1, Later("451", "", after=1))
    waits = office.stepped.task(1)
    assert (waits["state"], waits["reason"]) == ("waiting", "batch_limit")
    assert waits["why"] == "Its batch is limited to 3 a day."
    assert waits["reason_data"]["until"] == "2027-01-16T08:00:00.000Z"
    office.wait(20)
    office.started([row(9)])

    def told() -> tuple[str, str | None, object]:
        row = office.stepped.task(1)
        return row["state"], row["reason"], row["reason_data"].get("until")

    full_until = "2027-01-16T08:00:00.000Z"
    assert told() == ("scheduled", "batch_limit", full_until)
    office.stepped.end(4, Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    assert told() == ("scheduled", "batch_limit", full_until), "that takes longer"
    office.stepped.end(3, Deferred("Oh.", "", Reason.OFFLINE, 60.0))
    assert told()[:2] == ("scheduled", "offline"), "it has not begun, so the batch has room"
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

    with pytest.raises(Conflict, match="Its batch is paused; it starts after") as refused:
        office.stepped.change(change, 1, NOW)
    assert refused.value.refusal == "batch_paused"
    assert "at once" not in str(office.stepped.task(1)["log"])
    office.batches.resume(number).result(0)
    assert office.stepped.state(1) == "running"


def looked(office: Office, action: BulkAction, *tasks: int) -> Any:
    return office.stepped.do(partial(preview, action=action, chosen=Chosen(tasks))).answer


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
    with pytest.raises(Conflict, match="Its batch ") as refused:
        office.stepped.change(retry, 3)
    assert refused.value.refusal == why
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
    assert [*all_ids(office.stepped.connection, Filter(cause=met), known=BATCHES)] == [1, 2]
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
    wanted = partial(bulk, action="run_anyway", chosen=Chosen((2,)))
    assert looked(office, "run_anyway", 2)["touched"] == 1
    assert "aside" not in looked(office, "run_anyway", 2)
    assert office.stepped.do(wanted).answer["touched"] == 1
    assert office.stepped.state(2) == "running"
    assert office.stepped.task(1)["reason"] == "batch_limit"


def test_what_was_let_past_the_limit_counts_for_it(office: Office) -> None:
    held_at_its_limit(office)
    office.stepped.do(partial(bulk, action="run_anyway", chosen=Chosen((2,))))
    office.finish(REFUSED)
    office.wait(86_400)
    assert office.stepped.states() == {1: "running", 2: "failed", 3: "failed", 4: "running"}


def test_a_pause_also_holds_what_was_let_past_the_limit(office: Office) -> None:
    number = held_at_its_limit(office)
    office.batches.pause(number).result(0)
    told = looked(office, "run_anyway", 2)["skipped"]
    assert [each["refusal"] for each in told] == ["batch_paused"]
