"""The API's calls against the real backend: what each asks for and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.client.api import Api, TaskQuery, new_key
from desktop.client.errors import Refused
from desktop.contract.items import CONFIRMATION

if TYPE_CHECKING:
    from desktop.contract.items import NewItem

LATER: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "delay": 600.0}


def test_pages_are_filtered_sorted_walked_and_jumped_into(api: Api) -> None:
    for number in range(1, 6):
        api.items.submit(number, LATER, new_key())
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
    assert not api.page(TaskQuery(text="missing"))["tasks"]


def test_tasks_are_cancelled_retried_read_and_changed_one_or_many(api: Api) -> None:
    (task,) = api.items.submit(7, LATER, new_key()).task_ids
    assert api.cancel(task)["state"] == "cancelled"
    assert api.retry(task)["state"] == "queued"
    assert api.task(task)["item_id"] == 7
    with pytest.raises(Refused) as refused:
        api.resolve(task, "done")
    assert refused.value.status == 409
    (task,) = api.items.submit(8, LATER, new_key()).task_ids
    moved = api.change_task(task, {"run_at": "2099-01-01T09:00:00Z", "priority": 3})
    assert (moved["run_at"], moved["priority"]) == ("2099-01-01T09:00:00.000Z", 3)
    assert api.page(TaskQuery(seen=False))["total"] == 2
    assert api.page(TaskQuery(seen=True))["total"] == 0
    answer = api.actions.act("resend", ids=[task], delay=600, key=new_key())
    assert answer["touched"] == 0
    assert "pending" not in answer
    api.cancel(task)
    answer = api.actions.act("resend", ids=[task], delay=600, key=new_key())
    assert answer["pending"]["tasks"] == [[task, task]]
    query = TaskQuery(states=("cancelled",), ids=(task, 9), reasons=(), seen=None, to="ada")
    assert TaskQuery.of(query.filter()) == query

    before = api.stats()["counts"]["cancelled"]
    tasks = [api.items.submit(number, LATER, new_key()).task_ids[0] for number in range(11, 15)]
    assert api.actions.act("cancel", ids=tasks[:1], key=new_key())["touched"] == 1
    answer = api.actions.act("cancel", query=TaskQuery(states=("scheduled",)), key=new_key())
    assert answer["touched"] == 3
    assert api.stats()["counts"]["cancelled"] == before + 4


def test_mail_is_previewed_tested_and_read_again_and_settings_are_changed(api: Api) -> None:
    preview = api.preview({"item": LATER, "item_id": 9})
    assert "ada@example.org" in preview["to"]
    assert api.test_mail({"to": "ada@example.org"})["ok"]
    (task,) = api.items.submit(9, LATER, new_key()).task_ids
    assert "ada@example.org" in api.message(task)["to"]
    assert api.settings()["mail"]["transport"] == "practice"
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


def test_a_function_is_run_once_for_one_key(api: Api) -> None:
    (told,) = [each for each in api.functions.all() if each["name"] == CONFIRMATION]
    assert (told["takes_item"], list(told["parameters"]["properties"])) == (True, ["item_id"])
    key = new_key()
    first, again = (
        api.functions.run(CONFIRMATION, {"item_id": 1}, key, delay=600.0) for _ in range(2)
    )
    assert (first["id"], first["state"]) == (again["id"], "scheduled")
    with pytest.raises(Refused) as refused:
        api.functions.run(CONFIRMATION, {}, new_key(), ["one"])
    assert [each["path"] for each in refused.value.field_errors] == ["args.0"]
