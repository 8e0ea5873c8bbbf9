"""A task is called with typed arguments, and once for a key."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from desktop.backend.services import Services
from sendoff_tasks.errors import BadCall
from sendoff_tasks.functions.registry import task
from tests.backend.conftest import bad_paths

pytestmark = pytest.mark.anyio

DEEP = "[" * 150 + "]" * 150


@task(name="one")
def one(number: int) -> int:
    """Take one argument."""
    return number


@task(name="two")
def two(number: int, other: int) -> int:
    """Take two arguments, so no item can have it."""
    return number + other


@task
def anything(value):  # type: ignore[no-untyped-def]
    """Take what is not annotated."""


@pytest.fixture
def services(services: Services) -> Services:
    """Register them."""
    services.registry.add(one)
    services.registry.add(two)
    return services


@pytest.fixture(scope="module")
def standing(standing: Services) -> Services:
    """Register those that are called wrongly."""
    standing.registry.add(one)
    standing.registry.add(anything)
    return standing


CALLS = [
    ("[]", "args", "cannot be called like this: missing a required argument: 'number'"),
    ("[1, 2]", "args", "cannot be called like this: too many positional arguments"),
    ("[NaN]", "args.0", "NaN and infinite numbers are not JSON"),
    ("[[1, -Infinity]]", "args.0", "NaN and infinite numbers are not JSON"),
    (f"[{DEEP}]", "args.0", "This must be a whole number"),
    (f"[{'9' * 4000}]", "args", "is an integer of more than 13000 bits"),
    ('"1"', "args", "This must be a list"),
]


async def test_a_bad_argument_is_named(refusing: httpx.AsyncClient) -> None:
    for call, path, words in CALLS:
        body = f'{{"task": "one", "args": {call}}}'
        for text, place in (
            (body, path),
            (f'[{{"task": "one", "args": [1]}}, {body}]', f"1.{path}"),
        ):
            answer = await refusing.post("/tasks", content=text)
            assert bad_paths(answer) == [place]
            assert words in answer.json()["detail"]
    answer = await refusing.post("/tasks", content=f'{{"task": "anything", "args": [{DEEP}]}}')
    assert bad_paths(answer) == ["args"]
    assert "is nested more than 100 deep" in answer.json()["detail"]
    for text in (r'"\ud800"', "9" * 5000, "1,"):  # what no reader of JSON takes
        answer = await refusing.post("/tasks", content=f'{{"task": "one", "args": [{text}]}}')
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("The body is not JSON: ")


async def test_an_item_is_told_which_of_a_batch_is_wrong(client: httpx.AsyncClient) -> None:
    good, bad = {"tasks": ["one"]}, {"tasks": ["two"]}
    assert bad_paths(await client.post("/items", json=bad)) == ["tasks"]
    body = {"items": [good, bad, bad]}
    answer = await client.post("/items/batch", json=body)
    assert bad_paths(answer) == ["items.1.tasks", "items.2.tasks"]
    assert (await client.get("/items")).json()["items"] == []
    answer = await client.post("/items/batch?partial=true", json=body)
    assert [result["status"] for result in answer.json()["results"]] == [200, 422, 422]
    assert "cannot be called like this" in answer.json()["results"][1]["error"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadCall("the task “one” cannot be called like this"), 422),  # it fitted a moment ago
        (TypeError("unsupported operand type(s)"), 500),  # a mistake of our own
    ],
)
async def test_a_misfit_that_is_none_by_now_is_told_and_our_own_mistakes_are_not_the_callers(
    client: httpx.AsyncClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    for name in ("accept", "submit"):
        monkeypatch.setattr(services.engine, name, refuse)
    call = {"task": "one", "args": [1]}
    for body in (call, [call]):
        answer = await client.post("/tasks", json=body)
        assert answer.status_code == status
        if status == 422:
            assert answer.json()["detail"] == "The task “one” cannot be called like this."


LATER: dict[str, Any] = {"task": "nothing", "key": "monday", "delay": 600}


async def test_a_second_one_is_answered_with_the_first_while_that_is_open(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = await client.post("/tasks", json={**LATER, "args": [1]})
    second = await client.post("/tasks", json={**LATER, "args": [2]})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in second.headers
    assert services.engine.stats()["counts"]["scheduled"] == 1
    for body in ({**LATER, "task": "broken"}, {**LATER, "key": "tuesday"}):
        assert (await client.post("/tasks", json=body)).status_code == 201
    other = {**LATER, "key": "wednesday"}
    answer = await client.post("/tasks", json=[other, LATER, other])  # in a list, in its place
    assert answer.status_code == 201
    wednesday, monday, again = answer.json()["ids"]
    assert (monday, again) == (first.json()["id"], wednesday)
    await client.post(f"/tasks/{monday}/cancel")
    assert (await client.post("/tasks", json=LATER)).status_code == 201  # its key is free


async def test_the_same_call_again_has_the_same_status(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = (await client.post("/tasks", json=LATER)).json()
    headers = {"Idempotency-Key": "k"}
    joined = await client.post("/tasks", json=LATER, headers=headers)
    await client.post(f"/tasks/{first['id']}/cancel")
    again = await client.post("/tasks", json=LATER, headers=headers)
    assert (joined.status_code, again.status_code) == (200, 200)
    assert again.json() == joined.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert services.engine.stats()["counts"]["scheduled"] == 0


async def test_a_bad_key_is_named(refusing: httpx.AsyncClient) -> None:
    for key in ("", " ", "x" * 201, "a\nb", "a\u202eb", 7, None, ["a"]):
        body = {**LATER, "key": key}
        assert bad_paths(await refusing.post("/tasks", json=body)) == ["key"]
        assert bad_paths(await refusing.post("/tasks", json=[LATER, body])) == ["1.key"]


async def test_a_key_of_the_tasks_own_that_cannot_be_made_is_a_sentence(
    client: httpx.AsyncClient, services: Services
) -> None:
    @task(name="keyed", key=lambda order: order["number"])
    def keyed(order: object) -> None:
        """Do nothing."""

    services.registry.add(keyed)
    good, bad = {"number": "17"}, {"title": "no number"}
    assert (await client.post("/tasks", json={"task": "keyed", "args": [good]})).status_code == 201
    answer = await client.post("/tasks", json={"task": "keyed", "args": [bad]})
    assert bad_paths(answer) == ["args"]
    assert answer.json()["detail"].startswith("args: The key of the task “keyed” could not be made")
    answer = await client.post("/tasks", json={"task": "keyed", "args": [{"number": 17}]})
    assert bad_paths(answer) == ["args"]
    body = [{"task": "keyed", "args": [each]} for each in (good, bad)]
    assert bad_paths(await client.post("/tasks", json=body)) == ["1.args"]
    assert bad_paths(await client.post("/items", json={"tasks": ["keyed"]})) == ["tasks"]
    assert bad_paths(await client.post("/items/9", json={"tasks": ["keyed"]})) == ["tasks"]
