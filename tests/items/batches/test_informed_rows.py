"""One rule for rows and items: who got the message is informed, also where a repeat fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from sendoff_tasks.functions.registry import task
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import SEEN, change
from sendoff_tasks.verbs.remove import remove
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Stepped, work
from tests.items.batches.office import REFUSED, SENT, Office, row


@task(name="letter", reference=lambda: "<one@example.org>")
def letter(item_id: int) -> None: ...


@pytest.fixture
def post(make: Callable[..., Stepped]) -> Iterator[Office]:
    """Give an office whose tasks send messages, but for ``work``."""
    office = Office(make(letter, work))
    yield office
    office.check()


def informed(office: Office) -> list[str | None]:
    query = "SELECT informed FROM items ORDER BY id"
    return [word for (word,) in office.stepped.connection.execute(query)]


def unsure(post: Office, rows: int, outcome: str) -> int:
    """Start a batch whose first message may have arrived, which a person then settles."""
    number = post.started(rows, tasks=["letter"])
    post.lose(1)
    post.stepped.change(resolve, 1, outcome)
    return number


@pytest.mark.parametrize(
    "ending", [REFUSED, LeftUncertain("no answer", ""), None], ids=["failed", "uncertain", "cancel"]
)
def test_a_row_that_was_sent_stays_so_when_sending_it_again_does_not_succeed(
    post: Office, ending: Outcome | None
) -> None:
    number = post.sent(1, tasks=["letter"])
    before = post.batches.row(number, 1)
    post.stepped.send_again(1)
    again = post.batches.row(number, 1)
    assert (again["outcome"], again["task_id"], again["sent_at"]) == ("open", 2, before["sent_at"])
    if ending is None:
        post.end(Later("451", "", after=60))
        post.stepped.change(cancel, 2)
    else:
        if isinstance(ending, LeftUncertain):
            post.stepped.cross(2)
        post.end(ending)
    after = post.batches.row(number, 1)
    assert (after["outcome"], after["task_id"]) == ("sent", 2)
    for name in ("sent_at", "answer", "message_id"):
        assert after[name] == before[name]
    batch = post.batches.get(number)
    assert (batch["counts"]["sent"], batch["state"], batch["marked"]) == (1, "done", 0)
    assert len(batch["causes"]) == (0 if ending is None else 1)
    assert informed(post) == ["yes"]


def test_it_stays_so_where_the_task_that_sent_it_is_removed_and_the_other_is_retried(
    post: Office,
) -> None:
    number = post.sent(1, tasks=["letter"])
    sent_at = post.batches.row(number, 1)["sent_at"]
    post.stepped.send_again(1)
    post.stepped.do(lambda group: remove(group, [group.read(1)]))
    post.end(REFUSED)
    assert post.told(number) == {1: "sent"}
    post.stepped.change(retry, 2)
    assert post.told(number) == {1: "open"}
    post.end(REFUSED)
    assert post.batches.row(number, 1)["sent_at"] == sent_at
    post.stepped.change(change, 2, SEEN)
    assert post.batches.get(number)["causes"] == []
    post.stepped.change(retry, 2)
    post.stepped.clock.time += 60
    post.finish()
    newest = post.batches.row(number, 1)
    assert newest["outcome"] == "sent"
    assert newest["sent_at"] != sent_at


def test_a_row_that_a_person_marked_as_sent_is_so_again_when_sending_it_fails(
    post: Office,
) -> None:
    number = unsure(post, 1, "done")
    post.stepped.send_again(1)
    assert post.batches.get(number)["marked"] == 0
    post.end(REFUSED)
    assert post.told(number) == {1: "sent"}
    assert post.batches.get(number)["marked"] == 1


def test_a_message_that_may_have_arrived_is_not_new_once_sending_it_again_is_cancelled(
    post: Office,
) -> None:
    number = post.started(2, tasks=["letter"])
    post.lose(1)
    post.end(Later("451", "", after=60))
    post.stepped.change(resolve, 1, "again")
    post.end(Later("451", "", after=60))
    for task_id in (1, 2):
        post.stepped.change(cancel, task_id)
    assert post.stepped.task(1)["reason_data"] == {"may_have_arrived": True}
    assert post.stepped.task(2)["reason_data"] in (None, {})
    assert post.told(number) == {1: "uncertain", 2: "cancelled"}
    assert informed(post) == ["not_sure", "no"]
    again = post.draft(2, tasks=["letter"])
    post.check_drafts()
    assert {each["row"]: each["check"] for each in post.rows(again)} == {1: "same", 2: "ready"}
    post.stepped.change(retry, 1)
    assert post.told(number)[1] == "open"
    post.finish()
    assert informed(post) == ["yes", "no"]


@pytest.mark.parametrize(
    "ending",
    [Cancelled(), Cancelled("not now"), Later("451", "", after=60), Crashed("It ended.")],
    ids=["stops", "stops itself", "would be tried again", "crashes"],
)
def test_a_message_that_may_have_arrived_may_have_so_once_its_running_attempt_is_cancelled(
    post: Office, ending: Outcome
) -> None:
    number = unsure(post, 2, "again")
    while post.stepped.lane.running:
        running = min(post.stepped.lane.running)
        post.stepped.change(cancel, running)
        post.stepped.end(running, ending)
        post.wait(60)
    assert [post.stepped.state(task_id) for task_id in (1, 2)] == ["cancelled", "cancelled"]
    assert post.told(number) == {1: "uncertain", 2: "cancelled"}
    assert informed(post) == ["not_sure", "no"]


@pytest.mark.parametrize(
    "ending", [REFUSED, Failed("451", "")], ids=["refused for good", "attempts used up"]
)
def test_a_message_that_may_have_arrived_stays_uncertain_when_sending_it_again_fails(
    post: Office, ending: Outcome
) -> None:
    number = unsure(post, 2, "again")
    while post.stepped.lane.running:
        post.end(ending)
        post.wait(3600)
    assert [post.stepped.state(task_id) for task_id in (1, 2)] == ["uncertain", "failed"]
    assert post.stepped.task(1)["reason_data"]["may_have_arrived"]
    assert post.stepped.task(1)["error"] == post.stepped.task(2)["error"]
    assert post.told(number) == {1: "uncertain", 2: "failed"}
    assert informed(post) == ["not_sure", "no"]
    post.stepped.change(resolve, 1, "done")
    assert post.told(number)[1] == "sent"


def test_a_message_that_may_have_arrived_stays_uncertain_when_practice_mode_keeps_it(
    post: Office,
) -> None:
    unsure(post, 1, "again")
    post.end(Succeeded("null", kept=True))
    assert post.stepped.state(1) == "uncertain"
    assert informed(post) == ["not_sure"]


def test_a_cancelled_message_that_may_have_arrived_may_have_so_when_a_new_one_fails(
    post: Office,
) -> None:
    number = unsure(post, 1, "again")
    post.end(Later("451", "", after=60))
    post.stepped.change(cancel, 1)
    post.stepped.send_again(1)
    post.end(REFUSED)
    assert post.stepped.state(2) == "uncertain"
    assert post.told(number) == {1: "uncertain"}
    assert informed(post) == ["not_sure"]


def test_of_tasks_of_several_kinds_the_message_tells_whether_a_row_was_sent(post: Office) -> None:
    number = post.started(2, tasks=["letter", "work"])
    post.stepped.end(1, SENT)
    post.stepped.end(2, REFUSED)
    post.stepped.end(3, REFUSED)
    post.stepped.end(4, SENT)
    assert post.told(number) == {1: "sent", 2: "failed"}
    assert informed(post) == ["yes", "no"]


def test_of_two_messages_one_that_was_sent_informs(post: Office) -> None:
    number = post.started(2, tasks=["letter", "letter"])
    post.stepped.end(1, SENT)
    assert post.told(number)[1] == "open"
    post.stepped.end(2, REFUSED)
    post.stepped.end(4, REFUSED)
    post.stepped.end(3, SENT)
    assert post.told(number) == {1: "sent", 2: "sent"}
    assert informed(post) == ["yes", "yes"]


def test_a_copy_that_is_still_to_leave_is_not_taken_for_the_message_of_a_row(post: Office) -> None:
    post.sent(1, tasks=["letter"])
    post.stepped.send_again(1, {"email": "boss@x.org", "copy": True}, delay=60)
    second = post.started([row(1, title="Ballet")], tasks=["letter"])
    post.end(REFUSED)
    post.wait(61)
    post.finish()
    assert post.stepped.task(2)["state"] == "succeeded"
    assert post.told(second) == {1: "failed"}
