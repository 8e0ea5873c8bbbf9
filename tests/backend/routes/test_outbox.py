"""``/outbox``: the mails of practice mode, newest first, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backend.conftest import bad_paths, settled, task_ids

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

pytestmark = pytest.mark.anyio


async def test_a_page_after_a_mail_that_is_not_there_is_refused(client: httpx.AsyncClient) -> None:
    assert bad_paths(await client.get("/outbox", params={"after": "x"})) == ["after"]


async def sent(client: httpx.AsyncClient, services: Services, number: int) -> str:
    """Register an item, wait for its confirmation, give its Message-ID."""
    recipient = {"name": f"Guest {number}", "email": f"guest{number}@example.org"}
    answer = await client.post(f"/items/{number}", json={"recipient": recipient})
    (task_id,) = task_ids(answer)
    settled(services, task_id)
    message_id = (await client.get(f"/tasks/{task_id}")).json()["message_id"]
    assert isinstance(message_id, str)
    return message_id


async def test_the_mail_of_an_item_can_be_read(
    client: httpx.AsyncClient, services: Services
) -> None:
    message_id = await sent(client, services, 42)
    mail = (await client.get(f"/outbox/{message_id}")).json()
    assert mail["message_id"] == message_id
    assert "guest42@example.org" in mail["to"]
    assert "42" in mail["subject"] + mail["text"]
    assert f"Message-ID: <{message_id}>" in mail["source"]


async def test_a_walk_sees_every_mail_once_newest_first(
    client: httpx.AsyncClient, services: Services
) -> None:
    ids = [await sent(client, services, number) for number in range(1, 6)]
    seen: list[str] = []
    after = None
    while True:
        query = {"limit": "2"} | ({"after": after} if after else {})
        page = (await client.get("/outbox", params=query)).json()
        assert all(set(m) == {"message_id", "at", "to", "subject"} for m in page["messages"])
        seen += [message["message_id"] for message in page["messages"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(ids, reverse=True)


async def test_a_mail_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    for name in ("missing@example.org", "..%2Fsettings.toml", "x" * 300):
        assert (await client.get(f"/outbox/{name}")).status_code == 404


async def test_a_bad_limit_is_422(client: httpx.AsyncClient) -> None:
    assert bad_paths(await client.get("/outbox?limit=0")) == ["limit"]
