"""``GET /causes``: failures by what they have in common, and acting on one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.engine.errors import NeedsPerson
from desktop.engine.functions.backoff import Retry
from desktop.engine.functions.registry import task
from tests.backend.conftest import bad_paths, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


@task(name="picky", retry=Retry(attempts=1))
def picky(order: int) -> str:
    """Fail for one of three causes."""
    if order % 3 == 0:
        raise ValueError(f"Order {order} has no rows.")
    if order % 3 == 1:
        raise KeyError(order)
    raise NeedsPerson(f"Order {order} waits for a price.")


async def test_failures_of_three_causes_are_three_rows_each_retried_by_itself(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.registry.add(picky)
    body = [{"task": "picky", "args": [n]} for n in range(30)]
    ids = (await client.post("/tasks", json=body)).json()["ids"]
    for number in ids:
        settled(services, number, "failed", "waiting")
    causes = (await client.get("/causes")).json()["causes"]
    assert sorted((each["count"], each["title"]) for each in causes) == [
        (10, "KeyError in picky (tasks/test_causes.py): …"),
        (10, "Order … waits for a price."),
        (10, "ValueError in picky (tasks/test_causes.py): Order … has no rows."),
    ]
    assert {each["cure"] for each in causes} == {"retry"}
    chosen = {"cause": causes[0]["cause"]}
    page = (await client.get("/tasks", params=chosen)).json()
    assert (page["total"], {row["cause"] for row in page["tasks"]}) == (10, {causes[0]["cause"]})
    answer = await client.post("/tasks/bulk", json={"action": "retry", "filter": chosen})
    assert answer.json()["touched"] == 10
    for row in page["tasks"]:
        settled(services, row["id"], "failed", "waiting")
    again = (await client.get("/causes")).json()["causes"]
    assert sorted(each["new_since_retry"] for each in again) == [0, 0, 10]


async def test_only_the_states_that_are_asked_for_are_counted(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = (await client.post("/tasks", json={"task": "broken"})).json()["id"]
    settled(services, number)
    (cause,) = (await client.get("/causes", params={"state": "failed"})).json()["causes"]
    (place,) = cause["where"]
    assert place.startswith("backend/conftest.py:")
    assert (await client.get("/causes", params={"state": "waiting"})).json()["causes"] == []
    assert (await client.get("/causes", params={"batch_id": 3})).json()["causes"] == []
    (row,) = (await client.get("/tasks", params={"queue": "broken"})).json()["tasks"]
    assert row["cause"] == cause["cause"]
    assert (await client.get("/tasks", params={"queue": "mail"})).json()["tasks"] == []


async def test_a_pause_is_a_cause_of_what_it_keeps_waiting(client: httpx.AsyncClient) -> None:
    assert (await client.post("/queues/broken/pause")).is_success
    assert (await client.get("/causes")).json()["causes"] == []
    body = [{"task": "broken"}, {"task": "broken", "delay": 60}]
    queued, later = (await client.post("/tasks", json=body)).json()["ids"]
    (cause,) = (await client.get("/causes", params={"state": "waiting"})).json()["causes"]
    assert (cause["title"], cause["cure"]) == ("The queue broken is paused", "resume")
    assert (cause["count"], cause["states"], cause["behind"]) == (1, {"waiting": 1}, 0)
    page = (await client.get("/tasks", params={"cause": cause["cause"]})).json()
    assert [row["id"] for row in page["tasks"]] == [queued]
    assert (await client.get(f"/tasks/{later}")).json()["cause"] is None
    assert (await client.get("/causes", params={"state": "failed"})).json()["causes"] == []
    assert (await client.post("/queues/broken/resume")).is_success
    assert (await client.get("/causes", params={"state": "waiting"})).json()["causes"] == []


async def test_what_is_no_state_or_no_cause_is_refused(client: httpx.AsyncClient) -> None:
    assert bad_paths(await client.get("/causes", params={"state": "odd"})) == ["state"]
    assert bad_paths(await client.get("/tasks", params={"cause": "odd"})) == ["cause"]
