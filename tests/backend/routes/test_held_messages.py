"""A message on hold says what is wrong by now: its template, or its item, may be changed."""

from __future__ import annotations

from typing import Any

import httpx

from desktop.backend.shared.services import Services
from desktop.contract.states import State
from tests.backend.conftest import settled, task_ids

ADA = {"name": "Ada", "email": "ada@example.org"}


async def written(client: httpx.AsyncClient, text: str) -> None:
    parts = {"subject": "s", "text": text}
    (await client.put("/templates/Letter", json={"parts": parts})).raise_for_status()


async def held(client: httpx.AsyncClient, services: Services) -> int:
    await written(client, "Seat {{ seat }}")
    made = await client.post("/items/1", json={"recipient": ADA, "template": "Letter"})
    (number,) = task_ids(made)
    settled(services, number, State.WAITING)
    return number


async def told(client: httpx.AsyncClient, number: int) -> tuple[Any, ...]:
    row = (await client.get(f"/tasks/{number}")).json()
    assert (row["state"], row["reason"], row["attempt"]) == ("waiting", "held_for_person", 1)
    return row["why"], row["error"], row["reason_data"].get("fixed", False)


async def cures(client: httpx.AsyncClient) -> list[str]:
    return [cause["cure"] for cause in (await client.get("/causes")).json()["causes"]]


NEEDS = "The template “Letter” needs “{}”, which is missing."


async def test_it_names_its_template_and_the_field(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await held(client, services)
    needs = NEEDS.format("seat")
    assert await told(client, number) == (needs, needs, False)
    detail = (await client.get(f"/tasks/{number}")).json()
    assert (detail["template"], detail["lacks"]) == ("Letter", ["seat"])
    assert await cures(client) == ["edit_template"]


async def test_it_follows_its_template(client: httpx.AsyncClient, services: Services) -> None:
    number = await held(client, services)
    await written(client, "Hello")
    why, error, is_fixed = await told(client, number)
    assert "fixed" in why
    assert (error, is_fixed) == (None, True)
    assert await cures(client) == ["retry"]
    await written(client, "Row {{ line }} {{ seat }}")
    needs = NEEDS.format("line")
    assert await told(client, number) == (needs, needs, False)
    assert await cures(client) == ["edit_template"]
    await written(client, "{{ seat.row }}")  # which no field of an item has
    assert await told(client, number) == (NEEDS.format("seat"), NEEDS.format("seat"), False)
    await written(client, "{{ name.row }} {{ line }}")
    assert await told(client, number) == (NEEDS.format("row"), NEEDS.format("row"), False)
    await written(client, "Row {{ line }} {{ seat }}")
    await client.put("/templates/Letter/attachments/plan.pdf", content=b"%PDF")
    assert await told(client, number) == (needs, needs, False)
    await written(client, "Hello")
    assert (await told(client, number))[2]
    (await client.post(f"/tasks/{number}/retry")).raise_for_status()
    settled(services, number, State.SUCCEEDED)


async def test_it_follows_its_item(client: httpx.AsyncClient, services: Services) -> None:
    number = await held(client, services)
    item = {"recipient": ADA, "template": "Letter", "fields": {"seat": "F7"}}
    (await client.put("/items/1", json={"item": item})).raise_for_status()
    assert (await told(client, number))[1:] == (None, True)


async def test_a_lost_template_is_not_replaced_by_the_built_in_one_by_itself(
    client: httpx.AsyncClient, services: Services
) -> None:
    parts = {"subject": "s", "text": "My own words"}
    (await client.put("/templates/confirmation", json={"parts": parts})).raise_for_status()
    (sent,) = task_ids(await client.post("/items/1", json={"recipient": ADA}))
    settled(services, sent, State.SUCCEEDED)
    services.letters.files.remove("templates/confirmation.jinja")
    (number,) = task_ids(await client.post("/items/2", json={"recipient": ADA}))
    settled(services, number, State.WAITING)
    why, error, _ = await told(client, number)
    assert why == error
    assert "Your template “confirmation” is gone" in why
    assert (await client.get("/templates/confirmation")).json()["own"]
    assert (await client.delete("/templates/confirmation")).status_code == 204
    assert (await told(client, number))[1:] == (None, True)
    (await client.post(f"/tasks/{number}/retry")).raise_for_status()
    settled(services, number, State.SUCCEEDED)
    assert not (await client.get("/templates/confirmation")).json()["own"]
