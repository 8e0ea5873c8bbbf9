"""Every request, however strange, has an answer the description knows, never a 500."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final, get_type_hints
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.backend.application import PARTS, create_app
from desktop.backend.services import Services
from desktop.backend.wire import batches, items, mail, parameters
from sendoff_tasks.http.application import routes_of
from sendoff_tasks.http.wire import bodies
from sendoff_tasks.http.wire.parameters import TaskParameters
from sendoff_tasks.model.problems import MEDIA_TYPE
from tests.backend.conftest import PORT, TOKEN, client_of
from tests.property_based import examples

Place = tuple[str | int, ...]

BODIES: Final = (
    *(items.NumberedItem, bodies.TaskBody, items.MailBulk, bodies.FilterBody, items.ManyItems),
    *(bodies.Resolution, mail.MailTest, mail.Shown, mail.TemplateChange),
    *(
        batches.BatchBody,
        batches.RowsBody,
        batches.RowBody,
        batches.UnreadRowBody,
        batches.StartBatch,
    ),
    *(mail.SettingsChange, mail.MailChange, mail.WindowChange, mail.QueueChange),
)
KEYS: Final = sorted({key for body in BODIES for key in get_type_hints(body)} | {"email", "name"})
QUERY: Final = sorted(
    {
        *TaskParameters.model_fields,
        *parameters.ItemParameters.model_fields,
        *parameters.RowParameters.model_fields,
        "partial",
    }
)
WORDS: Final = (
    *("", "nothing", "broken", "mail", "cancel", "retry", "done", "again", "outbox", "none", "id"),
    *("ada@example.org", "2999-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "30/min", "failed"),
    *("{{ name", "{% block subject %}x{% endblock %}", "../x", "a\r\nb", "\u202e", "\x00"),
)

ROUTES: Final = [
    route
    for route in routes_of(PARTS)
    if isinstance(route, APIRoute) and route.path not in {"/events", "/mail/test"}
]
"""All but the one that does not end, and the one that waits for servers."""

words = st.sampled_from(WORDS) | st.text(max_size=20)
atoms = st.none() | st.booleans() | st.integers(-2, 2**54) | st.floats() | words
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | words, inner, max_size=5)
    ),
    max_leaves=15,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a route and what is sent to it."""
    route = draw(st.sampled_from(ROUTES))
    name = draw(st.sampled_from(["1", "2", "0", "9" * 20]) | words.filter(bool))
    path = route.path
    while "{" in path:
        path = path[: path.index("{")] + quote(name, safe="") + path[path.index("}") + 1 :]
    body = draw(st.binary(max_size=20) | values.map(lambda value: json.dumps(value).encode()))
    return {
        "method": draw(st.sampled_from(sorted(route.methods or ()))),
        "url": path,
        "params": draw(st.dictionaries(st.sampled_from(QUERY), words, max_size=3)),
        "content": body,
        "headers": draw(st.just({}) | words.map(lambda key: {"Idempotency-Key": key.encode()})),
    }


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Make the application, once for all that is sent."""
    return create_app(services, token=TOKEN, port=PORT)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(request=requests())
def test_it_is_answered(app: FastAPI, request: dict[str, Any]) -> None:
    async def send() -> None:
        async with client_of(app) as client:
            answer = await client.request(**request)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert answer.json()["detail"].endswith((".", " more)")), answer.text

    asyncio.run(send())


STRANGE: Final[tuple[Any, ...]] = (
    *(None, True, -1, 2**60, 1.5, "", "\x00x", "9" * 30, "²", "../x.pdf", [], {}),
    *(["x"], {"fields": "x"}, {"x": "y"}, {"a": {"b": "c"}}, "2999-01-01T00:00:00Z"),
)
NUMBERS: Final = {"item_id": 1, "row": 2, "name": "renewal", "task_id": 1, "pending_id": 1}


def places(schema: Any, value: Any, parts: Any, at: Place = ()) -> Iterator[Place]:
    """Yield each place of an example, and each that its schema allows beside."""
    yield at
    schema = _meant(schema, value, parts)
    if isinstance(value, dict):
        allowed = schema.get("properties", {})
        for key in sorted({*value, *allowed}):
            inner = value.get(key)
            yield from places(allowed.get(key, {}), inner, parts, (*at, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from places(schema.get("items", {}), each, parts, (*at, place))


def _meant(schema: Any, value: Any, parts: Any) -> Any:
    """Return the alternative of a schema that a value is of."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else ""
    found = [_meant(each, value, parts) for each in schema.get("anyOf", ()) if kind]
    return next((each for each in found if each.get("type") == kind), schema)


def put(value: Any, place: Place, new: object) -> Any:
    """Return a value with another one at a place in it."""
    if not place:
        return new
    key, *rest = place
    copy: Any = value.copy()
    copy[key] = put(copy[key] if rest else None, tuple(rest), new)
    return copy


@pytest.mark.anyio
async def test_each_example_is_answered_with_a_strange_value_at_each_place(
    client: httpx.AsyncClient,
) -> None:
    described = (await client.get("/openapi.json")).json()
    await client.put("/templates/renewal", json={"parts": {"subject": "s", "text": "t"}})
    await client.post("/items/1", json={"recipient": {"email": "ada@example.org"}})
    accepted = 0
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            takes = call.get("requestBody", {}).get("content", {}).get("application/json")
            if takes is None or path == "/mail/test":
                continue
            batch = (await client.post("/batches", json={"name": "x"})).json()["batch_id"]
            url = path.format(batch_id=batch, **NUMBERS)
            example, parts = takes["example"], described["components"]["schemas"]
            for place in dict.fromkeys(places(takes["schema"], example, parts)):
                for value in STRANGE:
                    body = put(example, place, value)
                    answer = await client.request(method, url, json=body)
                    assert answer.status_code < 500, (method, url, place, value)
                    accepted += answer.is_success
    assert accepted > 100
