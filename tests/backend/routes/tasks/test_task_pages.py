"""Pages of ``GET /tasks``: filters, orders, and the place where the next one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import bad_paths, settled
from tests.backend.routes.tasks.test_tasks import schedule

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services


class TestPages:
    async def test_recipient_and_error_are_searched_by_themselves_and_counted(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        body = {"recipient": {"name": "Nothing Works", "email": "ada@example.org"}, "delay": 600}
        await client.post("/items/1", json=body)
        broken = await schedule(client, task="broken", args=[1])
        settled(services, broken)
        found = (await client.get("/tasks", params={"to": "works nothing"})).json()
        assert [row["item_id"] for row in found["tasks"]] == [1]
        assert (await client.get("/tasks", params={"to": "broken"})).json()["tasks"] == []
        counts = (await client.get("/tasks/counts", params={"to": "ada"})).json()
        assert (counts["counts"]["scheduled"], counts["counts"]["failed"]) == (1, 0)
        assert counts["is_exact"]
        whole = (await client.get("/tasks/counts")).json()
        assert whole["counts"]["failed"] == 1
        assert (await client.get("/tasks", params={"error": "nosuch"})).json()["tasks"] == []

    async def test_tasks_are_found_by_what_they_are_called(self, client: httpx.AsyncClient) -> None:
        body = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "delay": 600}
        await client.post("/items/1", json=body)
        await schedule(client, task="nothing", delay=600)
        for called in ("confirmation", "E-Mail", "send_conf", "Confirmation e-mail"):
            page = (await client.get("/tasks", params={"called": called})).json()
            assert [row["task"] for row in page["tasks"]] == ["send_confirmation_email"]
            assert (page["total"], page["total_is_exact"]) == (1, True)
        assert (await client.get("/tasks", params={"task": "confirmation"})).json()["total"] == 0
        asked = {"action": "cancel", "filter": {"called": "confirmation"}}
        assert (await client.post("/tasks/bulk", json=asked)).json()["touched"] == 1

    async def test_tasks_are_asked_for_by_number_in_any_order(
        self, client: httpx.AsyncClient
    ) -> None:
        ids = [await schedule(client, task="nothing", delay=600) for _ in range(5)]
        some = ",".join(map(str, (ids[3], ids[1], 999)))
        for sort, found in (("-id", [ids[3], ids[1]]), ("state", [ids[1], ids[3]])):
            page = (await client.get("/tasks", params={"id": some, "sort": sort})).json()
            assert [row["id"] for row in page["tasks"]] == found
            assert (page["total"], page["total_is_exact"]) == (2, True)
        asked = {"action": "cancel", "filter": {"id": some, "state": "scheduled"}}
        assert (await client.post("/tasks/bulk", json=asked)).json()["touched"] == 2
        counts = (await client.get("/tasks/counts", params={"id": some})).json()["counts"]
        assert {state: n for state, n in counts.items() if n} == {"cancelled": 2}
        for bad in ("0", "1,", "one", "1;2"):
            answer = await client.get("/tasks", params={"id": bad})
            assert (answer.status_code, bad_paths(answer)) == (422, ["id"])

    async def test_a_walk_sees_every_task_once(self, client: httpx.AsyncClient) -> None:
        ids = [await schedule(client, task="nothing", delay=600) for _ in range(7)]
        seen, after = [], None
        while True:
            query: dict[str, Any] = {"sort": "id", "limit": 3}
            if after:
                query["after"] = after
            page = (await client.get("/tasks", params=query)).json()
            seen += [row["id"] for row in page["tasks"]]
            after = page["next"]
            if after is None:
                break
        assert seen == ids

    async def test_a_page_says_how_many_there_are_and_as_of_when(
        self, client: httpx.AsyncClient
    ) -> None:
        for _ in range(3):
            await schedule(client, task="nothing", delay=600)
        page = (await client.get("/tasks", params={"limit": 1, "offset": 1})).json()
        assert set(page) == {"tasks", "next", "as_of", "total", "total_is_exact"}
        assert page["total"] == 3
        assert page["total_is_exact"] is True
        assert isinstance(page["as_of"], str)

    async def test_filters_are_joined_by_and(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        failed = await schedule(client, task="broken")
        settled(services, failed)
        await schedule(client, task="nothing", delay=600)
        for query, wanted in [
            ({"state": "failed,cancelled"}, [failed]),
            ({"task": "broken"}, [failed]),
            ({"state": "scheduled", "task": "broken"}, []),
            ({"since": "2001-01-01T00:00:00Z", "state": "failed"}, [failed]),
            ({"until": "2001-01-01T00:00:00Z"}, []),
        ]:
            page = (await client.get("/tasks", params=query)).json()
            assert [row["id"] for row in page["tasks"]] == wanted

    async def test_words_find_people_and_numbers(self, client: httpx.AsyncClient) -> None:
        ada = {"recipient": {"name": "Ada Lovelace", "email": "ada@example.org"}, "delay": 600}
        await client.post("/items/4711", json=ada)
        await client.post("/items/12", json={"delay": 600})
        for text in ("ada", "love", "4711", "example ada"):
            page = (await client.get("/tasks", params={"text": text})).json()
            assert [row["item_id"] for row in page["tasks"]] == [4711], text

    @pytest.mark.parametrize(
        ("query", "path"),
        [
            ("state=lost", "state"),
            ("sort=colour", "sort"),
            ("limit=1001", "limit"),
            ("limit=x", "limit"),
            ("offset=-1", "offset"),
            ("item_id=0", "item_id"),
            ("since=yesterday", "since"),
            ("after=%00nonsense", "after"),
            ("order=id", "order"),
        ],
    )
    async def test_a_bad_query_is_422_at_its_key(
        self, client: httpx.AsyncClient, query: str, path: str
    ) -> None:
        assert bad_paths(await client.get(f"/tasks?{query}")) == [path]
