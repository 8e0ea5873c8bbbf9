"""A task that cannot be called with its arguments is refused with a sentence at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.engine.errors import BadCall
from desktop.engine.functions.registry import task
from tests.backend.conftest import bad_paths

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services

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


@pytest.fixture(autouse=True)
def functions(services: Services) -> None:
    """Register them."""
    services.registry.add(one)
    services.registry.add(two)


@pytest.mark.parametrize(
    ("call", "path", "words"),
    [
        ("[]", "args", "cannot be called like this: missing a required argument: 'number'"),
        ("[1, 2]", "args", "cannot be called like this: too many positional arguments"),
        ("[NaN]", "args.0", "NaN and infinite numbers are not JSON"),
        ("[[1, -Infinity]]", "args.0", "NaN and infinite numbers are not JSON"),
        (f"[{DEEP}]", "args.0", "This must be a whole number"),
        (f"[{'9' * 4000}]", "args", "is an integer of more than 13000 bits"),
        ('"1"', "args", "This must be a list"),
    ],
)
@pytest.mark.parametrize("many", [False, True])
async def test_a_bad_argument_is_named(
    client: httpx.AsyncClient, call: str, path: str, words: str, *, many: bool
) -> None:
    body = f'{{"task": "one", "args": {call}}}'
    body = f'[{{"task": "one", "args": [1]}}, {body}]' if many else body
    answer = await client.post("/tasks", content=body)
    assert bad_paths(answer) == [f"1.{path}" if many else path]
    assert words in answer.json()["detail"]


async def test_what_is_nested_too_deep_is_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.registry.add(anything)
    answer = await client.post("/tasks", content=f'{{"task": "anything", "args": [{DEEP}]}}')
    assert bad_paths(answer) == ["args"]
    assert "is nested more than 100 deep" in answer.json()["detail"]


@pytest.mark.parametrize("text", [r'"\ud800"', "9" * 5000, "1,"])
async def test_what_no_reader_of_json_takes_is_a_bad_request(
    client: httpx.AsyncClient, text: str
) -> None:
    answer = await client.post("/tasks", content=f'{{"task": "one", "args": [{text}]}}')
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


@pytest.mark.parametrize("many", [False, True])
async def test_a_misfit_that_is_none_by_now_is_told_all_the_same(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    def refuse(*_: object) -> None:
        raise BadCall("the task “one” cannot be called like this")

    for name in ("accept", "submit"):
        monkeypatch.setattr(services.engine, name, refuse)
    call = {"task": "one", "args": [1]}
    answer = await client.post("/tasks", json=[call] if many else call)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "The task “one” cannot be called like this."


async def test_a_mistake_of_our_own_is_not_the_callers(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise TypeError("unsupported operand type(s)")

    for name in ("accept", "submit"):
        monkeypatch.setattr(services.engine, name, stumble)
    call = {"task": "one", "args": [1]}
    for body in (call, [call]):
        assert (await client.post("/tasks", json=body)).status_code == 500
