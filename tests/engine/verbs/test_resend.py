"""Sending again what has ended."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from desktop.contract.items import Addressee
from sendoff_tasks.attempts.outcomes import Failed, Later, LeftUncertain, Succeeded
from sendoff_tasks.errors import Conflict, InTheWay
from sendoff_tasks.functions.registry import task as describe
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Make, Stepped
from tests.items.corrections import TO_ADA, TO_BO, put, submit
from tests.refusing import refused

COPY: Addressee = {"name": "Cy", "email": "cy@example.org"}
ME: Addressee = {"email": "me@example.org", "to_me": True}
_NUMBERS = count(1)


@describe(reference=lambda: f"<{next(_NUMBERS)}@example.org>")
def letter(*args: Any) -> None: ...


@pytest.fixture
def stepped(make: Make) -> Any:
    engine = make(letter)
    yield engine
    engine.check()


def ended(stepped: Stepped) -> int:
    (task,) = submit(stepped, "letter")
    stepped.end(task, Succeeded("1"))
    return task


def test_a_new_task_does_it_again_under_another_reference(stepped: Stepped) -> None:
    task = ended(stepped)
    row = stepped.send_again(task)
    assert (row["id"], row["resend_of"], row["state"]) == (2, task, "queued")
    assert (row["to"], row["item_id"], row["title"]) == (TO_ADA, 1, "Letter")
    first, second = stepped.task(task), stepped.task(2)
    assert second["args"] == first["args"] == [1]
    assert second["message_id"] != first["message_id"]
    assert first["log"][-1]["text"] == "A person ran the task again, as task 2."
    assert second["log"][-1]["text"] == "A person ran task 1 again."
    assert (stepped.state(task), stepped.state(2)) == ("succeeded", "running")


def test_what_failed_and_was_sent_since_goes_elsewhere_alone(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter")
    stepped.end(task, Failed("no", "", final=True))
    again = stepped.send_again(task)["id"]
    for _ in ("on its way", "sent"):
        with refused(Refusal.REPEATED):
            stepped.send_again(task)
        if stepped.state(again) == "running":
            stepped.end(again, Succeeded("1"))
    assert stepped.send_again(task, {"email": "cy@example.org"})["to"] == "cy@example.org"
    assert stepped.send_again(again)["to"] == TO_ADA


@pytest.mark.parametrize(
    ("how", "state"),
    [
        (None, "running"),
        (Later("451", ""), "waiting"),
        (LeftUncertain("no answer", ""), "uncertain"),
    ],
)
def test_what_has_not_ended_is_named_with_its_state(stepped: Stepped, how: Any, state: str) -> None:
    (task,) = submit(stepped, "letter")
    if how is not None:
        stepped.end(task, how)
    with pytest.raises(InTheWay) as refused:
        stepped.send_again(task)
    assert (refused.value.data["task_id"], refused.value.data["state"]) == (task, state)
    assert list(stepped.states()) == [task]


def test_another_addressee_is_that_tasks_own(stepped: Stepped) -> None:
    task = ended(stepped)
    row = stepped.send_again(task, COPY)
    assert row["to"] == "Cy <cy@example.org>"
    assert stepped.task(row["id"])["addressee"] == {**COPY, "copy": True}
    assert stepped.task(task)["addressee"] is None
    claim = stepped.lane.running[row["id"]]
    assert (claim.given or {})["addressee"] == {**COPY, "copy": True}
    stepped.end(row["id"], Succeeded("1"))
    assert stepped.send_again(row["id"])["to"] == "Cy <cy@example.org>"
    assert stepped.send_again(row["id"], ME)["to"] == "me@example.org"


def test_without_one_it_is_for_whom_the_item_is_now(stepped: Stepped) -> None:
    task = ended(stepped)
    put(stepped, names=("letter",))
    assert stepped.send_again(task)["to"] == TO_BO


def test_a_delay_is_time_to_take_it_back(stepped: Stepped) -> None:
    row = stepped.send_again(ended(stepped), delay=5)
    assert (row["state"], row["reason"]) == ("scheduled", "delayed")
    stepped.change(cancel, row["id"])
    stepped.wait(10)
    assert stepped.state(row["id"]) == "cancelled"


def test_of_a_unique_key_only_one_is_open(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("1"), "letter", key="a")
    stepped.send_again(task)
    with refused(Refusal.SAME_KEY, task_id=2, key="a"):
        stepped.send_again(task)


def test_a_function_that_is_gone_sends_nothing(stepped: Stepped) -> None:
    task = ended(stepped)
    stepped.registry.exchange({"letter": "Its file is gone."}, ())
    with pytest.raises(Conflict, match="Its file is gone"):
        stepped.send_again(task)
    assert list(stepped.states()) == [task]


def test_a_reference_that_cannot_be_made_refuses_it(make: Make) -> None:
    made = iter(["<1@example.org>"])

    @describe(reference=lambda: next(made))
    def odd(*args: Any) -> None: ...

    stepped = make(odd)
    task = stepped.ended(Succeeded("1"), "odd")
    with refused(Refusal.NOT_MADE):
        stepped.send_again(task)


@pytest.mark.parametrize("to", [None, ME])
def test_the_log_says_that_it_was_undone(stepped: Stepped, to: Addressee | None) -> None:
    task = ended(stepped)
    again = stepped.send_again(task, to, delay=5)["id"]
    stepped.change(cancel, again)
    told = [line["text"] for line in stepped.task(task)["log"][-2:]]
    assert told == [
        f"A person ran the task again, as task {again}.",
        f"Task {again} was cancelled before it began.",
    ]


@pytest.mark.parametrize("how", [Succeeded("1"), Succeeded("1", kept=True), "cancelled"])
def test_what_was_sent_again_names_the_task_that_does_it(stepped: Stepped, how: Any) -> None:
    (task,) = submit(stepped, "letter", delay=0 if how != "cancelled" else 60)
    if how == "cancelled":
        stepped.change(cancel, task)
    else:
        stepped.end(task, how)
    stepped.send_again(task, ME)
    before = stepped.task(task)
    assert "task_id" not in before["reason_data"]
    again = stepped.send_again(task, delay=5)["id"]
    assert stepped.task(task)["reason_data"] == {**before["reason_data"], "task_id": again}
    stepped.change(cancel, again)
    assert stepped.task(task)["reason_data"] == before["reason_data"]


def test_a_failed_one_is_seen_unless_its_repeat_is_taken_back(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter")
    stepped.end(task, Failed("no", "", final=True))
    stepped.send_again(task, ME)
    before = stepped.task(task)
    assert before["seen"] is False
    again = stepped.send_again(task, delay=5)["id"]
    assert stepped.task(task)["seen"] is True
    assert stepped.task(task)["reason_data"] == {**before["reason_data"], "task_id": again}
    stepped.do(lambda group: cancel(group, group.read(again)))
    assert stepped.task(task)["seen"] is False
    assert stepped.task(task)["reason_data"] == before["reason_data"]


def test_a_copy_to_someone_else_settles_no_failure(stepped: Stepped) -> None:
    (task,) = submit(stepped, "letter")
    stepped.end(task, Failed("550", "", final=True))
    before = stepped.task(task)
    copy = stepped.send_again(task, COPY)
    assert copy["copy"] is True
    stepped.end(copy["id"], Succeeded("1"))
    after = stepped.task(task)
    assert (after["seen"], after["reason_data"]) == (False, before["reason_data"])
    assert after["repeated_by"] is None
    again = stepped.send_again(task, {"name": "A.", "email": "ADA@example.com"})
    assert (again["copy"], again["to"]) == (False, "A. <ADA@example.com>")
    assert stepped.task(task)["seen"] is True


def test_copies_to_two_people_are_two_messages(stepped: Stepped) -> None:
    task = ended(stepped)
    to_cy = stepped.send_again(task, COPY)["id"]
    stepped.end(to_cy, Failed("550", "", final=True))
    stepped.end(stepped.send_again(task, ME)["id"], Succeeded("1"))
    stepped.change(retry, to_cy)
    assert stepped.state(to_cy) == "running"


def test_a_copy_is_the_message_once_the_item_is_corrected_to_where_it_went(
    stepped: Stepped,
) -> None:
    (task,) = submit(stepped, "letter")
    stepped.end(task, Failed("550", "", final=True))
    copy = stepped.send_again(task, {"name": "Bo", "email": "bo@example.org"})["id"]
    stepped.end(copy, Succeeded("1"))
    mine = stepped.send_again(task, ME)["id"]
    stepped.end(mine, Succeeded("1"))
    put(stepped, names=())
    assert stepped.task(copy)["copy"] is False
    assert stepped.task(mine)["copy"] is True
    assert stepped.task(task)["seen"] is True
    assert stepped.task(task)["repeated_by"] == copy
