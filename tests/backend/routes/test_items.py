"""Items are registered, one or many, at once or later, read, corrected and forgotten."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.files import Files
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.model.tasks import ID_LIMIT, Deed
from sendoff_tasks.store.backup import back_up
from tests import WITHIN
from tests.backend.conftest import Gate, bad_paths, outbox, settled, task_ids
from tests.looking import eventually

pytestmark = pytest.mark.anyio

ADA = {"recipient": {"name": "Ada Lovelace", "email": "ada@example.org"}}
SMTP = {"transport": "smtp", "host": "localhost", "sender": "desk@example.org"}


async def test_no_body_and_no_content_type_registers_an_item_and_its_confirmation(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/items/42")
    assert answer.status_code == 200
    assert answer.json() == {"item_id": 42}
    assert answer.headers["Location"] == "/items/42"
    (number,) = task_ids(answer)
    sent = settled(services, number)
    assert (sent["task"], sent["state"]) == ("send_confirmation_email", "succeeded")
    assert sent["to"] == "you@example.org"


async def test_each_named_task_is_called_with_the_items_number(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.post("/items/7", json={"tasks": ["nothing", "broken"]})
    first, second = task_ids(answer)
    assert settled(services, first)["args"] == [7]
    assert settled(services, second)["state"] == "failed"
    answer = await client.post("/items/8", json={"tasks": []})
    assert answer.headers["X-Task-Ids"] == ""
    assert (await client.get("/items/8")).json()["tasks"] == []


async def test_the_number_that_is_said_to_be_next_is_the_one_given(
    client: httpx.AsyncClient,
) -> None:
    async def given() -> int:
        said = (await client.get("/items/next")).json()
        answer = await client.post("/items", json={"delay": 600})
        assert (answer.status_code, answer.json()) == (201, said)
        assert answer.headers["Location"] == f"/items/{said['item_id']}"
        return int(said["item_id"])

    assert await given() == 1
    (task,) = task_ids(await client.post("/items/40", json={"delay": 600}))
    await client.post("/tasks/bulk", json={"action": "cancel", "ids": [task]})
    await client.post("/tasks/bulk", json={"action": "remove", "ids": [task]})
    assert await given() == 41
    draft = (await client.post("/batches", json={"name": "a.csv"})).headers["Location"]
    rows = [{"row": 2, "item": {**ADA, "item_id": 3000}}]
    await client.post(f"{draft}/rows", json={"rows": rows})
    await client.post(f"{draft}/start?undo_for=600")
    assert await given() == 3001
    await client.post(f"/items/{ID_LIMIT}", json={"delay": 600})
    assert await given() == 3002


async def test_the_same_again_has_the_same_answer_and_schedules_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    same: list[tuple[Any, Any]] = [
        (None, {}),
        ({}, None),
        ({"title": "A", "priority": 3}, {"priority": 3, "title": "A"}),
        ({"delay": 500}, {"delay": 500.0}),
        ({"fields": {"a": 1, "b": [True, None]}}, {"fields": {"b": [True, None], "a": 1}}),
        ({**ADA, "delay": 60}, {"delay": 60, **ADA}),
    ]
    for number, bodies in enumerate(same, 1):
        one, two = [
            await client.post(f"/items/{number}", **({} if body is None else {"json": body}))
            for body in bodies
        ]
        assert (one.status_code, two.status_code) == (200, 200), bodies
        assert one.json() == two.json()
        assert one.headers["X-Task-Ids"] == two.headers["X-Task-Ids"]
        assert "Idempotent-Replayed" not in one.headers
        assert two.headers["Idempotent-Replayed"] == "true"
        assert sum(services.engine.stats()["counts"].values()) == number


async def test_another_body_is_409_and_changes_nothing(client: httpx.AsyncClient) -> None:
    others: list[tuple[Any, Any]] = [
        ({}, {"title": "A"}),
        ({"title": "A"}, {"title": "B"}),
        ({"fields": {"a": 1}}, {"fields": {"a": True}}),
        ({"fields": {"a": None}}, {"fields": {}}),
        ({}, {"recipient": {"email": "you@example.org"}}),
        ({}, {"tasks": ["send_confirmation_email"]}),
    ]
    for number, (first, other) in enumerate(others, 42):
        await client.post(f"/items/{number}", json=first)
        before = (await client.get(f"/items/{number}")).json()["title"]
        answer = await client.post(f"/items/{number}", json=other)
        assert answer.status_code == 409, other
        assert answer.json()["refusal"] == "number_taken"
        assert str(number) in answer.json()["detail"]
        assert (await client.get(f"/items/{number}")).json()["title"] == before


@pytest.mark.parametrize(
    "number", ["0", "-1", "abc", str(ID_LIMIT + 1), "4.2", "4_2", "%2042", "٤٢", "9" * 400]
)
async def test_a_number_that_cannot_be_one_is_422_at_item_id(
    refusing: httpx.AsyncClient, number: str
) -> None:
    assert bad_paths(await refusing.post(f"/items/{number}")) == ["item_id"]
    assert bad_paths(await refusing.get(f"/items/{number}")) == ["item_id"]
    assert bad_paths(await refusing.delete(f"/items/{number}")) == ["item_id"]


async def test_the_largest_number_is_kept_whole(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/items/{ID_LIMIT}", json={"tasks": []})
    assert answer.json() == {"item_id": ID_LIMIT}
    assert (await client.get(f"/items/{ID_LIMIT}")).json()["item_id"] == ID_LIMIT


async def test_a_refused_item_leaves_nothing_behind(client: httpx.AsyncClient) -> None:
    bodies: list[tuple[dict[str, Any], list[str], str]] = [
        ({"recipient": {"email": "ada"}, "colour": 1}, ["recipient.email", "colour"], ""),
        ({"tasks": ["nothing", "launch_rocket"]}, ["tasks.1"], "launch_rocket"),
        ({"template": "no-such"}, ["template"], "no-such"),
    ]
    for body, paths, named in bodies:
        answer = await client.post("/items/42", json=body)
        assert bad_paths(answer) == paths
        assert named in answer.json()["detail"]
        assert (await client.get("/items/42")).status_code == 404


async def test_an_e_mail_is_called_after_its_own_template(client: httpx.AsyncClient) -> None:
    source = "{% block subject %}S{% endblock %}{% block text %}T{% endblock %}"
    await client.put("/templates/Summer party", json={"source": source})
    for number, template in ((1, "Summer party"), (2, "confirmation")):
        body = {"recipient": {"email": "ada@example.org"}, "template": template}
        await client.post(f"/items/{number}", json=body)
    rows = (await client.get("/tasks")).json()["tasks"]
    assert [row["title"] for row in rows] == ["Confirmation e-mail", "Summer party"]


async def test_a_confirmation_without_a_recipient_names_the_setting(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.put("/settings", json={"mail": SMTP})
    assert answer.status_code == 200, answer.text
    answer = await client.post("/items/42")
    assert bad_paths(answer) == ["recipient"]
    assert "default_recipient" in answer.json()["detail"]
    assert (await client.post("/items/1", json={"tasks": ["nothing"]})).status_code == 200
    assert (await client.post("/items/2", json={**ADA, "delay": 600})).status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_that_cannot_be_one_is_422(refusing: httpx.AsyncClient, key: str) -> None:
    answer = await refusing.post("/items", headers={"Idempotency-Key": key})
    assert bad_paths(answer) == ["Idempotency-Key"]


async def test_a_task_begins_when_its_item_says(
    client: httpx.AsyncClient, services: Services
) -> None:
    async def made(**body: Any) -> int:
        (number,) = task_ids(await client.post("/items", json=body))
        return number

    later = services.engine.task(await made(delay=3600, priority=-7))
    assert (later["state"], later["priority"]) == ("scheduled", -7)
    assert later["run_at"] is not None
    assert later["run_at"] > later["created_at"]
    timed = services.engine.task(await made(run_at="2999-03-01T10:30:00.5+01:00"))
    assert timed["run_at"] == "2999-03-01T09:30:00.500Z"
    long_ago = "2001-01-01T00:00:00Z"
    now = await made(run_at=long_ago, tasks=["nothing"])
    assert settled(services, now)["state"] == "succeeded"
    too_late = await made(deadline=long_ago, tasks=["nothing"])
    assert settled(services, too_late)["state"] == "failed"


async def test_one_bad_item_or_conflict_refuses_all(client: httpx.AsyncClient) -> None:
    items: list[Any] = [{"item_id": 1}, {"recipient": {"email": "x"}}, {"tasks": ["missing"]}]
    answer = await client.post("/items/batch", json={"items": items})
    assert bad_paths(answer) == ["items.1.recipient.email"]
    answer = await client.post("/items/batch", json={"items": [items[0], items[2]]})
    assert bad_paths(answer) == ["items.1.tasks.0"]
    await client.post("/items/2", json={"title": "B"})
    items = [{"item_id": 1}, {"item_id": 2, "title": "other"}]
    assert (await client.post("/items/batch", json={"items": items})).status_code == 409
    assert [each["item_id"] for each in (await client.get("/items")).json()["items"]] == [2]


async def test_partial_takes_the_good_ones_and_says_why_not_of_the_others(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/items/2", json={"title": "B"})
    items = [
        {"item_id": 1, "delay": 60},
        {"item_id": 2, "title": "other"},
        {"item_id": 3, "recipient": {"email": "x"}},
        "nonsense",
        {"item_id": 4, "tasks": ["missing"]},
        {"delay": 60},
    ]
    answer = await client.post("/items/batch?partial=true", json={"items": items})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [200, 409, 422, 422, 422, 200]
    assert [result["item_id"] for result in results] == [1, 2, 3, None, 4, 3]
    assert "no @" in results[2]["error"]
    assert all(("error" in result) == (result["status"] != 200) for result in results)


async def test_ten_thousand_go_in_one_call_and_one_more_does_not(
    client: httpx.AsyncClient,
) -> None:
    body: dict[str, Any] = {"items": [{"tasks": []}] * 10_000}
    answer = await client.post("/items/batch", json=body)
    assert [each["status"] for each in answer.json()["results"]] == [200] * 10_000
    body["items"].append({})
    assert bad_paths(await client.post("/items/batch", json=body)) == ["items"]


@pytest.mark.parametrize("query", ["", "?partial=true"])
async def test_a_batch_is_an_object_with_items(refusing: httpx.AsyncClient, query: str) -> None:
    assert bad_paths(await refusing.post(f"/items/batch{query}", json={})) == ["items"]
    assert bad_paths(await refusing.post(f"/items/batch{query}", json={"items": 1})) == ["items"]
    assert (await refusing.post(f"/items/batch{query}", content=b"{")).status_code == 400


class TestUndo:
    @pytest.mark.parametrize("place", ["/items", "/items/1"])
    async def test_a_submission_is_undone_by_its_pending_action(
        self, client: httpx.AsyncClient, place: str
    ) -> None:
        request: dict[str, Any] = {"json": ADA, "headers": {"Idempotency-Key": "press"}}
        answer = await client.post(f"{place}?undo_for=600", **request)
        (task,) = task_ids(answer)
        row = answer.json()["pending"]
        assert (row["action"], row["key"], row["subject"]) == ("submit", "press", 1)
        assert (row["tasks"], 590 < row["due_in"] <= 600) == ([[task, task]], True)
        assert (await client.get("/items/1")).json()["tasks"][0]["state"] == "scheduled"
        assert (await client.delete(f"/pending/{row['id']}")).status_code == 204
        assert (await client.get("/items/1")).status_code == 404
        again = await client.post(f"{place}?undo_for=600", **request)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert (await client.get("/items/1")).status_code == 404

    async def test_a_correction_that_sends_is_undone_by_its_pending_action(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        (first,) = task_ids(await client.post("/items/1", json=ADA))
        settled(services, first)
        body = {"item": {**ADA, "title": "Opera"}, "send": True}
        answer = (await client.put("/items/1?undo_for=600", json=body)).json()
        (added,) = answer["added"]
        assert answer["pending"]["tasks"] == [[added, added]]
        assert (await client.delete(f"/pending/{answer['pending']['id']}")).status_code == 204
        assert (await client.get(f"/tasks/{added}")).json()["state"] == "cancelled"
        assert (await client.get("/items/1")).json()["title"] == "Opera"

    async def test_an_undo_names_the_task_that_has_started(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        answer = await client.post("/items/1?undo_for=600", json=ADA)
        (task,) = task_ids(answer)
        await client.post("/tasks/bulk", json={"action": "run_now", "ids": [task]})
        settled(services, task)
        refused = await client.delete(f"/pending/{answer.json()['pending']['id']}")
        assert (refused.status_code, refused.json()["refusal"]) == (409, "begun")
        assert refused.json()["data"].items() >= {"task_id": task, "state": "succeeded"}.items()

    @pytest.mark.parametrize("seconds", ["-1", "3601", "nan", "soon", ""])
    async def test_the_time_to_undo_is_a_number_up_to_an_hour(
        self, refusing: httpx.AsyncClient, seconds: str
    ) -> None:
        answer = await refusing.post(f"/items?undo_for={seconds}", json=ADA)
        assert bad_paths(answer) == ["undo_for"]

    async def test_while_nothing_has_started_the_item_goes_and_its_number_is_free(
        self, client: httpx.AsyncClient
    ) -> None:
        added = await client.post("/items/42?undo_for=600")
        (number,) = task_ids(added)
        answer = await client.delete(f"/pending/{added.json()['pending']['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get("/items/42")).status_code == 404
        assert (await client.get(f"/tasks/{number}")).status_code == 404
        again = await client.post("/items/42", json={"title": "another"})
        assert again.status_code == 200
        assert "Idempotent-Replayed" not in again.headers

    async def test_a_person_is_forgotten_only_on_purpose(self, client: httpx.AsyncClient) -> None:
        await client.post("/items/42", json={"delay": 600, **ADA})
        assert bad_paths(await client.delete("/items/42")) == ["forget"]
        assert (await client.get("/items/42")).json()["recipient"] == ADA["recipient"]

    async def test_while_a_task_of_it_runs_every_change_is_409_and_names_that_task(
        self, client: httpx.AsyncClient, gate: Gate
    ) -> None:
        (number,) = task_ids(await client.post("/items/42", json={**ADA, "tasks": ["gated"]}))
        assert gate.begun.wait(WITHIN)
        corrected = await client.put("/items/42", json={"item": BALLET})
        forgotten = await client.delete("/items/42?forget=true")
        for answer in (corrected, forgotten):
            assert answer.status_code == 409
            assert answer.json()["data"].items() >= {"task_id": number, "state": "running"}.items()
            assert answer.json()["refusal"] == "under_way"
        item = (await client.get("/items/42")).json()
        assert (item["recipient"], item["versions"]) == (ADA["recipient"], [])


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

    async def test_what_is_not_there_is_404_and_says_so(self, refusing: httpx.AsyncClient) -> None:
        for method, query, body in (
            ("GET", "", None),
            ("DELETE", "?forget=true", None),
            ("PUT", "", {"item": BALLET}),
        ):
            answer = await refusing.request(method, f"/items/42{query}", json=body)
            assert (answer.status_code, answer.json()["detail"]) == (404, "There is no item 42.")

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

    async def test_a_page_has_what_persons_did_where_it_is_asked_for(
        self, client: httpx.AsyncClient
    ) -> None:
        (task,) = task_ids(await client.post("/items/1", json={**ADA, "delay": 600}))
        await client.post("/items/2", json={**ADA, "delay": 600})
        for verb in ("cancel", "retry"):
            assert (await client.post(f"/tasks/{task}/{verb}")).status_code == 200
        asked = {"deeds": "true", "sort": "item_id"}
        page = (await client.get("/items", params=asked)).json()
        told = [[(each["task_id"], each["deed"]) for each in one["deeds"]] for one in page["items"]]
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

    async def test_pages_hold_every_item_once_in_order(self, client: httpx.AsyncClient) -> None:
        numbers = [3, 1, 4, 15, 9, 26, 5]
        for number in numbers:
            await client.post(f"/items/{number}", json={"tasks": []})
        for sort in ("item_id", "-item_id"):
            seen: list[int] = []
            query: dict[str, Any] = {"sort": sort, "limit": 3}
            while query.get("after", True):
                page = (await client.get("/items", params=query)).json()
                seen += [item["item_id"] for item in page["items"]]
                query["after"] = page["next"]
            assert seen == sorted(numbers, reverse=sort.startswith("-"))

    async def test_a_bad_query_is_422_at_its_key(self, refusing: httpx.AsyncClient) -> None:
        for query in ("limit=0", "limit=1001", "sort=title", "after=x", "page=2", "informed=odd"):
            assert bad_paths(await refusing.get(f"/items?{query}")) == [query.partition("=")[0]]


OPERA: dict[str, Any] = {"recipient": {"name": "Ada", "email": "ada@example.com"}, "title": "Opera"}
BALLET: dict[str, Any] = {"recipient": {"name": "Bo", "email": "bo@example.org"}, "title": "Ballet"}


async def put(client: httpx.AsyncClient, item: Any, **more: Any) -> httpx.Response:
    return await client.put("/items/1", json={"item": item, **more})


async def test_a_message_that_waits_goes_to_the_corrected_address_and_what_was_is_kept(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    first_body = {**OPERA, "delay": 600}
    (task,) = task_ids(await client.post("/items/1", json=first_body))
    assert (await client.get("/items/1")).json()["versions"] == []
    answer = await put(client, BALLET)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"item_id": 1, "using": [task], "added": [], "uncertain": []}
    assert answer.headers["X-Task-Ids"] == ""
    row = (await client.get(f"/tasks/{task}")).json()
    assert (row["to"], row["state"]) == ("Bo <bo@example.org>", "scheduled")
    item = (await client.get("/items/1")).json()
    assert (item["title"], item["recipient"]) == ("Ballet", BALLET["recipient"])
    assert item["item"] == BALLET
    assert item["corrected_at"] >= item["created_at"]
    assert item["versions"] == [{"at": item["created_at"], "item": first_body}]
    (listed,) = (await client.get("/items")).json()["items"]
    assert (listed["title"], "versions" in listed) == ("Ballet", False)
    await client.patch(f"/tasks/{task}", json={"run_at": None})
    assert settled(services, task)["state"] == "succeeded"
    (mail,) = outbox(kept)
    assert 'To: "Bo" <bo@example.org>' in mail


async def test_what_was_sent_is_sent_again_where_that_is_asked(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    (task,) = task_ids(await client.post("/items/1", json=OPERA))
    settled(services, task)
    (added,) = task_ids(await put(client, BALLET, send=True))
    assert settled(services, added)["resend_of"] == task
    assert len(outbox(kept)) == 2


async def test_what_is_wrong_is_named_and_changes_nothing(refusing: httpx.AsyncClient) -> None:
    await refusing.post("/items/1", json={**OPERA, "delay": 600})
    bodies: list[tuple[dict[str, Any], str]] = [
        ({}, "item"),
        ({"item": {"recipient": {"email": "ada"}}}, "item.recipient.email"),
        ({"item": {"template": "unknown"}}, "item.template"),
        ({"item": {"tasks": ["unknown"]}}, "item.tasks.0"),
        ({"item": {}, "delay": 5}, "delay"),
        ({"item": {"delay": 1, "run_at": "2027-01-01T00:00:00Z"}}, "item.run_at"),
        ({"item": {}, "resend": True}, "resend"),
    ]
    for body, path in bodies:
        assert bad_paths(await refusing.put("/items/1", json=body)) == [path]
    assert (await refusing.get("/items/1")).json()["versions"] == []


async def test_a_corrected_field_keeps_its_kind_and_is_refused_if_it_cannot_be_read(
    client: httpx.AsyncClient,
) -> None:
    kinds = {"Fee": "number 0.00", "Paid": "yes_no", "Code": "text", "Open": "number"}
    plain = {"Fee": "12.5", "Paid": "TRUE"}
    reading = {"point": ",", "group": ".", "short_date": "dd.mm.yyyy", "kinds": kinds}
    fields = {"Fee": "12,50", "Paid": "x", "Code": "A1", "Open": "none"}
    body = {**OPERA, "fields": fields, "reading": {**reading, "plain": plain}, "delay": 600}
    assert (await client.post("/items/1", json=body)).is_success
    wrong = {**OPERA, "fields": {**fields, "Fee": "13.50", "Code": "B"}}
    assert bad_paths(await put(client, wrong)) == ["item.fields.Fee"]
    right = {**OPERA, "fields": {**fields, "Fee": "13,50", "Code": "B"}}
    assert (await put(client, right)).is_success
    now = (await client.get("/items/1")).json()["item"]
    assert now["reading"] == {**reading, "plain": {"Paid": "TRUE"}}
    unknown = {**OPERA, "reading": {"kinds": {"Fee": "amount"}}}
    assert bad_paths(await client.post("/items/2", json=unknown)) == ["reading.kinds.Fee"]


class TestForget:
    async def test_nothing_of_the_person_is_left_and_backups_are_named(
        self,
        client: httpx.AsyncClient,
        services: Services,
        kept: Files,
        folder: OfficeFolder,
        in_folder: None,
    ) -> None:
        tasks = [task_ids(await client.post(f"/items/{n}", json=ADA))[0] for n in (1, 2)]
        for task in tasks:
            settled(services, task)
        kept.write("sent/1.2@localhost.eml", b"To: =?utf-8?q?A?= <ADA@example.org>\r\n\r\nHi")
        bada = b"To: Bada <bada@example.org>\r\n\r\nHi Ada"
        kept.write("sent/1.3@localhost.eml", bada)
        text = "550 no such user <ada@example.org>\n550 bada@example.org\n"
        (folder.logs / "backend.log").write_text(text)
        log = logging.FileHandler(folder.logs / "backend.log")
        logging.getLogger().addHandler(log)
        back_up(folder.db, datetime(2020, 1, 1, tzinfo=UTC))
        backup = back_up(folder.db, datetime.now(UTC))
        try:
            answer = await client.delete("/items/1?forget=true")
        finally:
            logging.getLogger().removeHandler(log)
            log.close()
        assert answer.status_code == 200
        told = answer.json()
        assert (told["items"], told["batches"]) == ([1, 2], [])
        assert [each["file"] for each in told["backups"]] == [str(backup)]
        assert outbox(kept) == []
        sent = {name: kept.read(f"sent/{name}") for name in kept.names("sent")}
        assert sent == {"1.2@localhost.eml": b"", "1.3@localhost.eml": bada}
        assert (folder.logs / "backend.log").read_text() == "550 bada@example.org\n"
        item = (await client.get("/items/2")).json()
        assert (item["erased"], item["informed"], item["recipient"]) == (True, "kept", None)
        again = await client.delete("/items/1?forget=true")
        assert (again.status_code, again.json()["items"]) == (200, [1])

    async def test_a_draft_that_was_deleted_loses_its_spreadsheet(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = (await client.post("/batches", json={"name": "May"})).json()["batch_id"]
        place, sheet = f"/batches/{number}/source", b"E-Mail\nada@example.org\n"
        (await client.put(place, params={"name": "May.csv"}, content=sheet)).raise_for_status()
        (await client.delete(f"/batches/{number}", params={"delay": 0.01})).raise_for_status()
        eventually(lambda: not services.batches.list()["batches"])
        settled(services, task_ids(await client.post("/items/1", json=ADA))[0])
        assert services.letters.sheets.folders()
        (await client.delete("/items/1?forget=true")).raise_for_status()
        assert not services.letters.sheets.folders()


async def test_copies_of_an_item_are_sent_kept_and_corrected(
    client: httpx.AsyncClient, refusing: httpx.AsyncClient, services: Services
) -> None:
    head = "---\ncc: desk@example.org\nreply_to: office@example.org\n---\n"
    source = f"{head}{{% block subject %}}s{{% endblock %}}{{% block text %}}t{{% endblock %}}"
    await client.put("/templates/short", json={"source": source})
    ada = {"email": "ada@example.org"}
    item = {"recipient": ada, "cc": "bo@x.org, ADA@example.org", "template": "short"}
    assert bad_paths(await refusing.post("/items/7", json={**item, "bcc": "x"})) == ["bcc"]
    (task,) = task_ids(await client.post("/items/7", json=item))
    settled(services, task)
    mail = (await client.get(f"/tasks/{task}/message")).json()
    assert (mail["to"], mail["cc"], mail["bcc"], mail["reply_to"]) == (
        "ada@example.org", "desk@example.org, bo@x.org", "", "office@example.org",
    )  # fmt: skip
    assert (await client.get("/items/7")).json()["item"]["cc"] == item["cc"]
    changed = {"item": {**item, "bcc": "cy@x.org"}, "send": True}
    (again,) = (await client.put("/items/7", json=changed)).json()["added"]
    settled(services, again)
    assert (await client.get(f"/tasks/{again}/message")).json()["bcc"] == "cy@x.org"
