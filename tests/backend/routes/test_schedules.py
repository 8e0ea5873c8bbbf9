"""``/schedules`` tells which tasks run by themselves; they are paused, resumed, and run now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from desktop.contract.rules.times import wire_time
from desktop.engine.functions.registry import task
from desktop.engine.functions.spec import described
from tests.backend.conftest import settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.services import Services

pytestmark = pytest.mark.anyio


@task(name="reports/daily", cron="0 7 1 1 *", timezone="Europe/Berlin", missed="skip")
def report() -> str:
    return "written"


async def test_one_is_paused_resumed_and_run_now(
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
        "cron": "0 7 1 1 *",
        "every": None,
        "timezone": "Europe/Berlin",
        "missed": "skip",
        "next_at": wire_time(due * 1000),
        "last": None,
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


@pytest.mark.parametrize("verb", ["pause", "resume", "run"])
async def test_a_task_without_a_schedule_is_404(refusing: httpx.AsyncClient, verb: str) -> None:
    answer = await refusing.post(f"/schedules/nothing/{verb}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no schedule named “nothing”."
