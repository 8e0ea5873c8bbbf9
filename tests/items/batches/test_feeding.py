"""Rows become items and tasks as they may leave, beside what was sent meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from desktop.contract.batches import BY_ADDRESS, RowCheck, RowOutcome, RowProblem
from desktop.items.accepting import ItemCorrection, NewItemRow
from desktop.items.batches import feeding
from desktop.items.batches.feeding import NEXT_BUSY_MS
from desktop.items.batches.rows import CheckedRow, read_rows
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.items import read_body
from desktop.items.tables.batches import NEXT_ROWS, RowRecord
from sendoff_tasks.attempts.outcomes import Later, LeftUncertain
from sendoff_tasks.facade.measures import read_stats
from sendoff_tasks.model.times import DAY_MS, Rate
from sendoff_tasks.queues.limits import QueueLimit
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import BulkTasks, preview
from sendoff_tasks.verbs.pause_queue import pause, resume
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.writer import writer
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import SLOTS, Stepped
from tests.items.batches.office import REFUSED, SENT, Office, mail, row
from tests.items.batches.test_comparing import by_hand, checks


def test_each_row_becomes_an_item_with_its_tasks(office: Office) -> None:
    number = office.draft(5)
    started = office.start(number)
    assert (started["state"], started["counts"]["open"]) == ("running", 5)
    assert office.stepped.states() == {1: "running", 2: "running", 3: "running"}
    office.finish()
    assert office.counts(number) == {"rows": 5, "ready": 5, "sent": 5}
    batch = office.batches.get(number)
    assert (batch["state"], batch["finished_at"] is not None) == ("done", True)
    task = office.stepped.task(4)
    assert (task["batch_id"], task["item_id"], task["to"]) == (number, 4, "P4 <p4@example.org>")
    told = office.batches.row(number, 4)
    assert (told["item_id"], told["task_id"], told["answer"]) == (4, 4, "250 Ok")
    assert (told["state"], told["sent_at"]) == ("succeeded", task["finished_at"])


def test_others_never_wait_behind_a_batch(office: Office) -> None:
    office.start(office.draft(50))
    assert len(office.stepped.states()) == SLOTS
    by_hand = office.stepped.add("mail", 99)
    office.end()
    assert office.stepped.state(by_hand) == "running"


def test_a_group_is_short_however_many_may_start(make: Callable[..., Stepped]) -> None:
    office = Office(make(mail, slots=200))
    office.start(office.draft(2 * feeding.STEP), undo_for=1)
    office.stepped.clock.time += 1
    office.stepped.step()
    assert len(office.stepped.states()) == feeding.STEP
    office.stepped.settle()
    assert len(office.stepped.states()) == 2 * feeding.STEP


def test_few_begin_while_messages_are_handed_over(
    make: Callable[..., Stepped], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LEAST_AWAITED", 20)  # one group takes the notes of all
    office = Office(make(mail, slots=20))
    stepped = office.stepped
    running = stepped.lane.running

    def free_places(count: int, *, handing_over: int = 0) -> int:
        """Free so many places in one group; returns how many rows came into them."""
        before = len(stepped.states())
        for number in sorted(running)[-handing_over:] if handing_over else []:
            stepped.ledger.point_of_no_return(running[number])
        for number in sorted(running)[:count]:
            stepped.ledger.finish(running.pop(number), SENT)
        stepped.step()
        return len(stepped.states()) - before

    office.start(office.draft(100))
    assert len(running) == 16
    assert [free_places(8), free_places(8, handing_over=1)] == [8, feeding.BESIDE]
    assert free_places(1) == feeding.BESIDE  # also in a group that none of them waits for
    assert free_places(4, handing_over=8) == feeding.BESIDE
    stepped.settle()
    assert len(running) == 9
    for expected in (11, 13, 15, 16):
        stepped.clock.time += feeding.REST_MS / 1000
        stepped.settle()
        assert len(running) == expected
    for _ in range(writer.AWAY_GROUPS):
        stepped.step()
    assert free_places(8, handing_over=1) == 8, "callers are away"


def test_while_messages_are_handed_over_one_group_with_callers_leaves_rows_to_the_next(
    office: Office,
) -> None:
    stepped = office.stepped
    office.start(office.draft(10))
    first, second, *_ = sorted(stepped.lane.running)
    stepped.cross(second)

    def new_rows() -> int:
        """Write a group that has a caller; returns how many rows came with it."""
        before = len(stepped.states())
        stepped.ask(lambda group: None)
        stepped.step()
        return len(stepped.states()) - before

    stepped.ledger.finish(stepped.lane.running.pop(first), SENT)
    assert [new_rows(), new_rows()] == [0, 1]


def test_no_more_rows_are_read_than_find_a_place(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def read(group: Group, statement: str, *given: int) -> list[RowRecord]:
        if statement == NEXT_ROWS:
            sizes.append(given[-1])
        return read_rows(group, statement, *given)

    monkeypatch.setattr(feeding, "read_rows", read)
    office.start(office.draft(50))
    office.end()
    assert 0 < max(sizes) <= SLOTS + 1


def test_rows_left_out_are_passed_over_together(office: Office) -> None:
    number = office.draft()
    bad = RowProblem.BAD_ADDRESS
    rows = [row(n, problem=bad if n > 1 else None) for n in range(1, feeding.PASSED)]
    office.put(number, [*rows, row(feeding.PASSED)])
    office.start(number, undo_for=1)
    office.stepped.clock.time += 1
    office.stepped.step()
    assert office.stepped.states() == {1: "running", 2: "running"}


def test_a_batch_begins_no_more_than_its_rate(office: Office) -> None:
    clock = office.stepped.clock
    number = office.draft(5, rate="2/day")
    batch = office.start(number)
    begun = clock.time
    assert batch["leaves"]["last_at"] == "2027-01-17T08:00:00.000Z"
    office.finish()
    assert office.counts(number)["sent"] == 2
    assert office.batches.get(number)["leaves"]["next_at"] == "2027-01-16T08:00:00.000Z"
    clock.time = begun + 86_399
    office.stepped.settle()
    assert office.stepped.lane.running == {}
    clock.time = begun + 86_400
    office.stepped.settle()
    office.finish()
    assert office.counts(number)["sent"] == 4
    office.stepped.restart()
    clock.time = begun + 2 * 86_400
    office.stepped.settle()
    office.finish()
    assert office.told(number) == dict.fromkeys(range(1, 6), "sent")


def test_what_runs_already_puts_no_time_off(office: Office) -> None:
    number = office.started(4, rate="2/day")
    assert office.stepped.states() == {1: "running", 2: "running"}
    assert office.batches.get(number)["leaves"]["last_at"] == "2027-01-16T08:00:00.000Z"


def test_the_next_row_is_due_when_the_rate_of_its_queue_allows_it(office: Office) -> None:
    """No task of the queue is there yet that could be due then."""
    stepped = office.stepped
    stepped.limits.want({"mail": QueueLimit(rate=Rate(1, 60_000))})
    stepped.settle()
    stepped.wait(20)  # so that what the engine does each minute is not due then
    begun = stepped.clock.time
    office.started(2)
    office.finish()
    while (due := stepped.step()) is not None and not stepped.lane.running:
        stepped.clock.time = due
    assert stepped.clock.time == begun + 60


def test_what_the_queue_allows_holds_for_a_batch(office: Office) -> None:
    office.stepped.limits.want({"mail": QueueLimit(1, Rate(3, 60_000))})
    number = office.started(5)
    assert len(office.stepped.states()) == 1
    office.finish()
    assert office.counts(number) == {"rows": 5, "ready": 5, "sent": 3, "open": 2}
    office.wait(60)
    office.finish()
    assert office.counts(number)["sent"] == 5


def test_nothing_leaves_before_its_time_or_the_grace_is_over(office: Office) -> None:
    clock = office.stepped.clock
    number = office.draft(2, run_at=round((clock.time + 3600) * 1000))
    batch = office.batches.get(number)
    assert batch["leaves"]["next_at"] == batch["leaves"]["last_at"] == "2027-01-15T09:00:00.000Z"
    office.start(number, undo_for=5)
    other = office.draft([row(8)])
    office.start(other, undo_for=5)
    assert office.stepped.states() == {}
    clock.time += 5
    office.stepped.settle()
    assert office.stepped.task(1)["batch_id"] == other
    clock.time += 3595
    office.stepped.settle()
    assert len(office.stepped.states()) == 3
    office.finish()


def test_a_grace_that_is_over_stays_so_when_the_clock_is_set_back(office: Office) -> None:
    stepped = office.stepped
    number = office.draft(2, rate="1/min")
    office.start(number, undo_for=5)
    for passed, sent in ((60, 1), (0, 1), (60, 2)):
        stepped.clock.time += passed
        stepped.settle()
        office.finish()
        assert office.counts(number)["sent"] == sent
        stepped.clock.jump(-3600)


def test_the_next_start_is_that_of_a_batch_or_a_task(office: Office) -> None:
    stepped: Any = office.stepped
    office.started(2, run_at=round((stepped.clock.time + 3600) * 1000))
    stepped.add("mail", 1, delay=7200)
    assert (
        read_stats(stepped, stepped.registry, stepped.clock.time)["next_at"]
        == "2027-01-15T09:00:00.000Z"
    )
    office.started([row(8), row(9)], rate="1/day")
    assert read_stats(stepped, stepped.registry, stepped.clock.time)["next_at"] is None


def test_rows_with_a_problem_stay_behind(office: Office) -> None:
    number = office.draft(2)
    office.put(number, [row(3, problem=RowProblem.BAD_ADDRESS), row(4, item=1)])
    office.send(number)
    told = {1: "sent", 2: "sent", 3: "left_out", 4: "left_out"}
    assert office.told(number) == told
    counts = {"rows": 4, "ready": 2, "problems": 1, "twice": 1, "left_out": 2, "sent": 2}
    assert office.counts(number) == counts


def test_a_batch_without_a_row_to_send_is_done_at_once(office: Office) -> None:
    number = office.draft([row(3, problem=RowProblem.BAD_ADDRESS)])
    assert office.start(number)["state"] == "done"
    assert office.told(number) == {3: "left_out"}


def test_a_row_with_the_number_of_another_item_is_left_out_with_a_reason(office: Office) -> None:
    number = office.draft(1)
    office.put(number, [row(2, item=None, title="x" * 3)])
    office.send(number)
    assert office.told(number) == {1: "sent", 2: "sent"}
    assert office.batches.row(number, 2)["item_id"] == 2


def test_a_task_that_comes_back_waits_for_its_batch_again(office: Office) -> None:
    clock = office.stepped.clock
    number = office.started(3, rate="1/min")
    office.end(Later("451", "", after=1))
    clock.time += 2
    office.stepped.settle()
    assert office.stepped.task(1)["reason"] == "batch_limit"
    assert office.stepped.task(1)["reason_data"] == {
        "batch_id": number,
        "limit": "1/min",
        "until": "2027-01-15T08:01:00.000Z",
    }
    assert office.stepped.state(1) == "scheduled"
    clock.time += 60
    office.stepped.settle()
    assert office.stepped.states() == {1: "running"}
    office.end()
    assert office.counts(number) == {"rows": 3, "ready": 3, "sent": 1, "open": 2}


def test_a_kill_anywhere_in_the_feeding_loses_and_doubles_nothing(
    make: Callable[..., Stepped], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "STEP", 2)
    office = Office(make(mail))
    number = office.draft(16)
    office.start(number, undo_for=1)
    office.stepped.clock.time += 1
    for left in range(0, 45, 3):
        office.stepped.fuse.set(left)
        with suppress(Crash):
            office.stepped.settle()
        office.stepped.restart()
        office.check()
        with suppress(Crash):
            office.stepped.fuse.set(left)
            office.end()
        office.stepped.restart()
        office.finish()
    assert office.told(number) == dict.fromkeys(range(1, 17), "sent")
    places = office.stepped.connection.execute("SELECT batch_row FROM tasks ORDER BY 1")
    assert [place for (place,) in places] == [*range(1, 17)]


def test_what_another_batch_sent_meanwhile_is_left_out(office: Office) -> None:
    one, two = office.draft(1), office.draft(1)
    office.start(one)
    office.send(two)
    assert (office.told(one), office.told(two)) == ({1: "sent"}, {1: "left_out"})
    assert office.batches.row(two, 1)["check"] == "same"
    counts = office.batches.get(two)["counts"]
    assert (counts["ready"], counts["same"], counts["left_out"]) == (0, 1, 1)


def test_a_changed_row_waits_while_its_item_is_under_way(office: Office) -> None:
    by_hand(office)
    number = office.started([row(1, title="Ballet"), row(2)])
    assert office.stepped.states() == {1: "running", 2: "running"}
    office.end()
    assert office.stepped.task(3)["item_id"] == 1
    office.finish()
    assert office.told(number) == {1: "sent", 2: "sent"}


def test_a_changed_row_takes_over_the_task_that_has_not_begun(office: Office) -> None:
    first = office.started(1)
    office.end(Later("451", "", after=600))
    second = office.started([row(1, title="Ballet")])
    assert office.told(first) == {1: "cancelled"}
    taken = office.batches.row(first, 1)
    assert (taken["check"], taken["data"]) == ("twice", {"batch_id": second, "row": 1})
    assert office.counts(first) == {"rows": 1, "twice": 1, "cancelled": 1}
    office.wait(600)
    office.finish()
    assert office.told(second) == {1: "sent"}
    assert len(office.stepped.states()) == 1


def test_a_changed_row_whose_item_is_uncertain_waits_for_a_person(office: Office) -> None:
    first = office.started(1)
    office.lose(1)
    same, second = office.draft(1), office.draft()
    office.start(same)
    office.put(second, [row(1, title="Ballet")])
    office.start(second)
    assert office.told(second) == {1: "open"}
    assert office.told(same) == {1: "left_out"}
    for number in (second, same):
        assert office.batches.row(number, 1)["data"]["unsettled"] == 1
    office.stepped.change(resolve, 1, "done")
    office.finish()
    assert office.told(second) == {1: "sent"}
    assert office.told(first) == {1: "sent"}
    settled = office.batches.row(first, 1)
    assert (settled["answer"], settled["sent_at"]) == ("A person said that it was done.", None)
    assert "unsettled" not in office.batches.row(same, 1)["data"]


def test_the_same_row_tells_that_its_message_failed_until_it_is_sent_again(office: Office) -> None:
    office.start(office.draft(1))
    office.end(REFUSED)
    same = office.draft(1)
    assert office.batches.row(same, 1)["data"]["failed"] == 1
    office.stepped.change(retry, 1)
    office.finish()
    assert office.batches.row(same, 1)["check"] == "same"
    assert "failed" not in office.batches.row(same, 1)["data"]


def test_one_that_waits_for_a_person_keeps_no_other_waiting(office: Office) -> None:
    first = office.started(2)
    office.lose(1)
    second = office.started([row(1, title="Ballet"), row(2, title="Ballet")], rate="1/day")
    assert office.told(second) == {1: "open", 2: "open"}
    office.finish()
    assert office.told(first) == {1: "uncertain", 2: "sent"}
    assert office.told(second) == {1: "open", 2: "sent"}


def test_however_many_wait_for_a_person_each_row_goes_once_its_own_is_settled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "PASSED", 10)
    count = feeding.PASSED + 2
    first = office.started(count)
    while office.stepped.lane.running:
        for number in list(office.stepped.lane.running):
            office.stepped.cross(number)
            office.stepped.end(number, LeftUncertain("no answer", ""))
    second = office.started([row(n, title="Ballet") for n in range(1, count + 1)])
    assert office.counts(second)["open"] == count
    tasks = {each["row"]: each["task_id"] or 0 for each in office.rows(first)}
    office.stepped.change(resolve, tasks[count], "done")
    office.wait(NEXT_BUSY_MS / 1000)
    office.finish()
    assert {n for n, told in office.told(second).items() if told == "sent"} == {count}
    office.wait(NEXT_BUSY_MS / 1000)
    office.stepped.change(resolve, tasks[1], "done")
    office.wait(2 * NEXT_BUSY_MS / 1000)
    office.finish()
    assert office.counts(second)["sent"] == 2


def test_a_row_that_is_still_busy_is_not_told_again(office: Office) -> None:
    office.started(1)
    office.lose(1)
    second = office.started([row(1, title="Ballet")])
    before = office.batches.get(second)["rev"]
    office.stepped.submit(Submission(tasks=[NewTask("mail", args=(9,))]))
    assert office.batches.get(second)["rev"] == before


def test_with_another_template_it_waits_too_and_is_never_called_the_same(office: Office) -> None:
    office.started(1)
    office.lose(1)
    second = office.started(1, template="Other")
    office.wait(1)
    told = office.batches.row(second, 1)
    assert (told["outcome"], told["check"]) == ("open", "changed")
    assert told["data"]["unsettled"] == 1
    office.stepped.change(resolve, 1, "again")
    office.finish()
    assert office.told(second) == {1: "sent"}


def test_what_was_sent_again_and_is_taken_over_was_sent(office: Office) -> None:
    first = office.sent(1)
    office.stepped.send_again(1, {"email": "a@x.org"}, delay=60)
    second = office.started([row(1, title="Ballet")])
    assert office.told(first) == {1: "sent"}
    assert office.told(second) == {1: "open"}
    office.wait(61)
    office.finish()


def test_newer_words_that_were_sent_already_stand_too(office: Office) -> None:
    """Sent as Opera, on its way as Ballet, and then a file with Opera again."""
    office.sent(1)
    waiting = office.draft(rate="1/d")
    ballet = replace(row(1, title="Ballet"), row=2)
    office.put(waiting, [row(1, item=9), ballet])
    office.send(waiting)
    office.stepped.clock.time += 1
    again = office.draft(1)
    assert checks(office, again) == {1: "changed"}
    office.start(again)
    office.wait(DAY_MS / 1000 + 1)
    office.finish()
    assert office.told(again) == {1: "left_out"}
    assert office.told(waiting) == {1: "sent", 2: "cancelled"}


@pytest.mark.parametrize("name", ["Ada", "Bo"])
def test_a_row_that_was_cancelled_as_an_item_is_sent_as_that_item(
    office: Office, name: str
) -> None:
    def people(name: str) -> list[CheckedRow]:
        return [row(1, item=None, recipient={"name": name, "email": "a@example.org"})]

    key = [*BY_ADDRESS]
    first = office.started(people("Ada"), key=key)
    office.end(Later("451", "", after=600))
    office.batches.act("cancel", first).result(0)
    again = office.sent(people(name), key=key)
    told = [office.batches.row(number, 1) for number in (first, again)]
    assert [each["outcome"] for each in told] == ["cancelled", "sent"]
    assert (told[0]["item_id"] == told[1]["item_id"]) == (name == "Ada")
    task = told[0]["task_id"] or 0
    tried = office.do(lambda group: preview(group, "retry", BulkTasks([task]))).result(0).answer
    assert [each["refusal"] for each in tried["skipped"]] == ["repeated"][: name == "Ada"]


def test_a_cancelled_item_that_a_person_corrected_is_sent_as_corrected(office: Office) -> None:
    people = [row(1, item=None)]
    first = office.started(people, key=[*BY_ADDRESS])
    office.end(Later("451", "", after=600))
    office.batches.act("cancel", first).result(0)
    to = "P1 <p1@example.org>"
    body = {**people[0].item, "fields": {"Seat": "9"}}
    right = ItemCorrection(NewItemRow(1, body, [NewTask("mail", to=to)]), to, send=False)
    office.stepped.do(lambda group: correct(group, prepare_correction(right, group.registry)))
    again = office.draft(people, key=[*BY_ADDRESS])
    told = office.batches.row(again, 1)["data"]
    assert (told["item_id"], told["kept"][0]["field"]) == (1, "fields.Seat")
    office.send(again)
    assert read_body(office.stepped.connection, 1)["fields"] == {"Seat": "9"}


def test_an_item_whose_message_has_left_since_is_not_sent_for_a_cancelled_row(
    office: Office,
) -> None:
    first = office.started([row(1, item=None)], key=[*BY_ADDRESS])
    office.end(Later("451", "", after=600))
    office.batches.act("cancel", first).result(0)
    assert office.batches.row(office.sent([row(1, item=1)]), 1)["item_id"] == 1
    again = office.sent([row(1, item=None)], key=[*BY_ADDRESS])
    assert office.batches.row(again, 1)["item_id"] == 2


def test_an_item_typed_meanwhile_with_the_same_words_is_not_sent_twice(office: Office) -> None:
    key = ["email", "title"]
    number = office.draft([row(1)], key=key)
    by_hand(office)
    office.send(number)
    assert office.told(number) == {1: "left_out"}
    assert office.batches.row(number, 1)["check"] == "same"


def test_a_row_that_is_left_out_when_its_turn_comes_is_named_with_its_reason(
    office: Office,
) -> None:
    number = office.draft(2)
    by_hand(office, recipient={"name": "Zoe", "email": "zoe@example.org"})  # as item 1
    office.send(number)
    assert office.told(number) == {1: "left_out", 2: "sent"}
    (left,) = office.rows(number, checks=[RowCheck.PROBLEM], outcomes=[RowOutcome.LEFT_OUT])
    assert (left["row"], left["problem"]) == (1, "other_person")
    assert left["data"]["text"] == "Zoe <zoe@example.org>"
    assert (office.counts(number)["problems"], office.counts(number)["left_out"]) == (1, 1)


def test_what_a_changed_row_takes_over_waits_for_the_room_of_its_batch(office: Office) -> None:
    office.started(3)
    for _ in range(3):
        office.end(Later("451", "", after=600))
    second = office.started([row(n, title="Ballet") for n in (1, 2, 3)], rate="1/h")
    office.wait(601)
    office.finish()
    assert office.counts(second) == {"rows": 3, "changed": 3, "open": 2, "sent": 1}


def test_what_is_queued_and_taken_over_waits_for_that_room_too(office: Office) -> None:
    office.started(3)
    office.stepped.do(lambda group: pause(group, "mail"))
    office.stepped.restart()  # what ran is queued again, and stays so
    office.stepped.settle()
    second = office.started([row(n, title="Ballet") for n in (1, 2, 3)], rate="1/h")
    office.stepped.do(lambda group: resume(group, "mail"))
    office.stepped.settle()
    office.finish()
    assert office.counts(second) == {"rows": 3, "changed": 3, "open": 2, "sent": 1}
