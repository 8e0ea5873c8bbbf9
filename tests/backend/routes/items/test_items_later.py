"""Items after they were accepted: read, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.tasks import Deed
from tests import WITHIN
from tests.backend.conftest import bad_paths, settled, task_ids
from tests.backend.routes.items.test_items import ADA

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from tests.backend.conftest import Gate


class TestUndo:
    async def test_while_nothing_has_started_the_item_goes_and_its_number_is_free(
        self, client: httpx.AsyncClient
    ) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"delay": 600}))
        answer = await client.delete("/items/42")
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get("/items/42")).status_code == 404
        assert (await client.get(f"/tasks/{number}")).status_code == 404
        again = await client.post("/items/42", json={"title": "another"})
        assert again.status_code == 200
        assert "Idempotent-Replayed" not in again.headers

    async def test_once_a_task_has_started_it_is_409_and_says_which(
        self, client: httpx.AsyncClient, gate: Gate
    ) -> None:
        (number,) = task_ids(await client.post("/items/42", json={"tasks": ["gated"]}))
        assert gate.begun.wait(WITHIN)
        answer = await client.delete("/items/42")
        assert answer.status_code == 409
        assert str(number) in answer.json()["detail"] or "Gated" in answer.json()["detail"]
        assert (await client.get("/items/42")).status_code == 200

    async def test_an_item_that_is_not_there_is_404(self, client: httpx.AsyncClient) -> None:
        assert (await client.delete("/items/42")).status_code == 404


class TestReading:
    async def test_an_item_comes_back_as_it_was_registered(self, client: httpx.AsyncClient) -> None:
        body = {**ADA, "title": "Booking", "fields": {"seats": 2, "row": "F"}, "delay": 600}
        await client.post("/items/42", json=body)
        item = (await client.get("/items/42")).json()
        assert item["item_id"] == 42
        assert item["title"] == "Booking"
        assert item["recipient"] == ADA["recipient"]
        assert item["fields"] == {"seats": 2, "row": "F"}
        assert item["template"] is None
        assert [row["task"] for row in item["tasks"]] == ["send_confirmation_email"]

    async def test_what_is_not_there_is_404_and_says_so(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/items/42")
        assert answer.status_code == 404
        assert "42" in answer.json()["detail"]

    async def test_the_list_says_who_was_told_and_is_narrowed_by_it(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        (first,) = task_ids(await client.post("/items/1", json=ADA))
        await client.post("/items/2", json={**ADA, "title": "Opera", "delay": 600})
        await client.post("/items/3", json={"tasks": []})
        settled(services, first, "succeeded")
        page = (await client.get("/items", params={"informed": "kept,not_yet"})).json()
        assert [(each["item_id"], each["informed"]) for each in page["items"]] == [
            (2, "not_yet"),
            (1, "kept"),
        ]
        assert page["counts"] == {
            "yes": 0, "not_sure": 0, "not_yet": 1, "no": 0, "kept": 1, "none": 1
        }  # fmt: skip
        found = (await client.get("/items", params={"text": "opera"})).json()
        assert [each["item_id"] for each in found["items"]] == [2]
        answer = await client.get("/items", params={"informed": "perhaps"})
        assert bad_paths(answer) == ["informed"]

    async def test_a_page_has_what_persons_did_where_it_is_asked_for(
        self, client: httpx.AsyncClient
    ) -> None:
        (task,) = task_ids(await client.post("/items/1", json={**ADA, "delay": 600}))
        await client.post("/items/2", json={**ADA, "delay": 600})
        for verb in ("cancel", "retry"):
            assert (await client.post(f"/tasks/{task}/{verb}")).status_code == 200
        asked = {"deeds": "true", "sort": "item_id"}
        page = (await client.get("/items", params=asked)).json()
        told = [[(each["task_id"], each["text"]) for each in one["deeds"]] for one in page["items"]]
        assert told == [[(task, Deed.CANCELLED), (task, Deed.RETRIED)], []]
        cy = {**ADA, "recipient": {"email": "cy@example.org"}}
        await client.put("/items/2", json={"item": cy})
        one, two = (await client.get("/items", params=asked)).json()["items"]
        assert "bodies" not in one
        assert [each["item"]["recipient"] for each in two["bodies"]] == [
            cy["recipient"],
            ADA["recipient"],
        ]
        page = (await client.get("/items")).json()
        assert not any({"deeds", "bodies"} & item.keys() for item in page["items"])

    @pytest.mark.parametrize("sort", ["item_id", "-item_id"])
    async def test_pages_hold_every_item_once_in_order(
        self, client: httpx.AsyncClient, sort: str
    ) -> None:
        numbers = [3, 1, 4, 15, 9, 26, 5]
        for number in numbers:
            await client.post(f"/items/{number}", json={"tasks": []})
        seen, after = [], None
        while True:
            query: dict[str, Any] = {"sort": sort, "limit": 3}
            if after is not None:
                query["after"] = after
            page = (await client.get("/items", params=query)).json()
            seen += [item["item_id"] for item in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert seen == sorted(numbers, reverse=sort.startswith("-"))

    @pytest.mark.parametrize(
        ("query", "path"),
        [("limit=0", "limit"), ("limit=1001", "limit"), ("sort=title", "sort"),
         ("after=x", "after"), ("page=2", "page")],
    )  # fmt: skip
    async def test_a_bad_query_is_422_at_its_key(
        self, client: httpx.AsyncClient, query: str, path: str
    ) -> None:
        assert bad_paths(await client.get(f"/items?{query}")) == [path]
