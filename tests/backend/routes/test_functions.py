"""``GET /functions``: what can be run, and that what it describes can be sent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from desktop.contract.items import CONFIRMATION
from desktop.engine.functions.registry import task
from tests.backend.conftest import settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.services import Services

pytestmark = pytest.mark.anyio


@task(name="days_until", title="A count of days")
def days_until(day: dt.date, since: dt.date = dt.date(2026, 1, 1)) -> int:
    """Count days."""
    return (day - since).days


async def test_every_registered_task_is_told_with_what_it_takes(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.registry.add(days_until)
    functions = (await client.get("/functions")).json()["functions"]
    titles = [each["title"] for each in functions]
    assert titles == sorted(titles, key=str.casefold)
    assert {each["name"] for each in functions} == {*services.registry.names()}
    assert [each["name"] for each in functions if each["takes_item"]] == [CONFIRMATION]
    told = next(each for each in functions if each["name"] == "days_until")
    assert set(told) == {"name", "title", "doc", "lane", "queue", "takes_item", "parameters"}
    assert told["parameters"]["properties"]["since"] == {
        "type": "string",
        "format": "date",
        "default": "2026-01-01",
    }
    sent = {"task": "days_until", "kwargs": {"day": "2026-01-31"}}
    number = (await client.post("/tasks", json=sent)).json()["id"]
    assert settled(services, number)["result"] == 30
