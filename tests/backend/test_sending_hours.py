"""Outside the sending hours, a batch waits and says so; single e-mails are sent at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.office import OfficeReason
from desktop.contract.rules.hours import DAYS
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch
from tests.backend.conftest import settled
from tests.backend.routes.test_batches import made
from tests.backend.test_practice import because, for_real, mail_server, real, submit, switch
from tests.looking import eventually
from tests.mail.server import Server

__all__ = ["mail_server", "real"]
pytestmark = pytest.mark.anyio


def outside() -> str:
    """Return hours that begin in three days."""
    day = datetime.now().astimezone() + timedelta(days=3)
    return f"{DAYS[day.weekday()]} 9:00-17:00"


async def set_hours(client: httpx.AsyncClient, mail_server: Server, hours: str) -> None:
    await switch(client, {**for_real(mail_server), "hours": hours})


def leaves(services: Services, batch: int) -> Any:
    return services.batches.get(batch)["leaves"]


async def test_a_batch_waits_for_the_hours_while_single_e_mails_leave(
    real: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await set_hours(real, mail_server, outside())
    place = await made(real, 1, 2)
    assert leaves(services, 1)["limited_by"] == {"mark": "hours"}
    await real.post(f"{place}/start")
    assert settled(services, await submit(real, 3))["state"] == State.SUCCEEDED
    told = leaves(services, 1)
    assert (told["reason"], told["limited_by"]) == (None, {"mark": "hours"})
    begins, last, ends = (epoch(told[each]) or 0 for each in ("next_at", "last_at", "closes_at"))
    assert (begins, ends) == (last, begins + 8 * 3600)
    assert [mail.rcpt_tos for mail in mail_server.mails] == [["p3@example.org"]]
    await set_hours(real, mail_server, "")
    eventually(lambda: services.batches.get(1)["counts"]["sent"] == 2)
    assert leaves(services, 1)["closes_at"] is None


async def test_a_retry_that_comes_due_outside_the_hours_waits_without_an_attempt(
    real: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    mail_server.faults["MAIL"] = "451 4.7.1 come back later"
    await real.post(f"{await made(real, 1)}/start")
    task = eventually(lambda: services.batches.rows(1)["rows"][0]["task_id"])
    because(services, task, Reason.RETRY_LATER)
    mail_server.faults.clear()
    await set_hours(real, mail_server, outside())
    await real.post("/tasks/bulk", json={"action": "run_now", "ids": [task]})
    held = because(services, task, OfficeReason.BATCH_LIMIT)
    assert (held["state"], held["attempt"]) == (State.SCHEDULED, 1)
    assert held["reason_data"]["mark"] == "hours"
    assert held["reason_data"]["until"] == leaves(services, 1)["next_at"]
    await real.post("/tasks/bulk", json={"action": "run_anyway", "ids": [task]})
    assert settled(services, task)["state"] == State.SUCCEEDED


async def test_wrong_hours_are_refused_at_their_field(real: httpx.AsyncClient) -> None:
    answer = await real.put("/settings", json={"mail": {"hours": "8-18"}})
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["errors"]] == ["mail.hours"]


async def test_practice_mode_has_no_hours(client: httpx.AsyncClient, services: Services) -> None:
    await switch(client, {"hours": outside()})
    await client.post(f"{await made(client, 1)}/start")
    eventually(lambda: services.batches.get(1)["counts"]["kept"] == 1)
