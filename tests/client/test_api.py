"""Every call of the window against the real backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.api import Api, TaskQuery, new_key
from desktop.client.errors import BackendGone, Refused
from desktop.contract.tasks import ID_LIMIT
from desktop.settings.backend_file import Backend

if TYPE_CHECKING:
    from desktop.contract.items import NewItem
    from tests.conftest import RunningBackend

LATER: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "delay": 600.0}


def test_submit_picks_a_number_or_takes_the_one_given(api: Api) -> None:
    assert api.next_number() == 1
    first = api.submit(None, LATER, new_key())
    given = api.submit(40, LATER, new_key())
    assert (first.item_id, given.item_id) == (1, 40)
    assert len(first.task_ids) == len(given.task_ids) == 1
    assert api.next_number() == 41


@pytest.mark.parametrize("before", ["removed", "at the limit", "kept by a batch"])
def test_the_next_number_is_the_one_that_is_given(api: Api, before: str) -> None:
    if before == "removed":
        (task,) = api.submit(40, LATER, new_key()).task_ids
        api.cancel(task)
        api.many.act("remove", [task], key=new_key())
    elif before == "at the limit":
        api.submit(ID_LIMIT, LATER, new_key())
    else:
        draft = api.batches.create({"name": "a.csv", "columns": {"No": "number"}}, new_key())
        rows: Any = [{"row": 2, "item": {**LATER, "item_id": 3000}}]
        api.batches.add_rows(draft, rows)
        api.batches.start(draft, new_key(), delay=600)
    proposed = api.next_number()
    assert proposed == api.submit(None, LATER, new_key()).item_id
    assert proposed == {"removed": 41, "at the limit": 1, "kept by a batch": 3001}[before]


def test_the_same_key_is_the_same_item(api: Api) -> None:
    key = new_key()
    first, again = api.submit(None, LATER, key), api.submit(None, LATER, key)
    assert again.item_id == first.item_id
    assert again.task_ids == first.task_ids
    assert (first.replayed, again.replayed) == (False, True)
    assert api.next_number() == 2


def test_a_bad_field_is_named(api: Api) -> None:
    with pytest.raises(Refused) as refused:
        api.submit(None, {"recipient": {"email": "no address"}}, new_key())
    assert refused.value.status == 422
    assert [each["path"] for each in refused.value.field_errors] == ["recipient.email"]


def test_a_taken_number_is_a_conflict(api: Api) -> None:
    api.submit(7, LATER, new_key())
    with pytest.raises(Refused) as refused:
        api.submit(7, {"title": "another"}, new_key())
    assert refused.value.status == 409


def test_undo_forgets_the_item(api: Api) -> None:
    api.submit(7, LATER, new_key())
    api.undo(7)
    with pytest.raises(Refused) as refused:
        api.item(7)
    assert refused.value.status == 404


def test_pages_are_filtered_sorted_walked_and_jumped_into(api: Api) -> None:
    for number in range(1, 6):
        api.submit(number, LATER, new_key())
    newest = api.page(TaskQuery(), limit=2)
    assert [row["item_id"] for row in newest["tasks"]] == [5, 4]
    assert newest["total"] == 5
    behind = api.page(TaskQuery(), after=newest["next"], limit=2)
    assert [row["item_id"] for row in behind["tasks"]] == [3, 2]
    jumped = api.page(TaskQuery(sort="id"), offset=4)
    assert [row["item_id"] for row in jumped["tasks"]] == [5]
    assert not api.page(TaskQuery(states=("failed", "running")))["tasks"]
    assert [row["item_id"] for row in api.page(TaskQuery(item_id=3))["tasks"]] == [3]
    assert len(api.page(TaskQuery(text="ada"))["tasks"]) == 5
    assert not api.page(TaskQuery(text="nobody"))["tasks"]


def test_tasks_are_cancelled_retried_and_read(api: Api) -> None:
    (task,) = api.submit(7, LATER, new_key()).task_ids
    assert api.cancel(task)["state"] == "cancelled"
    assert api.retry(task)["state"] == "queued"
    assert api.task(task)["item_id"] == 7
    with pytest.raises(Refused) as refused:
        api.resolve(task, "done")
    assert refused.value.status == 409


def test_an_item_is_corrected_and_sent_again(api: Api) -> None:
    (task,) = api.submit(7, LATER, new_key()).task_ids
    bo: NewItem = {"recipient": {"name": "Bo", "email": "bo@example.org"}}
    assert api.correct_item(7, bo, new_key())["using"] == [task]
    assert api.task(task)["to"] == "Bo <bo@example.org>"
    item = api.item(7)
    assert (item["item"], item["versions"][0]["item"]) == (bo, LATER)
    api.cancel(task)
    key = new_key()
    (added,) = api.correct_item(7, bo, key, send=True, delay=600)["added"]
    assert api.correct_item(7, bo, key, send=True, delay=600)["added"] == [added]
    copy = api.resend(task, new_key(), to_me=True, delay=600)
    assert (copy["resend_of"], copy["to"]) == (task, "Sendoff <sendoff@localhost>")
    other = api.resend(task, new_key(), to={"email": "cy@example.org"}, delay=600)
    assert api.task(other["id"])["addressee"] == {"name": "", "email": "cy@example.org"}
    with pytest.raises(Refused) as refused:
        api.resend(added, new_key())
    assert refused.value.problem["conflict"] == {"task_id": added, "state": "scheduled"}


def test_a_task_is_changed(api: Api) -> None:
    (task,) = api.submit(7, LATER, new_key()).task_ids
    moved = api.change_task(task, {"run_at": "2099-01-01T09:00:00Z", "priority": 3})
    assert (moved["run_at"], moved["priority"]) == ("2099-01-01T09:00:00.000Z", 3)
    assert api.page(TaskQuery(seen=False))["total"] == 1
    assert api.page(TaskQuery(seen=True))["total"] == 0
    answer = api.many.act("resend", ids=[task], delay=600, key=new_key())
    assert (answer["touched"], answer["ids"]) == (0, [])
    api.cancel(task)
    assert len(api.many.act("resend", ids=[task], delay=600, key=new_key())["ids"]) == 1


def test_many_are_acted_on_by_number_or_by_what_they_match(api: Api) -> None:
    tasks = [api.submit(number, LATER, new_key()).task_ids[0] for number in range(1, 5)]
    assert api.many.act("cancel", ids=tasks[:1], key=new_key())["touched"] == 1
    answer = api.many.act("cancel", query=TaskQuery(states=("scheduled",)), key=new_key())
    assert answer["touched"] == 3
    assert api.stats()["counts"]["cancelled"] == 4


def test_mail_is_previewed_tested_and_read_again(api: Api) -> None:
    preview = api.preview({"item": LATER, "item_id": 9})
    assert "ada@example.org" in preview["to"]
    assert api.test_mail({"to": "ada@example.org"})["ok"]
    (task,) = api.submit(9, LATER, new_key()).task_ids
    assert "ada@example.org" in api.message(task)["to"]


def test_settings_are_read_and_changed(api: Api) -> None:
    assert api.settings()["mail"]["transport"] == "outbox"
    changed = api.save_settings({"window": {"grace_seconds": 12.0}})
    assert changed["window"]["grace_seconds"] == 12.0
    assert api.settings() == changed


def test_queues_are_paused_and_resumed_one_or_all(api: Api) -> None:
    def paused() -> set[str]:
        return {queue["name"] for queue in api.queues() if queue["paused"]}

    (mail,) = api.pause("mail")
    assert (mail["name"], paused()) == ("mail", {"mail"})
    (mail,) = api.resume("mail")
    assert (mail["paused"], paused()) == (None, set())
    assert {queue["name"] for queue in api.pause(None)} == paused() >= {"mail"}
    assert api.resume(None) == api.queues()
    with pytest.raises(Refused) as refused:
        api.pause("a/b?")
    assert (refused.value.status, str(refused.value)) == (404, "There is no queue named “a/b?”.")


def test_another_token_means_that_this_backend_is_gone(backend: RunningBackend) -> None:
    stale = Api(Backend(backend.backend.url, "token of an earlier launch", 1))
    with pytest.raises(BackendGone):
        stale.stats()
    stale.close()


def test_a_killed_backend_is_gone(api: Api, backend: RunningBackend) -> None:
    api.stats()
    backend.kill()
    with pytest.raises(BackendGone):
        api.stats()
