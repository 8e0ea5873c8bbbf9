"""Correcting an item: what is kept, whom its tasks go to, and under which reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from desktop.contract.items import Addressee, NewItem
from desktop.contract.office import OfficeRefusal, office_row, office_task
from desktop.items.accepting import CorrectionAnswer, ItemSubmission, NewItemRow, undo
from desktop.items.correcting import current_item
from desktop.items.reads.batches import BATCHES
from desktop.items.reads.items import ItemSearch, read_body, read_item, read_item_detail, read_items
from sendoff_tasks.attempts.outcomes import Failed, Later, LeftUncertain, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import Conflict, InTheWay, UnknownId
from sendoff_tasks.functions.registry import task as describe
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskOptions
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pending import act_later
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import START, Stepped, narrow, registry, work
from tests.items.corrections import ADA, BO, FINAL, TO_ADA, TO_BO, put, submit
from tests.items.reads.letters import items
from tests.refusing import refused

ADA_ELSEWHERE: NewItem = {"title": "Opera", "recipient": {"name": "Ada", "email": "a@new.example"}}
RENAMED: NewItem = {"title": "Opera", "recipient": {"name": "Ada L", "email": "Ada@example.com"}}
LATER = Later("451 later", "", after=30, answer=ServerAnswer("mail.example", 451))
_NUMBERS = count(1)


@describe(reference=lambda: f"<{next(_NUMBERS)}@example.org>")
def letter(*args: Any) -> None: ...


@pytest.fixture
def stepped(make: Callable[..., Stepped]) -> Any:
    engine = make(letter, work, narrow)
    yield engine
    engine.check()


def test_the_newest_correction_counts(stepped: Stepped) -> None:
    submit(stepped, delay=60)
    put(stepped, BO)
    put(stepped, {"title": "Circus"}, to="")
    item = stepped.do(lambda group: current_item(group, 1))
    assert (item.body, item.recipient, item.corrections) == ('{"title":"Circus"}', "", 2)
    assert "Opera" in item.first
    with pytest.raises(UnknownId, match="no item 2"):
        stepped.do(lambda group: current_item(group, 2))


def act_later_on_it(stepped: Stepped, action: BulkAction) -> None:
    stepped.do(act_later(action, BulkTasks([1]), 5.0))


def test_a_send_again_that_waits_is_not_sent_beside_the_corrected_message(
    stepped: Stepped,
) -> None:
    submit(stepped, "letter")
    stepped.end(1, Succeeded("1"))
    act_later_on_it(stepped, "resend")
    put(stepped, BO, names=("letter",), send=True)
    stepped.wait(10)
    assert stepped.states() == {1: "succeeded", 2: "running"}


@pytest.mark.parametrize("action", ["done", "again"])
def test_what_waits_for_an_uncertain_one_is_done(stepped: Stepped, action: BulkAction) -> None:
    submit(stepped, "letter")
    stepped.end(1, LeftUncertain("no answer", ""))
    act_later_on_it(stepped, action)
    assert put(stepped, BO, names=("letter",), send=True).uncertain == [1]
    stepped.wait(10)
    assert stepped.states() == {1: "succeeded" if action == "done" else "running"}


def test_so_is_what_waits_for_one_that_is_not_sent_as_it_was_before(stepped: Stepped) -> None:
    submit(stepped, "letter")
    stepped.end(1, Succeeded("1"))
    act_later_on_it(stepped, "resend")
    assert put(stepped, ADA, names=("letter", "work"), send=True).added == [2]
    stepped.wait(10)
    assert sorted(stepped.states()) == [1, 2, 3]


def test_neither_is_one_under_an_earlier_name(make: Callable[..., Stepped]) -> None:
    @describe(name="letter", aliases=["narrow"])
    def letter(*args: Any) -> None: ...

    stepped = make()
    submit(stepped, "narrow")
    stepped.end(1, Succeeded("1"))
    stepped.registry = registry(letter)
    stepped.restart()
    act_later_on_it(stepped, "resend")
    put(stepped, BO, names=("letter",), send=True)
    stepped.wait(10)
    states = stepped.states()
    assert (states.pop(1), [*states.values()]) == ("succeeded", ["running"])


@pytest.mark.parametrize(("send", "state"), [(True, "scheduled"), (False, "cancelled")])
def test_a_cancel_that_waits_is_over_only_if_the_correction_is_to_be_sent(
    stepped: Stepped, send: bool, state: str
) -> None:
    submit(stepped, "letter", delay=60)
    act_later_on_it(stepped, "cancel")
    put(stepped, BO, names=("letter",), send=send)
    stepped.wait(10)
    assert stepped.states() == {1: state}


def test_a_loose_task_is_found_by_its_items_title_too(make: Callable[..., Stepped]) -> None:
    stepped = make()
    submit(stepped, delay=60)
    loose = [NewTask("narrow", subject=1, options=TaskOptions(delay=60))] * 2
    stepped.submit(Submission(tasks=loose))
    stepped.submit(Submission(loose))
    put(stepped, BO)
    page = read_page(
        stepped.connection,
        TaskQuery(TaskFilter(text="ballet"), sort="id"),
        "s",
        known=NOTHING_KNOWN,
    )
    assert [row["id"] for row in page["tasks"]] == [1, 2, 3, 4, 5]
    stepped.submit(
        Submission(tasks=[NewTask("narrow", to="Cy", subject=1, options=TaskOptions(delay=60))])
    )
    page = read_page(
        stepped.connection, TaskQuery(TaskFilter(text="bo"), sort="id"), "s", known=NOTHING_KNOWN
    )
    assert [row["id"] for row in page["tasks"]] == [1, 2, 3, 4, 5, 6]
    stepped.check()


def found(stepped: Stepped, text: str) -> list[int]:
    page = read_page(
        stepped.connection, TaskQuery(TaskFilter(text=text), sort="id"), "s", known=NOTHING_KNOWN
    )
    return [row["id"] for row in page["tasks"]]


def test_a_task_that_has_not_begun_shows_and_uses_what_was_corrected(stepped: Stepped) -> None:
    (task,) = submit(stepped, delay=60)
    rev = stepped.task(task)["rev"]
    subscription = stepped.journal.subscribe()
    assert put(stepped, send=True) == CorrectionAnswer([task], [], [])
    assert stepped.task(task)["to"] == TO_BO
    assert stepped.task(task)["rev"] > rev
    assert stepped.task(task)["log"][-1]["text"] == ENGLISH.say("history", "corrected")
    frame = subscription.next_frame()
    assert frame is not None
    assert TO_BO in (frame.tasks or "")
    assert read_item(stepped.connection, 1)["recipient"] == BO["recipient"]
    assert read_body(stepped.connection, 1) == BO
    assert list(stepped.states()) == [task]


def test_a_correction_of_the_text_alone_is_told_too(stepped: Stepped) -> None:
    (task,) = submit(stepped, delay=60)
    rev = stepped.task(task)["rev"]
    put(stepped, {**ADA, "fields": {"seats": 2}}, to=TO_ADA)
    assert stepped.task(task)["rev"] > rev
    assert stepped.task(task)["log"][-1]["text"] == ENGLISH.say("history", "corrected")


def test_windows_read_an_item_again_though_its_tasks_have_ended(stepped: Stepped) -> None:
    (done,) = submit(stepped)
    stepped.end(done, Succeeded("1"))
    heard = stepped.journal.subscribe()
    put(stepped)
    frame = heard.next_frame()
    assert frame is not None
    assert [row["id"] for row in json.loads(frame.tasks or "")["rows"]] == [done]


def test_windows_read_all_again_where_an_item_has_no_task(stepped: Stepped) -> None:
    def alone() -> None:
        stepped.submit(ItemSubmission([NewItemRow(1, ADA, [])]))

    for change in (alone, lambda: put(stepped), lambda: stepped.do(lambda group: undo(group, 1))):
        heard = stepped.journal.subscribe()
        change()
        frame = heard.next_frame()
        assert frame is not None
        assert frame.tasks is None


def test_search_follows_address_and_title(stepped: Stepped) -> None:
    done, later = submit(stepped, "work", "narrow", delay=60)[0], 2
    stepped.change(cancel, done)
    put(stepped)
    assert (found(stepped, "opera"), found(stepped, "ballet")) == ([], [done, later])
    assert (found(stepped, "ada"), found(stepped, "bo")) == ([done], [done, later])
    stepped.do(lambda group: undo(group, 1))
    assert stepped.found_by() == set()
    assert stepped.connection.execute("SELECT * FROM corrections").fetchall() == []


def test_an_item_that_is_not_sent_again_yet_is_found_by_its_new_address(
    stepped: Stepped,
) -> None:
    (task,) = submit(stepped)
    stepped.end(task, FINAL)
    put(stepped)
    stepped.check()
    for text in ("bo@example.org", "org", "ballet bo"):
        assert [each["item_id"] for each in items(stepped, text=text)] == [1]
    put(stepped, {**BO, "recipient": {"email": "cy@example.net"}}, to="cy@example.net")
    stepped.check()
    assert [found(stepped, name) for name in ("bo", "cy", "ada")] == [[], [task], [task]]
    di = stepped.send_again(task, {"email": "di@example.com"})["id"]
    stepped.check()
    assert found(stepped, "cy di") == [di]
    stepped.end(di, FINAL)
    assert put(stepped, to="eva@example.net", send=True).added == [3]
    stepped.check()
    assert [found(stepped, name) for name in ("cy", "eva", "bo")] == [[], [1, 2, 3], []]


def test_what_it_was_is_kept_the_newest_first(stepped: Stepped) -> None:
    submit(stepped, delay=600)
    assert read_item_detail(stepped.connection, 1)["corrected_at"] is None
    put(stepped)
    stepped.clock.time += 60
    put(stepped, {"title": "Opera"})
    put(stepped, {"title": "Opera"})
    detail = read_item_detail(stepped.connection, 1)
    assert detail["item"] == {"title": "Opera"}
    assert detail["corrected_at"] == "2027-01-15T08:01:00.000Z"
    assert detail["versions"] == [
        {"at": "2027-01-15T08:00:00.000Z", "item": BO},
        {"at": "2027-01-15T08:00:00.000Z", "item": ADA},
    ]


def test_a_submission_is_compared_with_the_body_first_accepted(stepped: Stepped) -> None:
    tasks = submit(stepped, delay=60)
    put(stepped)
    again = stepped.submit(
        ItemSubmission([NewItemRow(1, ADA, [NewTask("work", options=TaskOptions(delay=60))])])
    )
    assert (again.replayed, again.task_ids) == (True, [tasks])
    with pytest.raises(Conflict, match="different content"):
        stepped.submit(ItemSubmission([NewItemRow(1, BO, [])]))


def test_send_adds_what_has_ended_under_a_reference_of_its_own(stepped: Stepped) -> None:
    first, second = submit(stepped, "work", "narrow")
    stepped.end(first, FINAL)
    stepped.end(second, Succeeded("1"))
    stepped.clock.time += 60
    done = put(stepped, names=("work",), send=True, delay=5)
    assert done == CorrectionAnswer([], [3], [])
    row = stepped.task(3)
    assert (row["state"], row["to"], row["resend_of"]) == ("scheduled", TO_BO, first)
    assert row["args"] == [1]
    assert stepped.task(first)["to"] == TO_ADA
    assert found(stepped, "ballet") == [first, second, 3]
    assert put(stepped, names=("work", "narrow"), send=True).added == [4]
    assert stepped.task(4)["resend_of"] == second


def test_a_task_the_item_never_had_is_added_too(stepped: Stepped) -> None:
    stepped.end(submit(stepped)[0], Succeeded("1"))
    assert put(stepped, names=("narrow",), send=True).added == [2]
    assert stepped.task(2)["resend_of"] is None


def test_the_same_body_is_no_correction_but_can_be_sent(stepped: Stepped) -> None:
    stepped.end(submit(stepped)[0], FINAL)
    assert put(stepped, ADA, to=TO_ADA, send=True).added == [2]
    assert read_item_detail(stepped.connection, 1)["versions"] == []


def test_what_was_sent_as_it_is_now_is_not_sent_by_a_correction(stepped: Stepped) -> None:
    stepped.end(submit(stepped)[0], FINAL)
    stepped.clock.time += 60
    (again,) = put(stepped, send=True).added
    stepped.settle()
    stepped.end(again, Succeeded("1"))
    with refused(OfficeRefusal.UNCHANGED, task_id=again):
        put(stepped, send=True)
    assert put(stepped) == CorrectionAnswer([], [], [])
    assert put(stepped, names=("work", "narrow"), send=True).added == [3]  # only what is new
    stepped.end(3, Succeeded("1"))
    stepped.clock.time += 60
    assert put(stepped, {**BO, "title": "Opera"}, send=True).added == [4]


def test_what_practice_kept_can_be_sent_as_it_is(stepped: Stepped) -> None:
    stepped.end(submit(stepped)[0], Succeeded("1", kept=True))
    assert put(stepped, ADA, to=TO_ADA, send=True).added == [2]


def test_while_one_of_its_tasks_runs_nothing_is_changed(stepped: Stepped) -> None:
    running, later = submit(stepped, "work", "narrow")[0], 2
    with pytest.raises(InTheWay) as found:
        put(stepped, send=True)
    assert (found.value.data["task_id"], found.value.data["state"]) == (running, "running")
    stepped.end(running, Succeeded("1"))
    stepped.end(later, Succeeded("1"))
    assert put(stepped).using == []


def test_between_attempts_the_next_one_uses_it(stepped: Stepped) -> None:
    (task,) = submit(stepped)
    stepped.end(task, Later("451", "", after=30))
    assert put(stepped, send=True) == CorrectionAnswer([task], [], [])
    assert (stepped.state(task), stepped.task(task)["to"]) == ("waiting", TO_BO)
    stepped.clock.time += 30
    stepped.settle()
    assert (stepped.state(task), stepped.task(task)["to"]) == ("running", TO_BO)


def test_an_uncertain_one_stays_and_nothing_is_sent_in_its_place(stepped: Stepped) -> None:
    (task,) = submit(stepped)
    stepped.end(task, LeftUncertain("no answer", ""))
    assert put(stepped, send=True) == CorrectionAnswer([], [], [task])
    assert stepped.task(task)["to"] == TO_ADA
    stepped.change(resolve, task, "again")
    assert (stepped.state(task), stepped.task(task)["to"]) == ("running", TO_BO)


def test_one_that_is_retried_shows_whom_the_item_is_for_by_then(stepped: Stepped) -> None:
    (task,) = submit(stepped)
    stepped.end(task, FINAL)
    put(stepped)
    assert stepped.task(task)["to"] == TO_ADA
    stepped.change(retry, task)
    assert stepped.task(task)["to"] == TO_BO
    assert found(stepped, "bo") == [task]


def test_a_copy_for_one_of_its_own_keeps_it_and_stands_in_for_nothing(stepped: Stepped) -> None:
    (task,) = submit(stepped)
    stepped.end(task, FINAL)
    me: Addressee = {"email": "me@example.org", "to_me": True}
    copy = stepped.send_again(task, me, delay=60)["id"]
    assert put(stepped, send=True) == CorrectionAnswer([copy], [3], [])
    assert stepped.task(copy)["to"] == "me@example.org"
    assert stepped.task(3)["resend_of"] == task


def test_the_same_key_adds_nothing_more(stepped: Stepped) -> None:
    stepped.end(submit(stepped)[0], FINAL)
    key = Idempotency("key", "hash")
    assert put(stepped, send=True, key=key) == CorrectionAnswer([], [2], [])
    stepped.end(2, FINAL)
    assert put(stepped, send=True, key=key) == CorrectionAnswer([], [2], [], replayed=True)
    assert list(stepped.states()) == [1, 2]
    with pytest.raises(Conflict):
        put(stepped, send=True, key=Idempotency("key", "other"))


@pytest.mark.parametrize(
    ("times", "run_at", "deadline"),
    [
        ({"run_at": START - 5, "deadline": START - 1}, None, None),
        ({"run_at": START + 90, "deadline": START + 95, "delay": 5}, START + 90, START + 95),
        ({"delay": 5, "deadline": START + 3}, START + 5, None),
    ],
)
def test_of_the_items_times_those_to_come_count_for_what_is_added(
    make: Callable[..., Stepped], times: Any, run_at: float | None, deadline: float | None
) -> None:
    stepped = make(slots=1)
    stepped.end(submit(stepped)[0], FINAL)
    (added,) = put(stepped, send=True, **times).added
    told = "SELECT run_at, deadline FROM tasks WHERE id = ?"
    found = stepped.connection.execute(told, (added,)).fetchone()
    assert [ms and ms / 1000 for ms in found] == [run_at, deadline]
    stepped.check()


def sent(stepped: Stepped, how: Any) -> int:
    (task,) = submit(stepped, "letter")
    stepped.end(task, how)
    return task


def correct(stepped: Stepped, body: NewItem = BO, to: str = TO_BO) -> None:
    put(stepped, body, names=("letter",), to=to)


def informed(stepped: Stepped) -> str | None:
    (found,) = read_items(stepped.connection, ItemSearch())["items"]
    return found["informed"]


def next_to(stepped: Stepped, task: int) -> str | None:
    page = read_page(stepped.connection, TaskQuery(TaskFilter()), "s", known=BATCHES)["tasks"]
    (told,) = (office_row(row)["next_to"] for row in page if row["id"] == task)
    assert told == office_task(stepped.task(task))["next_to"]
    return told


@pytest.mark.parametrize("how", [FINAL, LeftUncertain("no answer", ""), Succeeded("1")])
def test_one_that_has_ended_says_whom_the_next_one_goes_to(stepped: Stepped, how: Any) -> None:
    task = sent(stepped, how)
    assert next_to(stepped, task) is None
    rev = stepped.task(task)["rev"]
    correct(stepped)
    assert (stepped.task(task)["to"], next_to(stepped, task)) == (TO_ADA, TO_BO)
    assert stepped.task(task)["rev"] > rev  # windows hear of it
    correct(stepped, ADA, TO_ADA)
    assert next_to(stepped, task) is None


def test_what_has_not_ended_goes_there_already(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter", delay=60)
    correct(stepped)
    assert (stepped.task(task)["to"], next_to(stepped, task)) == (TO_BO, None)


def test_one_for_a_recipient_of_its_own_goes_there_again(stepped: Stepped) -> None:
    task = sent(stepped, Succeeded("1"))
    again = stepped.send_again(task, {"email": "cy@example.org"})["id"]
    stepped.settle()
    stepped.end(again, FINAL)
    correct(stepped)
    assert next_to(stepped, again) is None


def test_a_verb_answers_with_whom_the_next_one_goes_to(stepped: Stepped) -> None:
    task = sent(stepped, LeftUncertain("no answer", ""))
    correct(stepped)
    assert stepped.do(lambda group: group.row(group.read(task)))["next_to"] == TO_BO


@pytest.mark.parametrize(("how", "verb"), [(FINAL, retry), (LeftUncertain("?", ""), resolve)])
def test_to_another_address_it_is_another_message(stepped: Stepped, how: Any, verb: Any) -> None:
    task = sent(stepped, how)
    first = stepped.task(task)["message_id"]
    correct(stepped)
    assert stepped.task(task)["message_id"] == first  # the evidence stays until it is done again
    stepped.change(verb, task, *(["again"] if verb is resolve else []))
    told = stepped.task(task)
    assert (told["to"], told["state"]) == (TO_BO, "running")
    assert told["message_id"] not in {first, None}
    assert stepped.lane.running[task].reference == told["message_id"]
    moved = ENGLISH.say("history", "redirected", to=TO_BO, reference=first)
    assert moved in [line["text"] for line in told["log"]]


@pytest.mark.parametrize("body", [RENAMED, {**ADA, "title": "Ballet"}])
def test_to_the_same_address_it_is_the_same_message(stepped: Stepped, body: NewItem) -> None:
    task = sent(stepped, LeftUncertain("?", ""))
    first = stepped.task(task)["message_id"]
    correct(stepped, body, f"{body['recipient']['name']} <{body['recipient']['email']}>")
    stepped.change(resolve, task, "again")
    assert stepped.task(task)["message_id"] == first


def test_corrected_without_its_function_it_has_its_reference_once_that_is_back(
    stepped: Stepped,
) -> None:
    task = sent(stepped, LATER)
    first = stepped.task(task)["message_id"]
    stepped.registry.exchange({"letter": "a.py is gone."}, ())
    stepped.settle()
    correct(stepped)
    assert stepped.task(task)["message_id"] is None
    stepped.registry.add(letter)
    stepped.settle()
    stepped.clock.time += 30
    stepped.settle()
    assert stepped.task(task)["message_id"] not in {first, None}
    stepped.end(task, Succeeded("1"))
    assert informed(stepped) == "yes"


def test_it_counts_as_a_message_until_then(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    stepped.registry.exchange({"letter": "a.py is gone."}, ())
    stepped.settle()
    correct(stepped)
    assert informed(stepped) == "not_yet"
    stepped.change(cancel, task)
    assert informed(stepped) == "no"


def test_between_attempts_it_is_another_message_too(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    first = stepped.task(task)["message_id"]
    correct(stepped, ADA_ELSEWHERE, "Ada <a@new.example>")
    assert stepped.task(task)["message_id"] not in {first, None}


def test_what_was_never_tried_keeps_its_reference(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter", delay=60)
    first = stepped.task(task)["message_id"]
    correct(stepped)
    assert stepped.task(task)["message_id"] == first


def test_where_none_can_be_made_it_has_none(make: Callable[..., Stepped]) -> None:
    made = iter(["<1@x>"])

    @describe(reference=lambda: next(made))
    def notice(*args: Any) -> None: ...

    stepped = make(notice)
    (task,) = submit(stepped, "notice")
    stepped.end(task, Failed("no", "", final=True))
    put(stepped, names=("work",))
    stepped.change(retry, task)
    assert (stepped.task(task)["to"], stepped.task(task)["message_id"]) == (TO_BO, None)
    stepped.check()


def test_an_answer_says_whom_it_was_about_once_that_was_corrected(stepped: Stepped) -> None:
    task = sent(stepped, LATER)
    assert "to" not in stepped.task(task)["reason_data"]
    for body, to in ((BO, TO_BO), (ADA_ELSEWHERE, "Ada <a@new.example>")):
        correct(stepped, body, to)
        told = stepped.task(task)
        assert (told["to"], told["state"], told["error"]) == (to, "waiting", "451 later")
        data = told["reason_data"]
        assert (data["to"], data["server"], data["code"]) == (TO_ADA, "mail.example", 451)
    correct(stepped, ADA, TO_ADA)
    assert "to" not in stepped.task(task)["reason_data"]
    correct(stepped)
    stepped.clock.time += 30
    stepped.settle()
    assert (stepped.state(task), stepped.task(task)["reason_data"]) == ("running", {})
