"""Who gets copies of a draft's e-mails is told before it is sent, and is who gets them."""

from __future__ import annotations

from collections import Counter
from email import message_from_string
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.row_words import copies_sent, copies_words
from desktop.mail.files import Files
from sendoff_tasks.words.table import ENGLISH
from tests.backend.conftest import eventually_batch, outbox
from tests.backend.routes.test_batches import made

pytestmark = pytest.mark.anyio

PARTS = {"subject": "Fees", "text": "Dear {{ name }}", "cc": "Kasse <kasse@example.org>"}


def row(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"row": number, "item": {"recipient": {"email": f"{name}@example.org"}, **more}}


ROWS = [
    row(2, "ada"),
    row(3, "bo", cc="KASSE@example.org, Chor <chor@example.org>"),
    row(4, "kasse"),  # no copy of her own e-mail
    row(5, "cy", bcc="board@example.org; left@example.org"),
    row(6, "di", cc="chor@example.org", template="plain"),
    row(7, "ed", template="plain"),
    row(8, "no address", cc="chor@example.org"),
    row(9, "flo", cc="chor@example.org", fields={"Status": "unsubscribed"}),
]


async def test_copies_are_counted_address_by_address_as_they_are_sent(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    await client.put("/templates/fees", json={"parts": PARTS})
    await client.put("/templates/plain", json={"parts": {"subject": "Hi", "text": "Hi"}})
    await client.post("/do-not-send", json={"entries": [{"address": "left@example.org"}]})
    place = await made(client, template="fees")
    await client.post(f"{place}/rows", json={"rows": ROWS})
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    emails, copied = copies_sent(batch)
    assert (emails, dict(copied)) == (
        4,
        {"kasse@example.org": 3, "chor@example.org": 2, "board@example.org": 1},
    )
    with_all, _ = copies_sent(batch, ["opted_out"])
    assert with_all == 5
    await client.post(f"{place}/start", json={"send_opted_out": False})
    eventually_batch(services, 1, lambda batch: batch["state"] == "done")
    got: Counter[str] = Counter()
    mails = outbox(kept)
    for mail in map(message_from_string, mails):
        lines = f"{mail['Cc']} {mail['Bcc']}".casefold()
        got.update(address for address in dict(copied) if address in lines)
    assert (len(mails), dict(got)) == (6, dict(copied))


async def test_a_draft_without_copies_says_so(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client, 2, 3)
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert batch["copies"] == {"emails": {}, "addresses": [], "others": 0, "repeated": 0}
    (listed,) = (await client.get("/batches")).json()["batches"]
    assert listed["copies"] is None  # as in events: it is counted for one batch alone
    assert (await client.get(place)).json()["copies"] == batch["copies"]


async def test_who_gets_several_emails_is_counted(
    client: httpx.AsyncClient, services: Services
) -> None:
    place = await made(client)
    twice = [row(2, "ada", title="Yoga"), row(3, "ADA", title="Dance"), row(4, "bo")]
    wrong = [row(5, "cy", title="Yoga"), row(6, "cy@", title="Dance")]
    await client.post(f"{place}/rows", json={"rows": [*twice, *wrong]})
    batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
    assert (batch["counts"]["ready"], batch["copies"] and batch["copies"]["repeated"]) == (4, 1)
    said = ENGLISH.say("draft", "repeated", n=1)
    assert copies_words(batch, ()) == [said]
