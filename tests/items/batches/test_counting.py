"""What the tasks mean to the rows of their batches."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from desktop.contract.batches import RowOutcome
from desktop.contract.items import Addressee
from desktop.items.reads.batches import LeavingTimes, read_batches
from sendoff_tasks.attempts.outcomes import Later, LeftUncertain, Succeeded
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import SEEN, UNSEEN, change
from sendoff_tasks.verbs.resend import resend
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped, work
from tests.items.batches.office import REFUSED, SENT, Office, mail, row


def test_every_ending_has_its_outcome(office: Office) -> None:
    number = office.started(5)
    office.end(SENT)
    office.end(Succeeded('"kept"', kept=True))
    office.end(REFUSED)
    office.lose(4)
    office.stepped.change(cancel, 5)
    office.end(REFUSED)
    told = {1: "sent", 2: "kept", 3: "failed", 4: "uncertain", 5: "cancelled"}
    assert office.told(number) == told | {5: office.told(number)[5]}
    assert office.batches.row(number, 3)["answer"] == "550 no such user"
    assert office.batches.get(number)["state"] == "done"


def test_a_batch_tells_what_its_rows_failed_for(office: Office) -> None:
    number, other = office.draft(3), office.draft()
    office.put(other, [row(n, item=n) for n in (7, 8)])
    office.start(number)
    office.end(REFUSED)
    office.end(REFUSED)
    office.stepped.cross(3, to="mx")
    office.end(LeftUncertain("no answer", ""))
    office.start(other)
    office.end(REFUSED)
    causes = office.batches.get(number)["causes"]
    told = [(each["title"], each["count"], each["cure"]) for each in causes]
    assert told == [("… no such user", 2, "retry"), ("No answer from mx", 1, "resolve")]
    assert office.retry(number) == 2
    office.finish()
    assert [each["count"] for each in office.batches.get(number)["causes"]] == [1]
    (others,) = office.batches.get(other)["causes"]
    assert (others["cause"], others["count"]) == (causes[0]["cause"], 1)


@pytest.mark.usefixtures("in_file")
def test_a_page_of_batches_with_causes_takes_no_more_statements_than_one(office: Office) -> None:
    connection, counts = office.stepped.connection, []
    for place in (1, 2, 3):
        office.started([row(place)])
        office.finish(REFUSED)
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        page = read_batches(connection, None, 100, lambda *_: LeavingTimes())
        connection.set_trace_callback(None)
        counts.append(len(asked))
    assert [[each["count"] for each in batch["causes"]] for batch in page["batches"]] == [[1]] * 3
    assert counts == [counts[0]] * 3


def test_what_was_seen_is_told_no_more_among_what_rows_failed_for(office: Office) -> None:
    number = office.started(2)
    office.finish(REFUSED)
    before = office.batches.get(number)
    office.stepped.change(change, 1, SEEN)
    after = office.batches.get(number)
    assert [each["count"] for each in after["causes"]] == [1]
    assert after["rev"] > before["rev"]
    assert after["counts"]["failed"] == 2
    office.stepped.change(change, 2, SEEN)
    assert office.batches.get(number)["causes"] == []
    office.stepped.change(change, 2, UNSEEN)
    assert [each["count"] for each in office.batches.get(number)["causes"]] == [1]


def test_what_a_person_does_to_a_task_counts(office: Office) -> None:
    number = office.started(2)
    office.lose(1)
    office.end(REFUSED)
    assert office.batches.get(number)["finished_at"] is not None
    office.stepped.change(resolve, 1, "done")
    office.stepped.change(retry, 2)
    assert office.told(number) == {1: "sent", 2: "open"}
    assert office.batches.get(number)["marked"] == 1
    assert office.batches.get(number)["state"] == "running"
    assert office.batches.get(number)["finished_at"] is None
    office.finish()
    assert office.told(number) == {1: "sent", 2: "sent"}


def test_a_row_that_a_person_marked_as_sent_is_counted_apart_until_it_is_sent_again(
    office: Office,
) -> None:
    number = office.started(2)
    for task in (1, 2):
        office.lose(task)
        office.stepped.change(resolve, task, "done")
    batch = office.batches.get(number)
    assert (batch["counts"]["sent"], batch["marked"]) == (2, 2)
    office.stepped.send_again(1)
    batch = office.batches.get(number)
    assert (batch["counts"]["sent"], batch["counts"]["open"], batch["marked"]) == (1, 1, 1)
    office.finish()
    batch = office.batches.get(number)
    assert (batch["counts"]["sent"], batch["marked"]) == (2, 1)
    office.check()


def test_a_task_that_answers_what_a_person_would_is_not_marked_as_sent(office: Office) -> None:
    number = office.started(1)
    office.end(Succeeded(json.dumps(ENGLISH.say("deed", Deed.DONE))))
    assert office.batches.row(number, 1)["answer"] == ENGLISH.say("deed", Deed.DONE)
    assert office.batches.get(number)["marked"] == 0


def test_a_row_has_the_outcome_of_its_message_that_was_sent_again(office: Office) -> None:
    number = office.started(1)
    office.end(REFUSED)
    copies: list[Addressee] = [{"email": "me@example.org", "to_me": True}, {"email": "b@b.org"}]
    for copy in copies:
        office.stepped.send_again(1, copy)
        office.end()
        assert office.told(number) == {1: "failed"}
    office.stepped.send_again(1)
    assert office.told(number) == {1: "open"}
    office.finish()
    assert office.told(number) == {1: "sent"}
    assert office.batches.row(number, 1)["task_id"] == 4


def test_two_messages_of_a_row_count_once(office: Office) -> None:
    number = office.sent(1)

    def twice(group: Group) -> None:
        for _ in range(2):
            resend(group, group.read(1))

    office.stepped.do(twice)
    assert office.counts(number) == {"rows": 1, "ready": 1, "open": 1}
    office.finish()
    assert office.counts(number) == {"rows": 1, "ready": 1, "sent": 1}


def test_a_batch_that_is_done_holds_nothing_back(office: Office) -> None:
    number = office.started(1, tasks=["mail", "mail"])
    office.end(Later("451", "", after=600))
    office.batches.pause(number).result(0)
    office.wait(601)
    assert office.stepped.states() == {1: "scheduled", 2: "running"}
    office.finish()
    assert office.batches.get(number)["state"] == "done"
    assert set(office.stepped.states().values()) == {"succeeded"}


def test_a_message_sent_again_and_taken_back_changes_nothing(office: Office) -> None:
    number = office.sent(1)
    office.stepped.send_again(1, delay=5)
    assert office.told(number) == {1: "open"}
    office.stepped.change(cancel, 2)
    assert office.counts(number) == {"rows": 1, "ready": 1, "sent": 1}
    assert office.batches.row(number, 1)["task_id"] == 1


def test_outcomes_outlive_the_tasks(office: Office) -> None:
    number = office.sent(2)
    office.stepped.clock.time += 40 * 86_400
    for _ in range(20):
        office.stepped.settle()
        office.stepped.clock.time += 60
    assert 1 not in office.stepped.states()
    told = office.batches.row(number, 1)
    assert (told["outcome"], told["state"], told["answer"]) == ("sent", "succeeded", "250 Ok")


def test_windows_hear_of_batches_that_changed_and_of_those_that_are_gone(office: Office) -> None:
    told = office.stepped.journal.subscribe()
    number = office.draft(1)
    frame = told.next_frame()
    assert frame is not None
    assert frame.batches == (number,)
    rev = office.batches.get(number)["rev"]
    office.send(number)
    assert office.batches.get(number)["rev"] > rev
    office.batches.delete(office.draft(1)).result(0)
    assert frame.tasks == '{"rows":[],"gone":[]}'


def test_rows_of_several_tasks_have_the_outcome_of_the_newest(
    make: Callable[..., Stepped],
) -> None:
    office = Office(make(mail, work))
    number = office.started(2, tasks=["work", "mail"])
    office.end(SENT)
    office.end(REFUSED)
    office.finish()
    assert office.told(number) == {1: "failed", 2: "sent"}
    assert len(office.stepped.states()) == 4
    office.check()


def test_rows_are_found_by_what_became_of_them(office: Office) -> None:
    number = office.started(9)
    office.end(REFUSED)
    assert [r["row"] for r in office.rows(number, outcomes=[RowOutcome.FAILED])] == [1]
    assert [r["row"] for r in office.rows(number, outcomes=[RowOutcome.OPEN])] == [*range(2, 10)]
    office.batches.act("cancel", number).result(0)
    office.finish()
    cancelled = office.rows(number, outcomes=[RowOutcome.CANCELLED])
    assert [r["row"] for r in cancelled] == [5, 6, 7, 8, 9]
