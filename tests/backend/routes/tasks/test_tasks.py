"""``/tasks``: scheduled by name, read in pages, cancelled, retried, resolved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.tasks import TaskRow
from desktop.engine.errors import Uncertain
from desktop.engine.functions.arguments import decode
from desktop.engine.functions.backoff import Retry
from desktop.engine.functions.registry import task
from desktop.engine.store.reads.query import Query
from tests import WITHIN
from tests.backend.conftest import bad_paths, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from tests.backend.conftest import Gate

pytestmark = pytest.mark.anyio


@task(name="remind")
def remind(when: date) -> None: ...


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
        assert set(row) == set(TaskRow.__annotations__)
        assert (row["task"], row["state"], row["priority"]) == ("nothing", "scheduled", 5)
        assert answer.headers["Location"] == f"/tasks/{row['id']}"
        kept = services.engine.task(row["id"])
        assert (kept["args"], kept["parameters"]) == ([1, {"a": [1.0, None]}], [])

    async def test_arguments_become_what_the_function_is_annotated_with(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        services.registry.add(remind)
        body = {"task": "remind", "args": ["2026-07-01"], "delay": 600}
        number = await schedule(client, **body)
        kept = services.engine.task(number)
        assert (kept["parameters"], kept["args"]) == (["when"], ["2026-07-01"])
        with services.engine.journal.reader.snapshot() as connection:
            (stored,) = connection.execute("SELECT arguments FROM tasks").fetchone()
        assert decode(stored) == ([date(2026, 7, 1)], {})
        wrong = {"task": "remind", "args": ["in July"]}
        assert bad_paths(await client.post("/tasks", json=wrong)) == ["args.0"]
        assert bad_paths(await client.post("/tasks", json=[body, wrong])) == ["1.args.0"]
        assert len(services.engine.rows(Query())["tasks"]) == 1

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

    async def test_ten_thousand_go_in_one_list(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        body = [{"task": "nothing", "args": [n], "delay": 600} for n in range(10_000)]
        answer = await client.post("/tasks", json=body)
        assert len(set(answer.json()["ids"])) == 10_000
        assert services.engine.stats()["counts"]["scheduled"] == 10_000

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({}, "task"),
            ({"task": "missing"}, "task"),
            ({"task": 5}, "task"),
            ({"task": "nothing", "args": {}}, "args"),
            ({"task": "nothing", "kwargs": []}, "kwargs"),
            ({"task": "nothing", "item_id": 0}, "item_id"),
            ({"task": "nothing", "delay": -1}, "delay"),
            ({"task": "nothing", "delay": 1, "run_at": "2999-01-01T00:00:00Z"}, "run_at"),
            ({"task": "nothing", "colour": "red"}, "colour"),
        ],
    )
    async def test_a_bad_field_is_named(
        self, client: httpx.AsyncClient, body: dict[str, Any], path: str
    ) -> None:
        assert bad_paths(await client.post("/tasks", json=body)) == [path]

    async def test_a_task_of_an_item_is_shown_with_it(self, client: httpx.AsyncClient) -> None:
        await client.post("/items/42", json={"tasks": []})
        number = await schedule(client, task="nothing", item_id=42, delay=600)
        item = (await client.get("/items/42")).json()
        assert [row["id"] for row in item["tasks"]] == [number]

    @pytest.mark.parametrize("many", [False, True])
    async def test_the_same_key_schedules_once(
        self, client: httpx.AsyncClient, services: Services, *, many: bool
    ) -> None:
        headers = {"Idempotency-Key": "k"}
        one_task = {"task": "nothing", "delay": 600}
        body: Any = [one_task, one_task] if many else one_task
        first = await client.post("/tasks", json=body, headers=headers)
        again = await client.post("/tasks", json=body, headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again.headers["Idempotent-Replayed"] == "true"
        assert services.engine.stats()["counts"]["scheduled"] == (2 if many else 1)
        other = await client.post("/tasks", json={**one_task, "priority": 1}, headers=headers)
        assert other.status_code == 409


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

    async def test_an_unknown_task_is_404(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/tasks/17")).status_code == 404
        for verb in ("cancel", "retry"):
            assert (await client.post(f"/tasks/17/{verb}")).status_code == 404
        answer = await client.post("/tasks/17/resolve", json={"outcome": "done"})
        assert answer.status_code == 404

    async def test_a_number_that_cannot_be_one_is_422(self, client: httpx.AsyncClient) -> None:
        assert bad_paths(await client.get("/tasks/x")) == ["task_id"]

    async def test_cancel_stops_what_has_not_started(self, client: httpx.AsyncClient) -> None:
        number = await schedule(client, task="nothing", delay=600)
        answer = await client.post(f"/tasks/{number}/cancel")
        assert answer.status_code == 200
        assert answer.json()["state"] == "cancelled"

    async def test_what_has_ended_cannot_be_cancelled(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = await schedule(client, task="nothing")
        settled(services, number)
        answer = await client.post(f"/tasks/{number}/cancel")
        assert answer.status_code == 409
        assert answer.json()["detail"].endswith(".")

    async def test_retry_runs_a_failed_task_again(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        number = await schedule(client, task="broken")
        settled(services, number)
        answer = await client.post(f"/tasks/{number}/retry")
        assert answer.status_code == 200
        assert answer.json()["state"] in {"queued", "running"}
        settled(services, number)
        assert len((await client.get(f"/tasks/{number}")).json()["history"]) == 2

    async def test_a_running_task_cannot_be_retried(
        self, client: httpx.AsyncClient, gate: Gate
    ) -> None:
        number = await schedule(client, task="gated")
        assert gate.begun.wait(WITHIN)
        assert (await client.post(f"/tasks/{number}/retry")).status_code == 409

    @pytest.mark.parametrize(("outcome", "state"), [("done", "succeeded"), ("again", "queued")])
    async def test_resolve_settles_an_uncertain_task(
        self, client: httpx.AsyncClient, services: Services, outcome: str, state: str
    ) -> None:
        services.registry.add(unsure)
        number = await schedule(client, task="unsure")
        settled(services, number, "uncertain")
        answer = await client.post(f"/tasks/{number}/resolve", json={"outcome": outcome})
        assert answer.status_code == 200
        assert answer.json()["state"] in {state, "running"}

    async def test_resolve_is_for_uncertain_tasks_and_two_words(
        self, client: httpx.AsyncClient
    ) -> None:
        number = await schedule(client, task="nothing", delay=600)
        answer = await client.post(f"/tasks/{number}/resolve", json={"outcome": "done"})
        assert answer.status_code == 409
        answer = await client.post(f"/tasks/{number}/resolve", json={"outcome": "perhaps"})
        assert bad_paths(answer) == ["outcome"]
        assert (await client.post(f"/tasks/{number}/resolve")).status_code == 400


@task(name="unsure", retry=Retry(attempts=1))
def unsure(*_: object) -> None:
    """End without an answer."""
    raise Uncertain("no answer came")


class TestOfAnItem:
    async def test_the_item_is_there(self, client: httpx.AsyncClient) -> None:
        await client.post("/items/7", json={"tasks": []})
        assert await schedule(client, task="nothing", item_id=7)

    async def test_an_unknown_item_is_refused(self, client: httpx.AsyncClient) -> None:
        answer = await client.post("/tasks", json={"task": "nothing", "item_id": 424242})
        assert bad_paths(answer) == ["item_id"]
        assert "There is no item 424242." in answer.json()["detail"]

    async def test_of_a_list_none_is_accepted(
        self, client: httpx.AsyncClient, services: Services
    ) -> None:
        tasks = [{"task": "nothing", "delay": 60}, {"task": "nothing", "item_id": 424242}]
        assert bad_paths(await client.post("/tasks", json=tasks)) == ["1.item_id"]
        assert services.engine.stats()["counts"]["scheduled"] == 0

    @pytest.mark.parametrize("number", ["x", 1.5, [1]])
    async def test_a_confirmation_of_what_is_no_number_is_refused(
        self, client: httpx.AsyncClient, number: object
    ) -> None:
        wanted = {"task": "send_confirmation_email", "args": [number]}
        assert bad_paths(await client.post("/tasks", json=wanted)) == ["args.0"]

    @pytest.mark.parametrize("number", [99999, 2**70])
    async def test_a_confirmation_of_no_item_fails_at_once(
        self, client: httpx.AsyncClient, services: Services, number: int
    ) -> None:
        found = settled(
            services, await schedule(client, task="send_confirmation_email", args=[number])
        )
        assert (found["state"], found["attempt"]) == ("failed", 1)
        assert (found["error"] or "").startswith("There is no item ")


async def test_half_a_character_can_be_shown(client: httpx.AsyncClient, services: Services) -> None:
    @task(name="half")
    def half() -> str:
        return "\ud800"

    services.registry.add(half)
    (number,) = [(await client.post("/tasks", json={"task": "half"})).json()["id"]]
    settled(services, number)
    answer = await client.get(f"/tasks/{number}")
    assert answer.status_code == 200
    assert answer.json()["id"] == number
