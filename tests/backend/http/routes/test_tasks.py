"""Tasks are added, read page by page, and counted; failures by cause; what can be run is listed."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.backend.application import create_app
from desktop.backend.services import Services
from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeFields
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter, TasksApi
from sendoff_tasks.errors import NeedsPerson, Uncertain
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import task
from sendoff_tasks.model.problems import Access
from sendoff_tasks.model.tasks import IdsPart, TaskRow
from sendoff_tasks.store.reads import pages
from sendoff_tasks.store.reads.query import TaskQuery
from tests import WITHIN
from tests.backend.conftest import (
    PORT,
    TOKEN,
    Gate,
    Served,
    bad_paths,
    client_of,
    services_on,
    settled,
)

pytestmark = pytest.mark.anyio


@task(name="remind")
def remind(when: date) -> int:
    return when.year


async def schedule(client: httpx.AsyncClient, **body: Any) -> int:
    answer = await client.post("/tasks", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


class TestScheduling:
    async def test_the_answer_is_the_row(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        body = {
            "task": "nothing",
            "args": [1, {"a": [1.0, None]}],
            "kwargs": {},
            "priority": 5,
            "delay": 600,
        }
        answer = await client.post("/tasks", json=body)
        assert answer.status_code == 201
        row = answer.json()
        assert set(row) == {*TaskRow.__annotations__, *OfficeFields.__annotations__}
        assert (row["task"], row["state"], row["priority"]) == ("nothing", "scheduled", 5)
        assert answer.headers["Location"] == f"/tasks/{row['id']}"
        kept = services.engine.task(row["id"])
        assert (kept["args"], kept["parameters"]) == ([1, {"a": [1.0, None]}], [])

    async def test_arguments_become_what_the_function_is_annotated_with(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        services.registry.add(remind)
        body = {"task": "remind", "args": ["2026-07-01"]}
        done = settled(services, await schedule(client, **body))
        assert (done["parameters"], done["args"]) == (["when"], ["2026-07-01"])
        assert done["result"] == 2026
        wrong = {"task": "remind", "args": ["in July"]}
        assert bad_paths(await client.post("/tasks", json=wrong)) == ["args.0"]
        assert bad_paths(await client.post("/tasks", json=[body, wrong])) == ["1.args.0"]
        assert len(services.engine.rows(TaskQuery())["tasks"]) == 1

    async def test_a_list_is_all_or_none(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        tasks = [{"task": "nothing", "args": [n], "delay": 600} for n in range(3)]
        answer = await client.post("/tasks", json=tasks)
        assert answer.status_code == 201
        ids = answer.json()["ids"]
        assert [services.engine.task(number)["args"] for number in ids] == [[0], [1], [2]]
        answer = await client.post("/tasks", json=[*tasks, {"task": "missing"}])
        assert bad_paths(answer) == ["3.task"]
        assert services.engine.stats()["counts"]["scheduled"] == 3

    async def test_a_bad_field_is_named(self, refusing: httpx.AsyncClient) -> None:
        bodies: list[tuple[dict[str, Any], str]] = [
            ({}, "task"),
            ({"task": "missing"}, "task"),
            ({"task": 5}, "task"),
            ({"task": "nothing", "args": {}}, "args"),
            ({"task": "nothing", "kwargs": []}, "kwargs"),
            ({"task": "nothing", "item_id": 0}, "item_id"),
            ({"task": "nothing", "delay": -1}, "delay"),
            ({"task": "nothing", "delay": 1, "run_at": "2999-01-01T00:00:00Z"}, "run_at"),
            ({"task": "nothing", "colour": "red"}, "colour"),
        ]
        for body, path in bodies:
            assert bad_paths(await refusing.post("/tasks", json=body)) == [path]

    async def test_a_task_of_an_item_is_shown_with_it(self, client: httpx.AsyncClient) -> None:
        await client.post("/items/42", json={"tasks": []})
        number = await schedule(client, task="nothing", item_id=42, delay=600)
        item = (await client.get("/items/42")).json()
        assert [row["id"] for row in item["tasks"]] == [number]


@dataclass
class Parcel:
    weight: Decimal


@task(name="ship")
def ship(parcel: Parcel, to: str, day: dt.date = dt.date(2026, 1, 1), *labels: str) -> list[Any]:
    return [parcel.weight, to, day, *labels]


OWN = """
from dataclasses import dataclass
from sendoff_tasks import task

@dataclass
class {kind}:
    weight: int

@task(name="carry", aliases=["lift"])
def carry({parameters}) -> str:
    return {result}
"""
PARCEL = {"kind": "Parcel", "parameters": "parcel: Parcel, to: str", "result": "to"}


async def shipped(services: Services, *more: Any) -> int:
    services.registry.add(ship)
    ref = await services.engine.add_task_async(ship, Parcel(Decimal("1.50")), "Ada", *more)
    return ref.number


class TestLike:
    async def test_what_is_not_given_is_as_it_is_stored(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        first = await shipped(services, dt.date.min, "cold")
        calls: list[tuple[dict[str, Any], list[str]]] = [
            ({}, ["1.50", "Ada", "0001-01-01", "cold"]),
            ({"kwargs": {"to": "Bo"}}, ["1.50", "Bo", "0001-01-01", "cold"]),
            ({"kwargs": {"day": "2026-03-01"}}, ["1.50", "Ada", "2026-03-01", "cold"]),
            ({"args": [{"weight": "2"}], "task": "ship"}, ["2", "Ada", "0001-01-01", "cold"]),
            ({"args": [{"weight": 2}, "Bo", "2026-03-01", "x"]}, ["2", "Bo", "2026-03-01", "x"]),
        ]
        for given, result in calls:
            number = await schedule(client, like=first, **given)
            assert settled(services, number)["result"] == result
        some = [{"like": first, "kwargs": {"to": name}} for name in ("Bo", "Cy")]
        added = (await client.post("/tasks", json=some)).json()["ids"]
        assert [services.engine.task(each)["args"][1] for each in added] == ["Bo", "Cy"]

    @pytest.mark.parametrize(
        ("now", "given", "answer"),
        [
            ({"parameters": "parcel: Parcel, to: str, by: str"}, {}, "'by'"),
            ({"parameters": "parcel: Parcel, to: str, by: str"}, {"by": "DHL"}, "Ada"),
            ({"parameters": "to: str"}, {"to": "Bo"}, "'parcel'"),
            ({"kind": "Box", "parameters": "parcel, to"}, {}, "Parcel"),
            ({"parameters": "parcel, to, by=1"}, {"to": "Bo"}, "Bo"),
            (None, {}, "carry"),
        ],
    )
    async def test_what_no_longer_fits_the_function_is_409(
        self,
        folder: OfficeFolder,
        database: str | None,
        now: dict[str, str] | None,
        given: dict[str, Any],
        answer: str,
    ) -> None:
        own = folder.tasks / "own.py"
        own.write_text(OWN.format(**PARCEL))
        called = {"task": "carry", "kwargs": {"parcel": {"weight": 2}, "to": "Ada"}}
        with services_on(folder, database) as services:
            async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
                number = await schedule(client, **called)
            settled(services, number)
        own.write_text("" if now is None else OWN.format(**{**PARCEL, **now}))
        with services_on(folder, database) as services:
            async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
                answered = await client.post("/tasks", json={"like": number, "kwargs": given})
            if answered.status_code == 201:
                assert settled(services, answered.json()["id"])["result"] == answer
                return
        assert answered.status_code == 409
        assert answer in answered.json()["detail"]
        assert answered.json()["refusal"] == ("no_function" if now is None else "misfit")

    async def test_a_bad_field_is_named(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = await shipped(services)
        for body, path in [
            ({"like": 424242}, "like"),
            ({"like": 0}, "like"),
            ({"like": number, "task": "nothing"}, "task"),
            ({"like": number, "kwargs": {"day": "soon"}}, "kwargs.day"),
            ({"like": number, "kwargs": {"colour": "red"}}, "args"),
        ]:
            answer = await client.post("/tasks", json=body)
            assert bad_paths(answer) == [path]
        assert "colour" in answer.json()["detail"]


class TestOneTask:
    async def test_the_detail_has_everything_behind_the_row(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = await schedule(client, task="broken", args=[1], kwargs={})
        settled(services, number)
        detail = (await client.get(f"/tasks/{number}")).json()
        assert detail["state"] == "failed"
        assert "it is broken" in detail["error"]
        assert detail["args"] == [1]
        (attempt,) = detail["history"]
        assert attempt["outcome"] == "failed"
        assert "ValueError: it is broken" in attempt["traceback"]

    async def test_an_unknown_task_is_404_and_what_is_no_number_422(
        self, refusing: httpx.AsyncClient
    ) -> None:
        assert (await refusing.get("/tasks/17")).status_code == 404
        for verb, body in (("cancel", None), ("retry", None), ("resolve", {"outcome": "done"})):
            assert (await refusing.post(f"/tasks/17/{verb}", json=body)).status_code == 404
        assert bad_paths(await refusing.get("/tasks/x")) == ["task_id"]

    async def test_cancel_stops_what_has_not_started_nor_ended(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = await schedule(client, task="nothing", delay=600)
        answer = await client.post(f"/tasks/{number}/cancel")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
        ended = await schedule(client, task="nothing")
        settled(services, ended)
        answer = await client.post(f"/tasks/{ended}/cancel")
        assert answer.status_code == 409
        assert answer.json()["detail"].endswith(".")

    async def test_retry_runs_a_failed_task_again_and_none_that_runs(
        self, client: httpx.AsyncClient, services: Services, gate: Gate
    ) -> None:
        number = await schedule(client, task="broken")
        settled(services, number)
        answer = await client.post(f"/tasks/{number}/retry")
        assert answer.status_code == 200
        assert answer.json()["state"] in {"queued", "running"}
        settled(services, number)
        assert len((await client.get(f"/tasks/{number}")).json()["history"]) == 2
        number = await schedule(client, task="gated")
        assert gate.begun.wait(WITHIN)
        answer = await client.post(f"/tasks/{number}/retry")
        assert (answer.status_code, answer.json()["refusal"]) == (409, "running")

    async def test_resolve_settles_an_uncertain_task_by_two_words(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        services.registry.add(unsure)
        for outcome, state in (("done", "succeeded"), ("again", "queued")):
            number = await schedule(client, task="unsure")
            settled(services, number, "uncertain")
            place = f"/tasks/{number}/resolve"
            assert bad_paths(await client.post(place, json={"outcome": "perhaps"})) == ["outcome"]
            assert (await client.post(place)).status_code == 400
            answer = await client.post(place, json={"outcome": outcome})
            assert answer.status_code == 200
            assert answer.json()["state"] in {state, "running"}
        certain = await schedule(client, task="nothing", delay=600)
        answer = await client.post(f"/tasks/{certain}/resolve", json={"outcome": "done"})
        assert answer.status_code == 409


@task(name="unsure", retry=Retry(attempts=1))
def unsure(*_: object) -> None:
    """End without an answer."""
    raise Uncertain("no answer came")


class TestOfAnItem:
    async def test_an_unknown_item_is_refused_also_in_a_list(
        self, refusing: httpx.AsyncClient, standing: Services
    ) -> None:
        answer = await refusing.post("/tasks", json={"task": "nothing", "item_id": 424242})
        assert bad_paths(answer) == ["item_id"]
        assert "There is no item 424242." in answer.json()["detail"]
        tasks = [{"task": "nothing", "delay": 60}, {"task": "nothing", "item_id": 424242}]
        assert bad_paths(await refusing.post("/tasks", json=tasks)) == ["1.item_id"]
        assert standing.engine.stats()["counts"]["scheduled"] == 0

    async def test_a_confirmation_of_what_is_no_number_is_refused(
        self, refusing: httpx.AsyncClient
    ) -> None:
        for number in ("x", 1.5, [1]):
            wanted = {"task": "send_confirmation_email", "args": [number]}
            assert bad_paths(await refusing.post("/tasks", json=wanted)) == ["args.0"]

    async def test_a_confirmation_of_no_item_fails_at_once(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        for number in (99999, 2**70):
            task = await schedule(client, task="send_confirmation_email", args=[number])
            found = settled(services, task)
            assert (found["state"], found["attempt"]) == ("failed", 1)
            assert (found["error"] or "").startswith("There is no item ")


class TestPages:
    async def test_filters_are_joined_by_and_and_counted(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        failed = await schedule(client, task="broken", args=[1])
        settled(services, failed)
        body = {"recipient": {"name": "Nothing Works", "email": "ada@example.org"}, "delay": 600}
        await client.post("/items/4711", json=body)
        later = failed + 1
        for query, wanted in [
            ({"state": "failed,cancelled"}, [failed]),
            ({"task": "broken"}, [failed]),
            ({"task": "brok"}, []),
            ({"state": "scheduled", "task": "broken"}, []),
            ({"since": "2001-01-01T00:00:00Z", "state": "failed"}, [failed]),
            ({"until": "2001-01-01T00:00:00Z"}, []),
            ({"queue": "mail"}, [later]),
            ({"to": "works nothing"}, [later]),
            ({"to": "broken"}, []),
            ({"error": "nosuch"}, []),
            ({"called": "confirmation"}, [later]),
            ({"called": "E-Mail"}, [later]),
            ({"called": "send_conf"}, [later]),
            ({"reason": "delayed"}, [later]),
            ({"reason": "delayed,none"}, [later]),
            ({"reason": "none"}, []),
            ({"text": "example ada"}, [later]),
            ({"text": "4711"}, [later]),
            ({"text": "example -ada"}, []),
            ({"text": "-ada"}, [failed]),
            ({"text": "-broken", "state": "failed"}, []),
            ({"text": "*"}, []),  # no word at all is in no task
            ({"text": "*", "sort": "state"}, []),
            ({"text": "*", "sort": "to"}, []),
        ]:
            page = (await client.get("/tasks", params=query)).json()
            assert [row["id"] for row in page["tasks"]] == wanted, query
            assert (page["total"], page["total_is_exact"]) == (len(wanted), True), query
        counts = (await client.get("/tasks/counts", params={"to": "ada"})).json()
        assert (counts["counts"]["scheduled"], counts["counts"]["failed"]) == (1, 0)
        assert counts["is_exact"]
        assert (await client.get("/tasks/counts")).json()["counts"]["failed"] == 1
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

    async def test_a_walk_sees_every_task_once_and_a_page_says_how_many_there_are(
        self, client: httpx.AsyncClient
    ) -> None:
        ids = [await schedule(client, task="nothing", delay=600) for _ in range(7)]
        seen: list[int] = []
        query: dict[str, Any] = {"sort": "id", "limit": 3}
        while query.get("after", True):
            page = (await client.get("/tasks", params=query)).json()
            assert set(page) == {"tasks", "next", "as_of", "total", "total_is_exact"}
            assert (page["total"], page["total_is_exact"]) == (7, True)
            seen += [row["id"] for row in page["tasks"]]
            query["after"] = page["next"]
        assert seen == ids
        page = (await client.get("/tasks", params={"limit": 1, "offset": 1})).json()
        assert [row["id"] for row in page["tasks"]] == [ids[-2]]

    async def test_a_bad_query_is_422_at_its_key(self, refusing: httpx.AsyncClient) -> None:
        for query in (
            *("state=lost", "sort=colour", "limit=1001", "limit=x", "offset=-1", "item_id=0"),
            *("since=yesterday", "after=%00nonsense", "order=id", "cause=odd"),
            *("id=0", "id=1,", "id=one", "id=1;2"),
        ):
            assert bad_paths(await refusing.get(f"/tasks?{query}")) == [query.partition("=")[0]]
        assert bad_paths(await refusing.get("/causes", params={"state": "odd"})) == ["state"]


class TestIds:
    async def test_a_viewer_reads_the_numbers_of_all_pages_in_short_lines(
        self, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "GATHERED", 2)
        file = tmp_path / "tokens.json"
        viewer = add_token(file, "ada", Access.VIEWER)
        app = create_app(services, token=TOKEN, port=PORT, tokens_file=file)
        async with client_of(app) as client:
            for number in range(5):
                person = {"name": f"Person {number % 2}", "email": f"a{9 - number}@example.org"}
                await client.post("/items", json={"recipient": person, "delay": 600})
            await schedule(client, task="nothing", delay=600)
        async with client_of(app, viewer) as client:
            for query, count in (
                ({}, 6),
                ({"sort": "to"}, 6),
                ({"sort": "-item_id", "state": "scheduled"}, 6),
                ({"sort": "-task", "reason": "delayed"}, 6),
                ({"task": "send_confirmation_email", "sort": "created_at"}, 5),
                ({"to": "person", "sort": "id"}, 5),
                ({"text": "person 1", "sort": "-to"}, 2),
                ({"id": "2,3,9"}, 2),
                ({"item_id": 4}, 1),
                ({"batch_id": 4}, 0),
            ):
                page = (await client.get("/tasks", params=query)).json()
                answer = await client.get("/tasks/ids", params=query)
                assert answer.headers["content-type"] == "application/jsonl"
                lines = [json.loads(line) for line in answer.text.splitlines()]
                ids = [number for line in lines for number in line["ids"]]
                assert ids == [row["id"] for row in page["tasks"]], query
                assert len(ids) == count, query
                assert max(len(line["ids"]) for line in lines) <= 2
                assert {line["as_of"] for line in lines} == {page["as_of"]}

    async def test_a_bad_query_is_422_at_its_key(self, refusing: httpx.AsyncClient) -> None:
        for query in ("state=lost", "sort=colour", "limit=3", "after=x", "item_id=0"):
            paths = bad_paths(await refusing.get(f"/tasks/ids?{query}"))
            assert paths == [query.partition("=")[0]]

    def test_a_client_that_leaves_ends_the_reading(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read, ended = pages.read_ids, threading.Event()

        def read_without_end(*args: Any, **known: Any) -> Iterator[IdsPart]:
            try:
                while True:
                    yield from read(*args, **known)
            finally:
                ended.set()

        monkeypatch.setattr(pages, "read_ids", read_without_end)
        api = TasksApi(Backend(served.url, TOKEN, 1))
        parts = api.ids(SortedFilter())
        assert next(parts)["ids"] == []
        assert not ended.is_set()
        parts.close()
        assert ended.wait(WITHIN)
        api.close()


@task(name="picky", retry=Retry(attempts=1))
def picky(order: int) -> str:
    """Fail for one of three causes."""
    if order % 3 == 0:
        raise ValueError(f"Order {order} has no rows.")
    if order % 3 == 1:
        raise KeyError(order)
    raise NeedsPerson(f"Order {order} waits for a price.")


async def test_failures_of_three_causes_are_three_rows_each_retried_by_itself(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.registry.add(picky)
    body = [{"task": "picky", "args": [n]} for n in range(30)]
    ids = (await client.post("/tasks", json=body)).json()["ids"]
    for number in ids:
        settled(services, number, "failed", "waiting")
    causes = (await client.get("/causes")).json()["causes"]
    assert sorted((each["count"], each["title"]) for each in causes) == [
        (10, "KeyError in picky (routes/test_tasks.py): …"),
        (10, "Order … waits for a price."),
        (10, "ValueError in picky (routes/test_tasks.py): Order … has no rows."),
    ]
    assert {each["cure"] for each in causes} == {"retry"}
    chosen = {"cause": causes[0]["cause"]}
    page = (await client.get("/tasks", params=chosen)).json()
    assert (page["total"], {row["cause"] for row in page["tasks"]}) == (10, {causes[0]["cause"]})
    answer = await client.post("/tasks/bulk", json={"action": "retry", "filter": chosen})
    assert answer.json()["touched"] == 10
    for row in page["tasks"]:
        settled(services, row["id"], "failed", "waiting")
    again = (await client.get("/causes")).json()["causes"]
    assert sorted(each["new_since_retry"] for each in again) == [0, 0, 10]


async def test_only_the_causes_that_are_asked_for_are_told(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = (await client.post("/tasks", json={"task": "broken"})).json()["id"]
    settled(services, number)
    (cause,) = (await client.get("/causes", params={"state": "failed"})).json()["causes"]
    (place,) = cause["where"]
    assert place.startswith("backend/conftest.py:")
    assert (await client.get("/causes", params={"batch_id": 3})).json()["causes"] == []
    (row,) = (await client.get("/tasks", params={"queue": "broken"})).json()["tasks"]
    assert row["cause"] == cause["cause"]
    await client.post("/queues/nothing/pause")
    await client.post("/tasks", json={"task": "nothing"})
    (cause,) = (await client.get("/causes", params={"state": "waiting"})).json()["causes"]
    assert (cause["cure"], cause["states"], cause["behind"]) == ("resume", {"waiting": 1}, 0)


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
