"""Who asked for what: each verb leaves an act with a name, in the transaction of what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import quote

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from desktop.items.batches.acting import STEP
from sendoff_tasks.errors import Conflict, Uncertain
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.functions.registry import task
from sendoff_tasks.http.wire.openapi import ACT
from sendoff_tasks.model.acts import WHO, computer_user
from sendoff_tasks.model.problems import Access
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.transaction.acts import ASKED, Acts, Asked
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.pause_queue import pause
from tests.backend.conftest import PORT, TOKEN, client_of, settled, task_ids

pytestmark = pytest.mark.anyio

NO_ACTS: Final = {
    # what is new: it has its own row
    *("create_item", "create_items", "create_next_item", "create_batch", "send_row"),
    # drafts, and files of messages
    *(
        "change_batch",
        "add_rows",
        "correct_row",
        "take_back_value",
        "keep_sheet",
        "copy_attachments",
        "attach_file",
    ),
    *("attach_to_batch", "detach_from_batch", "upload_attachment"),
    # settings, templates and the list *Do not send*, which have no tasks
    *("change_settings", "test_mail", "begin_sign_in", "cancel_sign_in", "sign_out"),
    *("replace_template", "delete_template", "preview_template", "replace_letterhead"),
    *("add_do_not_send", "check_do_not_send", "allow_do_not_send", "find_bounces", "mark_bounces"),
    *("take_newest_template", "make_page_code"),
}
"""Operations of which no act is kept."""
STATES: Final[dict[str, str]] = {
    "retry": "broken",
    "seen": "broken",
    "done": "lost",
    "again": "lost",
    "resend": "nothing",
    "remove": "nothing",
}
"""The tasks on which actions are tried; others on one that is scheduled."""


@pytest.fixture(autouse=True)
def lost(services: Services) -> None:
    @task(name="lost")
    def lost() -> None:
        raise Uncertain("No answer.")

    services.registry.add(lost)


async def added(client: httpx.AsyncClient, services: Services, name: str = "") -> int:
    """Add a task and wait for its end; without a name, one that is scheduled."""
    body = {"task": name} if name else {"task": "nothing", "run_at": "2100-01-01T00:00:00Z"}
    number: int = (await client.post("/tasks", json=body)).json()["id"]
    if name:
        settled(services, number)
    return number


async def acts(client: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    answer = await client.get("/acts", params=wanted)
    found: list[dict[str, Any]] = answer.raise_for_status().json()["acts"]
    return found


async def told(client: httpx.AsyncClient) -> list[tuple[str, ...]]:
    """Read verb, kind and name of all acts."""
    return [(act["verb"], act["kind"], act["name"]) for act in await acts(client)]


async def test_each_operation_that_changes_something_names_its_act(services: Services) -> None:
    paths = create_app(services, token=TOKEN, port=PORT).openapi()["paths"]
    verbs = {
        each["operationId"]: each.get(ACT)
        for path in paths.values()
        for method, each in path.items()
        if method not in {"get", "head"}
    }
    assert {name for name, act in verbs.items() if act is None} == NO_ACTS


@pytest.mark.parametrize("delay", [0, 60])
@pytest.mark.parametrize("action", get_args(BulkAction))
async def test_each_action_on_tasks_leaves_an_act_with_their_numbers(
    client: httpx.AsyncClient, services: Services, action: str, delay: float
) -> None:
    name = STATES.get(action, "broken" if action == "unseen" else "")
    numbers = [await added(client, services, name) for _ in range(2)]
    if action == "unseen":
        await client.post("/tasks/bulk", json={"action": "seen", "ids": numbers})
    body = {"action": action, "ids": numbers, "delay": delay}
    answer = (await client.post("/tasks/bulk", json=body)).json()
    assert answer["touched"] == 2, answer
    act, *_ = await acts(client)
    assert act["verb"] == action
    assert (act["who"], act["kind"]) == (computer_user(), "task")
    assert (act["tasks"], act["count"]) == ([numbers], 2)
    if delay:
        assert (await client.delete(f"/pending/{answer['pending']['id']}")).status_code == 204
        undo, *rest = await acts(client)
        assert (undo["verb"], undo["name"], undo["tasks"]) == ("undo", action, [numbers])
        assert rest[0] == act


async def test_a_run_is_an_act_where_a_person_asks_for_it(client: httpx.AsyncClient) -> None:
    body = {"task": "nothing", "run_at": "2100-01-01T00:00:00Z"}
    assert (await client.post("/tasks", json=body)).status_code == 201
    assert not await acts(client)
    by_ana = {WHO: "ana"}
    one = (await client.post("/tasks?undo_for=60", json=body, headers=by_ana)).json()
    two = (await client.post("/tasks", json=[body, body], headers=by_ana)).json()["ids"]
    await client.delete(f"/pending/{one['pending']['id']}")
    found = [(act["verb"], act["who"], act["tasks"], act["name"]) for act in await acts(client)]
    run = [("run", "ana", [two], ""), ("run", "ana", [[one["id"]] * 2], "")]
    assert found == [("undo", computer_user(), [[one["id"]] * 2], "run"), *run]


async def test_verbs_on_one_task_leave_an_act(
    client: httpx.AsyncClient, services: Services
) -> None:
    waiting, broken = await added(client, services), await added(client, services, "broken")
    unknown = [await added(client, services, "lost") for _ in range(2)]
    await client.patch(f"/tasks/{waiting}", json={"priority": 3})
    await client.patch(f"/tasks/{broken}", json={"seen": True})
    await client.post(f"/tasks/{broken}/retry")
    for number, outcome in zip(unknown, ("done", "again"), strict=True):
        await client.post(f"/tasks/{number}/resolve", json={"outcome": outcome})
    await client.post(f"/tasks/{waiting}/cancel")
    found = [(act["verb"], act["tasks"][0][0]) for act in await acts(client)]
    done = (("change", waiting), ("seen", broken), ("retry", broken))
    settles = (("done", unknown[0]), ("again", unknown[1]), ("cancel", waiting))
    assert found[::-1] == [*done, *settles]


async def test_verbs_on_queues_and_schedules_leave_an_act(
    client: httpx.AsyncClient, services: Services
) -> None:
    @task(name="daily", cron="0 7 * * *")
    def daily() -> None: ...

    services.registry.add(daily)
    steered = ("queues/mail/pause", "queues/mail/resume", "queues/pause", "queues/resume")
    for path in (*steered, *(f"schedules/daily/{verb}" for verb in ("pause", "resume", "run"))):
        assert (await client.post(f"/{path}")).is_success, path
    of_queues = [(verb, "queue", name) for name in ("mail", "") for verb in ("pause", "resume")]
    of_schedules = [(verb, "schedule", "daily") for verb in ("pause", "resume", "run")]
    assert (await told(client))[::-1] == of_queues + of_schedules
    assert (await acts(client))[0]["count"] == 1


async def test_verbs_on_a_batch_leave_an_act(client: httpx.AsyncClient) -> None:
    settings = {"name": "Spring", "template": "confirmation"}
    number = (await client.post("/batches", json=settings)).json()["batch_id"]
    for verb in ("pause", "delete"):
        await client.post(f"/batches/{number}/{verb}")
    answer = await client.delete(f"/batches/{number}", params={"delay": 60})
    assert answer.status_code == 202
    await client.delete(f"/pending/{answer.json()['id']}")
    assert await told(client) == [("undo", "batch", "1"), ("delete", "batch", "1")]


async def test_a_draft_that_a_program_deletes_at_once_leaves_no_act(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = (await client.post("/batches", json={"name": "Trial"})).json()["batch_id"]
    rows = [{"row": n, "item": {"title": "T"}} for n in range(2, 2 + 4 * STEP)]
    await client.post(f"/batches/{number}/rows", json={"rows": rows})
    assert services.batches.get(number)["counts"]["rows"] == 4 * STEP
    assert (await client.delete(f"/batches/{number}")).status_code == 204
    assert await told(client) == []


async def test_what_is_refused_or_changes_nothing_leaves_no_act(
    client: httpx.AsyncClient, services: Services
) -> None:
    done = await added(client, services, "nothing")
    assert (await client.post(f"/tasks/{done}/cancel")).status_code == 409
    await client.post("/queues/resume")
    await client.post("/tasks/bulk", json={"action": "cancel", "ids": [done]}, headers=key("1"))
    await client.post("/tasks/bulk", json={"action": "remove", "ids": [done], "preview": True})
    assert not await acts(client)
    for _ in range(2):
        body = {"action": "remove", "ids": [done]}
        await client.post("/tasks/bulk", json=body, headers=key("2"))
    assert len(await acts(client)) == 1


def key(text: str) -> dict[str, str]:
    return {"Idempotency-Key": text}


async def test_an_act_has_the_name_of_the_token_or_the_one_that_the_own_token_tells(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "tokens.json"
    token = add_token(file, "Ann’s window", Access.FULL)
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=file)
    asks = ((TOKEN, None), (TOKEN, quote("Zoë\n" + "x" * 300)), (token, "forged"), (TOKEN, ""))
    for nth, (used, name) in enumerate(asks):
        async with client_of(app, used) as client:
            verb = "resume" if nth % 2 else "pause"
            await client.post(f"/queues/{verb}", headers={} if name is None else {WHO: name})
            found = [act["who"] for act in await acts(client)]
    assert found[::-1] == [computer_user(), "Zoë" + "x" * 197, "Ann’s window", ""]


async def test_acts_are_read_page_by_page_and_by_who_verb_task_and_time(
    client: httpx.AsyncClient, services: Services
) -> None:
    numbers = [await added(client, services) for _ in range(3)]
    for number, who in zip(numbers, ("Ann", "Bo", "Ann"), strict=True):
        await client.post(f"/tasks/{number}/cancel", headers={WHO: who})
    await client.post("/queues/pause", headers={WHO: "Bo"})
    newest = await acts(client)
    page = (await client.get("/acts", params={"limit": 3})).json()
    assert page["acts"] == newest[:3]
    rest = (await client.get("/acts", params={"limit": 3, "after": page["next"]})).json()
    assert (rest["acts"], rest["next"]) == (newest[3:], None)
    assert [act["tasks"] for act in await acts(client, who="ann")] == [[[3, 3]], [[1, 1]]]
    assert [act["who"] for act in await acts(client, verb="pause")] == ["Bo"]
    assert [act["who"] for act in await acts(client, task=numbers[1])] == ["Bo"]
    assert not await acts(client, until=newest[-1]["at"])
    assert len(await acts(client, since=newest[-1]["at"])) == 4


async def test_the_export_has_all_acts_and_no_formula(
    client: httpx.AsyncClient, services: Services
) -> None:
    numbers = [await added(client, services) for _ in range(3)]
    body = {"action": "cancel", "ids": [numbers[0], numbers[2]]}
    await client.post("/tasks/bulk", json=body, headers={WHO: "=Ann"})
    answer = await client.get("/acts/export")
    assert answer.headers["content-type"].startswith("text/csv")
    head, line = answer.text.splitlines()
    assert head == "at,who,verb,kind,name,count,tasks"
    assert line.partition(",")[2] == "'=Ann,cancel,task,,2,1 3"


async def test_an_act_on_more_tasks_than_one_step_is_one_act(
    client: httpx.AsyncClient, services: Services
) -> None:
    later = {"task": "nothing", "run_at": "2100-01-01T00:00:00Z"}
    many = (await client.post("/tasks", json=[later] * 1200)).json()["ids"]
    await client.post("/tasks/bulk", json={"action": "cancel", "filter": {"state": "scheduled"}})
    (act,) = await acts(client)
    assert (act["count"], act["tasks"]) == (1200, [[many[0], many[-1]]])


async def test_a_forgotten_person_leaves_no_number_in_acts(
    client: httpx.AsyncClient, services: Services
) -> None:
    other = await added(client, services)
    item = {"title": "T", "recipient": {"name": "Cy", "email": "cy@example.org"}}
    (theirs,) = task_ids(await client.post("/items/7", json=item))
    settled(services, theirs)
    answer = await client.post("/tasks/bulk", json={"action": "resend", "ids": [theirs]})
    settled(services, *answer.json()["ids"])
    await client.post("/tasks/bulk", json={"action": "cancel", "ids": [other]})
    assert (await client.delete("/items/7", params={"forget": True})).status_code == 200
    found = [(act["verb"], act["tasks"], act["count"]) for act in await acts(client)]
    assert found == [("forget", [], 0), ("cancel", [[other, other]], 1), ("resend", [], 1)]


async def test_an_act_is_rolled_back_with_what_it_tells_of(
    client: httpx.AsyncClient, services: Services
) -> None:
    def half(group: Group) -> None:
        pause(group, None)
        group.part(Acts).note(group, [1], about=("queue", ""))
        raise Conflict("It went wrong in the middle.")

    given = ASKED.set(Asked("Ann", "pause", "queue"))
    with pytest.raises(Conflict):
        services.engine.do(half).result()
    services.engine.pause("mail").result()
    ASKED.reset(given)
    services.engine.pause("nothing").result()  # as an app's own code does
    (act,) = await acts(client)
    assert (act["who"], act["tasks"]) == ("Ann", [])
