"""``GET /overview``: counts that are kept, by minute or hour, with each queue as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backend.conftest import settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


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
