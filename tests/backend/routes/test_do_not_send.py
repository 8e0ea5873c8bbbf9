"""Who is on the list *Do not send* gets nothing, however the e-mail came to be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.contract.batches import Batch, BatchCounts
from desktop.contract.do_not_send import DO_NOT_SEND
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.words.table import ENGLISH
from tests.backend.conftest import settled, task_ids
from tests.looking import eventually
from tests.mail.returned import free_text, report
from tests.mail.server import Server, running

pytestmark = pytest.mark.anyio

KLARA = "k.weber@example.com"


@pytest.fixture
async def mail_server(client: httpx.AsyncClient) -> AsyncIterator[Server]:
    """Send through a real SMTP server."""
    with running() as server:
        told = {
            "transport": "smtp",
            "host": "localhost",
            "port": server.port,
            "security": "none",
            "sender": "office@example.org",
        }
        assert (await client.put("/settings", json={"mail": told})).status_code == 200
        yield server


def to(email: str, **more: Any) -> dict[str, Any]:
    return {"recipient": {"name": "Klara Weber", "email": email}, **more}


async def put_on(client: httpx.AsyncClient, *addresses: str, **more: str) -> list[int]:
    entries = [{"address": each, **more} for each in addresses]
    answer = await client.post("/do-not-send", json={"entries": entries})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["added"])


async def entries(client: httpx.AsyncClient, text: str = "") -> list[dict[str, Any]]:
    answer = await client.get("/do-not-send", params={"text": text})
    return list(answer.json()["entries"])


async def sent(client: httpx.AsyncClient, services: Services, body: dict[str, Any]) -> Any:
    (task,) = task_ids(await client.post("/items", json=body))
    return settled(services, task)


@pytest.mark.parametrize(
    "written", [KLARA, " K.Weber@Example.COM ", "@example.com", "*@Example.com"]
)
async def test_an_address_on_the_list_gets_nothing(
    client: httpx.AsyncClient, services: Services, mail_server: Server, written: str
) -> None:
    await put_on(client, written)
    task = await sent(client, services, to("K.weber@EXAMPLE.com"))
    assert (task["state"], task["reason"]) == ("cancelled", "cancelled_by_task")
    assert task["reason_data"]["mark"] == DO_NOT_SEND
    other = await sent(client, services, to("k.weber+news@example.org"))
    assert other["state"] == "succeeded"
    assert [each.rcpt_tos for each in mail_server.mails] == [["k.weber+news@example.org"]]
    assert [each["left_out"] for each in await entries(client)] == [1]


async def test_a_tag_makes_another_address(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA)
    task = await sent(client, services, to("k.weber+news@example.com"))
    assert task["state"] == "succeeded"


@pytest.mark.parametrize(
    ("entry", "typed", "stops"),
    [
        (KLARA, "k.weber@example.comTest", True),
        (KLARA, "K.Weber@example.comx", True),
        ("@example.com", "k.weber@example.comtest", True),
        ("k.weber@example.de", "k.weber@example.deTest", True),
        ("k.weber@example.co", KLARA, False),
        ("@example.co", KLARA, False),
        (KLARA, "k.weber@example.com.br", False),
        (KLARA, "weber@example.comTest", False),
    ],
)
async def test_what_is_typed_behind_a_listed_address_does_not_let_it_pass(
    client: httpx.AsyncClient, services: Services, entry: str, typed: str, stops: bool
) -> None:
    numbers = await put_on(client, entry)
    told = {"addresses": [typed]}
    (found,) = (await client.post("/do-not-send/check", json=told)).json()["addresses"]
    assert found["entry"] == ((await entries(client))[0] if stops else None)
    task = await sent(client, services, to(typed))
    assert task["state"] == ("cancelled" if stops else "succeeded")
    assert numbers != await put_on(client, typed)  # it can be on the list by itself
    assert len(await entries(client)) == 2


async def test_a_forgotten_person_is_known_with_something_typed_behind_the_address(
    client: httpx.AsyncClient, services: Services
) -> None:
    await forget(client)
    task = await sent(client, services, to(f"{KLARA}Test"))
    assert task["state"] == "cancelled"


async def test_an_address_listed_meanwhile_stops_what_is_planned(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    (task,) = task_ids(await client.post("/items", json=to(KLARA, delay=600)))
    await put_on(client, KLARA)
    assert (await client.patch(f"/tasks/{task}", json={"run_at": None})).status_code == 200
    assert settled(services, task)["reason_data"]["mark"] == DO_NOT_SEND
    assert not mail_server.mails


async def test_a_listed_copy_is_left_out_and_the_message_goes(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, "cy@example.org", "di@example.org")
    body = to(KLARA, cc="cy@example.org, bo@example.org", bcc="di@example.org")
    assert (await sent(client, services, body))["state"] == "succeeded"
    assert [each.rcpt_tos for each in mail_server.mails] == [[KLARA, "bo@example.org"]]
    assert b"cy@example.org" not in (mail_server.mails[0].original_content or b"")


async def test_send_anyway_lifts_it_for_one_item(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA)
    assert (await sent(client, services, to(KLARA, send_anyway=True)))["state"] == "succeeded"
    assert (await sent(client, services, to(KLARA)))["state"] == "cancelled"


async def test_send_anyway_lifts_it_for_the_recipient_and_not_for_a_copy(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA, "cy@example.org")
    body = to(KLARA, cc="cy@example.org", send_anyway=True)
    task = await sent(client, services, body)
    assert [each.rcpt_tos for each in mail_server.mails] == [[KLARA]]
    logged = [each["text"] for each in services.engine.task(task["id"])["log"]]
    assert "No copy to cy@example.org: it is on the list “Do not send”." in logged


async def test_send_anyway_lifts_it_for_no_other_address(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA, "bo@example.org")
    task = await sent(client, services, to(KLARA, send_anyway=True))
    again = await client.post(
        "/tasks/bulk",
        json={"action": "resend", "ids": [task["id"]], "to": {"email": "bo@example.org"}},
    )
    assert settled(services, *again.json()["ids"])["state"] == "cancelled"
    assert [each.rcpt_tos for each in mail_server.mails] == [[KLARA]]


async def test_who_is_allowed_again_is_written_to_and_not_offered(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    mail_server.refuse = lambda _: "550 5.1.1 no such user"
    assert (await sent(client, services, to(KLARA)))["state"] == "failed"
    refused = (await client.get("/do-not-send/refused")).json()["refused"]
    assert [(e["address"], e["reason"], e["source"]) for e in refused] == [
        (KLARA, "no_mailbox", "550 5.1.1")
    ]
    numbers = await put_on(client, KLARA, source="550 5.1.1", reason="no_mailbox")
    assert (await client.get("/do-not-send/refused")).json() == {"refused": []}
    assert (await client.post("/do-not-send/allow", json={"entries": numbers})).status_code == 204
    assert await entries(client) == []
    assert (await client.get("/do-not-send/refused")).json() == {"refused": []}
    mail_server.refuse = lambda _: None
    assert (await sent(client, services, to(KLARA)))["state"] == "succeeded"
    undone = {"entries": numbers, "again": False}
    assert (await client.post("/do-not-send/allow", json=undone)).status_code == 204
    assert [each["reason"] for each in await entries(client)] == ["no_mailbox"]


async def test_a_dismissed_address_is_not_offered_again(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    mail_server.refuse = lambda _: "550 5.1.2 no such domain"
    await sent(client, services, to(KLARA))
    told = {"entries": [{"address": KLARA}], "origin": "server", "allowed": True}
    assert (await client.post("/do-not-send", json=told)).json()["known"] == 0
    await sent(client, services, to(KLARA))
    assert (await client.get("/do-not-send/refused")).json() == {"refused": []}
    assert await entries(client) == []


async def test_a_forgotten_address_is_known_by_its_fingerprint(
    client: httpx.AsyncClient, services: Services, folder: OfficeFolder
) -> None:
    item = (await client.post("/items", json=to(KLARA, tasks=[]))).json()["item_id"]
    await put_on(client, KLARA, note="phoned")
    params = {"forget": "true", "do_not_send": "true"}
    assert (await client.delete(f"/items/{item}", params=params)).status_code == 200
    (entry,) = await entries(client)
    assert (entry["address"], entry["reason"], entry["note"]) == (None, "forgotten", "")
    told = {"addresses": ["K.Weber@example.com", "other@example.com"]}
    found = (await client.post("/do-not-send/check", json=told)).json()["addresses"]
    assert [each["entry"] and each["entry"]["entry_id"] for each in found] == [
        entry["entry_id"],
        None,
    ]
    assert not [
        each for each in folder.root.rglob("*.db*") if b"k.weber" in each.read_bytes().lower()
    ]


async def test_a_forgotten_person_leaves_the_list_unless_asked(
    client: httpx.AsyncClient, services: Services
) -> None:
    item = (await client.post("/items", json=to(KLARA, tasks=[]))).json()["item_id"]
    await put_on(client, KLARA)
    assert (await client.delete(f"/items/{item}", params={"forget": "true"})).status_code == 200
    assert await entries(client) == []


async def test_what_is_no_address_is_refused(client: httpx.AsyncClient) -> None:
    for wrong in ("klara", "@", "@exa mple", "a@b@c.org", "*@", "k*@example.org"):
        body = {"entries": [{"address": wrong}]}
        assert (await client.post("/do-not-send", json=body)).status_code == 422
    unknown = {"entries": [9]}
    assert (await client.post("/do-not-send/allow", json=unknown)).status_code == 404


async def drafted(client: httpx.AsyncClient, addresses: list[str], **more: Any) -> int:
    made = await client.post("/batches", json={"name": "Members", "columns": {"E-Mail": "email"}})
    number: int = made.json()["batch_id"]
    rows = [{"row": n, "item": to(each, **more)} for n, each in enumerate(addresses, 2)]
    answer = await client.post(f"/batches/{number}/rows", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    return number


def checked(services: Services, number: int) -> BatchCounts:
    """Wait until every row is checked."""
    return batch_when(services, number, lambda it: not it["counts"]["unchecked"])["counts"]


def ended(services: Services, number: int) -> Batch:
    return batch_when(services, number, lambda it: it["state"] == "done")


def batch_when(services: Services, number: int, is_so: Callable[[Batch], bool]) -> Batch:
    def look() -> Batch | None:
        batch = services.batches.get(number)
        return batch if is_so(batch) else None

    return eventually(look)


async def start(client: httpx.AsyncClient, number: int, **options: Any) -> None:
    answer = await client.post(f"/batches/{number}/start", json=options)
    assert answer.status_code == 202, answer.text


async def test_rows_to_listed_addresses_are_left_out_with_the_reason(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    number = await drafted(client, [KLARA, "bo@example.org"])
    await put_on(client, KLARA, note="phoned")
    counts = checked(services, number)
    assert (counts["ready"], counts["do_not_send"], counts["problems"]) == (1, 1, 0)
    row = (await client.get(f"/batches/{number}/rows", params={"check": DO_NOT_SEND})).json()
    assert [each["data"]["entry"]["note"] for each in row["rows"]] == ["phoned"]
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    assert [today in each["message"] for each in row["rows"]] == [True]
    await start(client, number)
    batch = ended(services, number)
    assert (batch["counts"]["sent"], batch["counts"]["left_out"]) == (1, 1)
    assert [each["left_out"] for each in await entries(client)] == [1]


async def test_one_row_is_sent_after_all_for_this_batch_alone(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA)
    number = await drafted(client, [KLARA])
    body = {"item": to(KLARA, send_anyway=True)}
    answer = await client.put(f"/batches/{number}/rows/2", json=body)
    assert answer.status_code == 200, answer.text
    assert checked(services, number)["ready"] == 1
    await start(client, number)
    assert ended(services, number)["counts"]["sent"] == 1
    again = await drafted(client, [KLARA, "bo@example.org"])
    assert checked(services, again)["do_not_send"] == 1


async def test_a_batch_is_sent_to_listed_addresses_if_asked(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    await put_on(client, KLARA)
    number = await drafted(client, [KLARA])
    assert checked(services, number)["do_not_send"] == 1
    await start(client, number, send_anyway=True)
    assert ended(services, number)["counts"]["sent"] == 1


async def test_a_row_listed_after_the_start_is_left_out_and_sent_once_it_may_be(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    number = await drafted(client, [KLARA], run_at="2090-01-01T00:00:00Z")
    await start(client, number)
    task = eventually(lambda: services.batches.row(number, 2)["task_id"])
    await put_on(client, KLARA)
    assert (await client.patch(f"/tasks/{task}", json={"run_at": None})).status_code == 200
    batch = ended(services, number)
    assert batch["counts"]["left_out"] == 1
    (row,) = (await client.get(f"/batches/{number}/rows")).json()["rows"]
    assert (row["outcome"], row["check"]) == ("left_out", DO_NOT_SEND)
    item = (await client.get(f"/items/{row['item_id']}")).json()["item"]
    del item["run_at"]
    corrected = {"item": {**item, "send_anyway": True}, "send": True}
    answer = await client.put(f"/items/{row['item_id']}", json=corrected)
    assert settled(services, answer.json()["added"][0])["state"] == "succeeded"
    assert (await client.get(f"/batches/{number}")).json()["counts"]["sent"] == 1


async def test_an_old_list_with_a_tenth_dead_reaches_all_others_the_second_time(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    """The offer after the first mail-out is taken: the second one leaves the dead out."""
    everyone = [f"member{n}@example.org" for n in range(1_000)]
    dead = set(everyone[::10])
    mail_server.refuse = lambda mail: "550 5.1.1 no such user" if dead & {*mail.rcpt_tos} else None
    first = await drafted(client, everyone)
    await start(client, first)
    assert ended(services, first)["counts"]["failed"] == 100
    refused = (await client.get("/do-not-send/refused")).json()["refused"]
    assert {each["address"] for each in refused} == dead
    told = [{name: each[name] for name in ("address", "reason", "source")} for each in refused]
    await client.post("/do-not-send", json={"entries": told, "origin": "server"})
    mail_server.mails.clear()
    second = await drafted(client, [*everyone[::-1], "new@example.org"])
    counts = checked(services, second)
    assert counts["do_not_send"] == 100
    await start(client, second, send_same=True)
    counts = ended(services, second)["counts"]
    assert (counts["sent"], counts["left_out"], counts["failed"]) == (901, 100, 0)
    reached = sorted(address for mail in mail_server.mails for address in mail.rcpt_tos)
    assert reached == sorted({*everyone, "new@example.org"} - dead)


async def found_in(client: httpx.AsyncClient, *mails: bytes) -> list[dict[str, Any]]:
    content = b"".join(b"From mailer\n" + mail + b"\n\n" for mail in mails)
    answer = await client.post("/bounces", content=content)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["bounces"])


async def test_a_bounce_is_matched_by_our_message_id_and_marked(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    number = await drafted(client, [KLARA, "bo@example.org"])
    await start(client, number)
    ended(services, number)
    (row, _) = (await client.get(f"/batches/{number}/rows")).json()["rows"]
    (found,) = await found_in(client, report(KLARA.upper(), row["message_id"]))
    assert (found["match"], found["tasks"][0]["task_id"]) == ("message_id", row["task_id"])
    marked = await client.post("/bounces/mark", json={"bounces": found["tasks"]})
    assert marked.json() == {"tasks": [row["task_id"]]}
    task = services.engine.task(row["task_id"])
    assert (task["state"], task["reason"]) == ("succeeded", "came_back")
    assert task["reason_data"]["enhanced"] == "5.1.1"
    batch = services.batches.get(number)
    assert (batch["counts"]["sent"], batch["bounced"]) == (2, 1)
    assert services.batches.row(number, 2)["bounced"] == "550 5.1.1 no such user"
    item = (await client.get(f"/items/{row['item_id']}")).json()
    assert item["informed"] == "no"
    refused = (await client.get("/do-not-send/refused")).json()["refused"]
    assert [each["address"] for each in refused] == [KLARA]
    (found,) = await found_in(client, report(KLARA, row["message_id"]))
    assert found["match"] == "known"
    back = {"bounces": found["tasks"], "bounced": False}
    undone = await client.post("/bounces/mark", json=back)
    assert undone.json() == {"tasks": [row["task_id"]]}
    assert services.batches.get(number)["bounced"] == 0
    assert services.batches.row(number, 2)["bounced"] is None
    assert (await client.get(f"/items/{row['item_id']}")).json()["informed"] == "yes"


async def test_a_bounce_without_a_message_id_is_matched_if_one_e_mail_fits(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    first = await sent(client, services, to(KLARA))
    (found,) = await found_in(client, free_text(KLARA))
    assert (found["match"], [e["task_id"] for e in found["tasks"]]) == ("address", [first["id"]])
    second = await sent(client, services, to(KLARA))
    (found,) = await found_in(client, free_text(KLARA))
    assert found["match"] == "ask"
    assert {each["task_id"] for each in found["tasks"]} == {first["id"], second["id"]}
    (found,) = await found_in(client, free_text("other@example.com"))
    assert (found["match"], found["tasks"]) == ("none", [])


def encoded(address: str, written: str) -> bytes:
    """Return a report whose recipients are written in another way."""
    mail = report(address, "<else@example.net>")
    plain = f"Final-Recipient: rfc822; {address}\n"
    both = f"Original-Recipient: rfc822;{written}\nFinal-Recipient: rfc822; {written}\n"
    return mail.replace(plain.encode(), both.encode())


@pytest.mark.parametrize(
    ("written", "match", "address"),
    [
        ("bo+42@example.org", "address", "bo+42@example.org"),
        ("bo+50@example.org", "none", "bo+50@example.org"),
        ("bo+2Bnews@example.org", "address", "bo+news@example.org"),
        ("bo+2Bown@example.org", "address", "bo+2bown@example.org"),
    ],
)
async def test_a_plus_address_of_a_bounce_is_nobody_else_s(
    client: httpx.AsyncClient,
    services: Services,
    mail_server: Server,
    written: str,
    match: str,
    address: str,
) -> None:
    """Servers write it plainly; few encode + and =, which counts if only that was written to."""
    ours = ("bo+42", "boB", "boP", "bo+news", "bo+2Bown", "bo+own")
    for each in ours:
        await sent(client, services, to(f"{each}@example.org"))
    (found,) = await found_in(client, encoded(written, written))
    assert (found["match"], found["address"]) == (match, address)


async def test_two_bounces_that_are_not_certain_are_two_questions(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    for _ in range(2):
        await sent(client, services, to(KLARA))
    dated = [f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}\n".encode(), b""]
    found = await found_in(client, *(each + free_text(KLARA) for each in dated))
    assert [each["match"] for each in found] == ["ask", "ask"]
    (alone,) = await found_in(client, free_text(KLARA), free_text(KLARA))
    assert alone["match"] == "ask"


async def test_a_bounce_of_a_copy_marks_no_e_mail_by_itself(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    task = await sent(client, services, to(KLARA, cc="cy@example.org"))
    (found,) = await found_in(client, report("cy@example.org", task["message_id"]))
    assert found["match"] == "ask"


async def test_a_file_that_is_no_e_mail_marks_nothing(client: httpx.AsyncClient) -> None:
    for content, reason in (
        (bytes(range(256)) * 100, "bounces"),
        (b"Dear all,\n\nplease call me.\n", "bounces"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "outlook"),
    ):
        answer = await client.post("/bounces", content=content)
        refused = answer.status_code, answer.json()["detail"]
        assert refused == (422, ENGLISH.say("no_copy", reason))
    assert (await client.post("/bounces", content=b"")).status_code == 400


async def test_a_forgotten_person_leaves_no_word_of_a_bounce(
    client: httpx.AsyncClient, services: Services, mail_server: Server, folder: OfficeFolder
) -> None:
    number = await drafted(client, [KLARA])
    await start(client, number)
    ended(services, number)
    row = services.batches.row(number, 2)
    said = f"550 5.1.1 {KLARA} is unknown"
    (found,) = await found_in(client, report(KLARA, str(row["message_id"]), said=said))
    await client.post("/bounces/mark", json={"bounces": found["tasks"]})
    assert services.batches.row(number, 2)["bounced"] == said
    answer = await client.delete(f"/items/{row['item_id']}", params={"forget": "true"})
    assert answer.status_code == 200, answer.text
    assert services.batches.row(number, 2)["bounced"] == ""
    assert not [
        each for each in folder.root.rglob("*.db*") if b"k.weber" in each.read_bytes().lower()
    ]


async def test_a_bounce_that_another_clock_dates_before_its_e_mail_is_matched(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    task = await sent(client, services, to(KLARA))
    clock = datetime.now(UTC) - timedelta(minutes=2)
    dated = f"Date: {format_datetime(clock)}\n".encode() + free_text(KLARA)
    (found,) = await found_in(client, dated)
    assert (found["match"], [e["task_id"] for e in found["tasks"]]) == ("address", [task["id"]])


async def test_a_bounce_of_a_copy_does_not_offer_the_recipient(
    client: httpx.AsyncClient, services: Services, mail_server: Server
) -> None:
    task = await sent(client, services, to(KLARA, cc="cy@example.org"))
    (found,) = await found_in(client, report("cy@example.org", task["message_id"]))
    marked = await client.post("/bounces/mark", json={"bounces": found["tasks"]})
    assert marked.json() == {"tasks": [task["id"]]}
    assert (await client.get("/do-not-send/refused")).json() == {"refused": []}


async def forget(client: httpx.AsyncClient) -> None:
    item = (await client.post("/items", json=to(KLARA, tasks=[]))).json()["item_id"]
    params = {"forget": "true", "do_not_send": "true"}
    answer = await client.delete(f"/items/{item}", params=params)
    assert answer.status_code == 200, answer.text


async def test_a_person_forgotten_again_after_being_allowed_is_on_the_list(
    client: httpx.AsyncClient, services: Services
) -> None:
    await forget(client)
    numbers = [each["entry_id"] for each in await entries(client)]
    assert (await client.post("/do-not-send/allow", json={"entries": numbers})).status_code == 204
    await forget(client)
    assert [each["reason"] for each in await entries(client)] == ["forgotten"]


@pytest.mark.parametrize("is_forgotten", [True, False])
async def test_an_address_stays_on_the_list_when_its_domain_leaves_it(
    client: httpx.AsyncClient, services: Services, mail_server: Server, is_forgotten: bool
) -> None:
    domain = await put_on(client, "@example.com")
    await (forget(client) if is_forgotten else put_on(client, KLARA))
    assert (await client.post("/do-not-send/allow", json={"entries": domain})).status_code == 204
    assert (await sent(client, services, to(KLARA)))["state"] == "cancelled"
