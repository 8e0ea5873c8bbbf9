"""Queues and schedules are paused, resumed and tried; the overview tells of an hour or a day."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from desktop.backend.services import Services
from sendoff_tasks.errors import NeedsPerson, Unreachable
from sendoff_tasks.functions.registry import task
from sendoff_tasks.functions.spec import described
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import wire_time
from tests.backend.conftest import settled

pytestmark = pytest.mark.anyio

NONE = dict.fromkeys(State, 0)
VERBS = ("pause", "resume", "run")
FREE = {
    **dict.fromkeys(("rate", "per_day", "paused", "held", "waits_since")),
    "counts": NONE,
}


async def paused(client: httpx.AsyncClient) -> set[str]:
    """Read which queues are paused."""
    found = (await client.get("/queues")).json()["queues"]
    return {queue["name"] for queue in found if queue["paused"]}


async def test_queues_are_there_before_their_first_task(client: httpx.AsyncClient) -> None:
    answer = await client.get("/queues")
    assert answer.status_code == 200
    assert answer.json()["queues"] == [
        {"name": "broken", "concurrency": None, **FREE},
        {"name": "mail", "concurrency": 16, **FREE},
        {"name": "nothing", "concurrency": None, **FREE},
    ]
    (here,) = answer.json()["processes"]
    assert here["name"] == ""
    assert here["lanes"].keys() == {"io", "cpu", "async"}


async def test_a_queue_without_its_server_waits_and_tries_now_when_it_is_asked_to(
    client: httpx.AsyncClient, services: Services
) -> None:
    tries: list[int] = []

    @task(name="far", queue="afar")
    def far() -> None:
        tries.append(1)
        if len(tries) < 9:
            raise Unreachable("No route to it.", server="afar.example.org")

    services.registry.add(far)
    row = (await client.post("/tasks", json={"task": "far"})).json()
    settled(services, row["id"], "queued")
    told = (await client.get(f"/tasks/{row['id']}")).json()
    while told["state"] != "succeeded":
        assert (await client.post("/queues/afar/retry")).status_code == 200
        told = settled(services, row["id"], "queued", "succeeded")
    told = (await client.get(f"/tasks/{row['id']}")).json()
    outage, success = told["history"]
    assert (outage["outcome"], outage["count"], outage["attempt"]) == ("offline", 8, 8)
    assert (success["count"], success["attempt"]) == (1, 9)
    assert (await client.post("/queues/none/retry")).status_code == 404


async def test_a_held_queue_says_since_when_and_why(
    client: httpx.AsyncClient, services: Services
) -> None:
    @task(name="needy", queue="locks")
    def needy() -> None:
        raise NeedsPerson("Bring a key.", queue=True)

    services.registry.add(needy)
    row = (await client.post("/tasks", json={"task": "needy"})).json()
    settled(services, row["id"], "waiting", "queued")
    (locks,) = [q for q in (await client.get("/queues")).json()["queues"] if q["name"] == "locks"]
    assert locks["held"]["reason"] == "Bring a key."
    assert locks["held"]["since"] >= row["created_at"]
    assert locks["held"]["action"] is None
    assert sum(locks["counts"].values()) == 1
    assert (await client.post("/queues/locks/resume")).json()["held"] == locks["held"]
    resumed = (await client.post("/queues/resume")).json()["queues"]
    assert [queue["held"] for queue in resumed if queue["held"]] == [locks["held"]]


async def test_a_paused_queue_starts_nothing_until_it_is_resumed(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/queues/nothing/pause")
    assert answer.status_code == 200
    assert answer.json()["name"] == "nothing"
    since = answer.json()["paused"]["since"]
    waits = (await client.post("/tasks", json={"task": "nothing"})).json()
    settled(services, (await client.post("/tasks", json={"task": "broken"})).json()["id"])
    found = (await client.get(f"/tasks/{waits['id']}")).json()
    assert found["state"] == "queued"
    assert found["reason"] == "queue_paused"
    again = await client.post("/queues/nothing/pause")
    assert again.json()["paused"]["since"] == since
    answer = await client.post("/queues/nothing/resume")
    assert (answer.status_code, answer.json()["paused"]) == (200, None)
    assert settled(services, waits["id"])["state"] == "succeeded"
    assert (await client.post("/queues/nothing/resume")).json()["paused"] is None


async def test_all_are_paused_and_resumed_in_one_call(client: httpx.AsyncClient) -> None:
    answer = await client.post("/queues/pause")
    assert answer.status_code == 200
    names = {"broken", "mail", "nothing"}
    assert {queue["name"] for queue in answer.json()["queues"] if queue["paused"]} == names
    await client.post("/queues/mail/resume")
    assert await paused(client) == {"broken", "nothing"}
    answer = await client.post("/queues/resume")
    assert not any(queue["paused"] for queue in answer.json()["queues"])


async def test_a_queue_or_a_schedule_that_is_not_there_is_404(refusing: httpx.AsyncClient) -> None:
    absent = [("queue", name, verb) for name in ("missing", "", "no/body") for verb in VERBS[:2]]
    for kind, name, verb in [*absent, *(("schedule", "nothing", verb) for verb in VERBS)]:
        answer = await refusing.post(f"/{kind}s/{name}/{verb}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"There is no {kind} named “{name}”."
    assert await paused(refusing) == set()


async def test_a_queue_may_have_any_name(client: httpx.AsyncClient, services: Services) -> None:
    for name in ("a/b", "Köln 1%", "pause"):

        @task(name=f"in {name}", queue=name)
        def named() -> None:
            """Do nothing."""

        services.registry.add(named)
        path = f"/queues/{quote(name, safe='')}"
        assert (await client.post(f"{path}/pause")).json()["name"] == name
        assert await paused(client) == {name}
        assert (await client.post(f"{path}/resume")).status_code == 200
        assert await paused(client) == set()


async def test_what_was_done_stands_in_the_last_minute_and_hour(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/items", json={"recipient": {"email": "ada@example.org"}})
    settled(services, int(answer.headers["X-Task-Ids"]), "succeeded")
    for span, points in (("hour", 60), ("day", 24)):
        told = (await client.get("/overview", params={"span": span})).json()
        assert len(told["points"]) == points
        assert sum(point["done"] for point in told["points"]) == told["total"]["done"] == 1
        assert told["tasks"][0]["title"] == "Confirmation e-mail"
        assert told["tasks"][0]["run_median"] == told["tasks"][0]["longest"]  # of one run, exactly
        assert "mail" in {queue["name"] for queue in told["queues"]}
    refused = await client.get("/overview", params={"span": "week"})
    assert refused.status_code == 422


@task(name="reports/daily", cron="0 7 1 1 *", timezone="Europe/Berlin", missed="skip")
def report() -> str:
    return "written"


async def test_a_schedule_is_paused_resumed_and_run_now(
    client: httpx.AsyncClient, services: Services
) -> None:
    assert (await client.get("/schedules")).json() == {"schedules": []}
    services.registry.add(report)
    (before,) = (await client.get("/schedules")).json()["schedules"]
    spec = described(report)
    assert spec is not None
    assert spec.schedule is not None
    due = spec.schedule.next_after(services.engine.config.clock.now())
    assert before == {
        "name": "reports/daily",
        "title": "Reports/daily",
        "queue": "reports/daily",
        "cron": "0 7 1 1 *",
        "every": None,
        "timezone": "Europe/Berlin",
        "missed": "skip",
        "next_at": wire_time(due * 1000),
        "last": None,
        "runs": [],
        "paused_at": None,
    }
    place = f"/schedules/{quote('reports/daily', safe='')}"
    paused = (await client.post(f"{place}/pause")).json()
    assert paused == before | {"next_at": None, "paused_at": paused["paused_at"]}
    assert paused["paused_at"] is not None
    key = {"Idempotency-Key": "one run"}
    answer = await client.post(f"{place}/run", headers=key)
    row = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/tasks/{row['id']}")
    assert settled(services, row["id"])["result"] == "written"
    again = await client.post(f"{place}/run", headers=key)
    assert again.json() == row
    assert again.headers["Idempotent-Replayed"] == "true"
    resumed = (await client.post(f"{place}/resume")).json()
    last = {"at": row["created_at"], "task_id": row["id"], "state": "succeeded"}
    assert resumed == before | {"last": last}
