"""Rows on their way into items: beside what other batches and persons sent meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.contract.batches import RowCheck, RowOutcome
from desktop.engine.attempts.outcomes import Later, LeftUncertain
from desktop.engine.clock import DAY_MS
from desktop.engine.submission import NewTask, Resend, Submission
from desktop.engine.verbs.pause_queue import pause, resume
from desktop.engine.verbs.resend import resend
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.items.batches import feeding
from desktop.items.batches.feeding import NEXT_BUSY_MS
from tests.items.batches.office import REFUSED, Office, row
from tests.items.batches.test_comparing import by_hand, checks


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
    to = Resend({"email": "a@x.org"}, 60, None)
    office.stepped.change(lambda group, record: resend(group, record, to), 1)
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
